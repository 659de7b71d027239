"""What is kept of a reader, as files for them; and how it is forgotten, the files of the instance included."""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from bot.contract import profile_json
from bot.ports import Document
from bot.terminal.history import histories, history
from bot.texts import say
from storage.domain.access import Alias, alias
from storage.domain.changes import Forgotten
from storage.domain.interests import Interests
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.domain.times import Clock
from storage.errors import EncoderUnavailable

_ODD = re.compile(r"[^\w-]+")
_FILE = "file"


class ReaderShelf(Protocol):
    """Keeps what is kept of readers."""

    async def known(self, reader: ReaderId) -> bool: ...

    async def export(self, reader: ReaderId) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """All of it, part by part, as JSON can hold it."""
        ...

    async def forget(self, reader: ReaderId, *, alias: Alias | None = None) -> dict[str, int]:
        """All of it, at once; how many rows of what that were."""
        ...

    async def unfinished(self) -> bool:
        """Whether somebody was forgotten of whom files may still tell."""
        ...

    async def purge(self) -> bool:
        """Rid the database's files of who was forgotten; whether it is done."""
        ...

    async def articles_gone(self) -> int:
        """How often articles went with a reader since the indexes were last rid of such."""
        ...

    async def indexes_rid(self, times: int) -> bool:
        """The indexes are rid of those that had gone by then; whether none has since."""
        ...


class Shows(Protocol):
    """Shows what is known of a reader's interests."""

    async def show(self, reader: ReaderId) -> Interests:
        """What they are shown.

        Raises:
            EncoderUnavailable: The model cannot be loaded.
        """
        ...


class Lists(Protocol):
    """The feeds a reader reads."""

    async def list(self, reader: ReaderId | None = None) -> Sequence[Feed]: ...


async def _no_index() -> bool:
    """There is none that could hold anything."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnData:
    """Gives and forgets what is kept of readers.

    Args:
        home: Folder with what terminals keep.
        renew: Rids the index of words of what was removed; whether it is done.
        talk_days: For how many days what they ask and are answered is kept; 0 is for good.
        key: By which what the forgotten used counts until the day is over (see `storage.budgets`); `None` where nothing
            does.
    """

    shelf: ReaderShelf
    learn: Shows
    sources: Lists
    home: Path
    clock: Clock
    renew: Callable[[], Awaitable[bool]] = _no_index
    talk_days: int = 0
    key: bytes | None = None

    async def export(self, reader: ReaderId, language: str | None) -> dict[str, Any]:
        """All that is kept of a reader, as JSON can hold it: dated, each part with a sentence on what it is."""
        kept: dict[str, Any] = dict(await self.shelf.export(reader))
        kept["outbox"] = [{**row, "payload": _without_files(row["payload"])} for row in kept["outbox"]]
        try:
            kept["interests"] = profile_json(await self.learn.show(reader))
        except EncoderUnavailable:
            # What they are made of is there all the same.
            kept["interests"] = None
        kept["sources"] = [{"url": each.url, "title": each.title} for each in await self.sources.list(reader)]
        kept["opml"] = (await self._opml(reader)).decode()
        return {
            "about": say(language, "export_about"),
            "reader": reader,
            "at": self.clock().isoformat(),
            "parts": {name: {"about": say(language, f"export_{name}"), "kept": each} for name, each in kept.items()},
        }

    async def documents(self, reader: ReaderId, language: str | None) -> tuple[Document, ...]:
        """The same as a file, and what they read as another, which feed readers take."""
        exported = await self.export(reader, language)
        name = _named(reader, self.clock())
        return (
            Document(name=f"{name}.json", content=await asyncio.to_thread(pretty, exported)),
            Document(name=f"{name}.opml", content=str(exported["parts"]["opml"]["kept"]).encode()),
        )

    def to_forget(self, reader: ReaderId) -> Forgotten:
        """What forgetting them changes; their files are seen to by whoever calls `finish` from time to time."""
        return Forgotten(reader=reader, alias=self._alias(reader))

    async def forget(self, reader: ReaderId) -> dict[str, int]:
        """Forget them now; how many rows of what that were. The database's files are seen to by `finish`.

        Raises:
            StorageError: The database cannot be used; nothing is forgotten.
        """
        gone = await self.shelf.forget(reader, alias=self._alias(reader))
        if reader.startswith("terminal:"):
            # Chats of before kept the lines of all in one file.
            for file in (history(self.home, reader), self.home / "history"):
                file.unlink(missing_ok=True)
        return gone

    async def finish(self) -> bool:
        """Rid the files of who was forgotten, where that is left to do; whether nothing is.

        Raises:
            StorageError: The database cannot be used, or not now.
            IndexUnavailable: The index of words cannot.
        """
        if not await self.shelf.unfinished():
            return True
        for reader, file in histories(self.home):
            if not await self.shelf.known(reader):
                with suppress(OSError):
                    file.unlink(missing_ok=True)
        purged = await self.shelf.purge()
        times = await self.shelf.articles_gone()
        return purged and (not times or (await self.renew() and await self.shelf.indexes_rid(times)))

    def _alias(self, reader: ReaderId) -> Alias | None:
        return None if self.key is None else alias(self.key, reader, self.clock())

    async def _opml(self, reader: ReaderId) -> bytes:
        from retrieval.ingest.opml import write_opml

        return write_opml(await self.sources.list(reader))


def pretty(exported: Mapping[str, Any]) -> bytes:
    """What is exported as people can read it, too; halves of characters, which no text may hold, as JSON names them.

    It is written piece by piece: all pieces at once take nine times the room of the whole.
    """
    content = io.BytesIO()
    with io.TextIOWrapper(content, encoding="utf-8", errors="backslashreplace", newline="") as text:
        for piece in json.JSONEncoder(ensure_ascii=False, indent=1).iterencode(exported):
            text.write(piece)
        text.flush()
        return content.getvalue()


def _named(reader: ReaderId, at: datetime) -> str:
    who = _ODD.sub("-", reader.partition(":")[2]).strip("-")
    return f"tidings-{who or 'reader'}-{at:%Y%m%d-%H%M%S}"


def _without_files(payload: Any) -> Any:
    """The fields of a message; of a file in it only what it is called: an export holds no earlier export."""
    if not isinstance(payload, dict):
        return payload
    return {
        name: value[_FILE] if isinstance(value, dict) and _FILE in value else value for name, value in payload.items()
    }
