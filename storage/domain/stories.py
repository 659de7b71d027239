"""Stories as values: what several articles tell of one event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from storage.domain.annotations import Annotation, Category
from storage.domain.dialogue import Citation, Sentence
from storage.domain.news import ArticleId, Headline, Part
from storage.domain.roundups import is_roundup
from storage.domain.series import is_instalment
from storage.domain.summaries import Gist

StoryId = NewType("StoryId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An article as part of a story.

    Args:
        headline: The article.
        novelty: How little of it the story had before, in [0, 1].
        live: Whether it was first seen soon after it came out.
    """

    headline: Headline
    novelty: float
    live: bool = False

    @property
    def at(self) -> datetime:
        """When it was published; where that is unknown, when it was first seen."""
        return self.headline.published or self.headline.first_seen

    @property
    def timed(self) -> bool:
        """Whether `at` is about when it came out; an undated one may have been old when it was first seen."""
        return self.headline.published is not None or self.live


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An event and the articles that tell of it, the oldest first, at least one.

    Args:
        id: Its number.
        reports: Its articles.
        begun: When the first of them came in that was not in another story before; `None` where all were.
        roundup: Whether it was placed apart, as what tells of many events or is one of a series.
    """

    id: StoryId
    reports: tuple[Report, ...]
    begun: datetime | None = None
    roundup: bool = False

    @property
    def tells(self) -> bool:
        """Whether any of its articles tells of it alone: round-ups tell of much else, instalments of no event."""
        return not self.roundup and not all(
            is_roundup(each.headline) or is_instalment(each.headline.title) for each in self.reports
        )

    @property
    def timed(self) -> bool:
        """Whether it is known of any of its articles when it came out."""
        return any(each.timed for each in self.reports)

    @property
    def language(self) -> str | None:
        """The one that most of its articles are in."""
        return Counter(each.headline.language for each in self.reports).most_common(1)[0][0]

    @property
    def first_seen(self) -> datetime:
        """When the first was published."""
        return self.reports[0].at

    @property
    def last_seen(self) -> datetime:
        """When the last was published."""
        return self.reports[-1].at

    @property
    def sources(self) -> tuple[str, ...]:
        """Those that tell of it, in the order they first did."""
        return tuple(dict.fromkeys(each.headline.source for each in self.reports if each.headline.source))


OVER_AFTER = timedelta(days=7)
"""A story of which nothing independent came for so long has come to rest."""


class Trend(StrEnum):
    """Where a story goes; `OVER` where it has come to rest, `UNKNOWN` where no article of it is dated."""

    RISING = "rising"
    STEADY = "steady"
    FADING = "fading"
    OVER = "over"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """How hot a story is, `value`, and the parts it is made of, all at least 0; what they mean is the topics' own.

    `outlets` is how many tell of it independently.
    """

    value: float
    breadth: float
    speed: float
    persistence: float
    novelty: float
    outlets: int
    trend: Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class HotStory:
    """A story with what it is called, what it comes to in a line or a few, how hot it is, and its subject."""

    story: Story
    title: str
    gist: Gist
    heat: Heat
    category: Category = Category.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class HotStories:
    """Stories, the hottest first.

    Args:
        lately: Something was published of them within so much time.
        until: The time that ended at; `None` is when they were listed.
        category: The subject that they are of; `None` is any.
    """

    stories: tuple[HotStory, ...]
    lately: timedelta
    until: datetime | None = None
    category: Category | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A story with how hot it is, its subject, and the keywords and names that are noted of its articles."""

    story: Story
    heat: Heat
    category: Category = Category.OTHER
    terms: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMark:
    """A story as clustering goes on from it.

    Args:
        id: Its number, which readers are shown.
        key: What clustering calls it.
        born: Which of all arrivals made it.
        settled: The last arrival that is settled, -1 where none is.
        roundup: Whether it tells of many events, or is one of a series, and is compared with nothing.
    """

    id: StoryId
    key: str
    born: int
    settled: int
    roundup: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An article in its story.

    Args:
        arrival: Which of all arrivals it was.
        novelty: How little of it the story had before, 0 to 1.
        sketch: What further articles are compared with, as the topics wrote it; `None` where it is settled.
    """

    article: ArticleId
    story: StoryId
    arrival: int
    novelty: float
    sketch: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Articles that only some readers see, all of them the same.

    Args:
        feeds: The feeds of these readers' own that exactly they have.
        members: Of their articles the latest that can be compared with, oldest first, each with its story's key.
        settled: Older ones, which need not be any longer.
    """

    feeds: frozenset[str]
    members: tuple[tuple[str, Placed], ...] = ()
    settled: tuple[ArticleId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiredStory:
    """A story that is compared with no longer: what to find it again by, and since which arrival."""

    id: StoryId
    signs: bytes
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStep:
    """What putting some articles into stories changed, to be written whole, in this order.

    Args:
        after: The revision of the corpus it began at.
        upto: The one it leads to.
        marks: Stories that are new or stand otherwise than before.
        merged: Stories that are no more, and what all their articles are part of, one after the other.
        placed: Articles that came, each in the story it ended up in. Those that are gone by now are passed over.
        moved: Articles that had come before and ended up in another story.
        settled: Articles that had come before and whose sketches are not needed any longer.
        revived: Stories that are compared with again.
        retired: Stories that are not.
        noted: What is noted of articles. Those that are gone by now are passed over.
    """

    after: int
    upto: int
    marks: tuple[StoryMark, ...] = ()
    merged: tuple[tuple[StoryId, StoryId], ...] = ()
    placed: tuple[Placed, ...] = ()
    moved: Mapping[ArticleId, StoryId] = field(default_factory=dict)
    settled: tuple[ArticleId, ...] = ()
    revived: tuple[StoryId, ...] = ()
    retired: tuple[RetiredStory, ...] = ()
    noted: Mapping[ArticleId, Annotation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where the stories stand: all that clustering goes on from.

    Args:
        revision: Of the corpus.
        marks: The stories that are compared with, and those that are retired.
        members: The articles of the former that are not settled.
        retired: The latter, the longest retired first.
    """

    revision: int
    marks: tuple[StoryMark, ...]
    members: tuple[Placed, ...]
    retired: tuple[RetiredStory, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What became known when: `at`, aware, is when the source published it."""

    at: datetime
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Accounts of the same thing that give other figures, each of another outlet, the newest first."""

    accounts: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A story at a glance. Every number in a sentence is the `n` of one of `citations`.

    Args:
        title: Of an article, or the topic where there is none.
        background: What went before.
        timeline: What became known when, in the order of time.
        agreed: What several outlets say, each citing all that do.
        differs: Where they give other figures.
        unsettled: What they say is not known yet.
        nearest: The nearest stories, where none is about the topic.
        others: Other stories on the topic.
    """

    title: str
    background: tuple[Sentence, ...] = ()
    timeline: tuple[Moment, ...] = ()
    agreed: tuple[Sentence, ...] = ()
    differs: tuple[Difference, ...] = ()
    unsettled: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Headline, ...] = ()
    others: tuple[Headline, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the sources say nothing of the topic."""
        return not self.citations


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSince:
    """What came of a story since its reader last looked, `at`; the gist is empty where nothing did."""

    at: datetime
    gist: Gist


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A story's page: its brief, and the story itself where it is known which it is.

    `at` is when it was opened; `news` is for a reader who has looked at the story before. `without` are the
    parts of the search that failed.
    """

    brief: Brief
    opened: HotStory | None = None
    at: datetime | None = None
    news: NewSince | None = None
    without: frozenset[Part] = frozenset()

    @property
    def refused(self) -> bool:
        """Whether there is nothing to show: no story, or none of which a line can be quoted."""
        return self.brief.empty and self.opened is None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """What the lines that are shown rest on: the brief's, or where that has none, the story's."""
        return self.brief.citations or (self.opened.gist.citations if self.opened is not None else ())
