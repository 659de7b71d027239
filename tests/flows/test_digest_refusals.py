from __future__ import annotations

import contextlib
import time as clock
import unicodedata
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.digest_words import to_settings, topics_of
from bot.texts import catalogue, languages, say
from storage.errors import InputError
from tests.flows.digest_wishes import ACTIVE, BUSY, NOW, changed, refusal

REFUSED = {
    "flurble": ("digest_not_understood", {"piece": "flurble"}),
    "7:30 flurble weekdays": ("digest_not_understood", {"piece": "flurble"}),
    "7:30, Flurble Gargle, 5 items": ("digest_not_understood", {"piece": "Flurble Gargle"}),
    "每天7点半，咕噜咕噜，5条": ("digest_not_understood", {"piece": "咕噜咕噜"}),
    "at 25:00": ("digest_no_such_hour", {"time": "25:00"}),
    "move 8 to 25:00": ("digest_no_such_hour", {"time": "25:00"}),
    "8": ("digest_not_understood", {"piece": "8"}),
    "not at 7:30": ("digest_not_then", {"time": "07:30"}),
    "not at 8:00": ("settings_last_time", {"time": "08:00"}),
    "not": ("digest_not_understood", {"piece": "not"}),
    "every 2 hours": ("digest_not_understood", {"piece": "every 2 hours"}),
    "every other day at noon": ("digest_not_understood", {"piece": "every other day"}),
    "twice a day": ("digest_not_understood", {"piece": "twice a day"}),
    "3 times a week": ("digest_not_understood", {"piece": "3 times a week"}),
    "每天两次": ("digest_not_understood", {"piece": "每天两次"}),
    "每隔两天早上8点": ("digest_not_understood", {"piece": "每隔两天"}),
    "早晚各一次": ("digest_not_understood", {"piece": "早晚各一次"}),
    "zone Nowhere, 7:30": ("digest_zone_unknown", {"wanted": "Nowhere"}),
    "时区 火星": ("digest_zone_unknown", {"wanted": "火星"}),
    "weekdays at 7, weekends at 9": ("digest_one_timetable", {}),
    "工作日7点，周末9点": ("digest_one_timetable", {}),
    "Berlin and Tokyo": ("digest_contradiction", {"piece": "Tokyo"}),
    "headlines, 5 items, summaries": ("digest_contradiction", {"piece": "summaries"}),
    "5 items, 10条": ("digest_contradiction", {"piece": "10条"}),
    "on, off": ("digest_contradiction", {"piece": "off"}),
    "7:30 to 18:00": ("digest_not_understood", {"piece": "7:30 to 18:00"}),
    "早上7点到8点": ("digest_not_understood", {"piece": "早上7点到8点"}),
    "from 7:30": ("digest_not_understood", {"piece": "from"}),
    "来自": ("digest_not_understood", {"piece": "来自"}),
    "stop sport": ("digest_not_understood", {"piece": "stop"}),
    "pause on sundays": ("digest_not_understood", {"piece": "pause on"}),
    "more science": ("digest_not_understood", {"piece": "more"}),
    "digest, please": ("digest_usage", {}),
    "UTC+15": ("digest_zone_unknown", {"wanted": "UTC+15"}),
    "zone": ("digest_zone_unknown", {"wanted": "zone"}),
    "22:30, quiet 22-7": ("digest_time_quiet", {"time": "22:30", "since": "22:00", "until": "07:00"}),
    "quiet 7-9": ("digest_time_quiet", {"time": "08:00", "since": "07:00", "until": "09:00"}),
    "quiet 7-7": ("digest_quiet_same", {"time": "07:00"}),
    "quiet 25:00-7": ("digest_no_such_hour", {"time": "25:00"}),
    "20 items": ("digest_length_range", {"fewest": 3, "most": 15}),
    "2条": ("digest_length_range", {"fewest": 3, "most": 15}),
    "alerts 1 outlet": ("digest_alerts_outlets_range", {"fewest": 2, "most": 50}),
    "99 alerts a day": ("digest_alerts_a_day_range", {"fewest": 1, "most": 10}),
    "1:00 2:00 3:00 4:00 5:00 6:00 7:00 8:00 9:00": ("digest_too_many_times", {"most": 8}),
    "not daily": ("digest_not_understood", {"piece": "daily"}),
    "weekdays but not mon-fri": ("digest_no_days", {}),
    "papers but no papers": ("digest_nothing_left", {}),
    "": ("digest_usage", {}),
    " ,.! ": ("digest_usage", {}),
    "7:30 " * 200: ("digest_too_long", {"most": 500}),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_understood_or_cannot_be_is_refused_by_name(text: str) -> None:
    refused = refusal(text)

    assert (refused.key, refused.fields) == REFUSED[text]
    for language in languages():
        assert say(language, str(refused.key), **refused.fields)


@pytest.mark.parametrize("text", ["7:30和" * 90, "change " + "7:30 and " * 50, "drop 7:30, 8 " * 38])
def test_many_hours_in_a_row_are_read_at_once(text: str) -> None:
    began = clock.process_time()
    to_settings(BUSY, text, NOW)

    assert clock.process_time() - began < 10


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("change 9:00 to 10:00", "digest_not_then"),
        ("把9点改成10点", "digest_not_then"),
        ("把7点半改成7点半", "digest_not_understood"),
        ("把7点半改为每天8点", "digest_not_understood"),
        ("don't move 7:30 to 8:00", "digest_not_understood"),
        ("周五的7点半改成8点", "digest_one_timetable"),
        ("周五不要7:30", "digest_one_timetable"),
        ("instead of 7:30 send it at 20:00 on weekends", "digest_one_timetable"),
        ("also at 6pm on weekends", "digest_one_timetable"),
        ("周末晚上六点也要", "digest_one_timetable"),
    ],
)
def test_an_hour_that_cannot_be_replaced_so_is_refused(text: str, key: str) -> None:
    assert refusal(text, BUSY).key == key


