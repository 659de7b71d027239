"""Why a story is shown to a reader: what counted most for it, told by the very figures that it was ranked by. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.features import NAMES
from retrieval.interests.interest import Interest, Trace
from retrieval.interests.profile import Profile
from retrieval.interests.ranking import Weights
from retrieval.interests.readers import Matrix
from retrieval.ports import Vector
from storage.domain.digests import ReasonKind

LEAST_ALIKE = 0.35
"""No story is shown for an interest that it is less like, as a cosine; one as much alike may be, or not."""

# By the encoder that ships, what 99 of 100 pairs stay below that were drawn by chance: of 300 English articles
# (realtimeqa), and of 300 Chinese ones (crud_zh), which are all more alike.
_LEAST = 0.48
_LEAST_BY_LANGUAGE: Mapping[str, float] = {"zh": 0.62}

_GROUPS: Mapping[ReasonKind, tuple[str, ...]] = {
    ReasonKind.INTEREST: ("attention", "mean", "nearest", "lately"),
    ReasonKind.SUBJECT: ("subject",),
    ReasonKind.SOURCE: ("source",),
    ReasonKind.FRESH: ("freshness",),
    ReasonKind.HOT: ("heat",),
    ReasonKind.NEW: ("novelty",),
    ReasonKind.GOOD: ("quality",),
    ReasonKind.POPULAR: ("popularity",),
    ReasonKind.READERS_ALIKE: ("audience",),
}
# Of what counts both ways, only what is for the reader is a reason: not that they turn to it less rarely than others.
_ABOVE_NOTHING = frozenset((ReasonKind.SUBJECT, ReasonKind.SOURCE, ReasonKind.POPULAR, ReasonKind.READERS_ALIKE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What counts for showing a story.

    Args:
        kind: What it is.
        share: Of all that counts for it, in (0, 1]; 0 of `OTHER`.
        interest: Which of the profile's `wanted` it is like, where that is the reason.
        traces: What the reader did that shows that interest, the latest first.
        likeness: The cosine to it.
        name: Of the subject or the source, where that is the reason.
    """

    kind: ReasonKind
    share: float
    interest: int | None = None
    traces: tuple[Trace, ...] = ()
    likeness: float | None = None
    name: str | None = None


def reasons(
    profile: Profile,
    vector: Vector,
    row: NDArray[np.float32],
    usual: NDArray[np.float32],
    weights: Weights,
    *,
    subject: str | None = None,
    source: str | None = None,
    language: str | None = None,
) -> tuple[Reason, ...]:
    """What counts for a story, the most first, at least one.

    Args:
        profile: The reader's.
        vector: (d,), the story's.
        row: (len(NAMES),), its features.
        usual: (len(NAMES),), of the stories it is chosen among: `usual_row`. What all have is no reason.
        weights: What it was ranked by.
        subject: Its subject.
        source: Who tells it first.
        language: What it is told in (ISO 639-1).
    """
    counted = np.asarray(weights.values) * (row.astype(np.float64) - usual)
    parts: list[tuple[float, Reason]] = []
    for kind, names in _GROUPS.items():
        columns = [NAMES.index(name) for name in names]
        part = float(counted[columns].sum())
        reason = _reason(kind, profile, vector, subject, source, language)
        if part > 0 and reason is not None and not (kind in _ABOVE_NOTHING and row[columns[0]] <= 0):
            parts.append((part, reason))
    whole = sum(part for part, _ in parts)
    if not parts:
        return (Reason(kind=ReasonKind.OTHER, share=0.0),)
    parts.sort(key=lambda each: -each[0])
    return tuple(replace(reason, share=part / whole) for part, reason in parts)


def grounded(
    reason: Reason,
    before: Interest,
    spoken: Mapping[str, str],
    names: Callable[[str], bool],
    vector: Vector,
) -> Reason | None:
    """A reason that is an interest told in words, as far as it holds without where these were moved to.

    They were moved to the nearest passages that have them, which may speak of something else: a ferry may be driven by
    batteries. So the story has to name what was told, or to be like the words themselves. By the encoder that ships,
    99.5 of 100 pairs of words and an article that has none of them are less alike than 0.25 (50 English phrases, 339
    articles of realtimeqa) and 0.34 (43 Chinese ones, 200 of crud_zh).

    Args:
        reason: As `reasons` found it, by the interest where it was moved to.
        before: The interest as it was told.
        spoken: Its words, by the keys of its traces.
        names: Whether the story names what some words do.
        vector: (d,), the story's.

    Returns:
        It, what the story names first among its traces; `None` where it does not hold.
    """
    if not spoken:
        return reason
    naming = {key for key, words in spoken.items() if names(words)}
    if not naming:
        return reason if _cosine(before, vector) >= LEAST_ALIKE else None
    return replace(reason, traces=tuple(sorted(reason.traces, key=lambda trace: trace.key not in naming)))


def evidenced(
    reason: Reason, vector: Vector, articles: Mapping[str, Vector], language: str | None = None
) -> Reason | None:
    """A reason by an interest, with what of it the story is like before the rest; `None` where it is like none of it.

    An interest may hold several things that its reader did, and a story be like their mean and like none of them: who
    asked of an earthquake and of a strike did not ask of the ferry that both are near to.

    Args:
        reason: As `reasons` found it.
        vector: (d,), the story's.
        articles: Of what the traces are about, by their keys, (d,) each; as far as they are known.
        language: What the story is told in (ISO 639-1).
    """
    likeness = {trace.key: float(articles[trace.key] @ vector) for trace in reason.traces if trace.key in articles}
    if not likeness:
        return reason
    near = [trace for trace in reason.traces if likeness.get(trace.key, 0.0) >= _least(language)]
    return replace(reason, traces=tuple(sorted(near, key=lambda each: -likeness[each.key]))) if near else None


def usual_row(rows: Matrix) -> NDArray[np.float32]:
    """(len(NAMES),): the mean features of the stories (m, len(NAMES)) that a reader may be shown."""
    return np.asarray(rows.mean(axis=0), dtype=np.float32)


def _reason(
    kind: ReasonKind,
    profile: Profile,
    vector: Vector,
    subject: str | None,
    source: str | None,
    language: str | None,
) -> Reason | None:
    """The reason as far as it can be told honestly; its share comes later."""
    if kind is ReasonKind.INTEREST:
        return _interest(profile, vector, language)
    if kind in {ReasonKind.SUBJECT, ReasonKind.SOURCE}:
        name = subject if kind is ReasonKind.SUBJECT else source
        return None if name is None else Reason(kind=kind, share=0.0, name=name)
    return Reason(kind=kind, share=0.0)


def _interest(profile: Profile, vector: Vector, language: str | None) -> Reason | None:
    """The interest it is most like; `None` where it is not like any more than articles are by chance."""
    if not profile.wanted:
        return None
    cosines = [_cosine(each, vector) for each in profile.wanted]
    at = int(np.argmax(cosines))
    if cosines[at] < _least(language):
        return None
    return Reason(
        kind=ReasonKind.INTEREST if at < len(profile.liked) else ReasonKind.TOLD,
        share=0.0,
        interest=at,
        traces=profile.wanted[at].traces,
        likeness=cosines[at],
    )


def _cosine(interest: Interest, vector: Vector) -> float:
    return float(interest.centre @ vector) / max(float(np.linalg.norm(interest.centre)), 1e-12)


def _least(language: str | None) -> float:
    return _LEAST_BY_LANGUAGE.get(language or "", _LEAST)
