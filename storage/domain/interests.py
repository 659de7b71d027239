"""What a reader follows, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.domain.annotations import Category
from storage.domain.changes import Learned, Unlearned
from storage.domain.dialogue import Lapse
from storage.domain.evidence import EvidenceId, EvidenceKind
from storage.domain.stories import Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestNote:
    """Something a reader follows, as it can be told them.

    Args:
        label: What it is, in a few words.
        weight: How much, from 0; means something beside the weights of the same reader's other interests.
        trend: Whether that is changing.
        evidence: What it was seen by, the newest first: questions they asked, titles they opened.
    """

    label: str
    weight: float
    trend: Trend = Trend.STEADY
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """A reader's interests in plain words; `engine` is who wrote them, `lapse` why the model that was to did not."""

    text: str
    engine: str
    lapse: Lapse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Evidence of a reader's that is about the same.

    Args:
        evidence: At least one, the newest first.
        weight: How much they care, above 0; see `InterestNote`.
        trend: Whether that is changing.
        muted: Whether they want to hear no more of it.
        less: Whether they turned it down, or want less of it; `weight` is how much, then.
        allowed: Whether all there is of it is that they let it in again, having said something against it.
    """

    evidence: tuple[EvidenceId, ...]
    weight: float
    trend: Trend = Trend.STEADY
    muted: bool = False
    less: bool = False
    allowed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something a reader did, as it can be shown them: once, however often they did it.

    Args:
        evidence: All that is shown by this line, the newest first.
        kind: What they did last; a boost only where there is nothing else of it.
        at: When that was.
        words: What they wrote or asked; else the title of the article.
        boosted: Whether they asked for more of the interest as it stood there.
    """

    evidence: tuple[EvidenceId, ...]
    kind: EvidenceKind
    at: datetime
    words: str
    boosted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """Something a reader cares about, or no longer wants to hear of, as it can be shown them.

    Args:
        words: What it is, the most telling first: terms, or one phrase or title; at least one.
        category: Its subject, where one is known.
        weight: See `Bundle`.
        trend: See `Bundle`.
        evidence: All that it rests on.
        lines: Those of it that can be shown, the newest first, at least one.
    """

    words: tuple[str, ...]
    category: Category | None
    weight: float
    trend: Trend
    evidence: tuple[EvidenceId, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interests:
    """What is known of a reader.

    Args:
        liked: What they care about, the strongest first.
        less: What they turned down, or want less of, the strongest first.
        muted: What they want to hear no more of, the latest first.
        allowed: What they let in again that they had muted or wanted less of, where nothing else is of it.
        updated_at: When they last did something that tells of it; `None` where they did nothing yet.
    """

    liked: tuple[Interest, ...] = ()
    less: tuple[Interest, ...] = ()
    muted: tuple[Interest, ...] = ()
    allowed: tuple[Interest, ...] = ()
    updated_at: datetime | None = None

    @property
    def listed(self) -> tuple[Interest, ...]:
        """All of it, in the order it is numbered wherever it is shown, from 1."""
        return (*self.liked, *self.less, *self.muted, *self.allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What taking back comes to that a reader said something last.

    Args:
        said: The key of a sentence.
        what: What it was said of: titles, or words of theirs; of what they follow, its words.
        change: What it changes; `None` where that is nothing.
    """

    said: str
    what: tuple[str, ...] = ()
    change: Unlearned | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Steered:
    """What a wish of a reader's about their interests comes to.

    Args:
        what: The interest, or the line of evidence, that it is about.
        said: What is said of it: the key of a sentence that names `what`.
        change: What it changes.
    """

    what: Interest | Line
    said: str
    change: Learned | Unlearned
