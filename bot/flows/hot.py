"""What is hot: the events that most outlets tell of now, each named, told in a line or three, and dated.

What makes one hot is weighed in `weighing`, and what is said of it is told in `telling`; what is asked for again in the
same minute is not made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.flows.ports import NOBODY
from bot.flows.sharing import Sharing
from bot.flows.telling import READ_PASSAGES, Notes, Openings, Storyteller, Telling
from bot.flows.weighing import JUST_AFTER, LATELY, Measure, RecentStories, Weighing
from storage.domain.annotations import Category
from storage.domain.dialogue import Answer, Question, Sentence
from storage.domain.news import ArticleId, Filters, Hit
from storage.domain.people import ReaderId
from storage.domain.stories import Heat, HotStories, HotStory, Story, StoryId, Weighed
from storage.domain.timeless import is_timeless
from storage.domain.times import Clock

_WIDER = (timedelta(days=7), timedelta(days=30))
STORIES, TOLD = 10, 5
"""How many are listed, and how many are told to one who only asks what is going on."""
LINES = 1
"""In how many lines a story of a list is told."""

# How many stories' heat is measured: those of most outlets.
_MEASURED = 300
# A list of fewer looks back further, where nothing was said of how far.
_FEW = 3
# So many lists of now are kept for a minute, and so many weighings of all stories.
_MOST_LISTS, _MOST_WEIGHINGS = 64, 8


class StoryShelf(RecentStories, Protocol):
    """The stories that are in, also by their numbers and their articles."""

    async def story(self, id_: StoryId, reader: ReaderId | None) -> Story | None:
        """The story of that number, or the one it is part of by now, with the reports `reader` may see, if any."""
        ...

    async def known(self, ids: Sequence[ArticleId]) -> dict[ArticleId, StoryId]:
        """Which of these articles are in a story, and in which."""
        ...


class Views(Protocol):
    """Who sees the same articles."""

    async def views(self, readers: Sequence[ReaderId]) -> Mapping[ReaderId, Hashable]:
        """What makes a reader see other articles than others; equal ones see the same."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What a list of now depends on besides the news; equal ones are the same list."""

    view: Hashable
    lately: timedelta | None
    filters: Filters
    language: str | None
    category: Category | None
    k: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hot:
    """Lists and opens stories.

    Args:
        against: Makes what measures heat of (outlet, when) of articles and the days these are of.
    """

    shelf: StoryShelf
    texts: Openings
    notes: Notes
    teller: Storyteller
    views: Views
    against: Callable[[Sequence[tuple[str, datetime]], float], Measure]
    clock: Clock
    _telling: Telling = field(init=False)
    _weighing: Weighing = field(init=False)
    _lists: Sharing[_Wanted, HotStories] = field(init=False)
    _weighings: Sharing[Hashable, Sequence[Weighed]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_telling", Telling(texts=self.texts, notes=self.notes, teller=self.teller))
        weighing = Weighing(shelf=self.shelf, notes=self.notes, against=self.against)
        object.__setattr__(self, "_weighing", weighing)
        lists: Sharing[_Wanted, HotStories] = Sharing(
            clock=self.clock, most=_MOST_LISTS, holds=lambda found: bool(found.stories)
        )
        weighings: Sharing[Hashable, Sequence[Weighed]] = Sharing(clock=self.clock, most=_MOST_WEIGHINGS, holds=bool)
        object.__setattr__(self, "_lists", lists)
        object.__setattr__(self, "_weighings", weighings)

    async def list(
        self,
        *,
        lately: timedelta | None = None,
        until: datetime | None = None,
        filters: Filters | None = None,
        reader: ReaderId | None = None,
        language: str | None = None,
        category: Category | None = None,
        k: int = STORIES,
    ) -> HotStories:
        """The hottest stories, the hottest first.

        A list of now may be a minute old: it is made once for all readers who see the same articles and want the same.

        Args:
            lately: Something must have been published of them within so much time; `None` is the last day, or where
                that brought next to nothing, the last week or month.
            until: As of when; `None` is now. What was published then or later does not count: of a day that ended at
                midnight, nothing of the next one of which no more than the day is known.
            filters: Bounds that something published lately meets.
            reader: Whose sources count; `None` is the operator, who sees all.
            language: The reader's: stories that are told in it come first, and are told in it; any, where `None`.
            category: Which subject they are about; any, where `None`.
            k: How many at most.
        """
        wanted = _Wanted(
            view=await self._view(reader),
            lately=lately,
            filters=filters or Filters(),
            language=language,
            category=category,
            k=k,
        )
        if until is not None:
            return await self._listed(wanted, until, reader)
        return await self._lists.get(wanted, lambda: self._listed(wanted, None, reader))

    async def _listed(self, wanted: _Wanted, until: datetime | None, reader: ReaderId | None) -> HotStories:
        now, k = until or self.clock(), wanted.k
        spans = (LATELY, *_WIDER) if wanted.lately is None else (wanted.lately,)
        lately, stories = spans[-1], tuple[HotStory, ...]()
        for span in spans:
            # What is published now counts.
            end = now + JUST_AFTER if until is None else until
            found = await self._within(span, now, end, wanted.filters, reader, wanted.language, wanted.category, k)
            # A wider time that brings no more is not named.
            if _events(found) > _events(stories) or len(found) > len(stories):
                lately, stories = span, tuple(found)
            if _events(stories) >= min(_FEW, k):
                break
        return HotStories(stories=stories, lately=lately, until=until, category=wanted.category)

    async def _within(
        self,
        lately: timedelta,
        now: datetime,
        until: datetime,
        filters: Filters,
        reader: ReaderId | None,
        language: str | None,
        category: Category | None,
        k: int,
    ) -> Sequence[HotStory]:
        if category is not None:
            filters = replace(filters, category=category)
        recent = await self.shelf.recent(now - lately, until, filters, reader, _MEASURED)
        stories = [story for story in recent if story.tells]
        if category is not None:
            subjects = await self._telling.subjects(stories)
            stories = [story for story in stories if subjects[story.id] is category]
        measure = await self._weighing.measure(now)
        measured = sorted(
            ((measure(story.reports, now, lately), story) for story in stories),
            # What is right on any day, or of which nobody knows the day, is hardly what is going on.
            key=lambda each: (
                _timeless(each[1]),
                not each[1].timed,
                not _told_in(each[1], language),
                -each[0].value,
                each[1].id,
            ),
        )
        return await self.told(measured[:k], filters.language or language, reader, LINES)

    async def _view(self, reader: ReaderId | None) -> Hashable:
        """What makes somebody see other articles than others; the operator sees all."""
        return None if reader is None else ((await self.views.views([reader]))[reader],)

    async def weighed(
        self, lately: timedelta, *, until: datetime, reader: ReaderId | None, limit: int
    ) -> Sequence[Weighed]:
        """The stories that something was published of in so much time before `until`, those of most outlets first.

        As of now they may be a minute old: they are weighed once for all readers who see the same articles.
        """
        if not self._weighings.just_now(until):
            return await self._weighing.weighed(lately, until, reader, limit)
        key = (await self._view(reader), lately, limit)
        return await self._weighings.get(key, lambda: self._weighing.weighed(lately, until, reader, limit))

    async def answer(
        self, question: Question, filters: Filters, reader: ReaderId | None, shown: Collection[ArticleId] = ()
    ) -> Answer:
        """What is hot as a reply: a line of each story, the hottest first; a refusal where there is none.

        Args:
            question: What was said, for the reply to be framed by.
            filters: Bounds; without a time among them, what `list` looks at.
            reader: Whose sources count; `None` is the operator, who sees all.
            shown: What the stories were told by that are not to be told again.
        """
        asked = question.asked_at
        until = min(filters.until or asked, asked)
        found = await self.list(
            lately=until - filters.since if filters.since is not None else None,
            until=None if until == asked and self._lists.just_now(asked) else until,
            filters=Filters(language=filters.language, sources=filters.sources),
            reader=reader,
            language=question.language,
            category=filters.category,
            k=TOLD + len(shown),
        )
        told = [each for each in found.stories if each.gist.lines and not _among(each, shown)][:TOLD]
        citations = tuple(replace(each.gist.citations[0], n=n) for n, each in enumerate(told, start=1))
        return Answer(
            question=question,
            sentences=tuple(
                Sentence(text=each.gist.lines[0].text, citations=(n,)) for n, each in enumerate(told, start=1)
            ),
            citations=citations,
            as_of=max((each.published for each in citations if each.published is not None), default=None),
            listing=True,
            hottest=True,
            stories=tuple(each.story.id for each in told),
            names=tuple(each.title for each in told),
            lately=found.lately,
            until=None if until == asked else until,
            engine=told[0].gist.engine if told else NOBODY,
        )

    async def open(
        self, id_: StoryId, *, lines: int, language: str | None = None, reader: ReaderId | None = None
    ) -> HotStory | None:
        """The story of that number in so many lines; `None` where `reader` sees nothing of it."""
        whole = await self.shelf.story(id_, reader)
        now = self.clock()
        story = None if whole is None else _as_of(whole, now)
        if story is None:
            return None
        heat = (await self._weighing.measure(now))(story.reports, now, LATELY)
        return (await self.told([(heat, story)], language, reader, lines))[0]

    async def of(self, articles: Sequence[ArticleId]) -> dict[ArticleId, StoryId]:
        """Which of these articles are in a story, and in which."""
        return await self.shelf.known(articles)

    async def hits(self, story: Story, reader: ReaderId | None, passages: int = READ_PASSAGES) -> Sequence[Hit]:
        """How the newest articles of a story open, one of each text, the newest first."""
        return await self._telling.hits(story, reader, passages)

    async def told(
        self, measured: Sequence[tuple[Heat, Story]], language: str | None, reader: ReaderId | None, lines: int
    ) -> Sequence[HotStory]:
        """Stories named and told; see `Telling.told`."""
        return await self._telling.told(measured, language, reader, lines)


def _among(hot: HotStory, shown: Collection[ArticleId]) -> bool:
    return any(each.article_id in shown for each in hot.gist.citations[:1])


def _as_of(story: Story, now: datetime) -> Story | None:
    """The story as it was told by then; `None` where it had not begun."""
    told = tuple(report for report in story.reports if report.at <= now)
    return replace(story, reports=told) if told else None


def _events(stories: Sequence[HotStory]) -> int:
    """How many stories tell of an event of the time."""
    return sum(each.story.timed and not _timeless(each.story) for each in stories)


def _timeless(story: Story) -> bool:
    """Whether none of its articles tells of an event."""
    return all(is_timeless(report.headline.title) for report in story.reports)


def _told_in(story: Story, language: str | None) -> bool:
    return language is None or any(report.headline.language == language for report in story.reports)
