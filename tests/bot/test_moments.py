from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.moments import moment
from storage.errors import InputError

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30m", NOW - timedelta(minutes=30)),
        ("24h", NOW - timedelta(hours=24)),
        ("7d", NOW - timedelta(days=7)),
        ("2w", NOW - timedelta(days=14)),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20T08:00", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20T08:00+08:00", datetime(2026, 11, 20, 0, tzinfo=UTC)),
    ],
)
def test_moments_as_people_write_them(text: str, expected: datetime) -> None:
    assert moment(text, now=NOW) == expected


def test_a_bare_date_as_an_upper_bound_takes_the_whole_day_in() -> None:
    assert moment("2026-11-20", now=NOW, end_of_day=True) == datetime(2026, 11, 21, tzinfo=UTC)


def test_a_time_of_day_as_an_upper_bound_stays_what_it_is() -> None:
    assert moment("2026-11-20T08:00Z", now=NOW, end_of_day=True) == datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "soon", "7y", "-7d", "2026-13-01", "9999999d", "999999w", "9999-12-31T23:59-23:59", "٧d"]
)
def test_what_is_no_moment_is_named_with_what_would_be(text: str) -> None:
    with pytest.raises(InputError, match="write a time as"):
        moment(text, now=NOW)


def test_the_last_representable_day_is_no_upper_bound() -> None:
    with pytest.raises(InputError):
        moment("9999-12-31", now=NOW, end_of_day=True)
