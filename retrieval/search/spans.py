"""Stretches of the calendar, counted from a moment: days, weeks from Monday, months, years. Pure.

Days begin at midnight in the zone of that moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

_DAYS_A_WEEK = 7
_MONTHS_A_YEAR = 12
_SATURDAY = 5
# No news are older.
_FURTHEST_DAYS = 100 * 365


class Unit(StrEnum):
    """What is counted."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_DAYS = {Unit.HOUR: 1 / 24, Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 30, Unit.YEAR: 365}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From `since`, inclusive, to `until`, exclusive."""

    since: datetime
    until: datetime


def day(moment: datetime) -> Span:
    """The day `moment` is in."""
    since = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return Span(since=since, until=since + timedelta(days=1))


def date(year: int, month: int, number: int, now: datetime) -> Span | None:
    """A day by its date in the zone of `now`; `None` where the calendar has no such day."""
    try:
        return day(now.replace(year=year, month=month, day=number))
    except ValueError:
        return None


def month(year: int, number: int, now: datetime) -> Span | None:
    """A month of a year; `None` where the calendar has none."""
    try:
        since = day(now.replace(year=year, month=number, day=1)).since
        following = (year + number // _MONTHS_A_YEAR, number % _MONTHS_A_YEAR + 1)
        return Span(since=since, until=since.replace(year=following[0], month=following[1]))
    except ValueError:
        return None


def year(number: int, now: datetime) -> Span | None:
    """A year; `None` where the calendar has none."""
    try:
        since = day(now.replace(year=number, month=1, day=1)).since
        return Span(since=since, until=since.replace(year=number + 1))
    except ValueError:
        return None


def whole(unit: Unit, back: int, now: datetime) -> Span | None:
    """The unit of the calendar that lies `back` before the one `now` is in: 0 is this one, 1 the last."""
    today = day(now).since
    match unit:
        case Unit.HOUR:
            since = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=back)
            return Span(since=since, until=since + timedelta(hours=1))
        case Unit.DAY:
            return day(today - timedelta(days=back))
        case Unit.WEEK:
            since = today - timedelta(days=today.weekday() + _DAYS_A_WEEK * back)
            return Span(since=since, until=since + timedelta(days=_DAYS_A_WEEK))
        case Unit.MONTH:
            years, months = divmod(now.year * _MONTHS_A_YEAR + now.month - 1 - back, _MONTHS_A_YEAR)
            return month(years, months + 1, now)
        case Unit.YEAR:
            return year(now.year - back, now)


def past(unit: Unit, n: float, now: datetime) -> Span:
    """The last `n` units up to `now`, rolling: two days are 48 hours. A month counts 30 days, a year 365."""
    return Span(since=now - timedelta(days=min(n * _DAYS[unit], _FURTHEST_DAYS)), until=now)


def ago(unit: Unit, n: int, now: datetime) -> Span | None:
    """The day, week, month or year that many before this, or an hour around it; `None` where it is too far."""
    if n * _DAYS[unit] > _FURTHEST_DAYS:
        return None
    if unit is Unit.HOUR:
        return Span(since=now - timedelta(hours=n + 1), until=now - timedelta(hours=n - 1))
    return whole(unit, n, now)


def weekday(number: int, now: datetime, *, weeks_back: int | None = None) -> Span:
    """A day of the week, Monday being 0: the last one up to today, or that of the week `weeks_back` before this."""
    today = day(now).since
    if weeks_back is None:
        return day(today - timedelta(days=(today.weekday() - number) % _DAYS_A_WEEK))
    return day(today - timedelta(days=today.weekday() - number + _DAYS_A_WEEK * weeks_back))


def weekend(now: datetime, *, weeks_back: int | None = None) -> Span:
    """Saturday and Sunday: the last ones that have begun, or those of the week `weeks_back` before this."""
    saturday = weekday(_SATURDAY, now, weeks_back=weeks_back)
    return Span(since=saturday.since, until=saturday.since + timedelta(days=2))


def last_with(month_number: int, now: datetime, number: int | None = None) -> Span | None:
    """The last such month, or day of such a month, that has begun by `now`."""
    for back in range(9):
        # A leap day may lie eight years back.
        span = (
            month(now.year - back, month_number, now)
            if number is None
            else date(now.year - back, month_number, number, now)
        )
        if span is not None and span.since <= now:
            return span
    return None
