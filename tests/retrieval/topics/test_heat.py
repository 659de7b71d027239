from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.topics.heat import Usual, heat, independent, trend
from storage.domain.news import ArticleId, Headline
from storage.domain.stories import Report, Trend

# No round number of hours after a midnight, which stands for a day whose hour is not known.
NOW = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
NOTHING_USUAL = Usual((), 1.0)
HOUR = timedelta(hours=1)


def report(
    id_: str, ago: float, source: str | None = "Wire", *, group: str | None = None, novelty: float = 0.5
) -> Report:
    at = NOW - ago * HOUR
    return Report(
        headline=Headline(
            id=ArticleId(id_), title=id_, first_seen=at, published=at, group=ArticleId(group or id_), source=source
        ),
        novelty=novelty,
    )


def undated(id_: str, source: str = "Wire", *, ago: float = 1.0, live: bool = False) -> Report:
    told = report(id_, ago, source)
    return replace(told, headline=replace(told.headline, published=None), live=live)


def by_outlets(n: int, ago: float = 1.0) -> list[Report]:
    return [report(f"{ago}-{i}", ago, f"Outlet {i}") for i in range(n)]


def value(reports: Sequence[Report], usual: Usual = NOTHING_USUAL) -> float:
    return heat(reports, usual, NOW).value


def test_more_outlets_are_hotter_than_more_reports_of_one() -> None:
    told_by_one = [report(str(i), 1.0 + i / 10) for i in range(6)]

    assert value(by_outlets(6)) > value(told_by_one) > value([report("a", 1.0)])


def test_what_one_outlet_tells_over_and_over_is_not_told_by_ever_more() -> None:
    series = [report(str(i), 0.5 + i / 10, None) for i in range(30)]

    assert value(by_outlets(4)) > value(series)


def test_copies_of_one_text_count_once_as_the_first_of_them() -> None:
    copies = [report(f"copy {i}", 1.0, f"Outlet {i}", group="wire") for i in range(10)]
    first = report("wire", 2.0)

    assert independent([*copies, first]) == [first]
    assert heat([*copies, first], NOTHING_USUAL, NOW) == heat([first], NOTHING_USUAL, NOW)


def test_the_same_reports_are_the_hotter_the_younger_they_are() -> None:
    values = [value(by_outlets(4, ago)) for ago in (1, 6, 24, 72)]

    assert values == sorted(values, reverse=True)
    assert len(set(values)) == len(values)


def test_a_report_of_an_outlet_that_publishes_little_at_that_hour_weighs_more() -> None:
    busy = Usual([("Wire", NOW - day * 24 * HOUR - HOUR) for day in range(1, 8) for _ in range(30)], days=7)

    assert heat([report("a", 1.0)], busy, NOW).speed < heat([report("a", 1.0, "Weekly")], busy, NOW).speed
    assert busy.rate("Wire", NOW - HOUR) == pytest.approx(10)
    assert busy.rate("Wire", NOW + 6 * HOUR) == 0


def test_what_the_story_had_before_counts_less_than_what_is_new() -> None:
    assert value([report("a", 1.0, novelty=1.0)]) > value([report("a", 1.0, novelty=0.0)])


def test_a_story_that_is_told_on_for_days_is_hotter_than_one_that_is_as_fresh_but_young() -> None:
    told_on = [report(str(day), 24.0 * day + 1) for day in range(5)]

    assert value(told_on) > value([report("0", 1.0)])


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        ([0, 1, 2, 3], Trend.RISING),
        ([float(hour) for hour in range(0, 24 * 6, 3)], Trend.STEADY),
        ([40, 42, 44, 46], Trend.FADING),
    ],
)
def test_the_trend_tells_where_a_story_goes(ages: Sequence[float], expected: Trend) -> None:
    assert trend([NOW - age * HOUR for age in ages], NOW) is expected


def test_a_story_that_nothing_has_come_of_for_a_week_is_over() -> None:
    assert trend([NOW - timedelta(days=7)], NOW) is Trend.OVER
    assert trend([NOW - timedelta(days=7), NOW - timedelta(days=6)], NOW) is Trend.FADING
    assert trend([NOW - timedelta(days=365 * 5)], NOW) is Trend.OVER


def test_what_is_undated_counts_an_outlet_and_nothing_else_where_nobody_knows_how_old_it_is() -> None:
    told = by_outlets(2, 30)
    archive = [undated(str(n), f"Archive {n}") for n in range(5)]

    alone, beside = heat(told, NOTHING_USUAL, NOW), heat([*told, *archive], NOTHING_USUAL, NOW)

    assert replace(beside, outlets=2) == alone
    assert beside.outlets == 7


def test_of_undated_articles_alone_the_outlets_are_known_and_no_speed_or_trend() -> None:
    found = heat([undated(str(n), f"Archive {n}") for n in range(5)], NOTHING_USUAL, NOW)

    assert (found.speed, found.persistence, found.novelty, found.outlets) == (0, 0, 0, 5)
    assert found.trend is Trend.UNKNOWN
    assert 0 < found.value < value(by_outlets(2))


