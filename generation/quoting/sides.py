"""Two that are compared: what the sources say of the one, and what of the other, each in a sentence that names it.

A sentence speaks of a side that it names, or whose article's title or whose neighbours name it while it names not the
other one. What both are called alike, as two bills are, names neither. On what they are compared in it speaks where it,
its neighbours or its title name that, or where it gives such a measure, a price for one.
"""

from __future__ import annotations

from collections.abc import Sequence

from generation.quoting.candidates import Candidate
from generation.quoting.select import Reading
from generation.reading.measures import gives, measure
from generation.reading.several import Compared
from generation.reading.terms import background, terms

_HALF = 0.5
"""The share of a reply that one side may take."""


def best(
    reading: Reading, found: Sequence[Candidate], scores: Sequence[float], side: str, sides: Compared
) -> Candidate | None:
    """The best sentence on a side, and on what it is compared in; `None` where there is none."""
    other = sides.other if side == sides.one else sides.one
    mine, theirs = _telling(side) - _telling(other), _telling(other) - _telling(side)
    on = _telling(sides.on) - _telling(side) - _telling(other)
    # Of a word alone a measure is told in Chinese where it is asked for.
    measured = measure(f"{sides.on}是多少" if reading.inquiry.chinese else sides.on)
    speaking = [
        (score, i)
        for i, (candidate, score) in enumerate(zip(found, scores, strict=True))
        if candidate.cost <= _HALF
        and _of(reading, candidate, mine, theirs)
        and (_tells(reading, candidate, on) or (measured is not None and gives(candidate.text, measured)))
    ]
    return found[max(speaking)[1]] if mine and speaking else None


def _of(reading: Reading, candidate: Candidate, mine: frozenset[str], theirs: frozenset[str]) -> bool:
    if mine.issubset(candidate.terms):
        return True
    around = reading.near[candidate.line] | reading.titles[candidate.hit] | frozenset(candidate.terms)
    return mine <= around and theirs.isdisjoint(candidate.terms)


def _tells(reading: Reading, candidate: Candidate, on: frozenset[str]) -> bool:
    around = reading.near[candidate.line] | reading.titles[candidate.hit] | frozenset(candidate.terms)
    return not on or not on.isdisjoint(around)


def _telling(text: str) -> frozenset[str]:
    return frozenset(term for term in terms(text) if background(term) >= 1)
