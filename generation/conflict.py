"""Whether sources differ on the figure that is asked for: then both are quoted, and it is said.

By the values of the numbers alone, in sentences that speak of the same thing within a few days; what was published much
later is the newer figure, not another one. That one counts the hurt and the other the dead is told by the words asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from generation.candidates import Candidate
from generation.figures import figures
from generation.recency import figures_asked
from generation.select import WORTH_SAYING, Reading

_TOGETHER = timedelta(days=3)
_YEARS = range(1900, 2100)


def with_rival(
    reading: Reading, found: Sequence[Candidate], scores: Sequence[float], chosen: Sequence[Candidate]
) -> tuple[list[Candidate], bool]:
    """The chosen sentences with another source's figure beside the first, where there is one; whether there is.

    Args:
        reading: What was read.
        found: All candidates.
        scores: Theirs.
        chosen: Those that answer, best first.
    """
    times = figures_asked(reading, found)
    first = next((i for i in (found.index(candidate) for candidate in chosen) if i in times), None)
    if first is None:
        return list(chosen), False
    mine = _values(reading, found[first])
    for i in sorted(times, key=lambda i: -scores[i]):
        if (
            scores[i] >= scores[first] - WORTH_SAYING
            and abs(times[i] - times[first]) <= _TOGETHER
            and _another(reading, found[first], found[i])
            and mine
            and (theirs := _values(reading, found[i]))
            and mine.isdisjoint(theirs)
        ):
            return _beside(found[first], found[i], chosen), True
    return list(chosen), False


def _beside(first: Candidate, rival: Candidate, chosen: Sequence[Candidate]) -> list[Candidate]:
    """The two, and of the others what still fits in a reply."""
    kept = [first, rival]
    for candidate in chosen:
        apart = all(candidate.line != other.line for other in kept)
        if apart and sum(other.cost for other in kept) + candidate.cost <= 1:
            kept.append(candidate)
    return kept if first.cost + rival.cost <= 1 else list(chosen)


def _another(reading: Reading, one: Candidate, other: Candidate) -> bool:
    """Whether two sentences are of different outlets, neither a copy of the other's article."""
    mine, theirs = reading.hits[one.hit].passage.headline, reading.hits[other.hit].passage.headline
    return mine.group != theirs.group and (mine.source is None or mine.source != theirs.source)


def _values(reading: Reading, candidate: Candidate) -> frozenset[float]:
    asked = {figure.value for figure in figures(reading.inquiry.text)}
    values = {figure.value for figure in figures(candidate.text)}
    return frozenset(value for value in values - asked if value not in _YEARS)
