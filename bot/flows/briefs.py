"""A topic, or the number of a story, in; a brief of it out: what the sources tell, at a glance."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.flows.asked import as_of, clean_question
from bot.flows.ports import Search
from storage.domain.news import ArticleId, Filters, Hit, SearchRequest
from storage.domain.people import ReaderId
from storage.domain.stories import Brief, HotStory, Page, Story, StoryId
from storage.domain.times import Clock
from storage.errors import InputError

PASSAGES, PER_ARTICLE = 24, 2
"""How much is read for a brief: a dozen articles and more."""
LINES = 3
"""In how many lines a story is summed up."""

_NUMBER = re.compile(r"#?(\d{1,9})", re.ASCII)


class Stories(Protocol):
    """The stories that are in."""

    async def open(
        self, id_: StoryId, *, lines: int, language: str | None = None, reader: ReaderId | None = None
    ) -> HotStory | None:
        """The story of that number in so many lines; `None` where `reader` sees nothing of it."""
        ...

    async def hits(self, story: Story, reader: ReaderId | None) -> Sequence[Hit]:
        """How the newest articles of a story open, the newest first."""
        ...

    async def of(self, articles: Sequence[ArticleId]) -> dict[ArticleId, StoryId]:
        """Which of these articles are in a story, and in which."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefs:
    """Writes briefs.

    Args:
        stories: Where a story is looked up by its number.
        write: Makes a brief of a topic, passages and the time it is.
        write_story: The same of a story's title and how its articles open.
    """

    search: Search
    stories: Stories
    write: Callable[[str, Sequence[Hit], datetime], Brief]
    write_story: Callable[[str, Sequence[Hit], datetime], Brief]
    clock: Clock

    async def about(
        self,
        topic: str,
        *,
        reader: ReaderId | None = None,
        filters: Filters | None = None,
        language: str | None = None,
    ) -> Page:
        """The page of a story, by its number or by any words; an empty one where the sources say nothing of it.

        Args:
            topic: In any language, sources in it being found first; or a number as `hot` lists it.
            reader: Whose sources to look in; `None` is the operator.
            filters: Bounds on the sources.
            language: The reader's, which a story is summed up in where an article of it is in that.

        Raises:
            InputError: The topic has no words, or too many, or is the number of no story.
        """
        now = self.clock()
        wanted = clean_question(topic)
        number = _NUMBER.fullmatch(wanted)
        if number and (opened := await self._opened(StoryId(int(number[1])), reader, language)):
            hits = await self.stories.hits(opened.story, reader)
            return Page(brief=self.write_story(opened.title, hits, now), opened=opened)
        request = SearchRequest(
            text=wanted, k=PASSAGES, per_article=PER_ARTICLE, filters=as_of(filters or Filters(), now), reader=reader
        )
        found = await self.search.search(request)
        brief = self.write(wanted, found.hits, now)
        if number and brief.empty:
            raise InputError(wanted, "no story has this number", key="story_unknown", number=number[1])
        return Page(brief=brief, opened=await self._told_by(brief, reader, language), without=found.without)

    async def _told_by(self, brief: Brief, reader: ReaderId | None, language: str | None) -> HotStory | None:
        """The story that most articles of a brief belong to."""
        known = await self.stories.of([citation.article_id for citation in brief.citations])
        most = Counter(known.values()).most_common(1)
        return await self._opened(most[0][0], reader, language) if most else None

    async def _opened(self, id_: StoryId, reader: ReaderId | None, language: str | None) -> HotStory | None:
        return await self.stories.open(id_, lines=LINES, language=language, reader=reader)
