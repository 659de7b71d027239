"""Expressions of time in English, as stretches of the calendar. Pure.

Only what names a time is read: the month after a preposition or beside a number, not the verb; a year after a
preposition, not one that belongs to a name ("the 2008 crisis", "the 2022 World Cup").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from retrieval.search.spans import Span, Unit, ago, date, last_with, month, past, weekday, weekend, whole, year

Match = re.Match[str]
Read = Callable[[Match, datetime], Span | None]


class Named(NamedTuple):
    """A time that is named at `text[start:end]`.

    Args:
        near: Whether it is counted from now rather than by the calendar.
        sure: Whether nothing beside it lets it be part of a name, as in "Black Friday" and "the October 7 attack".
    """

    start: int
    end: int
    span: Span
    near: bool
    sure: bool


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
}
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "couple of": 2, "three": 3, "few": 4, "four": 4, "five": 5, "six": 6,
    "seven": 7, "several": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "twenty": 20, "thirty": 30,
}  # fmt: skip
# The names are ASCII: letters that only fold to theirs, as "ſ" does to "s", would be found in no table.
_MONTH = rf"(?P<month>(?a:{'|'.join(_MONTHS)}))\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_N = rf"(?P<n>\d{{1,4}}|(?a:{'|'.join(_NUMBERS)}))"
_UNIT = r"(?P<unit>(?a:hour|day|week|month|year))"
_PART = r"(?:\s+(?:morning|afternoon|evening|night))?"
_ON = rf"(?:(?a:{'|'.join(_WEEKDAYS)}),?\s+)?"
_FROM_DAY = r"(?P<from>\d{1,2})(?:st|nd|rd|th)?(?:\s*[-–—]\s*|\s+(?:to|and|until|till|through)\s+(?:the\s+)?)"
# What a year or month that stands for itself comes after; "of" belongs to names: the crisis of 2008.
_PREPOSITION = (
    r"(?<!\w)(?:in|since|during|until|till|before|after|between|by|from|through|throughout)\s+"
    r"(?:(?:early|mid|late)[\s-]+)?"
)
# And what comes after it: nothing that it could be part of.
_CLOSED = (
    r"(?!['’]s\b)(?=\s*(?:$|[?.!,;:)\]\"”]|(?:and|or|but|to|until|till|through|about|on|in|at|of|from|for|by|with|"
    r"regarding|concerning|according|did|do|does|was|were|is|are|has|have|had|that|what|who|when|where|why|how|which)\b))"
)
_ENDED = re.compile(
    rf"{_CLOSED}|\s+(?:[-–—]|(?:news|headlines?|stories|articles|reports|coverage|updates)\b)", re.IGNORECASE
)
# Words that a time may follow without being a part of what they name.
_INTRODUCING = frozenset(
    "on from since until till by before after of for over during through throughout between and or to in last this "  # noqa: SIM905
    "news headlines stories articles reports coverage updates happened happening new latest earlier".split()
)
# Of a time only where news of it are asked for: last week's tech news, and not last week's summit or news conference.
_OF_NEWS = (
    r"(?:['’]s(?=(?:\s+[\w-]+){0,2}\s+(?:news|headlines|stories)\b"
    r"(?!\s+(?:conferences?|anchors?|agenc|channels?|networks?|briefings?)))|(?!\s*['’]s\b))"
)
_OUTLETS = re.compile(r"\b(?:usa|india|russia|psychology)\s+today|\bsaturday\s+night\s+live", re.IGNORECASE)


def _count(written: str) -> int:
    return int(written) if written.isdigit() else _NUMBERS[" ".join(written.lower().split())]


def _full_date(match: Match, now: datetime) -> Span | None:
    number, on = _MONTHS[match["month"].lower()], int(match["day"])
    return date(int(match["year"]), number, on, now) if match["year"] else last_with(number, now, on)


def _days(match: Match, now: datetime) -> Span | None:
    """From one day of a month to another of the same."""
    number, start = _MONTHS[match["month"].lower()], int(match["from"])
    first = date(int(match["year"]), number, start, now) if match["year"] else last_with(number, now, start)
    last = first and date(first.since.year, number, int(match["day"]), now)
    return Span(since=first.since, until=last.until) if first and last and first.since < last.since else None


def _month_of_year(match: Match, now: datetime) -> Span | None:
    return month(int(match["year"]), _MONTHS[match["month"].lower()], now)


def _month_alone(match: Match, now: datetime) -> Span | None:
    number = _MONTHS[match["month"].lower()]
    which = (match["which"] or "").lower()
    return month(now.year - 1, number, now) if which == "last" and number > now.month else last_with(number, now)


def _years(match: Match, now: datetime) -> Span | None:
    first, last = year(int(match["from"]), now), year(int(match["year"]), now)
    return Span(since=first.since, until=last.until) if first and last and first.since <= last.since else None


def _ago(match: Match, now: datetime) -> Span | None:
    return ago(Unit(match["unit"].lower()), _count(match["n"]), now)


def _rolling(match: Match, now: datetime) -> Span | None:
    return past(Unit(match["unit"].lower()), _count(match["n"] or "a"), now)


def _iso(match: Match, now: datetime) -> Span | None:
    return date(int(match["year"]), int(match["number"]), int(match["day"]), now)


def _weekday(match: Match, now: datetime) -> Span | None:
    number, which = _WEEKDAYS[match["weekday"].lower()], (match["which"] or "").lower()
    if which in {"last", "previous"}:
        return weekday(number, now - timedelta(days=1))
    return weekday(number, now)


def _whole(match: Match, now: datetime) -> Span | None:
    back = 0 if match["which"].lower() in {"this", "current"} else 1
    return whole(Unit(match["unit"].lower()), back, now)


def _weekend(match: Match, now: datetime) -> Span | None:
    return weekend(now - timedelta(days=2)) if match["which"].lower() == "last" and now.weekday() > 4 else weekend(now)  # noqa: PLR2004


def _calendar(back: int) -> Read:
    return lambda _match, now: whole(Unit.DAY, back, now)


# In this order: what is found first takes its place in the text.
_NEAR: tuple[tuple[str, Read], ...] = (
    (r"the\s+day\s+before\s+yesterday", _calendar(2)),
    (rf"yesterday{_PART}|last\s+night", _calendar(1)),
    (r"today|tonight|this\s+(?:morning|afternoon|evening)|earlier\s+today", _calendar(0)),
    (r"(?:the\s+)?(?P<which>last|past|this|the)\s+weekend", _weekend),
    (rf"(?:the\s+)?(?:last|past)\s+{_N}\s+{_UNIT}s?", _rolling),
    (rf"(?:the\s+)?past\s+(?P<n>){_UNIT}", _rolling),
    (rf"{_N}\s+{_UNIT}s?\s+ago", _ago),
    (r"(?P<which>this|last|current)\s+(?P<unit>(?a:week|month|year))(?!-)" + _OF_NEWS, _whole),
    (
        rf"(?:(?P<which>last|this|previous|on)\s+)?(?P<weekday>(?a:{'|'.join(_WEEKDAYS)}))(?!s\b|\s*['’]s\b){_PART}",
        _weekday,
    ),
)
_FIXED: tuple[tuple[str, Read], ...] = (
    ((rf"(?:between|from)\s+(?P<at>(?P<from>(?:19|20)\d\d)(?:\s+(?:and|to|until|through)\s+|\s*[-–—]\s*){_YEAR})(?!\d)"
     rf"{_CLOSED}"), _years),
    (r"(?P<year>(?:19|20)\d\d)-(?P<number>\d{1,2})-(?P<day>\d{1,2})(?!\d)", _iso),
    (rf"(?:the\s+)?{_FROM_DAY}{_DAY}(?:\s+of)?\s+{_MONTH}(?!\w)(?:,?\s+{_YEAR})?", _days),
    (rf"{_MONTH}\s+{_FROM_DAY}{_DAY}(?!\w|\s*(?:%|percent|million|billion))(?:,?\s+{_YEAR}(?!\d))?", _days),
    (rf"{_ON}(?:the\s+)?{_DAY}(?:\s+of)?\s+{_MONTH}(?!\w)(?:,?\s+{_YEAR})?", _full_date),
    (rf"{_ON}{_MONTH}\s+{_DAY}(?!\w|\s*(?:%|percent|million|billion))(?:,?\s+{_YEAR}(?!\d))?", _full_date),
    (rf"{_MONTH},?\s+(?:of\s+)?{_YEAR}(?!\d)", _month_of_year),
    (rf"{_PREPOSITION}(?:(?P<which>last|this)\s+)?(?P<at>{_MONTH})(?!\w){_CLOSED}", _month_alone),
    (rf"(?P<which>last)\s+(?P<at>{_MONTH})(?!\w)", _month_alone),
    (rf"(?:{_PREPOSITION}|\b(?:news|headlines|stories|articles|reports)\s+of\s+)(?P<at>{_YEAR})(?!\d){_CLOSED}",
     lambda match, now: year(int(match["year"]), now)),
)  # fmt: skip
_PATTERNS = tuple(
    (re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)", re.IGNORECASE), read, near)
    for patterns, near in ((_FIXED, False), (_NEAR, True))
    for pattern, read in patterns
)


def named_times(text: str, now: datetime) -> Iterator[Named]:
    """The times `text` names, no two of them in the same place, in no order."""
    taken: list[tuple[int, int]] = []
    for pattern, read, near in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span("at" if "at" in pattern.groupindex else 0)
            span = read(match, now)
            if span is not None and all(end <= before or start >= after for before, after in taken):
                taken.append((start, end))
                sure = _stands_alone(text, match, start, end) if near else _ENDED.match(text, end) is not None
                yield Named(start, end, span, near, sure)


def _stands_alone(text: str, match: Match, start: int, end: int) -> bool:
    """Whether what is counted from now cannot be part of a name: USA Today, Black Friday, Sunday Telegraph."""
    before = text[:start].split()[-1:]
    introduced = not before or not before[0][-1].isalnum() or before[0].lower() in _INTRODUCING
    ended = _ENDED.match(text, end) is not None
    if any(found.start() < end and start < found.end() for found in _OUTLETS.finditer(text)):
        return False
    if "weekday" in match.re.groupindex:
        return ended and (introduced or match["which"] is not None)
    followed = not ended and text[end:].lstrip()[:1].isupper()
    return not text[start].isupper() or (introduced and not followed)
