from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.flows.wording import places
from bot.flows.wording.places import chinese_places, zone_called, zone_named

NAMED = {
    "Europe/Berlin": "Berlin | europe/berlin | EUROPE/BERLIN | munich | Germany | 柏林 | 德国",
    "America/New_York": "new york | New_York | america/new_york | eastern | EST | Boston | 纽约",
    "America/Argentina/Buenos_Aires": "Buenos Aires | 布宜诺斯艾利斯",
    "America/Indiana/Indianapolis": "indianapolis",
    "Asia/Shanghai": "上海 | 北京 | Shanghai | Beijing | 中国",
    "Asia/Tokyo": "东京 | tokyo | Japan",
    "Asia/Kolkata": "Kolkata | mumbai | 印度 | UTC+5:30 | GMT +05:30",
    "Asia/Kathmandu": "utc+5:45",
    "America/St_Johns": "GMT-3:30",
    "Etc/GMT-8": "UTC+8 | gmt+8 | UTC +08:00 | utc+0800",
    "Etc/GMT+5": "UTC-5 | UTC−5 | GMT-05:00",
    "UTC": "UTC | GMT | utc+0",
}


@pytest.mark.parametrize(
    ("words", "zone"), [(word.strip(), zone) for zone, words in NAMED.items() for word in words.split("|")]
)
def test_zones_are_found_by_what_people_call_them(words: str, zone: str) -> None:
    assert zone_named(words) == zone


@pytest.mark.parametrize("words", ["Nowhere", "", "west", "UTC+15", "UTC-13", "UTC+3:37", "localtime", "Factory", "8"])
def test_what_is_no_place_has_no_zone(words: str) -> None:
    assert zone_named(words) is None


def test_every_zone_that_is_named_exists() -> None:
    tables = (places._CHINESE, places._ENGLISH, dict.fromkeys(places._BETWEEN_HOURS.values()))

    assert {zone for table in tables for zone in table} <= available_timezones()


def test_no_place_is_in_two_zones() -> None:
    for table, between in ((places._CHINESE, " "), (places._ENGLISH, "|")):
        names = [name for words in table.values() for name in words.split(between)]

        assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("words", "hours"),
    [("UTC+8", 8), ("UTC-5", -5), ("UTC+14", 14), ("UTC-12", -12), ("UTC+5:45", 5.75), ("UTC-9:30", -9.5)],
)
def test_an_offset_stands_as_far_from_utc_as_it_says(words: str, hours: float) -> None:
    zone = zone_named(words)

    assert zone is not None
    assert datetime(2026, 11, 30, tzinfo=ZoneInfo(zone)).utcoffset() == timedelta(hours=hours)


def test_a_zone_is_called_after_its_city_in_the_language_where_that_is_known() -> None:
    called = [
        (zone_called(zone, "en"), zone_called(zone, "zh"))
        for zone in ("Asia/Shanghai", "America/New_York", "Pacific/Apia", "Etc/GMT-8", "Etc/GMT+5", "UTC")
    ]

    assert called == [
        ("Shanghai", "北京"),
        ("New York", "纽约"),
        ("Apia", "Apia"),
        ("UTC+8", "UTC+8"),
        ("UTC-5", "UTC-5"),
        ("UTC", "UTC"),
    ]


def test_longer_chinese_names_are_tried_before_those_they_begin_with() -> None:
    names = chinese_places()

    assert all(not later.startswith(name) or later == name for n, name in enumerate(names) for later in names[n:])
