"""Two that are compared: what the sources say of the one, and what of the other, each in a sentence that names it.

A sentence speaks of a side that it names, or whose article's title or whose neighbours name it while it names not the
other one. What both are called alike, as two bills are, names neither. On what they are compared in it speaks where it,
its neighbours or its title name that, or where it gives such a measure, a price for one. What an outlet says is what it
brought, whether it names itself or not.
"""

from __future__ import annotations

from collections.abc import Sequence

from generation.quoting.candidates import Candidate
from generation.quoting.select import Reading
from generation.reading.counts import counts, same
from generation.reading.measures import Measure, gives, measure
from generation.reading.several import Compared
from generation.reading.terms import background, terms
from storage.domain.news import Headline, Hit
from storage.domain.sources import called, fold, host_of, shortly_called

_HALF = 0.5
"""The share of a reply that one side may take."""
_MOST_OF_OUTLET = 2
# In the units of the scores: what it is worth to speak of what the other outlet speaks of.
_SAME_MATTER = 3.0
_WORDS_OF_A_CLAIM = 8


def best(
    reading: Reading, found: Sequence[Candidate], scores: Sequence[float], side: str, sides: Compared
) -> list[Candidate]:
    """The best sentence on a side, and on what it is compared in; none where there is none."""
    other = sides.other if side == sides.one else sides.one
    mine, theirs = _telling(side) - _telling(other), _telling(other) - _telling(side)
    on = _telling(sides.on) - _telling(side) - _telling(other)
    # Of a word alone a measure is told in Chinese where it is asked for.
    measured = measure(f"{sides.on}是多少" if reading.inquiry.chinese else sides.on)
    # Who gives the measure that is asked for says more than who speaks of it, and most who does both.
    speaking = [
        (_measures(candidate, measured) * (1 + bool(on.intersection(candidate.terms))), score, i)
        for i, (candidate, score) in enumerate(zip(found, scores, strict=True))
        if candidate.cost <= _HALF
        and _of(reading, candidate, mine, theirs)
        and (_tells(reading, candidate, on) or _measures(candidate, measured))
    ]
    return [found[max(speaking)[2]]] if mine and speaking else []


def _measures(candidate: Candidate, measured: Measure | None) -> bool:
    return measured is not None and gives(candidate.text, measured)


def brought_by(sides: Compared, hits: Sequence[Hit]) -> dict[str, list[Hit]]:
    """The passages of the outlets that the sides are called so, by side; none of what is no outlet.

    By a short name, the Wire for Norvale Wire, only where the other side is an outlet too.
    """
    names = [name for hit in hits for name in _names(hit.passage.headline)]
    full, short = (
        {side: known(side, names) for side in (sides.one, sides.other)} for known in (called, shortly_called)
    )
    either = {side: full[side] or short[side] for side in full}
    meant = either if all(either.values()) else full
    return {side: [hit for hit in hits if not _apart(meant[side], hit)] for side in meant}


def _apart(names: Sequence[str], hit: Hit) -> bool:
    return not set(names).intersection(_names(hit.passage.headline))


def foremost(
    reading: Reading, found: Sequence[Candidate], scores: Sequence[float], beside: Sequence[str]
) -> list[Candidate]:
    """What an outlet says of a matter: its best sentences that fit in half a reply, all of one article.

    Args:
        reading: What the outlet brings.
        found: What could be quoted of it.
        scores: How well each meets what the outlets are compared in.
        beside: What the other outlet says, where that is known: what is of the same comes first.
    """
    together = [score + _SAME_MATTER * _same(each.text, beside) for each, score in zip(found, scores, strict=True)]
    chosen: list[Candidate] = []
    for i in sorted(range(len(found)), key=lambda i: -together[i]):
        mine = reading.hits[found[i].hit].passage.headline.id
        article = reading.hits[chosen[0].hit].passage.headline.id if chosen else mine
        apart = all(found[i].line != other.line for other in chosen)
        if mine == article and apart and sum(other.cost for other in chosen) + found[i].cost <= _HALF:
            chosen.append(found[i])
        if len(chosen) == _MOST_OF_OUTLET:
            break
    return chosen


def _same(text: str, beside: Sequence[str]) -> float:
    """How far a sentence is of what others say: by its words, and by counting the same; 0 to 1."""
    mine = _telling(text)
    shared = max(
        (len(mine & _telling(other)) / max(1, min(len(mine), _WORDS_OF_A_CLAIM)) for other in beside), default=0.0
    )
    counted = any(same(counts(text), counts(other)) for other in beside)
    return min(1.0, shared + counted)


def _names(headline: Headline) -> list[str]:
    return [fold(name) for name in (headline.source, host_of(headline.url)) if name]


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
