"""Digests as values: when a reader wants one, what is in it and why, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum

from storage.domain.annotations import Category
from storage.domain.evidence import EvidenceKind
from storage.domain.heard import Heard
from storage.domain.kinds import ArticleKind
from storage.domain.news import ArticleId, Headline
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId
from storage.domain.summaries import Gist
from storage.domain.times import require_aware

SHORTEST, LONGEST, USUAL_LENGTH = 3, 15, 5
"""How many items a digest may have, and has where nothing else is wished."""
EVERY_DAY = frozenset(range(1, 8))
"""The days of the week, as ISO numbers them: 1 is Monday."""
MOST_TIMES = 8
"""How many digests a day may have."""


class Style(StrEnum):
    """How items are told."""

    HEADLINES = "headlines"
    """By their names alone."""
    BRIEF = "brief"
    """In a line each."""
    SUMMARIES = "summaries"
    """In up to three lines each."""

    @property
    def lines(self) -> int:
        """In how many lines an item is told at most."""
        return {Style.HEADLINES: 0, Style.BRIEF: 1, Style.SUMMARIES: 3}[self]


class WhenEmpty(StrEnum):
    """What is said at the hour of a digest when there is nothing new."""

    NOTE = "note"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """A time of day, local, in which nothing is sent unasked: from `since` until `until`, perhaps over midnight."""

    since: time
    until: time

    def __post_init__(self) -> None:
        if self.since == self.until:
            raise ValueError("quiet hours must end at another time than they begin")

    def hold(self, at: time) -> bool:
        """Whether that time of day is in them."""
        if self.since < self.until:
            return self.since <= at < self.until
        return at >= self.since or at < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A time without digests: from `since` until before `until`, days and times of day of the reader's own clock.

    It has no zone, as times of digests have none: who travels is without them until the same morning.
    """

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.since.tzinfo is not None or self.until.tzinfo is not None:
            raise ValueError("a pause is by the reader's own clock, and of no zone")
        if self.since >= self.until:
            raise ValueError(f"a pause ends after it begins: {self.since} to {self.until}")

    def holds(self, at: datetime) -> bool:
        """Whether that local time is in it."""
        return self.since <= at < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """When a reader wants digests, by their own clock.

    Args:
        times: Times of day, the earliest first, each once, to the minute; at least one.
        days: Of the week, as ISO numbers them; at least one.
        zone: An IANA name.
        quiet: When nothing is sent unasked. No time of a digest is in them.
        pauses: When none comes although it is its hour, the earliest first; those that are over may be among them.
    """

    times: tuple[time, ...] = (time(8, 0),)
    days: frozenset[int] = EVERY_DAY
    zone: str = "UTC"
    quiet: QuietHours | None = None
    pauses: tuple[Pause, ...] = ()

    def __post_init__(self) -> None:
        if not self.times or list(self.times) != sorted(set(self.times)) or len(self.times) > MOST_TIMES:
            raise ValueError(f"a digest needs 1 to {MOST_TIMES} different times in order: {self.times}")
        if any(at.second or at.microsecond or at.tzinfo for at in self.times):
            raise ValueError(f"times are local, to the minute: {self.times}")
        if not self.days or not self.days <= EVERY_DAY:
            raise ValueError(f"days of the week are 1 to 7: {sorted(self.days)}")
        if self.quiet is not None and any(self.quiet.hold(at) for at in self.times):
            raise ValueError("a digest cannot come within quiet hours")

    def paused(self, at: datetime) -> bool:
        """Whether none comes at that local time although it may be its hour."""
        return any(each.holds(at) for each in self.pauses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tastes:
    """What of the news a reader wants to be shown; where a bound is empty, anything.

    Args:
        languages: ISO 639-1 codes.
        sources: As they are named, in any letter case, or the hosts of their articles.
    """

    languages: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    kinds: tuple[ArticleKind, ...] = ()
    sources: tuple[str, ...] = ()


ANYTHING = Tastes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """Breaking news at once: of stories that so many outlets tell of independently, at most so many a day."""

    outlets: int = 5
    a_day: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSettings:
    """How a reader wants their digests.

    Args:
        reader: Who.
        active: Whether they want them at all.
        since: When the hours they get them at were last changed: no slot before it is theirs. What is new in a digest
            is counted from what they were shown before, and not from this: what moves no hour need not move it.
        changed: When they last said how they want them, in whatever; `None` where they never did.
        timetable: When.
        length: How many items at most, from `SHORTEST` to `LONGEST`.
        style: How items are told.
        tastes: What of the news.
        language: What they are spoken to in.
        when_empty: What is said when there is nothing new.
        alerts: Whether breaking news are sent at once; `None` is not.
    """

    reader: ReaderId
    since: datetime
    active: bool = False
    timetable: Timetable = Timetable()
    length: int = USUAL_LENGTH
    style: Style = Style.BRIEF
    tastes: Tastes = Tastes()
    language: str = "en"
    when_empty: WhenEmpty = WhenEmpty.NOTE
    alerts: Alerts | None = None
    changed: datetime | None = None

    def __post_init__(self) -> None:
        require_aware(self.since, "since")
        if self.changed is not None:
            require_aware(self.changed, "changed")
        if not SHORTEST <= self.length <= LONGEST:
            raise ValueError(f"a digest has {SHORTEST} to {LONGEST} items: {self.length}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """An hour at which a reader is to get a digest.

    Args:
        name: Its local day and time, as in `2026-11-30T07:30`: what it is claimed by, once, whatever clocks do.
        at: When that is.
    """

    name: str
    at: datetime

    def __post_init__(self) -> None:
        require_aware(self.at, "at")


class ReasonKind(StrEnum):
    """What may count for showing a story."""

    INTEREST = "interest"
    """It is like what they turn to."""
    TOLD = "told"
    """It is like what they wrote about themselves."""
    SUBJECT = "subject"
    """They turn to its subject oftener than others."""
    SOURCE = "source"
    """They turn to its source oftener than others."""
    FRESH = "fresh"
    HOT = "hot"
    NEW = "new"
    """They were not shown it before."""
    GOOD = "good"
    POPULAR = "popular"
    """Readers turn to it."""
    READERS_ALIKE = "readers_alike"
    """Readers with interests like theirs turn to it."""
    EXPLORING = "exploring"
    """It is outside of what they turn to, and shown for that."""
    FOLLOWED = "followed"
    """They follow it."""
    OTHER = "other"
    """None of these: it is shown because the rest is less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """Why a story is shown, as it can be told.

    Args:
        kind: What counts for it.
        what: Words or the title of what they did that shows the interest; the subject, or the source. `None` where
            there is nothing to name.
        act: What they did that shows the interest, where that is what counts.
        share: Of all that counts for it, in [0, 1].
    """

    kind: ReasonKind
    what: str | None = None
    act: EvidenceKind | None = None
    share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestItem:
    """A story as a digest shows it.

    Args:
        story: Its number.
        title: What it is called.
        gist: What it comes to, or what is new of it; without lines where the style has none.
        because: What counts for it, the most first, at least one.
        outlets: How many tell of it independently.
        category: Its subject.
        kind: What its articles are.
        lead: The newest of them, of those that can be opened where any can.
        articles: Of its articles, those that stand for it: what a tap on it is about, at least one.
        texts: Of all that it was told from, named by the first article that had each (`Headline.group`).
        new_since: When the reader was last shown it, where the lines say what is new since.
        days_ago: Before how many days something came of it last, where it is from earlier than what is recommended
            mostly; else 0.
        features: What it was ranked by, by name.
    """

    story: StoryId
    title: str
    gist: Gist
    because: tuple[Because, ...]
    outlets: int
    category: Category
    kind: ArticleKind
    lead: Headline
    articles: tuple[ArticleId, ...]
    texts: tuple[ArticleId, ...] = ()
    new_since: datetime | None = None
    days_ago: int = 0
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a reader is shown at a time.

    Args:
        reader: Who; `None` is nobody in particular.
        at: When it was made.
        items: What is worth showing, the best first; may be empty.
        language: That it is told in.
        slot: The hour it is for; `None` where it was asked for.
        regular: When they who asked for it get digests without asking, too; `None` where they get none.
    """

    reader: ReaderId | None
    at: datetime
    items: tuple[DigestItem, ...]
    language: str
    slot: Slot | None = None
    regular: Timetable | None = None

    @property
    def subscribed(self) -> bool:
        """Whether it is for somebody who gets digests at hours of theirs."""
        return self.slot is not None or self.regular is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A story as a reader was shown it: when last, by which texts, and in which place.

    Args:
        story: The one that it is part of by now.
        texts: All that it was told from.
    """

    story: StoryId
    at: datetime
    texts: Heard = field(default_factory=Heard)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownList:
    """Stories that a reader was shown together.

    Args:
        slot: Of the digest; `None` where they asked for it.
        articles: Of each, in the order they were shown, the articles that stand for it.
        features: Of each, what it was ranked by, by name.
    """

    reader: ReaderId
    at: datetime
    slot: str | None
    articles: tuple[tuple[ArticleId, ...], ...]
    features: tuple[Mapping[str, float], ...]


class Outcome(StrEnum):
    """What became of a slot."""

    SENT = "sent"
    EMPTY = "empty"
    """There was nothing new."""
    SKIPPED = "skipped"
    """It was over before it could be made up for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What is decided for a reader when a digest may be due.

    Args:
        settings: Theirs, as it is decided by.
        at: When.
        wake_at: When to look again, unless they wish otherwise meanwhile.
        skipped: Names of slots that nothing is sent for.
        digest: What is sent, or found to be empty; `None` where nothing is due.
    """

    settings: DigestSettings
    at: datetime
    wake_at: datetime | None
    skipped: tuple[str, ...] = ()
    digest: Digest | None = None
