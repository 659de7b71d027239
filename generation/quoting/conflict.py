"""Whether sources differ on the figure that is asked for: then both are quoted, and it is said.

By the values of the numbers alone, in sentences that speak of the same thing within a few days; what was published much
later is the newer figure, not another one. That one counts the hurt and the other the dead is told by the words asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from generation.quoting.candidates import Candidate
from generation.quoting.outlets import independent, measured, together
from generation.quoting.recency import figures_asked
from generation.quoting.select import WORTH_SAYING, Reading
from generation.reading.figures import Figure, contradict, figures


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
    mine, hits = _values(reading, found[first]), reading.hits
    for i in sorted(times, key=lambda i: -scores[i]):
        if (
            scores[i] >= scores[first] - WORTH_SAYING
            and together(hits[found[first].hit], hits[found[i].hit])
            and independent(hits[found[first].hit], hits[found[i].hit])
            and found[first].cost + found[i].cost <= 1
            and contradict(mine, _values(reading, found[i]))
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
    return kept


def _values(reading: Reading, candidate: Candidate) -> list[Figure]:
    """The numbers of a sentence that the question does not name itself."""
    asked = {figure.value for figure in figures(reading.inquiry.text)}
    return [figure for figure in measured(candidate.text) if figure.value not in asked]