def test_what_a_feed_that_is_read_regularly_brings_counts_from_when_it_came_but_never_rises_by_itself() -> None:
    told = heat([undated("a", "Wire", live=True), undated("b", "Post", live=True)], NOTHING_USUAL, NOW)
    dated = heat([report("a", 1.0), report("b", 1.0, "Post")], NOTHING_USUAL, NOW)

    assert told == replace(dated, trend=Trend.UNKNOWN)


def test_what_is_published_later_does_not_count_yet() -> None:
    assert heat([report("a", 1.0), report("b", -5.0, "Post")], NOTHING_USUAL, NOW) == heat(
        [report("a", 1.0)], NOTHING_USUAL, NOW
    )
    assert value([report("b", -5.0)]) == 0


def test_reports_without_an_outlet_are_one_outlet() -> None:
    assert heat([report("a", 1.0, None), report("b", 2.0, None)], NOTHING_USUAL, NOW).outlets == 1


@given(st.lists(st.tuples(st.floats(0, 1000), st.integers(0, 5), st.floats(0, 1)), min_size=1, max_size=30))
def test_heat_is_finite_and_grows_with_a_further_outlet(told: list[tuple[float, int, float]]) -> None:
    reports = [report(str(i), ago, f"Outlet {o}", novelty=new) for i, (ago, o, new) in enumerate(told)]

    found = heat(reports, NOTHING_USUAL, NOW)
    more = heat([*reports, report("more", 0.0, "Another", novelty=1.0)], NOTHING_USUAL, NOW)

    assert 0 <= found.value < 100
    assert more.value > found.value


def test_a_list_that_looks_back_on_a_week_forgets_as_much_more_slowly() -> None:
    of_monday, of_today = by_outlets(5, 80), by_outlets(1, 1)

    def hotter(lately: timedelta) -> bool:
        first, second = (heat(reports, NOTHING_USUAL, NOW, lately).value for reports in (of_monday, of_today))
        return first > second

    assert hotter(timedelta(days=7))
    assert not hotter(timedelta(days=1))


def test_what_two_tell_is_hotter_than_what_one_tells_a_little_later() -> None:
    assert value([report("a", 6.0, "Post"), report("b", 7.0)]) > value([report("c", 0.0)])


def test_the_formula_is_the_one_that_is_documented() -> None:
    now = heat([report("a", 0.0, novelty=0.5)], NOTHING_USUAL, NOW)
    later = heat([report("a", 12.0, novelty=0.5)], NOTHING_USUAL, NOW)
    weeks = heat([report("a", 0.0), report("b", 24 * 10.0, novelty=0.5)], NOTHING_USUAL, NOW)

    assert (now.breadth, now.speed, now.persistence, now.novelty) == pytest.approx((1, 1, 1, 0.5))
    assert now.value == pytest.approx((1 + 1 + 0.25 + 0.5) * 0.5)
    assert (later.breadth, later.speed, later.novelty) == pytest.approx((0.5, 0.25, 0.25))
    assert weeks.persistence == pytest.approx(1)


def test_a_story_fades_once_it_is_told_of_at_three_fifths_of_its_rate() -> None:
    times = [NOW - age * HOUR for age in range(12, 24 * 5, 3)]

    assert trend([*times, NOW - HOUR, NOW - 2 * HOUR, NOW - 4 * HOUR, NOW - 6 * HOUR], NOW) is Trend.STEADY
    assert trend(times, NOW) is Trend.FADING


def dated(id_: str, day: datetime, source: str = "Wire") -> Report:
    return replace(told := report(id_, 0.0, source), headline=replace(told.headline, published=day))


def test_what_came_at_an_unknown_hour_of_today_does_not_fade_at_its_end() -> None:
    today = NOW.replace(hour=0, minute=0)
    days = [today - timedelta(days=day) for day in range(1, 6)]

    for hour in (1, 12, 24):
        assert trend([today, today], today + hour * HOUR) is Trend.RISING
    assert trend([today, today, *days, *days], today + 24 * HOUR) is Trend.STEADY
    assert trend(days, today + 24 * HOUR) is Trend.FADING


def test_what_came_at_an_unknown_hour_is_as_hot_as_what_came_at_one_on_average() -> None:
    today = NOW.replace(hour=0, minute=0)
    end = today + 24 * HOUR
    by_the_minute = [today + timedelta(minutes=minute) + timedelta(seconds=30) for minute in range(24 * 60)]
    at_each = [heat([dated("a", at)], NOTHING_USUAL, end).breadth for at in by_the_minute]

    assert heat([dated("a", today)], NOTHING_USUAL, end).breadth == pytest.approx(sum(at_each) / len(at_each), rel=1e-4)
    assert heat([dated("a", today)], NOTHING_USUAL, today).breadth == 1


def test_of_an_outlet_that_tells_no_hours_its_day_is_what_is_usual() -> None:
    day = NOW.replace(hour=0, minute=0)
    usual = Usual([("Wire", day)] * 24, 1.0)

    assert usual.rate("Wire", day) == pytest.approx(1)
