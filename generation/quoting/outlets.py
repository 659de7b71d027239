"""Whether outlets can be held against each other: independent ones, at about the same time, by what they count.

What an outlet said before it counted again is no longer its account, and who says that 12 became 19 does not differ
from who said 12.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from generation.reading.counts import Count, counts, differing, formers, same
from storage.domain.news import Hit

# What is published much later is news, not another account of the same; of what is counted on from hour to hour, that
# of another day is.
_TOGETHER, _SAME_DAY = timedelta(days=3), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a sentence of a passage counts, and which values it says were before."""

    hit: Hit
    counts: tuple[Count, ...]
    formers: frozenset[float] = frozenset()


def account(text: str, hit: Hit) -> Account:
    """The account that `text` gives, which stands in the passage of `hit`."""
    return Account(hit=hit, counts=tuple(counts(text)), formers=frozenset(figure.value for figure in formers(text)))


def independent(one: Hit, other: Hit) -> bool:
    """Whether two passages are of different outlets, neither a copy of the other's article."""
    mine, theirs = one.passage.headline, other.passage.headline
    return mine.group != theirs.group and (mine.source is None or mine.source != theirs.source)


def differ(one: Account, other: Account, known: Iterable[Account]) -> bool:
    """Whether two outlets give figures of the same thing at about the same time that do not agree.

    Args:
        one: Of one outlet.
        other: Of another.
        known: All accounts there are: an outlet that counted again later stands by its newer figure.
    """
    if not independent(one.hit, other.hit):
        return False
    apart = _apart(one.hit, other.hit)
    found = [
        (mine, theirs)
        for mine, theirs in differing(one.counts, other.counts)
        if apart <= (_SAME_DAY if mine.grows or theirs.grows else _TOGETHER)
        and mine.figure.value not in other.formers
        and theirs.figure.value not in one.formers
    ]
    if not found:
        return False
    held = list(known)
    return any(not _overtaken(mine, one, held) and not _overtaken(theirs, other, held) for mine, theirs in found)


def _overtaken(count: Count, of: Account, known: Iterable[Account]) -> bool:
    """Whether the outlet of an account counted the same again, later."""
    return any(
        _newer_of_same_outlet(each.hit, of.hit)
        and any(again.figure.value != count.figure.value for _, again in same([count], each.counts))
        for each in known
    )


def _newer_of_same_outlet(one: Hit, other: Hit) -> bool:
    mine, theirs = one.passage.headline, other.passage.headline
    if mine.source is None or mine.source != theirs.source or mine.published is None or theirs.published is None:
        return False
    return mine.published > theirs.published


def _apart(one: Hit, other: Hit) -> timedelta:
    """The time between two passages; none where that is not known."""
    mine, theirs = one.passage.headline.published, other.passage.headline.published
    return timedelta(0) if mine is None or theirs is None else abs(mine - theirs)
