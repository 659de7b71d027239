"""The commands about what is read for a reader."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messenger import render
from bot.messenger.decisions import Decision, Writing, words
from bot.messenger.events import Commanded
from bot.messenger.flows import Sources
from bot.texts import say
from storage.domain.changes import Subscribed, Unsubscribed
from storage.errors import FeedError


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCommands:
    """Answers them."""

    sources: Sources
    writing: Writing

    async def list(self, event: Commanded) -> Decision:
        """All feeds."""
        return Decision(parts=render.sources(await self.sources.list(event.origin.reader), event.origin.language))

    async def add(self, event: Commanded) -> Decision:
        """One more."""
        language, reader = event.origin.language, event.origin.reader
        if not event.argument:
            return words(language, "add_usage")
        async with self.writing(event.origin):
            try:
                feed = await self.sources.to_add(reader, event.argument)
            except FeedError as error:
                return words(language, "add_failed", reason=say(language, error.why))
        said = render.sentence(language, "added", title=feed.title or feed.url)
        return Decision(parts=said, changes=(Subscribed(reader=reader, feed=feed),))

    async def remove(self, event: Commanded) -> Decision:
        """One less."""
        language, reader = event.origin.language, event.origin.reader
        if not event.argument:
            return words(language, "remove_usage")
        feed = await self.sources.to_remove(reader, event.argument)
        said = render.sentence(language, "removed", title=feed.title or feed.url)
        return Decision(parts=said, changes=(Unsubscribed(reader=reader, url=feed.url),))
