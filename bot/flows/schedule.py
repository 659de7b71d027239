"""When a reader's next digest is due, by their own clock.

A slot is named by its local day and wall time, so that whatever clocks do, it is the same slot and is claimed once:
where a time does not exist its slot comes as soon as the clocks have jumped, where one exists twice, the first time.
Pure; knows nothing of what is sent, nor of how slots are claimed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.domain.digests import DigestSettings, QuietHours, Slot, Timetable
from storage.domain.times import require_aware

CATCH_UP = timedelta(hours=6)
"""How late a digest may still come."""
LOOK_BACK = timedelta(days=3)
"""How far back missed slots are named: not over all that a clock jumped, or the bot was down."""
LOOK_AGAIN = timedelta(days=1)
"""A reader is looked at so often even where their next slot is later, as rules of time zones change."""

_NIGHT = QuietHours(since=time(23), until=time(6))
_DAY, _SECOND, _NONE = timedelta(days=1), timedelta(seconds=1), timedelta(0)
# A slot's local day may be one off the day in UTC, and one more where its time does not exist.
_APART = 2 * _DAY
# There may be one slot a week, on a day that a country jumped over, as Samoa did on 2011-12-30; and a day before.
_MOST_AHEAD = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is to be done about a reader's slots now.

    Args:
        slot: The one to send a digest for; `None` where there are only missed ones.
        missed: Those too late to be made up for, or overtaken by another, the earliest first; none before `LOOK_BACK`.
    """

    slot: Slot | None = None
    missed: tuple[Slot, ...] = ()


def next_slot(timetable: Timetable, after: datetime) -> Slot:
    """The first slot that is later than `after`."""
    require_aware(after, "after")
    zone = ZoneInfo(timetable.zone)
    first = after.astimezone(zone).date() - _DAY
    # Between pauses there may be none.
    far = max((each.until.date() - first for each in timetable.pauses), default=_NONE)
    days = (first + n * _DAY for n in range(max(0, far.days) + _MOST_AHEAD))
    return next(slot for day in days for slot in _of_day(timetable, day, zone) if slot.at > after)


def due(settings: DigestSettings, settled: Collection[str], now: datetime) -> Due | None:
    """What is due; `None` where nothing is.

    Only the latest slot is made up for, not longer than `CATCH_UP` and not in quiet hours: until these end it waits.

    Args:
        settings: Of a reader.
        settled: The names of slots for which a digest was claimed or that were taken down as missed, from
            `earliest_name` on.
        now: The present.
    """
    require_aware(now, "now")
    if not settings.active:
        return None
    # What was wished by a clock that was wrong is not waited for.
    since = settings.since if settings.since <= now else now - CATCH_UP
    passed = _between(settings.timetable, max(since, now - LOOK_BACK), now)
    latest = passed[-1] if passed and now - passed[-1].at <= CATCH_UP else None
    missed = tuple(slot for slot in passed if slot is not latest and slot.name not in settled)
    if latest is not None and (latest.name in settled or is_quiet(settings.timetable, now)):
        latest = None
    return Due(slot=latest, missed=missed) if latest or missed else None


def earliest_name(now: datetime) -> str:
    """No slot that `due` is about now has a name that sorts before it."""
    return (now.astimezone(UTC) - LOOK_BACK - _APART).date().isoformat()


def wake_at(settings: DigestSettings, now: datetime) -> datetime | None:
    """When to ask again what is due, at the latest, once all that is due now is settled; `None` is never.

    Not later than `LOOK_AGAIN` from now: where a later time is kept, it is of a clock that was wrong.
    """
    if not settings.active:
        return None
    moments = [next_slot(settings.timetable, now).at, now + LOOK_AGAIN]
    quiet = settings.timetable.quiet
    if quiet is not None and is_quiet(settings.timetable, now):
        over = Timetable(times=(quiet.until,), zone=settings.timetable.zone)
        moments.append(next_slot(over, now).at)
    return min(moments)


def is_quiet(timetable: Timetable, now: datetime) -> bool:
    """Whether nothing is to be sent unasked."""
    return timetable.quiet is not None and timetable.quiet.hold(now.astimezone(ZoneInfo(timetable.zone)).time())


def after_quiet(timetable: Timetable, now: datetime) -> datetime | None:
    """When the quiet hours end that it is in now; `None` where it is in none."""
    if timetable.quiet is None or not is_quiet(timetable, now):
        return None
    return next_slot(Timetable(times=(timetable.quiet.until,), zone=timetable.zone), now).at


def is_night(timetable: Timetable, now: datetime) -> bool:
    """Whether most people sleep, by the reader's clock: what is sent then makes no sound."""
    return _NIGHT.hold(now.astimezone(ZoneInfo(timetable.zone)).time())


def in_time(timetable: Timetable, at: datetime) -> datetime:
    """Until when what is decided at that time may be sent: not longer than `CATCH_UP`, nor into quiet hours."""
    if timetable.quiet is None:
        return at + CATCH_UP
    begins = Timetable(times=(timetable.quiet.since,), zone=timetable.zone)
    return min(at + CATCH_UP, next_slot(begins, at).at)


def _between(timetable: Timetable, since: datetime, until: datetime) -> list[Slot]:
    """The slots from `since` to `until`, both included, the earliest first."""
    zone = ZoneInfo(timetable.zone)
    day, last = since.astimezone(zone).date() - _DAY, until.astimezone(zone).date()
    found = []
    while day <= last:
        found += [slot for slot in _of_day(timetable, day, zone) if since <= slot.at <= until]
        day += _DAY
    return found


def _of_day(timetable: Timetable, day: date, zone: ZoneInfo) -> Iterator[Slot]:
    """The slots of a local day, the earliest first; none within a pause, which are missed by nobody."""
    if day.isoweekday() not in timetable.days:
        return
    for wall in timetable.times:
        paused = timetable.paused(datetime.combine(day, wall))
        at = None if paused else _moment(day, wall, zone)
        if at is not None:
            yield Slot(name=f"{day}T{wall:%H:%M}", at=at)


def _moment(day: date, wall: time, zone: ZoneInfo) -> datetime | None:
    """When clocks first show that time or, where they jump over it, have jumped; `None` if they do over the whole day.

    In UTC.
    """
    shown = datetime.combine(day, wall.replace(fold=0))
    first = shown.replace(tzinfo=zone).astimezone(UTC)
    if _shown(first, zone) == shown:
        return first
    # Of a time in a gap, fold 1 gives a moment before clocks jump and fold 0 one after (PEP 495).
    before = shown.replace(tzinfo=zone, fold=1).astimezone(UTC)
    seconds = range(int((first - before).total_seconds()) + 1)
    jumped = before + _SECOND * bisect_left(seconds, True, key=lambda n: _shown(before + _SECOND * n, zone) > shown)
    whole_day = _shown(jumped - _SECOND, zone).date() < day < _shown(jumped, zone).date()
    return None if whole_day else jumped


def _shown(moment: datetime, zone: ZoneInfo) -> datetime:
    """What clocks show."""
    return moment.astimezone(zone).replace(tzinfo=None)
