"""Whether sources differ on the figure that is asked for: then both are quoted, the newer first, and it is said.

What counts as a difference is told by `outlets.differ`, for answers and for briefs alike; here only which figure of a
sentence is the one that is asked for, and which sentences are held against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from generation.quoting.candidates import Candidate
from generation.quoting.outlets import Account, account, differ
from generation.quoting.priced import MONEY, of_another
from generation.quoting.recency import asks_figure, figures_asked
from generation.quoting.select import WORTH_SAYING, Reading
from generation.reading.counts import Count, counts, same
from generation.reading.figures import figures
from generation.reading.inquiry import Inquiry
from generation.reading.measures import Measure
from generation.reading.terms import background, terms

# No more sentences are held against each other, the best first.
_MOST_HELD = 40
# A passage that names this share of what the one that names most of the story names is on the same story.
_SAME_STORY = 0.4
# And where neither what is measured nor what befell those who are counted tells what a number is of.
_SURELY_SAME_STORY = 0.7
# What another source counts of what is asked is worth saying in other words than the question's, too.
_RIVALS_BELOW = 3
_NO_THING = "do|does|did|will|would|is|was|are|were|has|have|had|can|could|should|must|more|less|of"
_HOW_MANY = re.compile(rf"\bhow many\b|多少|几(?=[名个位人户家])|\bhow much(?= (?!(?:{_NO_THING})\b)\w)", re.IGNORECASE)
_SOME_NUMBER = "999"
_WAYS = frozenset(["km", "mile", "m", "foot", "mm"])
_UNITS = {
    Measure.MONEY: MONEY,
    Measure.SHARE: frozenset(["percent"]),
    Measure.WAY: _WAYS,
    Measure.LENGTH: _WAYS,
    Measure.SPEED: _WAYS,
    Measure.WEIGHT: frozenset(["kg", "tonne"]),
    Measure.WARMTH: frozenset(["degree"]),
}
# What is said beside a way that is gone in a time.
_AN_HOUR = frozenset(["h", "hour", "时速", "小时", "每小", "s", "second", "每秒"])
# A sum that was offered and not taken, or only thought of, is no other report of what was paid.
_NOT_TAKEN = re.compile(
    r"\b(?:losing|rival|unsuccessful|rejected|competing|failed|lower|higher) (?:bid|bidder|offer|tender)s?\b"
    r"|\b(?:outbid|had (?:offered|bid|tendered)|(?:would|could|might|should) have)\b|落选|落标|未中标|流标|出价被拒",
    re.IGNORECASE,
)
_MAGNITUDE = re.compile(r"\bmagnitude\b|震级|几级|多少级", re.IGNORECASE)
_UNDATED = datetime.min.replace(tzinfo=UTC)


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
    if not asks_figure(reading.inquiry):
        return list(chosen), False
    held = _held(reading, found, scores, chosen)
    first = next((i for candidate in chosen if (i := found.index(candidate)) in held), None)
    if first is None:
        return list(chosen), False
    for mine, theirs in _pairs(reading, found, scores, held, first):
        if found[mine].cost + found[theirs].cost <= 1 and differ(held[mine], held[theirs], held.values()):
            newest_first = sorted((mine, theirs), key=lambda i: _published(reading, found[i]), reverse=True)
            return _beside([found[i] for i in newest_first], chosen), True
    return list(chosen), False


def _held(
    reading: Reading, found: Sequence[Candidate], scores: Sequence[float], chosen: Sequence[Candidate]
) -> dict[int, Account]:
    """What the best sentences on the story count of what is asked, by index; none that counts nothing of it."""
    # Any sum stands for what something costs, whatever its story.
    shares = [reading.story_share(passage - reading.holding.measuring) for passage in reading.passages]
    best_share = max(shares, default=0.0)
    enough = _SAME_STORY * best_share
    given = figures_asked(reading, found)
    taken = {found.index(candidate) for candidate in chosen}
    best = sorted(range(len(found)), key=lambda i: (i not in taken, -scores[i]))
    on_story = [i for i in best if shares[found[i].hit] >= enough and any(map(str.isalnum, found[i].text))]
    accounts = {i: _account(reading, found[i], surely=i in given) for i in on_story[:_MOST_HELD]}
    held = {i: each for i, each in accounts.items() if each.counts}
    # What answers beside the first, and counts the same, counts what is asked in words of its own.
    mine = next((held[i].counts for i in map(found.index, chosen) if i in held), ())
    for i in taken - held.keys():
        every = _every(reading, found[i])
        if alike := tuple(theirs for _, theirs in same(mine, every.counts)):
            held[i] = replace(every, counts=alike)
    if reading.inquiry.measure is None and not any(each.fates for one in held.values() for each in one.counts):
        surely = _SURELY_SAME_STORY * best_share
        return {i: each for i, each in held.items() if shares[found[i].hit] >= surely}
    return held


def _pairs(
    reading: Reading, found: Sequence[Candidate], scores: Sequence[float], held: Mapping[int, Account], first: int
) -> Iterator[tuple[int, int]]:
    """The first figure with each that may be held against it, best first; with each also the parts of its sentence.

    So that two long sentences do not keep each other out of a reply.
    """
    near = [
        i for i in sorted(held, key=lambda i: -scores[i]) if scores[i] >= scores[first] - _RIVALS_BELOW * WORTH_SAYING
    ]
    parts = [i for i in near if found[i].line == found[first].line and i != first]
    for theirs in near:
        for mine in (first, *parts):
            if found[theirs].line != found[first].line and _of_the_same(reading, found[first], found[theirs]):
                yield mine, theirs


def _of_the_same(reading: Reading, first: Candidate, other: Candidate) -> bool:
    """Whether a price, or the like, is given of what is asked for as the first one is: a bid that lost is another."""
    if _NOT_TAKEN.search(other.text) and not _NOT_TAKEN.search(first.text):
        return False
    if of_another(reading, other):
        return False
    measured = reading.inquiry.measure
    asked = reading.inquiry.pointed if measured is not None else frozenset[str]()
    told = reading.held(other)
    if measured is not Measure.MONEY:
        # "It is 1,240 metres long" is of what stands before it; sums are of many things in one article.
        told |= reading.near[other.line] | reading.titles[other.hit]
    return not asked & reading.held(first) or bool(asked & told)


def _beside(pair: Sequence[Candidate], chosen: Sequence[Candidate]) -> list[Candidate]:
    """The two, and of the others what still fits in a reply."""
    kept = list(pair)
    for candidate in chosen:
        apart = all(candidate.line != other.line for other in kept)
        if apart and sum(other.cost for other in kept) + candidate.cost <= 1:
            kept.append(candidate)
    return kept


def _account(reading: Reading, candidate: Candidate, *, surely: bool) -> Account:
    """What a sentence counts of what is asked, beyond the numbers that the question names itself.

    Args:
        reading: What was read.
        candidate: The sentence.
        surely: Whether it gives a figure for what is asked by all that is known of it: then any that it gives.
    """
    told = _every(reading, candidate)
    wanted = tuple(each for each in told.counts if counts_asked(reading.inquiry, each))
    return replace(told, counts=wanted or (told.counts if surely else ()))


def _every(reading: Reading, candidate: Candidate) -> Account:
    """All that a sentence counts, but for the numbers that the question names."""
    named = {figure.value for figure in figures(reading.inquiry.text)}
    found = account(candidate.text, reading.hits[candidate.hit])
    return replace(found, counts=tuple(each for each in found.counts if each.figure.value not in named))


def counts_asked(inquiry: Inquiry, count: Count) -> bool:
    """Whether a number counts what is asked: in a unit of what is measured, or the same as "how many" stands for."""
    if _MAGNITUDE.search(inquiry.text):
        return count.figure.unit == "magnitude"
    if inquiry.measure is Measure.TIME:
        return count.counted.kind == "time"
    if inquiry.measure is not None:
        fast = inquiry.measure is not Measure.SPEED or not _AN_HOUR.isdisjoint(count.of)
        return fast and count.figure.unit in _UNITS.get(inquiry.measure, ())
    asked = _HOW_MANY.sub(_SOME_NUMBER, inquiry.text, count=1)
    of = next((each for each in counts(asked) if each.figure.value == float(_SOME_NUMBER)), None)
    return of is not None and _is_of(count, of, asked[of.figure.end :])


def _is_of(count: Count, of: Count, behind: str) -> bool:
    """Whether a number is of what the one that is asked for is of.

    Args:
        count: The number.
        of: The one that is asked for.
        behind: What the question says behind it.
    """
    unit = of.figure.unit
    if unit is not None:
        return unit == count.figure.unit
    kind = of.counted.kind
    if count.figure.unit is None and (of.fates or count.fates):
        return bool(of.fates & count.fates) and kind in {"", count.counted.kind}
    if kind:
        return kind == count.counted.kind
    # Of "how much" the next word is counted, in Chinese what stands around the number.
    noun = re.match(r"\s+([A-Za-z]+)", behind)
    named = of.of if noun is None else frozenset(terms(noun[1]))
    return any(background(term) >= 1 for term in named & count.of)


def _published(reading: Reading, candidate: Candidate) -> datetime:
    return reading.hits[candidate.hit].passage.headline.published or _UNDATED
