from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from bot.texts import catalogue, languages
from bot.texts.digests import bounds, described, next_told, when
from storage.domain.annotations import Category
from storage.domain.digests import Alerts, DigestSettings, QuietHours, Style, Tastes, Timetable, WhenEmpty
from storage.domain.kinds import ArticleKind
from storage.domain.people import ReaderId

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
PLAIN = DigestSettings(reader=ReaderId("r"), since=NOW)
BUSY = replace(
    PLAIN,
    active=True,
    timetable=Timetable(
        times=(time(7, 30), time(18)),
        days=frozenset({1, 2, 3, 4, 5}),
        zone="Europe/Berlin",
        quiet=QuietHours(since=time(22), until=time(6)),
    ),
    length=10,
    style=Style.SUMMARIES,
    tastes=Tastes(
        languages=("en", "zh"),
        categories=(Category.SPORT, Category.CULTURE),
        kinds=(ArticleKind.NEWS, ArticleKind.PAPER),
        sources=("Reuters", "新华社"),
    ),
    when_empty=WhenEmpty.SILENCE,
    alerts=Alerts(outlets=7, a_day=4),
)


def test_settings_are_told_in_a_few_lines() -> None:
    assert described(PLAIN, "en", NOW) == (
        "Digests are off. When you turn them on, they come every day at 08:00, UTC.",
        "Each has up to 5 items, one line each.",
        "If there is nothing new, I say so.",
        "Breaking news is not sent at once.",
    )
    assert described(BUSY, "en", NOW) == (
        "Digests come Monday to Friday at 07:30, 18:00, Berlin time.",
        "Each has up to 10 items, up to three lines each.",
        "Only: sport, culture; news, papers; in English, Chinese; from Reuters, 新华社.",
        "If there is nothing new, I send nothing.",
        "From 22:00 to 06:00 I send nothing on my own.",
        "Breaking news is sent at once when 7 outlets report it, at most 4 a day.",
    )


def test_settings_are_told_in_chinese() -> None:
    assert described(BUSY, "zh", NOW) == (
        "简报发送时间：周一到周五 07:30、18:00（柏林时间）。",
        "每份最多 10 条，每条最多三句话。",
        "只包括：体育、文化；新闻、论文；英文、中文；来自Reuters、新华社。",
        "没有新内容时，我不打扰你。",
        "22:00 到 06:00 免打扰，我不主动发送任何内容。",
        "突发新闻有 7 家媒体报道时立即提醒，每天最多 4 条。",
    )


@pytest.mark.parametrize(
    ("days", "told"), [({6, 7}, "at weekends at 08:00, UTC"), ({1, 3}, "on Monday, Wednesday at 08:00, UTC")]
)
def test_days_are_told(days: set[int], told: str) -> None:
    assert when(Timetable(days=frozenset(days)), "en") == told


def test_zones_of_an_offset_are_told_as_that() -> None:
    assert when(Timetable(zone="Etc/GMT-8"), "en") == "every day at 08:00, UTC+8"
    assert when(Timetable(zone="Asia/Shanghai"), "zh") == "每天 08:00（北京时间）"


def test_where_most_subjects_are_wanted_those_left_out_are_told() -> None:
    most = tuple(each for each in Category if each not in {Category.SPORT, Category.CRIME})

    assert bounds(Tastes(categories=most), "en") == "everything but sport, crime"


def test_a_language_without_a_name_is_told_by_its_code() -> None:
    assert bounds(Tastes(languages=("xx",)), "en") == "in xx"


def test_the_next_digest_is_told_by_the_readers_own_clock() -> None:
    assert next_told(BUSY, "en", NOW) == "The next one comes on Monday, 2026-11-30, at 18:00 (Berlin time)."
    assert next_told(BUSY, "zh", NOW) == "下一份：2026年11月30日（周一）18:00，柏林时间。"
    assert next_told(PLAIN, "en", NOW) is None


def test_without_a_language_all_is_told_in_english() -> None:
    assert described(BUSY, None, NOW) == described(BUSY, "en", NOW)


def test_catalogues_say_the_same_of_digests_with_the_same_fields() -> None:
    fields = [
        {key: sorted(re.findall(r"{(\w+)", text)) for key, text in catalogue(language).items() if "digest" in key}
        for language in languages()
    ]

    assert all(each == fields[0] for each in fields)
