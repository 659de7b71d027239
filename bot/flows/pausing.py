"""What pausing digests, leaving some out and going on come to: digests alone, not breaking news nor follows. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.flows.schedule import CATCH_UP, LOOK_BACK, next_slot
from bot.flows.wording.hours import number_of
from bot.flows.wording.pausing import Pausing
from bot.flows.wording.spans import one_day, span
from storage.domain.digests import DigestSettings, Pause, Timetable
from storage.errors import InputError

_LONGEST = timedelta(days=366)
_MINUTE = timedelta(minutes=1)


def local_minute(timetable: Timetable, now: datetime) -> datetime:
    """The time by the reader's own clock, to the minute."""
    return now.astimezone(ZoneInfo(timetable.zone)).replace(second=0, microsecond=0, tzinfo=None)


def pauses_ahead(timetable: Timetable, now: datetime) -> tuple[Pause, ...]:
    """What is left of the pauses from now on."""
    at = local_minute(timetable, now)
    return tuple(replace(each, since=max(each.since, at)) for each in timetable.pauses if each.until > at)


def with_pause(current: DigestSettings, said: Pausing, now: datetime) -> DigestSettings:
    """The settings once that is said. Who goes on with digests that are off wants them again.

    Raises:
        InputError: No digest comes, or none within that time, or it is too long. The key is one of the catalogue.
    """
    table = current.timetable
    at = local_minute(table, now)
    if said.kind == "resume":
        return replace(current, active=True, timetable=going_on(table, now))
    if not current.active:
        raise InputError("digest", "none comes", key="digest_none_yet")
    match said.kind:
        case "off":
            return replace(current, active=False)
        case "next":
            new = [_alone(datetime.fromisoformat(name)) for name in _coming(table, now, number_of(said.when))]
            return replace(current, timetable=_with(table, (*table.pauses, *new), at))
        case "day" | "pause":
            wanted = (one_day if said.kind == "day" else span)(said.when, at)
            if wanted is None:
                raise InputError("digest", "no time is named", key="digest_not_understood", piece=said.when)
            since, until = wanted
            return replace(current, timetable=_paused(table, since, until, now, besides=said.kind == "day"))
        case _:
            assert_never(said.kind)


def paused_for(current: DigestSettings, days: int, now: datetime) -> DigestSettings:
    """The settings once they are paused for so many days from now on.

    Raises:
        InputError: None would come within these.
    """
    at = local_minute(current.timetable, now)
    until = at + timedelta(days=days)
    return replace(current, timetable=_paused(current.timetable, at, until, now, besides=False))


def going_on(timetable: Timetable, now: datetime) -> Timetable:
    """No pause any longer. What it held so far is not made up for."""
    at = local_minute(timetable, now)
    ended = (replace(each, until=min(each.until, at)) for each in timetable.pauses if each.since < at)
    return replace(timetable, pauses=tuple(_kept(ended, at)))


def _paused(timetable: Timetable, since: datetime, until: datetime, now: datetime, *, besides: bool) -> Timetable:
    at = local_minute(timetable, now)
    if until - at > _LONGEST:
        raise InputError("digest", "that is more than a year", key="digest_pause_too_long")
    if not _holds_any(timetable, since, until, now):
        raise InputError("digest", "none comes then", key="digest_none_then")
    # Nor does one come that was due a little while ago and was not sent yet.
    new = Pause(since=since - CATCH_UP if since <= at else since, until=until)
    held = timetable.pauses if besides else [each for each in timetable.pauses if not _overlap(each, new)]
    return _with(timetable, (*held, new), at)


def _with(timetable: Timetable, pauses: Iterable[Pause], at: datetime) -> Timetable:
    """The pauses in order, those that overlap as one."""
    one: list[Pause] = []
    for each in sorted(_kept(pauses, at), key=lambda pause: pause.since):
        if one and each.since <= one[-1].until:
            one[-1] = replace(one[-1], until=max(one[-1].until, each.until))
        else:
            one.append(each)
    return replace(timetable, pauses=tuple(one))


def _kept(pauses: Iterable[Pause], at: datetime) -> list[Pause]:
    """Without those that ended so long ago that nobody asks any more whether a digest was missed."""
    return [each for each in pauses if each.until > at - LOOK_BACK]


def _overlap(one: Pause, other: Pause) -> bool:
    return one.since < other.until and other.since < one.until


def _alone(at: datetime) -> Pause:
    return Pause(since=at, until=at + _MINUTE)


def _coming(timetable: Timetable, now: datetime, number: int) -> list[str]:
    """The names of the next hours at which one comes."""
    names, after = [], now
    for _ in range(number):
        slot = next_slot(timetable, after)
        names.append(slot.name)
        after = slot.at
    return names


def _holds_any(timetable: Timetable, since: datetime, until: datetime, now: datetime) -> bool:
    """Whether one would come within that time, were nothing paused."""
    begin = max(now, since.replace(tzinfo=ZoneInfo(timetable.zone)).astimezone(now.tzinfo) - _MINUTE)
    first = next_slot(replace(timetable, pauses=()), begin)
    return datetime.fromisoformat(first.name) < until
