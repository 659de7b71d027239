"""Whether a reader turns to other things than they used to, and to which. Pure.

What they turned to lately is held against what they would have, had it been as always: by the likelihood ratio (the G
test), so that one click more or less is no change of mind.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from retrieval.interests.profile import HALF_LIVES, Profile, faded
from storage.domain.interests import InterestNote
from storage.domain.stories import Trend

# What chance exceeds one time in twenty, with one degree of freedom.
_UNLIKELY = 3.84
_NORMAL = 1.645
_TINY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How what a reader turns to changes.

    Args:
        trends: Of each interest in the profile's `wanted`, in its order.
        divergence: How far lately is from always, by Jensen and Shannon: 0 for the same, 1 for nothing in common.
        noticed: Whether that is more than chance.
    """

    trends: tuple[Trend, ...]
    divergence: float
    noticed: bool


def drift(profile: Profile, now: datetime) -> Drift:
    """How what the reader turns to changes, as of `now`."""
    profile = faded(profile, now)
    always = [each.mass for each in profile.wanted]
    lately = [each.recent for each in profile.wanted]
    known = profile.since is not None and now - profile.since >= HALF_LIVES.recent
    if not known or sum(lately) < _TINY or len(always) < 2:  # noqa: PLR2004 # one thing is always as often as itself
        return Drift(trends=tuple(Trend.STEADY for _ in always), divergence=0.0, noticed=False)
    whole, seen = sum(always), sum(lately)
    shares = [each / whole for each in always]
    surprise = 2 * sum(
        got * math.log(max(got, _TINY) / (share * seen)) for got, share in zip(lately, shares, strict=True)
    )
    return Drift(
        trends=tuple(_trend(got, share * seen, seen) for got, share in zip(lately, shares, strict=True)),
        divergence=_jensen_shannon([each / seen for each in lately], shares),
        noticed=surprise > _critical(len(always) - 1),
    )


def notes(
    profile: Profile, now: datetime, labels: Sequence[str], titles: Mapping[str, str]
) -> tuple[InterestNote, ...]:
    """The reader's interests as they can be told them, the strongest first.

    Args:
        profile: The reader's.
        now: As of when.
        labels: What to call each of the profile's `wanted`.
        titles: Of articles and questions by their keys; evidence without one is not told.
    """
    profile = faded(profile, now)
    trends = drift(profile, now).trends
    found = [
        InterestNote(
            label=label,
            weight=interest.mass,
            trend=trend,
            evidence=tuple(titles[trace.key] for trace in interest.traces if trace.key in titles),
        )
        for interest, trend, label in zip(profile.wanted, trends, labels, strict=True)
    ]
    return tuple(sorted(found, key=lambda note: -note.weight))


def _trend(got: float, expected: float, seen: float) -> Trend:
    """Of `seen` in all, so much against so much: by the likelihood ratio of this one against all others."""
    rest, rest_expected = max(seen - got, _TINY), max(seen - expected, _TINY)
    surprise = 2 * (got * math.log(max(got, _TINY) / expected) + rest * math.log(rest / rest_expected))
    if surprise <= _UNLIKELY:
        return Trend.STEADY
    return Trend.RISING if got > expected else Trend.FADING


def _jensen_shannon(a: Sequence[float], b: Sequence[float]) -> float:
    def towards(one: Sequence[float], middle: Sequence[float]) -> float:
        return sum(p * math.log2(p / m) for p, m in zip(one, middle, strict=True) if p > _TINY)

    middle = [(p + q) / 2 for p, q in zip(a, b, strict=True)]
    return (towards(a, middle) + towards(b, middle)) / 2


def _critical(freedom: int) -> float:
    """What chance exceeds one time in twenty, with so many degrees of freedom (Wilson and Hilferty, 1931)."""
    part = 2 / (9 * freedom)
    return float(freedom * (1 - part + _NORMAL * math.sqrt(part)) ** 3)
