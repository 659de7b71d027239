"""What dealing with a message changes, as values: decided first, applied together with the reply or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.domain.access import Alias, Counted, Judged, Named, Returned, TurnedAway, Used
from storage.domain.broadcasts import Begun, Cancelled, Declined, Drafted
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.digests import Digest, DigestSettings
from storage.domain.evidence import Evidence, EvidenceId
from storage.domain.follows import FollowId
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId
from storage.domain.summaries import GivenDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A turn is added to a conversation, and what it tells of the reader is taken down."""

    conversation: ConversationId
    reader: ReaderId
    turn: Turn
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A document is kept for what its reader asks of it."""

    given: GivenDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """A feed becomes one of a reader's."""

    reader: ReaderId
    feed: Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribed:
    """A feed is taken from one reader."""

    reader: ReaderId
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A story, by its number, or a topic, where that is `None`, is followed from then on; see `Follow`.

    `evidence` is what that tells of the reader; it is taken down where they did not follow it yet.
    """

    reader: ReaderId
    story: StoryId | None
    words: str
    language: str
    at: datetime
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfollowed:
    """A reader follows something no longer."""

    reader: ReaderId
    follow: FollowId


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A reader looked at a story's page."""

    reader: ReaderId
    story: StoryId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A reader was shown their interests by these numbers, as in 2 and 2.1, each of which means some evidence."""

    reader: ReaderId
    numbers: Mapping[str, tuple[EvidenceId, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What readers did that tells what they care about is taken down."""

    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlearned:
    """Something that was taken down of a reader is forgotten; `None` is all of it.

    Where they had it dropped, and did not take back what they said, `dropped_at` is when.
    """

    reader: ReaderId
    evidence: tuple[EvidenceId, ...] | None
    dropped_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """A source that nothing that is in comes from, and names of some that are called something like it."""

    name: str
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """A reader wants their digests so from `at` on; `wake_at` is when to look whether one is due.

    `evidence` is what that tells of the reader; `unheard` are the sources in it that nothing comes from so far.
    `left_out` are the days of the week, as ISO numbers them, on which none comes any longer.
    """

    settings: DigestSettings
    at: datetime
    wake_at: datetime | None
    evidence: tuple[Evidence, ...] = ()
    unheard: tuple[Unheard, ...] = ()
    left_out: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A reader was shown some stories."""

    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A reader is spoken to in this language from then on, whoever tells them something."""

    reader: ReaderId
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """What a reader writes next may answer what they were asked, as `ReaderSettings.asked` says; `None` is nothing."""

    reader: ReaderId
    asked: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relocated:
    """A group of Telegram's became another chat, of these numbers: what is kept of it goes along."""

    was: int
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """All that is kept of a reader is forgotten; what they write from then on is a new reader's.

    What they used that day goes on to count as `alias`'s, where one is given.
    """

    reader: ReaderId
    alias: Alias | None = None


Change = (
    Recorded
    | Given
    | Subscribed
    | Unsubscribed
    | Followed
    | Unfollowed
    | Looked
    | Numbered
    | Learned
    | Unlearned
    | Wished
    | Listed
    | Spoken
    | Awaited
    | Relocated
    | Forgotten
    | Judged
    | TurnedAway
    | Returned
    | Named
    | Used
    | Counted
    | Drafted
    | Begun
    | Cancelled
    | Declined
)
