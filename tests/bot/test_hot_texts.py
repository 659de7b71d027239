"""What is said of the time a hot list looked at, and how a line of it leads to its story, in every room."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.messenger.paragraphs import render
from bot.texts import over_listing, window
from bot.texts.stories import facts
from storage.domain.dialogue import Answer, Citation, Question, Sentence
from storage.domain.news import ArticleId
from storage.domain.stories import Trend
from tests.bot_api import telegram_html
from tests.hot import hot_story

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)


def going_on(language: str = "en", *, until: datetime | None = None) -> Answer:
    cited = tuple(
        Citation(n=n, article_id=ArticleId(f"a{n}"), title=f"Title {n}", quote="x", url=None, source="Wire")
        for n in (1, 2)
    )
    return Answer(
        question=Question(text="What's going on?", language=language, asked_at=NOON, standalone=""),
        sentences=tuple(Sentence(text=f"Story {n} was told.", citations=(n,)) for n in (1, 2)),
        citations=cited,
        listing=True,
        hottest=True,
        stories=(128, 7),
        lately=timedelta(days=7),
        until=until,
        engine="e",
    )


@pytest.mark.parametrize(
    ("lately", "english", "chinese"),
    [
        (timedelta(hours=1), "in the last hour", "过去一小时"),
        (timedelta(hours=3), "in the last 3 hours", "过去 3 小时"),
        (timedelta(days=1), "in the last day", "过去一天"),
        (timedelta(days=2), "in the last 48 hours", "过去 48 小时"),
        (timedelta(days=7), "in the last week", "过去一周"),
        (timedelta(days=9, hours=23), "in the last 10 days", "过去 10 天"),
        (timedelta(days=30), "in the last month", "过去一个月"),
        (timedelta(minutes=5), "in the last hour", "过去一小时"),
    ],
)
def test_the_time_that_was_looked_at_is_told_in_words(lately: timedelta, english: str, chinese: str) -> None:
    assert (window(lately, None, "en"), window(lately, None, "zh")) == (english, chinese)


def test_of_a_story_without_a_date_no_direction_is_told() -> None:
    made = hot_story()
    undated = replace(
        made.story, reports=tuple(replace(r, headline=replace(r.headline, published=None)) for r in made.story.reports)
    )
    heat = replace(made.heat, trend=Trend.UNKNOWN)

    assert facts(undated, heat, "en") == "outlets 2 · articles 2 · undated"
    assert facts(undated, heat, "zh") == "2家媒体 · 2篇报道 · 日期不明"
    assert " · over · " in facts(made.story, replace(heat, trend=Trend.OVER), "en")
    assert " · 已平息 · " in facts(made.story, replace(heat, trend=Trend.OVER), "zh")


def test_a_time_that_is_over_is_told_by_its_ends_where_the_reader_is() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")

    assert window(timedelta(days=1), NOON, "en", UTC) == "from 2026-11-11 12:00 to 2026-11-12 12:00"
    assert over_listing(going_on("zh", until=NOON), shanghai) == "2026年11月5日 20:00 至 2026年11月12日 20:00的热点"


def test_in_telegram_each_line_of_what_is_going_on_leads_to_its_story() -> None:
    (part,) = render.answer(going_on())

    lines = telegram_html.parse(part).text.splitlines()
    assert lines[0] == "Hot in the last week"
    assert "Story 1 was told. /brief_128" in lines
    assert "Story 2 was told. /brief_7" in lines
