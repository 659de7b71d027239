"""What readers did that tells what they care about: dated, weighted, and traceable to what it was about."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from storage.domain.people import ReaderId
from storage.domain.times import require_aware

EvidenceId = NewType("EvidenceId", int)

OWN_WORDS = "text:"
"""What the key begins with of evidence that is about words of the reader's own."""


class EvidenceKind(StrEnum):
    """What a reader did."""

    OPENED = "opened"
    """Opened a link."""
    ASKED = "asked"
    """Asked a question."""
    FOLLOWED_UP = "followed_up"
    """Asked on about the same."""
    LIKED = "liked"
    """Pressed 👍, or reacted to a message as people do to what they like."""
    DISLIKED = "disliked"
    """Pressed 👎, or reacted to a message as people do to what they dislike."""
    MORE = "more"
    """Asked for more like this."""
    BOOSTED = "boosted"
    """Asked for more of an interest that they were shown, as it stood."""
    LESS = "less"
    """Asked for less like this."""
    FOLLOWED = "followed"
    """Follows a story."""
    MUTED = "muted"
    """Wants to hear no more of a story."""
    ALLOWED = "allowed"
    """Lets in again what they had muted or wanted less of; it tells of nothing that they care about."""
    IGNORED = "ignored"
    """Was sent it in a digest and did nothing about it."""
    TOLD = "told"
    """Wrote it about themselves, or picked it from a list."""


USUAL_WEIGHTS: Mapping[EvidenceKind, float] = {
    EvidenceKind.OPENED: 1.0,
    EvidenceKind.ASKED: 1.0,
    EvidenceKind.FOLLOWED_UP: 0.5,
    EvidenceKind.LIKED: 2.0,
    EvidenceKind.DISLIKED: -2.0,
    EvidenceKind.MORE: 3.0,
    EvidenceKind.BOOSTED: 3.0,
    EvidenceKind.LESS: -3.0,
    EvidenceKind.FOLLOWED: 3.0,
    EvidenceKind.MUTED: -4.0,
    EvidenceKind.ALLOWED: 0.0,
    EvidenceKind.IGNORED: -0.05,
    EvidenceKind.TOLD: 4.0,
}
"""How much each tells, in opened links; below 0 what speaks against.

By judgement, in the order in which recommenders of news commonly weigh views, likes, follows and comments: no public
data has conversations and clicks of the same readers. What somebody ignored says least, for most of it was never seen.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing a reader did, and what it was about.

    Args:
        reader: Who.
        kind: What they did.
        at: When.
        key: What its vector and its title are found by again: an article's id, or what a reader's own text is kept as.
        text: What they asked or wrote, in their own words, where they did; it stands in for an article that went away.
        category: The subject of what it was about, where known.
        source: Who published it, where known.
        weight: How much it tells, in opened links; the usual for its kind where not given. A reaction that says more
            or less than others of its kind has its own.
        act: Names the button or the reaction it is of, where doing the same again takes it back.
    """

    reader: ReaderId
    kind: EvidenceKind
    at: datetime
    key: str
    text: str | None = None
    category: str | None = None
    source: str | None = None
    weight: float | None = None
    act: str | None = None

    def __post_init__(self) -> None:
        require_aware(self.at, "at")
        if not math.isfinite(self.worth):
            raise ValueError(f"weight must be a finite number: {self.weight}")

    @property
    def worth(self) -> float:
        """How much it tells, in opened links; below 0 what speaks against."""
        return USUAL_WEIGHTS[self.kind] if self.weight is None else self.weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """That a reader did something, and what it was about; see `Evidence`."""

    at: datetime
    key: str
    worth: float


SPOKEN = frozenset((EvidenceKind.TOLD, EvidenceKind.LESS, EvidenceKind.MUTED))
"""What is said of words of their own: the last of it holds."""
AGAINST = frozenset((EvidenceKind.DISLIKED, EvidenceKind.LESS, EvidenceKind.MUTED))
"""What is said against something, until it is let in again; to pass it over says next to nothing."""


def thing_of(each: Evidence) -> str:
    """What it is about, the same for the same words of a reader's own, however they are spelt."""
    return (each.text or each.key).casefold() if each.key.startswith(OWN_WORDS) else each.key


def overruled(evidence: Mapping[EvidenceId, Evidence]) -> dict[EvidenceId, EvidenceId]:
    """What one reader said and said otherwise since, each by the saying that holds: of words of their own the last.

    What they let in again holds against all that they had said against it, and leaves standing what they had said for
    it. All is kept: taken back, the last gives way to what stood before. `evidence` is in the order it was taken down.
    """
    found: dict[EvidenceId, EvidenceId] = {}
    said: dict[str, list[EvidenceId]] = {}
    against: dict[str, list[EvidenceId]] = {}
    for id_, each in evidence.items():
        if each.kind is EvidenceKind.ALLOWED:
            found |= dict.fromkeys(against.pop(thing_of(each), ()), id_)
        elif each.kind in AGAINST:
            against.setdefault(thing_of(each), []).append(id_)
        if each.kind in SPOKEN and each.key.startswith(OWN_WORDS):
            said.setdefault(thing_of(each), []).append(id_)
    for ids in said.values():
        held = [id_ for id_ in ids if id_ not in found]
        found |= {id_: held[-1] for id_ in held if evidence[id_].kind is not evidence[held[-1]].kind}
    return found
