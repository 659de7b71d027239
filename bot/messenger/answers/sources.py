"""The commands about what is read for a reader."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.messenger.answers.decisions import Decision, Writing, words
from bot.messenger.answers.desk import Desk
from bot.messenger.answers.flows import FeedLists, Sources
from bot.messenger.answers.summaries import Files
from bot.messenger.incoming.events import Commanded, Origin
from bot.messenger.incoming.readables import File
from bot.messenger.paragraphs import render
from bot.ports import Document
from bot.texts import say
from storage.domain.changes import Subscribed, Unsubscribed
from storage.errors import FeedError

_AS_FILE = frozenset(("opml", "file", "export", "文件", "导出"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCommands:
    """Answers them."""

    sources: Sources
    lists: FeedLists
    files: Files
    desk: Desk
    writing: Writing

    async def list(self, event: Commanded) -> Decision:
        """All feeds; as a file, where one is asked for."""
        origin = event.origin
        if event.argument.casefold() in _AS_FILE:
            content = await self.lists.given(origin.reader)
            said = render.sentence(origin.language, "sources_file")
            return Decision(parts=said, documents=(Document(name="sources.opml", content=content),))
        return Decision(parts=render.sources(await self.sources.list(event.origin.reader), event.origin.language))

    async def take(self, origin: Origin, file: File) -> Decision:
        """All of a list that somebody sends.

        Raises:
            InputError: It is none.
        """
        language, reader = origin.language, origin.reader
        try:
            async with self.writing(origin), self.desk.place(reader, file.name), self.files.stored(file) as path:
                content = await asyncio.to_thread(path.read_bytes)
                taken = await self.lists.to_take(reader, content, file.name)
        except FeedError as error:
            return words(language, "read_failed", what=file.name, reason=say(language, error.why))
        told = [say(language, "opml_taken", count=len(taken.feeds))]
        if taken.waiting:
            hours = max(1, round(taken.minutes / 60))
            key = "opml_waiting_hour" if hours == 1 else "opml_waiting"
            told.append(say(language, key, count=taken.waiting, hours=hours))
        told += [
            say(language, f"opml_{what}", count=count)
            for what, count in (("known", taken.known), ("unusable", taken.unusable), ("left", taken.left))
            if count
        ]
        changes = tuple(Subscribed(reader=reader, feed=feed) for feed in taken.feeds)
        return Decision(parts=render.lines(told), changes=changes)

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
        before = await self.sources.list(reader)
        feed = await self.sources.to_remove(reader, event.argument)
        # Those after it have other numbers from now on: who goes on by those of the list before means others.
        moved = bool(before) and before[-1].url != feed.url
        left = [each for each in before if each.url != feed.url] if moved else []
        said = render.removed(feed, left, language)
        return Decision(parts=said, changes=(Unsubscribed(reader=reader, url=feed.url),))
