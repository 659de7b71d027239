"""What summarizing needs, put together: the door to the network, the reader, the summarizer. Opens no database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta

from bot.app import USER_AGENT
from bot.flows.summarize import Summarize
from bot.models import chat_model, summarizer
from bot.settings import Settings
from retrieval.ingest.document import DocumentReader
from retrieval.ingest.fetch import HttpDoor
from storage.errors import GenerationError


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
        documents = DocumentReader(door)
        closing.push_async_callback(documents.close)
        yield Summarize(documents=documents, summarizer=summarizer(model, settings))
