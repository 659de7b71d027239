from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.schedule import (
    CATCH_UP,
    LOOK_AGAIN,
    LOOK_BACK,
    Due,
    after_quiet,
    due,
    earliest_name,
    in_time,
    is_quiet,
    next_slot,
    wake_at,
)
from storage.domain.digests import DigestSettings, QuietHours, Slot, Timetable
from storage.domain.people import ReaderId

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NAMES = """
Africa/Cairo Africa/Casablanca Africa/Johannesburg Africa/Nairobi America/Argentina/Buenos_Aires America/Asuncion
America/Havana America/Los_Angeles America/New_York America/Nuuk America/Sao_Paulo America/Santiago America/St_Johns
Antarctica/Troll Asia/Beirut Asia/Gaza Asia/Jerusalem Asia/Kathmandu Asia/Kolkata Asia/Shanghai Asia/Tehran Asia/Tokyo
Atlantic/Azores Australia/Adelaide Australia/Eucla Australia/Lord_Howe Australia/Sydney Etc/GMT+12 Europe/Berlin
Europe/Dublin Europe/London Pacific/Apia Pacific/Auckland Pacific/Chatham Pacific/Kiritimati Pacific/Marquesas UTC
"""
ZONES = NAMES.split()
TIMES = [
    time(0, 0),
    time(0, 30),
    time(1, 30),
    time(2, 15),
    time(2, 30),
    time(3, 0),
    time(7, 30),
    time(12, 0),
    time(23, 30),
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wanted(timetable: Timetable | None = None, since: str = "2026-01-01") -> DigestSettings:
    return DigestSettings(
        reader=ReaderId("r"), since=utc(since), active=True, timetable=timetable or Timetable(times=(time(7, 30),))
    )


def berlin(*times: time, quiet: QuietHours | None = None) -> Timetable:
    return Timetable(times=times, zone="Europe/Berlin", quiet=quiet)


# the next slot


def test_the_next_slot_is_the_first_after_now_by_the_readers_clock() -> None:
    timetable = berlin(time(7, 30), time(18, 0))

    found = [next_slot(timetable, utc(now)) for now in ("2026-11-30T06:29", "2026-11-30T06:30", "2026-11-30T17:00")]

    assert found == [
        Slot(name="2026-11-30T07:30", at=utc("2026-11-30T06:30")),
        Slot(name="2026-11-30T18:00", at=utc("2026-11-30T17:00")),
        Slot(name="2026-12-01T07:30", at=utc("2026-12-01T06:30")),
    ]


def test_slots_are_on_the_days_wished_for_as_they_are_there() -> None:
    timetable = Timetable(times=(time(7, 30),), days=frozenset({1}), zone="Pacific/Auckland")

    assert next_slot(timetable, utc("2026-11-29T12:00")) == Slot(name="2026-11-30T07:30", at=utc("2026-11-29T18:30"))
    assert next_slot(timetable, utc("2026-11-29T18:30")).name == "2026-12-07T07:30"


def test_a_time_that_does_not_exist_comes_when_the_clocks_have_jumped() -> None:
    night = utc("2027-03-27T22:00")

    assert next_slot(berlin(time(2, 30)), night) == Slot(name="2027-03-28T02:30", at=utc("2027-03-28T01:00"))
    assert next_slot(berlin(time(2, 30)), utc("2027-03-28T01:00")).name == "2027-03-29T02:30"


def test_a_time_that_exists_twice_comes_the_first_time_only() -> None:
    night = utc("2027-10-30T22:00")

    assert next_slot(berlin(time(2, 30)), night) == Slot(name="2027-10-31T02:30", at=utc("2027-10-31T00:30"))
    assert next_slot(berlin(time(2, 30)), utc("2027-10-31T00:30")).name == "2027-11-01T02:30"


def test_half_an_hour_is_jumped_over_at_lord_howe() -> None:
    timetable = Timetable(times=(time(2, 10),), zone="Australia/Lord_Howe")

    assert next_slot(timetable, utc("2027-10-02T12:00")) == Slot(name="2027-10-03T02:10", at=utc("2027-10-02T15:30"))


def test_a_day_that_a_country_jumped_over_has_no_digest() -> None:
    timetable = Timetable(times=(time(7, 30),), zone="Pacific/Apia")

    found = [next_slot(timetable, utc(f"2011-12-{day}T17:30")).name for day in (28, 29, 30)]

    assert found == ["2011-12-29T07:30", "2011-12-31T07:30", "2012-01-01T07:30"]


def test_who_wants_fridays_only_waits_two_weeks_where_one_was_jumped_over() -> None:
    timetable = Timetable(times=(time(7, 30),), days=frozenset({5}), zone="Pacific/Apia")

    assert next_slot(timetable, utc("2011-12-24T00:00")).name == "2012-01-06T07:30"


# what is due


def test_a_slot_is_due_from_its_minute_on_until_it_is_settled() -> None:
    reader = wanted(since="2026-11-30")
    moments = [utc(f"2026-11-30T07:{minute}") for minute in ("29:59", "30", "31")]

    found = [due(reader, (), now) for now in moments]
    settled = [due(reader, {"2026-11-30T07:30"}, now) for now in moments]

    slot = Slot(name="2026-11-30T07:30", at=utc("2026-11-30T07:30"))
    assert found == [None, Due(slot=slot), Due(slot=slot)]
    assert settled == [None, None, None]


def test_nothing_is_due_for_who_wants_no_digests() -> None:
    off = replace(wanted(), active=False)

    assert due(off, (), utc("2026-11-30T07:30")) is None
    assert wake_at(off, utc("2026-11-30T07:30")) is None


def test_only_the_latest_of_missed_slots_is_made_up_for() -> None:
    reader = wanted(Timetable(times=(time(7, 0), time(9, 0), time(11, 0))), since="2026-11-30T06:00")

    found = due(reader, (), utc("2026-11-30T12:00"))

    assert found is not None
    assert found.slot is not None
    assert found.slot.name == "2026-11-30T11:00"
    assert [slot.name for slot in found.missed] == ["2026-11-30T07:00", "2026-11-30T09:00"]


def test_an_earlier_slot_is_not_made_up_for_when_a_later_one_is_settled() -> None:
    reader = wanted(Timetable(times=(time(7, 0), time(9, 0))), since="2026-11-30T06:00")

    found = due(reader, {"2026-11-30T09:00"}, utc("2026-11-30T09:10"))

    assert found is not None
    assert found.slot is None
    assert [slot.name for slot in found.missed] == ["2026-11-30T07:00"]


def test_a_digest_comes_six_hours_late_at_most() -> None:
    reader = wanted(since="2026-11-30T00:00")

    late = due(reader, (), utc("2026-11-30T13:30"))
    too_late = due(reader, (), utc("2026-11-30T13:30:01"))

    assert late is not None
    assert late.slot is not None
    assert too_late is not None
    assert too_late.slot is None
    assert [slot.name for slot in too_late.missed] == ["2026-11-30T07:30"]


def test_no_slot_from_before_the_wish_is_due() -> None:
    assert due(wanted(since="2026-11-30T07:31"), (), utc("2026-11-30T07:40")) is None
    assert due(wanted(since="2026-11-30T07:30"), (), utc("2026-11-30T07:40")) is not None


def test_a_jump_over_years_names_the_last_days_only() -> None:
    found = due(wanted(), (), utc("2036-11-30T08:00"))

    assert found is not None
    assert found.slot is not None
    assert found.slot.name == "2036-11-30T07:30"
    assert [slot.name for slot in found.missed] == ["2036-11-28T07:30", "2036-11-29T07:30"]


def test_what_is_late_waits_until_quiet_hours_end() -> None:
    reader = wanted(berlin(time(21, 30), quiet=QuietHours(since=time(22), until=time(3))), since="2026-11-29T12:00")

    in_them, after = due(reader, (), utc("2026-11-29T22:00")), due(reader, (), utc("2026-11-30T02:00"))

    assert in_them is None
    assert wake_at(reader, utc("2026-11-29T22:00")) == utc("2026-11-30T02:00")
    assert after is not None
    assert after.slot is not None
    assert after.slot.name == "2026-11-29T21:30"


def test_what_waited_longer_than_it_may_be_late_is_missed() -> None:
    reader = wanted(berlin(time(21, 30), quiet=QuietHours(since=time(22), until=time(7))), since="2026-11-29T12:00")

    found = due(reader, (), utc("2026-11-30T06:00"))

    assert found is not None
    assert found.slot is None
    assert [slot.name for slot in found.missed] == ["2026-11-29T21:30"]


def test_a_slot_moved_into_quiet_hours_by_the_clocks_waits() -> None:
    quiet = QuietHours(since=time(3), until=time(5))
    reader = wanted(berlin(time(2, 30), quiet=quiet), since="2027-03-27T12:00")

    assert due(reader, (), utc("2027-03-28T01:00")) is None
    assert due(reader, (), utc("2027-03-28T03:00")) is not None


def test_who_moves_west_gets_no_local_slot_twice() -> None:
    home = wanted(Timetable(times=(time(7, 30),), zone="Asia/Tokyo"), since="2026-11-29T12:00")
    there = replace(home, since=utc("2026-11-30T10:00"), timetable=replace(home.timetable, zone="America/Los_Angeles"))
    settled = {"2026-11-30T07:30"}

    assert due(there, settled, utc("2026-11-30T15:30")) is None
    later = due(there, settled, utc("2026-12-01T15:30"))
    assert later is not None
    assert later.slot is not None
    assert later.slot.name == "2026-12-01T07:30"


def test_who_moves_east_is_not_made_up_for_what_was_earlier_there() -> None:
    home = wanted(Timetable(times=(time(12, 0),), zone="Europe/Berlin"), since="2026-11-29T12:00")
    there = replace(home, since=utc("2026-11-30T07:00"), timetable=replace(home.timetable, zone="Asia/Tokyo"))

    assert due(there, {"2026-11-29T12:00"}, utc("2026-11-30T07:01")) is None


# when to look again


def test_one_looks_again_at_the_next_slot_but_daily() -> None:
    daily, weekly = wanted(), wanted(Timetable(times=(time(7, 30),), days=frozenset({7})))
    monday = utc("2026-11-30T08:00")

    assert wake_at(daily, monday) == utc("2026-12-01T07:30")
    assert wake_at(weekly, monday) == monday + LOOK_AGAIN


# whatever clocks do

TIMETABLES = st.builds(
    Timetable,
    times=st.sets(st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1, max_size=8).map(
        lambda times: tuple(sorted(times))
    ),
    days=st.sets(st.integers(1, 7), min_size=1).map(frozenset),
    zone=st.sampled_from(ZONES),
)
MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(TIMETABLES, MOMENTS)
def test_slots_go_on_without_end_each_in_its_own_minute(timetable: Timetable, moment: datetime) -> None:
    slots = [next_slot(timetable, moment)]
    for _ in range(20):
        slots.append(next_slot(timetable, slots[-1].at))

    zone = ZoneInfo(timetable.zone)
    assert moment < slots[0].at
    assert all(one.at < other.at and one.name < other.name for one, other in pairwise(slots))
    for slot in slots:
        day, wall = date.fromisoformat(slot.name[:10]), time.fromisoformat(slot.name[11:])
        local = slot.at.astimezone(zone)
        assert day.isoweekday() in timetable.days
        assert wall in timetable.times
        jumped = local.utcoffset() != (slot.at - MINUTE).astimezone(zone).utcoffset()
        assert (local.date(), local.time()) == (day, wall) or jumped


@given(TIMETABLES, MOMENTS, st.data())
def test_nothing_due_is_early_late_settled_quiet_or_from_before_the_wish(
    timetable: Timetable, now: datetime, data: st.DataObject
) -> None:
    if data.draw(st.booleans()):
        since, until = data.draw(st.lists(st.times(), min_size=2, max_size=2, unique=True))
        quiet = QuietHours(since=since, until=until)
        if not any(quiet.hold(at) for at in timetable.times):
            timetable = replace(timetable, quiet=quiet)
    reader = replace(wanted(timetable), since=now - data.draw(st.timedeltas(timedelta(0), 5 * DAY)))
    every = due(reader, (), now)
    names = sorted({slot.name for slot in every.missed} | {every.slot.name if every.slot else ""}) if every else [""]
    settled = data.draw(st.sets(st.sampled_from(names)))

    found = due(reader, settled, now)

    missed = found.missed if found else ()
    assert all(slot.name not in settled and now - LOOK_BACK <= slot.at <= now for slot in missed)
    assert all(earliest_name(now) <= name for name in names if name)
    if found and found.slot:
        assert found.slot.name not in settled
        assert max(reader.since, now - CATCH_UP) <= found.slot.at <= now
        assert not is_quiet(timetable, now)
        assert found.slot not in missed
        assert all(slot.at <= found.slot.at for slot in missed)
    if every and every.slot and every.slot.name not in settled:
        assert found is not None
        assert found.slot == every.slot


@given(TIMETABLES, st.lists(st.tuples(MOMENTS, st.sampled_from(ZONES)), max_size=20))
def test_no_local_slot_comes_twice_however_clocks_jump_and_readers_move(
    timetable: Timetable, looks: list[tuple[datetime, str]]
) -> None:
    settled: set[str] = set()
    sent: list[str] = []

    for now, zone in looks:
        found = due(wanted(replace(timetable, zone=zone), since="2000-01-01"), settled, now)
        if found:
            sent += [found.slot.name] if found.slot else []
            settled |= {slot.name for slot in (*found.missed, *([found.slot] if found.slot else []))}

    assert len(sent) == len(set(sent))


# thirty-seven time zones, a year with a leap day and one in which a country jumped over a day


def clock(begin: datetime, end: datetime, chance: random.Random) -> Iterator[datetime]:
    """What the bot's clock shows, in irregular ticks, with hours in which it was down and jumps of an hour."""
    now, off = begin, timedelta(0)
    while now < end:
        yield now + off
        now += timedelta(seconds=chance.choice((20, 60, 61, 300, 1800)))
        if chance.random() < 0.02:
            now += timedelta(hours=chance.uniform(0, 4.5))
        if chance.random() < 0.02:
            off = chance.choice((-HOUR, timedelta(0), HOUR))


def sent_over(reader: DigestSettings, begin: datetime, end: datetime, chance: random.Random) -> list[str]:
    """The slots that are sent, as the bot does it: it keeps which are settled and when to look again."""
    settled: set[str] = set()
    sent = []
    look_at = begin
    for now in clock(begin, end, chance):
        if now < look_at <= now + LOOK_AGAIN:
            continue
        earliest = earliest_name(now)
        found = due(reader, {name for name in settled if name >= earliest}, now)
        if found and found.slot:
            sent.append(found.slot.name)
            settled.add(found.slot.name)
        settled |= {slot.name for slot in found.missed} if found else set()
        look_at = wake_at(reader, now) or now
    return sent


@pytest.mark.parametrize("year", ["2011-06-01", "2027-11-30"])
@pytest.mark.parametrize("zone", ZONES)
def test_there_is_one_digest_a_local_day(zone: str, year: str) -> None:
    chance = random.Random(f"{zone} {year}")  # noqa: S311
    begin = utc(year)
    end = begin + 366 * DAY
    timetable = Timetable(times=(chance.choice(TIMES),), zone=zone)

    sent = sent_over(replace(wanted(timetable), since=begin), begin, end + 2 * DAY, chance)

    # The days that clocks show there, but for those at the edges.
    hours = int((end - begin) / HOUR)
    days = {str((begin + n * HOUR).astimezone(ZoneInfo(zone)).date()) for n in range(48, hours)}
    count = Counter(name[:10] for name in sent)
    assert {day: count[day] for day in days if count[day] != 1} == {}
    assert max(count.values()) == 1
    assert len(days) >= 363


def test_the_zones_are_thirty_seven_with_every_kind_of_offset_and_turn() -> None:
    begin = utc("2027-11-30")

    offsets = {zone: {(begin + n * DAY).astimezone(ZoneInfo(zone)).utcoffset() for n in range(366)} for zone in ZONES}

    assert len(ZONES) == len(set(ZONES)) == 37
    minutes = {int(offset.total_seconds()) // 60 % 60 for found in offsets.values() for offset in found if offset}
    assert minutes == {0, 30, 45}
    assert sum(len(found) > 1 for found in offsets.values()) >= 15


@pytest.mark.parametrize(
    ("quiet", "hours"),
    [
        (None, 6),
        (QuietHours(since=time(22), until=time(7)), 2),
        (QuietHours(since=time(3), until=time(7)), 6),
    ],
)
def test_what_is_decided_may_be_sent_for_six_hours_and_not_into_quiet_ones(
    quiet: QuietHours | None, hours: int
) -> None:
    at = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
    timetable = Timetable(times=(time(20),), zone="Europe/Berlin", quiet=quiet)

    assert in_time(timetable, at) == at + timedelta(hours=hours)


def test_a_wish_by_a_clock_that_was_wrong_is_not_waited_for() -> None:
    now = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    settings = DigestSettings(reader=ReaderId("r"), since=now + timedelta(days=365), active=True)

    found = due(settings, (), now)

    assert found is not None
    assert found.slot == Slot(name="2026-11-30T08:00", at=now - timedelta(hours=1))


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (datetime(2026, 7, 1, 19, 59, tzinfo=UTC), None),
        (datetime(2026, 7, 1, 20, 0, tzinfo=UTC), datetime(2026, 7, 2, 5, 0, tzinfo=UTC)),
        (datetime(2026, 7, 2, 4, 59, tzinfo=UTC), datetime(2026, 7, 2, 5, 0, tzinfo=UTC)),
        (datetime(2026, 7, 2, 5, 0, tzinfo=UTC), None),
    ],
)
def test_quiet_hours_end_by_the_readers_clock(now: datetime, ends: datetime | None) -> None:
    timetable = Timetable(zone="Europe/Berlin", quiet=QuietHours(since=time(22), until=time(7)))

    assert after_quiet(timetable, now) == ends
    assert after_quiet(replace(timetable, quiet=None), now) is None
