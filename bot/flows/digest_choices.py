"""How a reader chooses one thing after another of how they want their digests. Pure.

What is chosen twice is chosen once: every choice says how something is to be, and not that it is to change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from typing import TypeVar

from bot.flows.digest_words import checked
from storage.domain.digests import Alerts, DigestSettings, QuietHours
from storage.errors import InputError

_Value = TypeVar("_Value")


def at_only(settings: DigestSettings, at: time) -> DigestSettings:
    """They want them, at that time of day and no other.

    Raises:
        InputError: It is within their quiet hours.
    """
    table = settings.timetable
    return replace(settings, active=True, timetable=checked(table, [at], quiet=table.quiet))


def also_at(settings: DigestSettings, at: time, *, wanted: bool) -> DigestSettings:
    """They want one at that time of day too, or none any longer; the first that is chosen is the only one.

    Raises:
        InputError: It is within their quiet hours, there are too many, or none is left.
    """
    if wanted and not settings.active:
        return at_only(settings, at)
    table = settings.timetable
    times = {*table.times, at} if wanted else {*table.times} - {at}
    if not times:
        raise InputError(f"{at:%H:%M}", "is the only time that is left", key="settings_last_time", time=f"{at:%H:%M}")
    return replace(settings, timetable=checked(table, times, quiet=table.quiet))


def on_days(settings: DigestSettings, days: frozenset[int]) -> DigestSettings:
    """They want them on these days of the week."""
    return replace(settings, timetable=replace(settings.timetable, days=days))


def by_zone(settings: DigestSettings, zone: str) -> DigestSettings:
    """Their times are those of the zone of that name (IANA)."""
    return replace(settings, timetable=replace(settings.timetable, zone=zone))


def quiet(settings: DigestSettings, hours: QuietHours | None) -> DigestSettings:
    """Nothing comes unasked in these hours.

    Raises:
        InputError: A digest would come within them.
    """
    table = settings.timetable
    return replace(settings, timetable=checked(table, table.times, quiet=hours))


def alerted(settings: DigestSettings, *, outlets: int | None = None, a_day: int | None = None) -> DigestSettings:
    """Breaking news come at once; what is not given stays as it is, or as usual."""
    held = settings.alerts or Alerts()
    return replace(settings, alerts=Alerts(outlets=outlets or held.outlets, a_day=a_day or held.a_day))


def bounded(held: tuple[_Value, ...], value: _Value, every: Sequence[_Value], *, wanted: bool) -> tuple[_Value, ...]:
    """A bound with that value in it or not, in the order of `every`; all of them, and none, is no bound."""
    chosen = {*held, value} if wanted else {*held} - {value}
    return () if len(chosen) == len(every) else tuple(each for each in every if each in chosen)
