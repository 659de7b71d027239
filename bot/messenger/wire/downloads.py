"""Fetches the files that people sent from the Bot API server that keeps them, within what a bot may have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.messenger.incoming.readables import MOST_FETCHED_BYTES, File
from bot.messenger.wire.bot_api import Accepted, BotApi, Json, Outcome, Refused
from bot.nameless import nameless
from storage.domain.why import Why
from storage.errors import FetchError

_SECONDS = 60.0
"""So long the whole of it may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloads:
    """What `bot.messenger.answers.summaries.Files` asks for."""

    api: BotApi

    @asynccontextmanager
    async def stored(self, file: File) -> AsyncIterator[Path]:
        """A file, for as long as the block lasts; it has no name that would outlive it.

        Raises:
            FetchError: Telegram does not answer, no longer has it, or it is larger than a bot may fetch.
        """
        told = await self.api.call("getFile", {"file_id": file.id})
        if not isinstance(told, Accepted):
            raise _failed(file, told)
        path, size = _where(told.result)
        if size > MOST_FETCHED_BYTES:
            raise FetchError(file.name, f"has {size} bytes", why=Why.LARGE_FILE)
        with nameless() as (written_to, here):
            written = await self.api.download(path, written_to, most=MOST_FETCHED_BYTES, read_timeout=_SECONDS)
            if not isinstance(written, int):
                raise _failed(file, written)
            written_to.seek(0)
            yield here


def _where(told: Json) -> tuple[str, int]:
    """The path to fetch it by, and its size in bytes, 0 where that is not told."""
    known = told if isinstance(told, dict) else {}
    path, size = known.get("file_path"), known.get("file_size")
    return path if isinstance(path, str) else "", size if isinstance(size, int) else 0


def _failed(file: File, outcome: Outcome) -> FetchError:
    if not isinstance(outcome, Refused):
        return FetchError(file.name, "Telegram does not answer", why=Why.NO_ANSWER)
    why = Why.LARGE_FILE if "too big" in outcome.description else Why.NOTHING_THERE
    return FetchError(file.name, f"Telegram refuses it: {outcome.description}", why=why)
