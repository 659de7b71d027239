from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.evaluations.four_weeks import read_four_weeks
from storage.domain.annotations import Category
from storage.errors import InputError

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)


def write(path: Path, *published: datetime, **given: str) -> None:
    rows = [{"text": "Six boats.", "title": f"Boat {n}", "published": at.isoformat()} for n, at in enumerate(published)]
    path.write_text("\n".join(json.dumps({**row, **given}) for row in rows), encoding="utf-8")


def every(hours: int, count: int, since: datetime = MONDAY) -> list[datetime]:
    return [since + timedelta(hours=hours * n) for n in range(count)]


def test_the_month_begins_on_the_monday_of_the_four_weeks_that_hold_most(tmp_path: Path) -> None:
    write(tmp_path / "a", MONDAY - timedelta(days=200), *every(12, 40, MONDAY + timedelta(days=2)))

    month = read_four_weeks(tmp_path)

    assert month.start == MONDAY
    assert (len(month.news), month.days) == (40, 22)
    assert month.news[0].at == MONDAY + timedelta(days=2)


def test_four_weeks_that_are_not_much_poorer_are_laid_over_it_on_the_same_weekdays(tmp_path: Path) -> None:
    rich, poorer, poor = every(12, 40), every(24, 12, MONDAY + timedelta(days=28)), [MONDAY + timedelta(days=57)]
    write(tmp_path / "a", *rich, *poorer, *poor)

    month = read_four_weeks(tmp_path)

    assert len(month.news) == 52
    assert [each.at for each in month.news] == sorted([*rich, *(at - timedelta(days=28) for at in poorer)])


def test_the_files_of_other_years_are_laid_over_each_other(tmp_path: Path) -> None:
    other = datetime(2022, 6, 14, 7, 30, tzinfo=UTC)
    write(tmp_path / "a", *every(12, 40))
    write(tmp_path / "b", *every(24, 10, other))

    month = read_four_weeks(tmp_path)

    assert len(month.news) == 50
    moved = MONDAY + timedelta(days=1, hours=7, minutes=30)
    assert moved in {each.at for each in month.news}
    assert [each.at for each in month.news] == sorted(each.at for each in month.news)


def test_articles_come_in_by_ids_and_times_of_the_month(tmp_path: Path) -> None:
    write(tmp_path / "a", *every(12, 40), id="the same")

    month = read_four_weeks(tmp_path)

    assert len({each.id for each in month.news}) == 40
    for each in month.news:
        line = json.loads(each.line)
        assert (line["id"], line["published"], line["title"]) == (each.id, each.at.isoformat(), each.title)


@pytest.mark.parametrize(
    ("given", "category"),
    [
        ({"category": "sports", "url": "https://news.example/politics/1"}, Category.SPORT),
        ({"url": "https://news.example/politics/1"}, Category.POLITICS),
        ({"url": "https://news.example/1"}, None),
        ({}, None),
    ],
)
def test_the_data_say_what_an_article_is_about_or_its_address(
    tmp_path: Path, given: dict[str, str], category: Category | None
) -> None:
    write(tmp_path / "a", *every(12, 40), **given)

    assert read_four_weeks(tmp_path).news[0].category is category


def test_articles_without_times_and_what_holds_none_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "a", *every(12, 40))
    write(tmp_path / "b", MONDAY, published="")
    (tmp_path / "c").write_text(json.dumps({"question": "When?"}), encoding="utf-8")

    assert len(read_four_weeks(tmp_path).news) == 40


def test_too_few_are_named(tmp_path: Path) -> None:
    write(tmp_path / "a", *every(12, 3))

    with pytest.raises(InputError, match="fewer than 20 articles"):
        read_four_weeks(tmp_path)
