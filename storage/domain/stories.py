"""Stories as values: what several articles tell of one event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from storage.domain.dialogue import Citation, Sentence
from storage.domain.news import ArticleId, Headline

StoryId = NewType("StoryId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An article as part of a story; `novelty`, how little of it the story had before, is in [0, 1]."""

    headline: Headline
    novelty: float

    @property
    def at(self) -> datetime:
        """When it was published; where that is unknown, when it was first seen."""
        return self.headline.published or self.headline.first_seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An event and the articles that tell of it, the oldest first, at least one."""

    id: StoryId
    reports: tuple[Report, ...]

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


class Trend(StrEnum):
    """Where a story goes."""

    RISING = "rising"
    STEADY = "steady"
    FADING = "fading"


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
class Placed:
    """Which story an article belongs to, and what it takes to go on from there: `sketch`, as the topics wrote it."""

    article: ArticleId
    story: StoryId
    novelty: float
    sketch: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What became known on a day (UTC); `day` is the source's."""

    day: date
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
    """

    title: str
    background: tuple[Sentence, ...] = ()
    timeline: tuple[Moment, ...] = ()
    agreed: tuple[Sentence, ...] = ()
    differs: tuple[Difference, ...] = ()
    citations: tuple[Citation, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the sources say nothing of the topic."""
        return not self.citations
