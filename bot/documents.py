"""What summarizing needs, put together: the door to the network, the reader, the summarizer. Opens no database."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from typing import IO

from bot.app import USER_AGENT
from bot.flows.summarize import Summarize
from bot.models import chat_model, summarizer
from bot.nameless import nameless
from bot.settings import Settings
from retrieval.ingest.document import MAX_FILE_BYTES, DocumentReader
from retrieval.ingest.fetch import HttpDoor
from storage.domain.summaries import Document
from storage.errors import GenerationError, InputError, ParseError

STANDARD_INPUT = "standard input"


class Documents(DocumentReader):
    """Reads pages and files, and what is piped in, as a file that has no name of its own."""

    async def given(self) -> Document:
        """What standard input holds, to its end.

        Raises:
            InputError: It is too large.
            ParseError: It is nothing that can be read.
        """
        with nameless() as (spooled, here):
            await asyncio.to_thread(_spool, sys.stdin.buffer, spooled)
            try:
                return await self.file(here)
            except InputError as error:
                raise InputError(STANDARD_INPUT, error.reason) from error
            except ParseError as error:
                raise ParseError(STANDARD_INPUT, error.reason, why=error.why) from error


def _spool(given: IO[bytes], spooled: IO[bytes]) -> None:
    """Copy what is given, a byte more than can be read at most, so that what is too large is told to be."""
    left = MAX_FILE_BYTES + 1
    while left > 0 and (block := given.read(min(left, 1 << 20))):
        left -= spooled.write(block)
    spooled.seek(0)


@asynccontextmanager
async def open_summarize(settings: Settings) -> AsyncIterator[Summarize]:
    """The flow as the settings describe it; what it opened is closed at the end."""
    async with AsyncExitStack() as closing:
        model = chat_model(settings)
        if model is not None:
            closing.push_async_callback(model.close)
            with suppress(GenerationError):
                # One that cannot be loaded says so when it is to write.
                await model.load()
        door = HttpDoor(
            user_agent=USER_AGENT,
            total_timeout=timedelta(seconds=settings.fetch_timeout),
            max_body_bytes=settings.fetch_max_bytes,
            allow_private=settings.allow_private_networks,
        )
        closing.push_async_callback(door.aclose)
        documents = Documents(door)
        closing.push_async_callback(documents.close)
        yield Summarize(documents=documents, summarizer=summarizer(model, settings))
