"""Dates as a reader writes them, from the catalogue of their language."""

from __future__ import annotations

from datetime import datetime, tzinfo

from bot.texts import say


def day(moment: datetime, language: str, *, zone: tzinfo | None = None) -> str:
    """The day of `moment` in `zone`, by default this machine's: `12 Nov 2026`, `2026年11月12日`."""
    local = moment.astimezone(zone)
    month = say(language, "chat_months").split()[local.month - 1]
    return say(language, "chat_date", day=local.day, month=month, year=local.year)


def minute(moment: datetime, language: str, *, zone: tzinfo | None = None) -> str:
    """The same with the time of day: `12 Nov 2026, 08:30`."""
    local = moment.astimezone(zone)
    return say(language, "chat_date_time", date=day(moment, language, zone=zone), time=f"{local:%H:%M}")
