"""What is hot: the events that most outlets tell of now, each named, told in a line or three, and dated.

How hot an event is, is measured against what its outlets usually publish; that is looked up anew every so often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.flows.ports import NOBODY
from bot.flows.sharing import Sharing
from storage.domain.annotations import Annotation, Category
from storage.domain.dialogue import Answer, Question, Sentence
from storage.domain.news import ArticleId, Filters, Hit, Passage
from storage.domain.people import ReaderId
from storage.domain.stories import Heat, HotStories, HotStory, Report, Story, StoryId, Weighed
from storage.domain.summaries import Gist, StoryHeadline
from storage.domain.times import Clock

LATELY = timedelta(hours=24)
"""What counts as now where nothing else is said."""
_WIDER = (timedelta(days=7), timedelta(days=30))
STORIES, TOLD = 10, 5
"""How many are listed, and how many are told to one who only asks what is going on."""
LINES = 1
"""In how many lines a story of a list is told."""

# What outlets usually publish is what they published in the week before, not counting the day that is looked at.
_USUAL_DAYS, _USUAL_AGE = 7, timedelta(minutes=15)
_USUAL_ARTICLES = 100_000
# How many articles of a story are read, the newest, and how much of each: what it opens with.
_READ_ARTICLES, _READ_PASSAGES = 24, 2
# How many stories' heat is measured: those of most outlets.
_MEASURED = 300
# A list of fewer looks back further, where nothing was said of how far.
_FEW = 3
# So many lists of now are kept for a minute, and so many weighings of all stories.
_MOST_LISTS, _MOST_WEIGHINGS = 64, 8
_MOMENT = timedelta(microseconds=1)


class StoryShelf(Protocol):
    """The stories that are in."""

    async def story(self, id_: StoryId, reader: ReaderId | None) -> Story | None:
        """The story of that number, or the one it is part of by now, with the reports `reader` may see, if any."""
        ...

    async def recent(
        self, since: datetime, until: datetime, filters: Filters, reader: ReaderId | None, limit: int
    ) -> Sequence[Story]:
        """The stories that something was published of in a time, those of most outlets first.

        Each with its reports that `reader` may see up to `until`.
        """
        ...

    async def known(self, ids: Sequence[ArticleId]) -> dict[ArticleId, StoryId]:
        """Which of these articles are in a story, and in which."""
        ...

    async def published(self, since: datetime, until: datetime, limit: int) -> Sequence[tuple[str, datetime]]:
        """(source, when) of the newest articles of a time."""
        ...


class Views(Protocol):
    """Who sees the same articles."""

    async def views(self, readers: Sequence[ReaderId]) -> Mapping[ReaderId, Hashable]:
        """What makes a reader see other articles than others; equal ones see the same."""
        ...


class Openings(Protocol):
    """The texts of articles."""

    async def openings(self, ids: Sequence[ArticleId], per_article: int, reader: ReaderId | None) -> Sequence[Passage]:
        """The first passages of these articles, those that `reader` may see, in the order of `ids`."""
        ...


class Notes(Protocol):
    """What is noted of articles."""

    async def of(self, ids: Sequence[ArticleId]) -> dict[ArticleId, Annotation]:
        """Those that anything is noted of."""
        ...


class Storyteller(Protocol):
    """Names and tells stories."""

    async def headline(self, hits: Sequence[Hit], language: str | None = None) -> StoryHeadline: ...

    async def gist(self, hits: Sequence[Hit], lines: int = ..., language: str | None = None) -> Gist: ...


Measure = Callable[[Sequence[Report], datetime, timedelta], Heat]
"""How hot the story of some reports is at a time, in so long a time before it."""


@dataclass(slots=True)
class _Usual:
    """What was looked up last, and for when."""

    at: datetime
    measure: Measure


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
    _usual: list[_Usual] = field(default_factory=list)
    _lists: Sharing[_Wanted, HotStories] = field(init=False)
    _weighings: Sharing[Hashable, Sequence[Weighed]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_lists", Sharing(clock=self.clock, most=_MOST_LISTS))
        object.__setattr__(self, "_weighings", Sharing(clock=self.clock, most=_MOST_WEIGHINGS))

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
            until: As of when; `None` is now. What was published later does not count.
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
        for span in spans:
            found = await self._within(span, now, wanted.filters, reader, wanted.language, wanted.category, k)
            if len(found) >= min(_FEW, k):
                break
        return HotStories(stories=tuple(found), lately=span, until=until)

    async def _within(
        self,
        lately: timedelta,
        now: datetime,
        filters: Filters,
        reader: ReaderId | None,
        language: str | None,
        category: Category | None,
        k: int,
    ) -> Sequence[HotStory]:
        # What is published now counts.
        until = now + _MOMENT
        if category is not None:
            filters = replace(filters, category=category)
        stories = list(await self.shelf.recent(now - lately, until, filters, reader, _MEASURED))
        if category is not None:
            subjects = await self._subjects(stories)
            stories = [story for story in stories if subjects[story.id] is category]
        measure = await self._measure(now)
        measured = sorted(
            ((measure(story.reports, now, lately), story) for story in stories),
            key=lambda each: (not _told_in(each[1], language), -each[0].value, each[1].id),
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
            return await self._weighed(lately, until, reader, limit)
        key = (await self._view(reader), lately, limit)
        return await self._weighings.get(key, lambda: self._weighed(lately, until, reader, limit))

    async def _weighed(
        self, lately: timedelta, until: datetime, reader: ReaderId | None, limit: int
    ) -> Sequence[Weighed]:
        # What is published now counts.
        stories = await self.shelf.recent(until - lately, until + _MOMENT, Filters(), reader, limit)
        measure = await self._measure(until)
        noted = await self.notes.of([report.headline.id for story in stories for report in story.reports])
        return tuple(
            Weighed(
                story=story,
                heat=measure(story.reports, until, lately),
                category=_subject(story, noted),
                terms=_terms(story, noted),
            )
            for story in stories
        )

    async def _subjects(self, stories: Sequence[Story]) -> dict[StoryId, Category]:
        """What each story is about: the subject that most of its articles are likely about, if that is any."""
        noted = await self.notes.of([report.headline.id for story in stories for report in story.reports])
        return {story.id: _subject(story, noted) for story in stories}

    async def answer(self, question: Question, filters: Filters, reader: ReaderId | None) -> Answer:
        """What is hot as a reply: a line of each story, the hottest first; a refusal where there is none.

        Args:
            question: What was said, for the reply to be framed by.
            filters: Bounds; without a time among them, what `list` looks at.
            reader: Whose sources count; `None` is the operator, who sees all.
        """
        asked = question.asked_at
        until = min(filters.until or asked, asked)
        found = await self.list(
            lately=until - filters.since if filters.since is not None else None,
            until=None if until == asked and self._lists.just_now(asked) else until,
            filters=Filters(language=filters.language, sources=filters.sources),
            reader=reader,
            language=question.language,
            k=TOLD,
        )
        told = [each for each in found.stories if each.gist.lines]
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
        heat = (await self._measure(now))(story.reports, now, LATELY)
        return (await self.told([(heat, story)], language, reader, lines))[0]

    async def of(self, articles: Sequence[ArticleId]) -> dict[ArticleId, StoryId]:
        """Which of these articles are in a story, and in which."""
        return await self.shelf.known(articles)

    async def hits(self, story: Story, reader: ReaderId | None, passages: int = _READ_PASSAGES) -> Sequence[Hit]:
        """How the newest articles of a story open, one of each text, the newest first."""
        read = await self.texts.openings(_to_read(story), passages, reader)
        return [Hit(passage=each, score=0.0) for each in read]

    async def told(
        self, measured: Sequence[tuple[Heat, Story]], language: str | None, reader: ReaderId | None, lines: int
    ) -> Sequence[HotStory]:
        """Stories named and told, each with how hot it is; the texts of all are read at once.

        Args:
            measured: How hot each is, and the story with the reports that `reader` may see.
            language: That they are told in where an article is in it; each in its own where `None`.
            reader: Whose sources count.
            lines: In how many lines.
        """
        chosen = [story for _, story in measured]
        ids = [_to_read(story) for story in chosen]
        openings: dict[ArticleId, list[Hit]] = {}
        for each in await self.texts.openings([id_ for some in ids for id_ in some], _READ_PASSAGES, reader):
            openings.setdefault(each.headline.id, []).append(Hit(passage=each, score=0.0))
        subjects = await self._subjects(chosen)
        found = []
        for (heat, story), some in zip(measured, ids, strict=True):
            hits = [hit for id_ in some for hit in openings.get(id_, ())]
            spoken = language or _spoken(story)
            title = await self.teller.headline(hits, spoken)
            gist = await self.teller.gist(hits, lines, spoken)
            newest = story.reports[-1].headline
            found.append(
                HotStory(
                    story=story,
                    # Of what no title and no line can be shown, who tells of it.
                    title=title.text or newest.source or f"#{story.id}",
                    gist=gist,
                    heat=heat,
                    category=subjects[story.id],
                )
            )
        return found

    async def _measure(self, now: datetime) -> Measure:
        """What measures heat at a time; looked up again where that is long past the last time, or before it."""
        for held in self._usual:
            if timedelta(0) <= now - held.at < _USUAL_AGE:
                return held.measure
        before = now - LATELY
        published = await self.shelf.published(before - timedelta(days=_USUAL_DAYS), before, _USUAL_ARTICLES)
        found = _Usual(at=now, measure=self.against(published, _USUAL_DAYS))
        self._usual[:] = [found]
        return found.measure


def _as_of(story: Story, now: datetime) -> Story | None:
    """The story as it was told by then; `None` where it had not begun."""
    told = tuple(report for report in story.reports if report.at <= now)
    return Story(id=story.id, reports=told) if told else None


def _subject(story: Story, noted: Mapping[ArticleId, Annotation]) -> Category:
    """The subject that most of its articles are likely about, if that is any."""
    sure: dict[Category, float] = {}
    for report in story.reports:
        if (note := noted.get(report.headline.id)) is not None and note.category is not Category.OTHER:
            sure[note.category] = sure.get(note.category, 0.0) + note.category_confidence
    return max(sure, key=sure.__getitem__, default=Category.OTHER)


def _terms(story: Story, noted: Mapping[ArticleId, Annotation]) -> frozenset[str]:
    notes = [noted[report.headline.id] for report in story.reports if report.headline.id in noted]
    return frozenset(
        [each.text for note in notes for each in note.keywords] + [each.text for note in notes for each in note.names]
    )


def _told_in(story: Story, language: str | None) -> bool:
    return language is None or any(report.headline.language == language for report in story.reports)


def _to_read(story: Story) -> list[ArticleId]:
    """The newest articles of a story, one of each text, the newest first."""
    newest: dict[ArticleId, ArticleId] = {}
    for report in reversed(story.reports):
        newest.setdefault(report.headline.group, report.headline.id)
    return list(newest.values())[:_READ_ARTICLES]


def _spoken(story: Story) -> str | None:
    """The language that most of a story's reports are in."""
    languages = Counter(report.headline.language for report in story.reports)
    return languages.most_common(1)[0][0]
