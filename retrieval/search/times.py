"""The times a question speaks of, with the words that relate them: since, before, between, 以来. Pure.

"Since Monday" is a time, "the 2022 World Cup" is a thing. Whether the news are bound by it is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from retrieval.search import dates_en, dates_zh
from retrieval.search.dates_en import Named
from storage.domain.scripts import CJK

_HAN = re.compile(f"[{CJK}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """A time that a question speaks of.

    Args:
        since: The first moment, inclusive; `None` where it has no beginning.
        until: The first moment after, exclusive; `None` where it has no end.
        place: Where in the text it is said, with the words that relate it: `text[start:end]`.
        near: Whether it is said by distance from now ("last week") rather than by the calendar.
        sure: Whether nothing beside it lets it be part of a name.
    """

    since: datetime | None
    until: datetime | None
    place: tuple[int, int]
    near: bool
    sure: bool


_FILLER = r"(?:(?:the|last|this|early|mid|late)[\s-]+)*$"
_BEFORE = {
    "since": re.compile(rf"\b(?:ever\s+since|since)\s+{_FILLER}|(?:自从|自|从)$", re.IGNORECASE),
    "after": re.compile(rf"\b(?:after|following)\s+{_FILLER}", re.IGNORECASE),
    "until": re.compile(rf"\b(?:until|till|through|up\s+to|as\s+of|by)\s+{_FILLER}|截至$|截止$", re.IGNORECASE),
    "before": re.compile(rf"\b(?:before|prior\s+to|earlier\s+than)\s+{_FILLER}", re.IGNORECASE),
    "of": re.compile(
        rf"\b(?:from|between|in|on|during|for|over|of|within|throughout|at)\s+{_FILLER}|在$", re.IGNORECASE
    ),
}
_AFTER = {
    "since": re.compile(r"^(?:份|初)?(?:以来|至今|起|开始)|^\s+(?:on|onwards?)\b", re.IGNORECASE),
    "after": re.compile(r"^(?:以后|之后|过后)"),
    "before": re.compile(r"^(?:以前|之前)"),
}
_BEFORE_RANGE = re.compile(rf"\b(?:from|between)\s+{_FILLER}|(?:从|自)$", re.IGNORECASE)
_JOINED = re.compile(rf"^\s*(?:to|until|till|through|and|-|–|—|到|至|～|~)\s*{_FILLER}", re.IGNORECASE)

_YEAR = re.compile(r"(?:19|20)\d\d|年")


def times(text: str, now: datetime) -> tuple[Times, ...]:
    """The times that `text` speaks of, counted from `now`, in their order; those of the future are left out."""
    dates = dates_zh if _HAN.search(text) else dates_en
    return tuple(_read(text, sorted(dates.named_times(text, now)), now))


def _read(text: str, named: list[Named], now: datetime) -> Iterator[Times]:
    at = 0
    while at < len(named):
        begun = named[at].span.since <= now
        joined = _range(text, named[at], named[at + 1]) if at + 1 < len(named) else None
        if begun:
            yield joined or _related(text, named[at])
        at += 2 if joined else 1


def _range(text: str, first: Named, last: Named) -> Times | None:
    """From the first to the last; `None` where they are two times rather than one."""
    joined = _JOINED.match(text[first.end : last.start])
    if joined is None:
        return None
    start = _BEFORE_RANGE.search(text, 0, first.start)
    since: datetime | None = first.span.since
    until: datetime | None = last.span.until
    if first.span.since > last.span.since:
        listed = start is None and joined[0].split()[0].lower() == "and"
        dated = _YEAR.search(text, last.start, last.end)
        if listed or (dated and (first.near or _YEAR.search(text, first.start, first.end))):
            return None
        if dated:
            since = _before(first.span.since, last.span.since)
        else:
            # A day that comes again: the last one is over, the one that is meant is yet to come.
            until = None
    place = (start.start() if start else first.start, last.end)
    return _times(since, until, place, near=first.near or last.near, sure=last.sure)


def _before(since: datetime, last: datetime) -> datetime | None:
    """The day of `since` in the year up to `last`: the year is said once, of both."""
    try:
        moved = since.replace(year=last.year)
        return moved if moved <= last else since.replace(year=last.year - 1)
    except ValueError:
        return None


def _related(text: str, named: Named) -> Times:
    """The bounds that the words around a time make of it."""
    start, end, span = named.start, named.end, named.span
    relation = "of"
    for name, pattern in _AFTER.items():
        if found := pattern.search(text[end:]):
            relation, end = name, end + found.end()
            break
    for name, pattern in _BEFORE.items():
        if found := pattern.search(text[:start]):
            relation, start = relation if relation != "of" else name, found.start()
            break
    since, until = {
        "of": (span.since, span.until),
        "since": (span.since, None),
        "after": (span.until, None),
        "until": (None, span.until),
        "before": (None, span.since),
    }[relation]
    return _times(since, until, (start, end), near=named.near, sure=named.sure)


def _times(since: datetime | None, until: datetime | None, place: tuple[int, int], *, near: bool, sure: bool) -> Times:
    return Times(
        since=None if since is None else since.astimezone(UTC),
        until=None if until is None else until.astimezone(UTC),
        place=place,
        near=near,
        sure=sure,
    )
