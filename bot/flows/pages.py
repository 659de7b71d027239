"""The page of a story for a reader who comes back: what is new since they last looked stands first.

That they looked is decided here and takes effect where the page is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.flows.fresh import LINES, Fresh
from storage.domain.changes import Looked
from storage.domain.news import Filters
from storage.domain.people import ReaderId
from storage.domain.stories import NewSince, Page, StoryId
from storage.domain.summaries import Gist
from storage.domain.times import Clock


class Briefs(Protocol):
    """Stories at a glance."""

    async def about(
        self,
        topic: str,
        *,
        reader: ReaderId | None = None,
        filters: Filters | None = None,
        language: str | None = None,
    ) -> Page:
        """The page of a story, by its number or by any words.

        Raises:
            InputError: The topic has no words, or too many.
        """
        ...


class Views(Protocol):
    """When readers looked at which story."""

    async def seen(self, reader: ReaderId, story: StoryId) -> datetime | None:
        """When last; `None` where they never did."""
        ...

    async def look(self, looked: Looked) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Opens stories' pages."""

    briefs: Briefs
    views: Views
    fresh: Fresh
    clock: Clock

    async def about(
        self,
        topic: str,
        *,
        reader: ReaderId | None = None,
        filters: Filters | None = None,
        language: str | None = None,
    ) -> Page:
        """As `Briefs.about`, with what is new to a reader who has looked at the story before."""
        # What comes in while it is written is new the next time.
        now = self.clock()
        page = replace(await self.briefs.about(topic, reader=reader, filters=filters, language=language), at=now)
        if reader is None or page.opened is None:
            return page
        story = page.opened.story
        seen = await self.views.seen(reader, story.id)
        if seen is None:
            return page
        found = await self.fresh.of(story, since=seen, reader=reader, language=language, lines=LINES)
        nothing = Gist(lines=(), citations=(), engine=page.opened.gist.engine)
        return replace(page, news=NewSince(at=seen, gist=found.gist if found else nothing))

    def looked(self, reader: ReaderId, page: Page) -> tuple[Looked, ...]:
        """That a reader looked at a page; nothing where it is no story's."""
        if page.opened is None or page.at is None:
            return ()
        return (Looked(reader=reader, story=page.opened.story.id, at=page.at),)

    async def look(self, reader: ReaderId, page: Page) -> None:
        """Take down at once that a reader looked at a page."""
        for looked in self.looked(reader, page):
            await self.views.look(looked)
