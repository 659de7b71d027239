"""Whether sources differ on the figure that is asked for: then both are quoted, the newer first, and it is said.

What counts as a difference is told by `outlets.differ`, for answers and for briefs alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from generation.quoting.candidates import Candidate
from generation.quoting.outlets import Account, account, differ
from generation.quoting.recency import figures_asked
from generation.quoting.select import WORTH_SAYING, Reading
from generation.reading.figures import figures


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
    accounts = {i: _account(reading, found[i]) for i in times}
    for mine, theirs in _pairs(found, scores, times, first):
        if found[mine].cost + found[theirs].cost <= 1 and differ(accounts[mine], accounts[theirs], accounts.values()):
            newest_first = sorted((mine, theirs), key=lambda i: times[i], reverse=True)
            return _beside([found[i] for i in newest_first], chosen), True
    return list(chosen), False


def _pairs(
    found: Sequence[Candidate], scores: Sequence[float], times: Mapping[int, datetime], first: int
) -> Iterator[tuple[int, int]]:
    """The first figure with each that may be held against it, best first; then the same of the parts of its sentence.

    So that two long sentences do not keep each other out of a reply.
    """
    near = [i for i in sorted(times, key=lambda i: -scores[i]) if scores[i] >= scores[first] - WORTH_SAYING]
    parts = [i for i in near if found[i].line == found[first].line and i != first]
    for mine in (first, *parts):
        for theirs in near:
            if found[theirs].line != found[first].line:
                yield mine, theirs


def _beside(pair: Sequence[Candidate], chosen: Sequence[Candidate]) -> list[Candidate]:
    """The two, and of the others what still fits in a reply."""
    kept = list(pair)
    for candidate in chosen:
        apart = all(candidate.line != other.line for other in kept)
        if apart and sum(other.cost for other in kept) + candidate.cost <= 1:
            kept.append(candidate)
    return kept


def _account(reading: Reading, candidate: Candidate) -> Account:
    """What a sentence counts beyond the numbers that the question names itself."""
    asked = {figure.value for figure in figures(reading.inquiry.text)}
    found = account(candidate.text, reading.hits[candidate.hit])
    return replace(found, counts=tuple(each for each in found.counts if each.figure.value not in asked))
