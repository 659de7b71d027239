"""Days and times of day as they are told: in a reader's zone, or in UTC and said to be."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from bot.texts import say
from storage.domain.times import is_day

UNTOLD = timezone(timedelta(0), "UTC")
"""The zone of readers who have told none: times of day in it say that they are UTC."""


def day(at: datetime, language: str | None, zone: tzinfo | None) -> str:
    """Its day in `zone`, by default this machine's; one of which only the day is known is of it anywhere."""
    return dated(at.astimezone(UTC).date() if is_day(at) else local(at, zone).date(), language)


def dated(at: date, language: str | None) -> str:
    """A day that is known to be one."""
    return say(language, "date", year=at.year, month=at.month, day=at.day)


def minute(at: datetime, language: str | None, zone: tzinfo | None) -> str:
    """Its day and time of day in `zone`, by default this machine's."""
    return _labelled(_minute(local(at, zone), language), language, zone)


def span(since: datetime, until: datetime, language: str | None, zone: tzinfo | None) -> str:
    """From when till when; the end without what it has in common with the beginning. Days alone are of no zone."""
    if is_day(since) and is_day(until):
        return _days(since.astimezone(UTC).date(), until.astimezone(UTC).date(), language)
    first, last = local(since, zone), local(until, zone)
    told = _minute(first, language)
    if first.date() == last.date():
        told += "" if first == last else f" – {last:%H:%M}"
    elif first.year == last.year:
        told += f" – {say(language, 'date_in_year', month=last.month, day=last.day)} {last:%H:%M}"
    else:
        told += f" – {_minute(last, language)}"
    return _labelled(told, language, zone)


def local(at: datetime, zone: tzinfo | None) -> datetime:
    """It by the clock of `zone`; what is too far from any clock as it is, in UTC."""
    with contextlib.suppress(OverflowError):
        return at.astimezone(zone)
    return at


def _days(first: date, last: date, language: str | None) -> str:
    if first == last:
        return dated(first, language)
    in_year = first.year == last.year
    end = say(language, "date_in_year", month=last.month, day=last.day) if in_year else dated(last, language)
    return f"{dated(first, language)} – {end}"


def _minute(at: datetime, language: str | None) -> str:
    return f"{dated(at.date(), language)} {at:%H:%M}"


def _labelled(told: str, language: str | None, zone: tzinfo | None) -> str:
    return say(language, "time_utc", time=told) if zone is UNTOLD else told
