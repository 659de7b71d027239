from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.terminal.dates import day, minute

LATE = datetime(2026, 11, 12, 18, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "12 Nov 2026, 18:05 (UTC)"),
        ("zh", "2026年11月12日 18:05 (UTC)"),
        ("fr", "12 Nov 2026, 18:05 (UTC)"),
    ],
)
def test_a_moment_in_the_readers_language(language: str, expected: str) -> None:
    assert minute(LATE, language, zone=UTC) == expected


@pytest.mark.parametrize(
    ("offset", "told"),
    [
        (timedelta(hours=8), "13 Nov 2026, 02:05 (UTC+8)"),
        (timedelta(hours=5, minutes=30), "12 Nov 2026, 23:35 (UTC+5:30)"),
        (-timedelta(hours=3, minutes=30), "12 Nov 2026, 14:35 (UTC-3:30)"),
    ],
)
def test_a_time_of_day_names_its_distance_from_utc(offset: timedelta, told: str) -> None:
    assert minute(LATE, "en", zone=timezone(offset)) == told


def test_the_day_is_the_readers_day() -> None:
    assert day(LATE, "zh", zone=timezone(timedelta(hours=8))) == "2026年11月13日"


def test_every_month_has_its_name() -> None:
    names = {day(datetime(2026, month, 1, tzinfo=UTC), "en", zone=UTC).split()[1] for month in range(1, 13)}

    assert len(names) == 12
