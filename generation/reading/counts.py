"""What the numbers of a text count, and whether two texts count the same thing otherwise.

By what stands beside a number: its unit, the words it counts, and what befell those it counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from generation.reading.bounds import Bound, Room, bound, room
from generation.reading.counted import Counted, counted
from generation.reading.fates import fates, grow, last_told
from generation.reading.figures import Figure, figures
from generation.reading.labels import counts_nothing, was_before
from generation.reading.terms import HAN, background, terms

# No sentence that can be read gives more numbers.
MOST_COUNTS = 20

# In characters: where the words that a number counts, and those that say what befell them, are looked for.
_BEFORE, _AFTER = 40, 48
_TERMS_BEFORE, _TERMS_AFTER = 4, 5
_HAN_BESIDE = 6
_CLAUSE = re.compile(r"[,;:.!?()\"“”—–，。；：、！？（）]|\s(?:and|but|while|or|than)\s")

# When something was counted is not what was.
_DAYS = frozenset(terms("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"))
# A number that these follow, or nothing, counts what stands elsewhere: "rose to 71 on Saturday", "43 people, …, died".
_NAMELESS = re.compile(
    r"\s*(?:people|persons|人)?\s*(?:$|(?:on|in|by|at|from|after|since|as|for|with|when|during|overnight|\w{3,6}day|the)\b)",
    re.IGNORECASE,
)
_SCALE_BEFORE = re.compile(r"\bmagnitude(?: of)?\s*$|震级为?$", re.IGNORECASE)
_SCALE_BEHIND = re.compile(r"-magnitude|级")
MAGNITUDE = "magnitude"
# What is told to a tenth has no round figures.
_TO_A_TENTH = frozenset([MAGNITUDE, "degree"])
# The first figure for an earthquake and the last are no further apart; what is, is of two.
_ONE_SHOCK = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number and what it counts.

    Args:
        figure: The number.
        room: What it leaves room for.
        of: Terms that stand beside it.
        fates: What befell those it counts.
        plain: Whether it is given without a word that bounds it.
        counted: Which kind of things they are, and when and whose.
    """

    figure: Figure
    room: Room
    of: frozenset[str]
    fates: frozenset[str]
    plain: bool
    counted: Counted

    @property
    def grows(self) -> bool:
        """Whether it is of what is counted on from hour to hour: a newer one is then news, not another account."""
        return grow(self.fates) or self.room.open


def counts(text: str) -> list[Count]:
    """What the numbers of `text` count; none that say when, which one, how old or how much more."""
    return list(_counts(text))


# One sentence is held against many.
@lru_cache(maxsize=4_096)
def _counts(text: str) -> tuple[Count, ...]:
    found = [figure for figure in figures(text) if not counts_nothing(text, figure)]
    borders = sorted({0, len(text), *(figure.start for figure in found), *(figure.end for figure in found)})
    return tuple(_count(text, figure, borders) for figure in found[:MOST_COUNTS])


def same(ones: Sequence[Count], others: Sequence[Count]) -> list[tuple[Count, Count]]:
    """Pairs of numbers of two texts that count the same thing, whatever they say of it."""
    return [(one, other) for one in ones for other in others if _same(one, other, ones, others)]


def of_shocks(one: Count, other: Count) -> bool:
    """Whether two numbers are magnitudes of earthquakes, which are told to a tenth: other scales have whole steps."""
    told = (one.figure, other.figure)
    return all(each.unit == MAGNITUDE for each in told) and not all(each.value.is_integer() for each in told)


def differing(ones: Sequence[Count], others: Sequence[Count]) -> Iterator[tuple[Count, Count]]:
    """Pairs that count the same, neither of which leaves room for the other, nor for another one of the other text.

    Nor for the sum of two neighbours: who counts 119 passengers and 27 crew does not differ from who counts 146 aboard.
    """
    pairs = same(ones, others)
    settled = [pair for pair in pairs if pair[0].room.shared(pair[1].room)]
    for one, other in pairs:
        if (
            not any(one is a or other is b for a, b in settled)
            and not _summed(one, others)
            and not _summed(other, ones)
        ):
            yield one, other


def _summed(count: Count, parts: Sequence[Count]) -> bool:
    """Whether two neighbours among `parts` come to what a number counts."""
    return any(
        one.figure.unit == other.figure.unit == count.figure.unit
        and one.counted.kind == other.counted.kind
        and count.room.low <= one.figure.value + other.figure.value <= count.room.high
        for one, other in pairwise(parts)
    )


def formers(text: str) -> list[Figure]:
    """The numbers that a text says were before: 12 in "rose from 12 to 19"."""
    return [figure for figure in figures(text) if was_before(text, figure)]


def _count(text: str, figure: Figure, borders: Sequence[int]) -> Count:
    begins, bounded = bound(text, figure.start, figure.end)
    last = max((each for each in borders if each < figure.start), default=0)
    following = min((each for each in borders if each > figure.end), default=len(text))
    left = _CLAUSE.split(text[max(last, begins - _BEFORE) : begins])[-1]
    right = _CLAUSE.split(text[figure.end : min(following, figure.end + _AFTER)])[0]
    if figure.unit is None and (_SCALE_BEFORE.search(left) or _SCALE_BEHIND.match(right)):
        figure = replace(figure, unit=MAGNITUDE)
    named = _NAMELESS.match(right) is None
    befell = fates(f"{left} {right}")
    return Count(
        figure=figure,
        room=room(figure.value, bounded, exact=figure.unit in _TO_A_TENTH),
        of=frozenset(_beside(left, right)),
        fates=frozenset() if figure.unit else befell or (frozenset() if named else _told(text, begins)),
        plain=bounded is Bound.PLAIN,
        counted=counted(left, right, text),
    )


def _told(text: str, begins: int) -> frozenset[str]:
    """What befell those whom a number counts that stands apart: what was told of last before it, or all that is told.

    "The death toll of the quake stands at 57", "43 people, most of them miners, were killed".
    """
    before = last_told(text, begins)
    told = before or fates(text)
    return told if len(told) == 1 else frozenset()


def _beside(left: str, right: str) -> Iterator[str]:
    """The terms beside a number that tell what it counts; of a Chinese one, those of a few characters."""
    if re.search(f"[{HAN}]", left + right):
        left, right = left[-_HAN_BESIDE:], right[:_HAN_BESIDE]
    for term in (*terms(left)[-_TERMS_BEFORE:], *terms(right)[:_TERMS_AFTER]):
        if background(term) > 0 and not term[0].isdigit() and term not in _DAYS:
            yield term


def _same(one: Count, other: Count, ones: Sequence[Count], others: Sequence[Count]) -> bool:
    """Whether two numbers count the same: in one unit, with a word beside both or of one kind, of one fate."""
    # Of a toll, the day beside it is as often the one on which it was told.
    dated = not (one.grows and other.grows)
    if one.figure.unit != other.figure.unit or not one.counted.same(other.counted, dated=dated):
        return False
    if of_shocks(one, other) and abs(one.figure.value - other.figure.value) > _ONE_SHOCK:
        return False
    if (one.fates or other.fates) and one.fates.isdisjoint(other.fates):
        return False
    shared = one.of & other.of
    if one.fates & other.fates or any(background(term) >= 1 for term in shared):
        return True
    if one.figure.unit is not None:
        # The only sum of money in each of two accounts of one thing is the same sum.
        return all(sum(each.figure.unit == one.figure.unit for each in held) == 1 for held in (ones, others))
    return bool(shared) and not one.fates and not other.fates
