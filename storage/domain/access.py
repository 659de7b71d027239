"""Who may use the bot, and how much of it a day, as values."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from storage.domain.people import ReaderId
from storage.domain.times import require_aware


class Verdict(StrEnum):
    """What operators say of somebody."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"


class Source(StrEnum):
    """Where they say so: in the settings, as of each start, which name the operators themselves apart; or in a chat."""

    SETTINGS = "settings"
    ADMINS = "admins"
    CHAT = "chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One of whom operators said something.

    Args:
        who: A reader's id, such as `telegram:7`; a group's, `telegram:-5`; or a name in Telegram, `@ada`, lower case.
    """

    who: str
    verdict: Verdict
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How somebody stands who speaks.

    Args:
        listed: What is said of them and of where they speak.
        refused_at: When they were told last that they may not use the bot; `None` where they never were, or long ago.
        unreachable: Whether what was sent them last could not reach them.
        name: That they had last as far as it is known, such as `@ada`; empty where it is not, or they had none.
    """

    listed: frozenset[Verdict] = frozenset()
    refused_at: datetime | None = None
    unreachable: bool = False
    name: str = ""

    def may_speak(self, *, closed: bool) -> bool:
        """Whether they may use the bot; where it is closed, that takes somebody to say so."""
        return Verdict.BLOCKED not in self.listed and (not closed or Verdict.ALLOWED in self.listed)


class Spent(StrEnum):
    """Whose day's budget is used up: the reader's own, or that of all together."""

    OWN = "own"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """How much of the bot may be had in a day (UTC); 0 is without bound.

    Args:
        questions: That one reader may ask.
        all_questions: That all may ask together.
        tokens: That a language model may read and write for one reader.
        all_tokens: And for all together.
    """

    questions: int = 0
    all_questions: int = 0
    tokens: int = 0
    all_tokens: int = 0

    @property
    def bounded(self) -> bool:
        """Whether anything can be refused."""
        return bool(self.questions or self.all_questions or self.tokens or self.all_tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a question that counts.

    Args:
        refused: Whose budget forbids it; `None` where it is taken.
        left: How many tokens a model may still read and write for it, by both budgets; `None` is any number.
    """

    refused: Spent | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An operator says something of somebody, or no longer (`None`)."""

    who: str
    verdict: Verdict | None
    at: datetime

    def __post_init__(self) -> None:
        require_aware(self.at, "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedAway:
    """Somebody may not use the bot, and is told so, but for where that was lately (`at` is `None` then).

    Nothing else is kept of what they did.
    """

    reader: ReaderId
    at: datetime | None

    def __post_init__(self) -> None:
        require_aware(self.at, "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Somebody who could not be reached speaks again."""

    reader: ReaderId


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whom something may be sent has that name from then on, as `Listing` writes one; empty is none."""

    reader: ReaderId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A language model read and wrote so many tokens on a day, see `day_of`, for a reader or unasked (`None`)."""

    reader: ReaderId | None
    day: str
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A reader asked a question that no budget bounds; what is `typed` within a minute of another is one with it."""

    reader: ReaderId
    at: datetime
    typed: bool = False

    def __post_init__(self) -> None:
        require_aware(self.at, "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """What somebody who was forgotten is called where it is kept how much they used that day: by no name of theirs.

    Args:
        name: By which nobody can be told without the key; another on another day.
        day: As `day_of` names it, after which nothing is kept of it.
    """

    name: str
    day: str


Admission = Judged | TurnedAway | Returned | Named | Used | Counted
"""What changes who may use how much."""


def day_of(moment: datetime) -> str:
    """The day in UTC, as its name."""
    return moment.astimezone(UTC).date().isoformat()


def alias(key: bytes, reader: ReaderId, moment: datetime) -> Alias:
    """What they are called that day by whoever has the key, which is kept nowhere beside it."""
    day = day_of(moment)
    return Alias(name=hmac.new(key, f"spending {day} {reader}".encode(), hashlib.sha256).hexdigest(), day=day)


def next_day(moment: datetime) -> datetime:
    """When the next day in UTC begins."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def names_of(reader: ReaderId, usernames: Collection[str], chats: Collection[str]) -> tuple[str, ...]:
    """All that operators may call somebody by: who they are, their name and that of where they speak, and where."""
    return tuple(dict.fromkeys((reader, *(f"@{name}" for name in usernames if name), *chats)))