def test_a_time_in_quiet_hours_that_were_set_before_is_refused() -> None:
    assert refusal("at 23:00", BUSY).key == "digest_time_quiet"
    assert changed("at 23:00, no quiet hours", BUSY) == {"times": (time(23),), "quiet": None}


WORDS = """
7:30 at and quiet 22-7 from BBC no not
off 周末 除 除外 不要 免打扰 点 半 周一 到 五 五条 快讯 , . ， 、 ; - + / UTC+ zone in
alerts outlets news sport 十 每天 🗞 İ ß 没有 时 if nothing 3
"""
SCRAPS = st.sampled_from(
    [
        *WORDS.split(),
        "at most",
        "a day",
        "New York",
        "when empty",
        "tell me",
        "\n",
        "chip",
        "about",
        "芯片",
        "的新闻",
        "EU",
    ]
)
TEXTS = st.lists(SCRAPS | st.text(max_size=6), max_size=14).map(" ".join) | st.text(max_size=60)


@given(TEXTS)
def test_any_text_is_understood_or_refused_with_a_sentence_of_the_catalogue(text: str) -> None:
    try:
        refused = None
        to_settings(BUSY, text, NOW)
        topics = topics_of(text)
        read = unicodedata.normalize("NFKC", text)
        assert all(each == each.strip() and 1 < len(each) <= 40 for each in topics)
        assert all(" ".join(each.split()) in " ".join(read.split()) for each in topics)
        assert not topics or any(
            word in read.lower() for word in ("news", "headline", "stor", "article", "新闻", "消息")
        )
    except InputError as error:
        refused = error

    if refused is not None:
        assert str(refused.key) in catalogue("en")
        assert say("zh", str(refused.key), **refused.fields)


@pytest.mark.parametrize(
    "text",
    [
        "a " * 250,
        "from a and " * 45,
        "from a en " * 50,
        "from " + "en " * 160 + "zzz",
        "周一、" * 160,
        "7 " * 250,
        "((((" * 125,
        "new york " * 55,
        "when there is nothing " * 22,
        "没有" * 250,
        "chip " * 80 + "news",
        "chip and " * 55 + "news",
        "chip news " * 50,
        "news about " * 45,
        "芯片和" * 150 + "新闻",
        "芯" * 498 + "新闻",
    ],
)
def test_long_wishes_are_read_in_little_time(text: str) -> None:
    began = clock.process_time()

    with contextlib.suppress(InputError):
        to_settings(ACTIVE, text[:500], NOW)

    assert clock.process_time() - began < 10
