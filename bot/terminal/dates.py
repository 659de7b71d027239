"""Dates as a reader writes them, from the catalogue of their language."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from bot.texts import say


def day(moment: datetime, language: str, *, zone: tzinfo | None = None) -> str:
    """The day of `moment` in `zone`, by default this machine's: `12 Nov 2026`, `2026年11月12日`."""
    local = moment.astimezone(zone)
    month = say(language, "chat_months").split()[local.month - 1]
    return say(language, "chat_date", day=local.day, month=month, year=local.year)


def minute(moment: datetime, language: str, *, zone: tzinfo | None = None) -> str:
    """The same with the time of day and the zone's distance from UTC: `12 Nov 2026, 08:30 (UTC+1)`."""
    local = moment.astimezone(zone)
    time = f"{local:%H:%M} ({_offset(local)})"
    return say(language, "chat_date_time", date=day(moment, language, zone=zone), time=time)


def _offset(local: datetime) -> str:
    """`UTC`, `UTC+8`, `UTC-3:30`: names of zones mean different things in different places."""
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}{f':{rest:02}' if rest else ''}"
