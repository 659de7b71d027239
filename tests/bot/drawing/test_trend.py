from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.drawing.trend import MOST_BARS, MOST_OUTLETS, _by_outlet, _floor, _step, _ticks, draw_trend, shows_something
from storage.domain.news import ArticleId, Headline
from storage.domain.stories import Report
from storage.errors import InputError

BEGIN = datetime(2026, 3, 2, 9, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


def report(hours: float, source: str | None = "Wire") -> Report:
    at = BEGIN + hours * HOUR
    id_ = ArticleId(f"{hours}-{source}")
    return Report(
        headline=Headline(id=id_, title="A title", first_seen=at, published=at, group=id_, source=source), novelty=0.5
    )


def drawn(reports: Sequence[Report], title: str = "A title", language: str = "en") -> bytes:
    target = io.BytesIO()
    draw_trend(title, reports, target, language=language, zone=UTC)
    return target.getvalue()


@pytest.mark.parametrize(
    ("title", "language", "source"),
    [("台风登陆浙江，五万人转移", "zh", "新华网"), ("It costs $48 million, not $52 million_{x}", "en", "The $ Post")],
)
def test_the_picture_has_the_letters_of_both_languages_and_fits_a_phone(title: str, language: str, source: str) -> None:
    # A letter that no font has is a warning, and a warning fails a test.
    picture = drawn([report(0, source), report(30, "Wire"), report(31, None)], title, language)

    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (1080, 810)


def test_the_picture_depends_on_when_what_came() -> None:
    assert drawn([report(0), report(1)]) != drawn([report(0), report(5)])
    assert drawn([report(0), report(1)]) == drawn([report(1), report(0)])


@pytest.mark.parametrize("days", [0, 0.1, 1, 3, 20, 400, 30 * 365])
def test_however_long_a_story_is_it_has_bars_that_can_be_told_apart(days: float) -> None:
    end = BEGIN + timedelta(days=days)

    step = _step(BEGIN, end)

    assert step >= HOUR
    assert (end - _floor(BEGIN, step)) // step + 1 <= MOST_BARS


def test_a_bar_begins_at_a_full_hour_or_midnight_of_the_readers_zone() -> None:
    local = BEGIN.astimezone(ZoneInfo("Asia/Kolkata"))

    assert f"{_floor(local, 3 * HOUR):%d %H:%M}" == "02 12:00"
    assert f"{_floor(local, 48 * HOUR):%d %H:%M}" == "02 00:00"


def of_day(day: int, source: str = "Wire") -> Report:
    told = report(day, source)
    at = datetime(2026, 3, day, tzinfo=UTC)
    return replace(told, headline=replace(told.headline, published=at, first_seen=BEGIN))


def test_what_came_at_an_unknown_hour_is_drawn_as_of_its_day_wherever_the_reader_is() -> None:
    new_york = ZoneInfo("America/New_York")

    ((_, ats),) = _by_outlet([of_day(2), of_day(3)], "en", new_york)

    assert [f"{at:%d %H:%M}" for at in ats] == ["02 00:00", "03 00:00"]
    assert _step(ats[0], ats[0], timedelta(days=1)) == timedelta(days=1)
    assert drawn([of_day(2), report(0)]) == drawn([of_day(2), report(4)])
    assert drawn([report(0), report(1)]) != drawn([report(0), report(4)])


def test_what_is_undated_is_not_drawn() -> None:
    undated = replace(report(5), headline=replace(report(5).headline, published=None))

    assert drawn([report(0), report(1), undated]) == drawn([report(0), report(1)])
    assert not shows_something([report(0), report(1), undated])
    assert shows_something([report(0), report(1), replace(undated, live=True)])


def test_a_picture_needs_more_than_one_hour_or_where_that_is_unknown_day() -> None:
    assert not shows_something([of_day(2), report(0), report(5)])
    assert shows_something([of_day(2), of_day(3), of_day(3)])


def test_outlets_beyond_the_first_few_are_one() -> None:
    reports = [report(i / 10, f"Outlet {i % 9}") for i in range(9 * 5)] + [report(9, None)]

    told = dict(_by_outlet(reports, "en", UTC))

    assert len(told) == MOST_OUTLETS + 1
    assert sum(map(len, told.values())) == len(reports)
    assert len(told["others"]) == 4 * 5 + 1


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere"):
        draw_trend("A title", [report(0)], tmp_path / "nowhere" / "a.png", language="en", zone=UTC)


@pytest.mark.parametrize("hours", [1, 5, 30, 24 * 6, 24 * 300])
def test_times_are_marked_at_full_hours_and_long_ones_at_midnight(hours: float) -> None:
    begin = BEGIN.replace(minute=0)

    shown, apart = _ticks(begin, begin + hours * HOUR)

    assert 1 <= len(shown) <= 6
    assert begin.replace(hour=0) <= shown[0] <= shown[-1] <= begin + hours * HOUR
    assert all(at.minute == 0 for at in shown)
    assert apart < timedelta(days=1) or {at.hour for at in shown} == {0}
