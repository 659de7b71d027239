from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest

from bot.texts.times import UNTOLD, day, minute, span

LATE = datetime(2026, 11, 12, 23, 30, tzinfo=UTC)
SHANGHAI, ST_JOHNS = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/St_Johns")


@pytest.mark.parametrize(
    ("language", "zone", "told"),
    [
        ("en", SHANGHAI, "2026-11-13 07:30"),
        ("zh", SHANGHAI, "2026年11月13日 07:30"),
        ("en", ST_JOHNS, "2026-11-12 20:00"),
        ("en", UNTOLD, "2026-11-12 23:30 UTC"),
        ("zh", UNTOLD, "2026年11月12日 23:30（UTC）"),
    ],
)
def test_a_time_is_told_by_its_readers_clock_or_said_to_be_utc(language: str, zone: tzinfo, told: str) -> None:
    assert minute(LATE, language, zone) == told
    assert told.startswith(day(LATE, language, zone))


@pytest.mark.parametrize(
    ("until", "language", "zone", "told"),
    [
        (LATE, "en", UNTOLD, "2026-11-12 23:30 UTC"),
        (LATE.replace(minute=45), "en", UNTOLD, "2026-11-12 23:30 – 23:45 UTC"),
        (LATE.replace(day=14), "en", SHANGHAI, "2026-11-13 07:30 – 11-15 07:30"),
        (LATE.replace(day=14), "zh", SHANGHAI, "2026年11月13日 07:30 – 11月15日 07:30"),
        (LATE.replace(year=2027), "zh", UNTOLD, "2026年11月12日 23:30 – 2027年11月12日 23:30（UTC）"),
    ],
)
def test_a_span_ends_with_what_it_has_not_in_common_with_its_beginning(
    until: datetime, language: str, zone: tzinfo, told: str
) -> None:
    assert span(LATE, until, language, zone) == told


def test_of_what_only_the_day_is_known_no_hour_is_told_and_it_is_the_same_day_anywhere() -> None:
    first, last = datetime(2026, 11, 12, tzinfo=UTC), datetime(2026, 11, 14, tzinfo=UTC)

    assert span(first, last, "en", ST_JOHNS) == "2026-11-12 – 11-14"
    assert span(first, last.replace(year=2027), "zh", UNTOLD) == "2026年11月12日 – 2027年11月14日"
    assert span(first, first, "en", UNTOLD) == "2026-11-12" == day(first, "en", ST_JOHNS)


@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_what_is_too_far_from_any_clock_is_told_as_it_is(at: datetime) -> None:
    assert minute(at, "en", SHANGHAI if at.year > 1 else ST_JOHNS).startswith(f"{at.year}-")
