from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from bot.flows import digest_choices as choose
from storage.domain.digests import Alerts, DigestSettings, QuietHours, Timetable
from storage.errors import InputError
from tests.digests import MORNING
from tests.feedback import ADA

NIGHT = QuietHours(since=time(22), until=time(7))
OFF = DigestSettings(reader=ADA, since=MORNING)
ON = replace(OFF, active=True)


def test_the_first_hour_is_the_only_one_and_others_are_added_in_order() -> None:
    first = choose.also_at(OFF, time(18), wanted=True)
    second = choose.also_at(first, time(7, 30), wanted=True)

    assert (first.active, first.timetable.times) == (True, (time(18),))
    assert second.timetable.times == (time(7, 30), time(18))
    assert choose.also_at(second, time(18), wanted=True) == second


def test_an_hour_is_taken_away_once_and_the_last_one_stays() -> None:
    both = replace(ON, timetable=Timetable(times=(time(8), time(18))))

    one = choose.also_at(both, time(8), wanted=False)

    assert one.timetable.times == (time(18),)
    assert choose.also_at(one, time(8), wanted=False) == one
    with pytest.raises(InputError, match="the only time"):
        choose.also_at(one, time(18), wanted=False)


def test_hours_and_quiet_hours_keep_out_of_each_other() -> None:
    quiet = choose.quiet(ON, NIGHT)

    assert quiet.timetable.quiet == NIGHT
    assert choose.quiet(quiet, None) == ON
    with pytest.raises(InputError, match="within the quiet hours"):
        choose.at_only(quiet, time(6))
    with pytest.raises(InputError, match="within the quiet hours"):
        choose.quiet(replace(ON, timetable=Timetable(times=(time(6),))), NIGHT)


def test_days_and_a_zone_leave_the_rest_as_it_is() -> None:
    found = choose.by_zone(choose.on_days(choose.quiet(ON, NIGHT), frozenset((6, 7))), "Asia/Tokyo")

    assert found.timetable == Timetable(days=frozenset((6, 7)), zone="Asia/Tokyo", quiet=NIGHT)


def test_alerts_are_as_usual_but_for_what_is_chosen() -> None:
    outlets = choose.alerted(OFF, outlets=8)

    assert outlets.alerts == Alerts(outlets=8)
    assert choose.alerted(outlets, a_day=1).alerts == Alerts(outlets=8, a_day=1)


def test_a_bound_is_in_order_and_all_and_none_is_no_bound() -> None:
    every = ("a", "b", "c")

    assert choose.bounded((), "c", every, wanted=True) == ("c",)
    assert choose.bounded(("c",), "a", every, wanted=True) == ("a", "c")
    assert choose.bounded(("a", "c"), "b", every, wanted=True) == ()
    assert choose.bounded(("c",), "c", every, wanted=False) == ()
    assert choose.bounded((), "a", every, wanted=False) == ()
