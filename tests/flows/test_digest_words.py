from __future__ import annotations

import random
from dataclasses import replace
from datetime import time

import pytest

from bot.flows.digest_words import to_settings
from bot.flows.wording.vocabulary import KINDS, LANGUAGES, SUBJECTS
from bot.texts import languages, say
from storage.domain.annotations import Category
from storage.domain.digests import Alerts, QuietHours, Style, Timetable, WhenEmpty
from storage.domain.kinds import ArticleKind
from tests.flows.digest_wishes import ACTIVE, ALL_BUT_SPORT, BEFORE, BUSY, NOW, PLAIN, changed, wishes

# whole wishes

WHOLE: dict[str, dict[str, object]] = {
    "Please send me the digest every weekday at 7:30 and 18:00, Berlin time, 8 items, headlines only, in English, "
    "from Reuters and BBC.": {
        "times": (time(7, 30), time(18)),
        "days": frozenset({1, 2, 3, 4, 5}),
        "zone": "Europe/Berlin",
        "length": 8,
        "style": Style.HEADLINES,
        "languages": ("en",),
        "sources": ("Reuters", "BBC"),
    },
    "7:30 8 items": {"times": (time(7, 30),), "length": 8},
    "8 headlines at 7:30": {"times": (time(7, 30),), "length": 8, "style": Style.HEADLINES},
    "I want tech news and papers at 9, but no posts": {
        "times": (time(9),),
        "categories": (Category.TECHNOLOGY,),
        "kinds": (ArticleKind.PAPER, ArticleKind.NEWS),
    },
    "from Reuters, BBC, weekdays at 7:30": {
        "times": (time(7, 30),),
        "days": frozenset({1, 2, 3, 4, 5}),
        "sources": ("Reuters", "BBC"),
    },
    "from Reuters, BBC 6 items on weekdays": {
        "days": frozenset({1, 2, 3, 4, 5}),
        "length": 6,
        "sources": ("Reuters", "BBC"),
    },
    "from Ars Technica, Hacker News daily at 9 headlines": {
        "times": (time(9),),
        "style": Style.HEADLINES,
        "sources": ("Ars Technica", "Hacker News"),
    },
    "from Reuters Berlin time only science": {
        "zone": "Europe/Berlin",
        "categories": (Category.SCIENCE,),
        "sources": ("Reuters",),
    },
    "from the new york times weekdays": {
        "days": frozenset({1, 2, 3, 4, 5}),
        "sources": ("the new york times",),
    },
    "from The Sunday Times, Sky Sports and the Daily Mail": {
        "sources": ("The Sunday Times", "Sky Sports", "the Daily Mail"),
    },
    "来自新华社和路透社每天9点6条": {"times": (time(9),), "length": 6, "sources": ("新华社", "路透社")},
    "来自 BBC 只看科技": {"categories": (Category.TECHNOLOGY,), "sources": ("BBC",)},
    "来自科技日报、每日经济新闻、第一财经": {"sources": ("科技日报", "每日经济新闻", "第一财经")},
    "from monday to friday at 9": {"times": (time(9),), "days": frozenset({1, 2, 3, 4, 5})},
    "daily 7:30, quiet from 11pm to 7am, alerts on": {
        "times": (time(7, 30),),
        "quiet": QuietHours(since=time(23), until=time(7)),
        "alerts": Alerts(),
    },
    "每天早上7点半，北京时间，10条，只看科技和财经，中文，没有新内容时不要打扰": {
        "times": (time(7, 30),),
        "zone": "Asia/Shanghai",
        "length": 10,
        "categories": (Category.TECHNOLOGY, Category.BUSINESS),
        "languages": ("zh",),
        "when_empty": WhenEmpty.SILENCE,
    },
    "工作日早上7点半和晚上6点，周五除外": {
        "times": (time(7, 30), time(18)),
        "days": frozenset({1, 2, 3, 4}),
    },
    "Sydney, 6.45am": {"times": (time(6, 45),), "zone": "Australia/Sydney"},
    "every weekday evening at 8": {"times": (time(20),), "days": frozenset({1, 2, 3, 4, 5})},
    "at 7 in the morning 8 items": {"times": (time(7),), "length": 8},
    "change the time to 9, 10 items max": {"times": (time(9),), "length": 10},
    "7:30 daily and 18:00, weekends off": {
        "times": (time(7, 30), time(18)),
        "days": frozenset({1, 2, 3, 4, 5}),
    },
    "工作日9点不看体育": {
        "times": (time(9),),
        "days": frozenset({1, 2, 3, 4, 5}),
        "categories": ALL_BUT_SPORT,
    },
    "每天不看体育，9点": {"times": (time(9),), "categories": ALL_BUT_SPORT},
    "weekdays no sport": {"days": frozenset({1, 2, 3, 4, 5}), "categories": ALL_BUT_SPORT},
    "digest - 9:00": {"times": (time(9),)},
    "除周末外每天9点": {"times": (time(9),), "days": frozenset({1, 2, 3, 4, 5})},
    "来自路透社 9点半 快讯，10条": {
        "times": (time(9, 30),),
        "sources": ("路透社",),
        "alerts": Alerts(),
        "length": 10,
    },
    "weekdays 9:00\nBerlin\n8 items": {
        "times": (time(9),),
        "days": frozenset({1, 2, 3, 4, 5}),
        "zone": "Europe/Berlin",
        "length": 8,
    },
}


@pytest.mark.parametrize("text", WHOLE)
def test_whole_wishes_are_read(text: str) -> None:
    assert changed(text) == WHOLE[text]


def test_pieces_may_come_in_any_order() -> None:
    pieces = [
        "7:30",
        "weekdays",
        "Berlin",
        "quiet 22-7",
        "8 items",
        "headlines",
        "in english",
        "no sport",
        "papers",
        "silent when empty",
        "alerts 3 outlets",
        "from Reuters",
    ]
    once = to_settings(ACTIVE, ", ".join(pieces), NOW)
    chance = random.Random(6)  # noqa: S311

    for _ in range(50):
        chance.shuffle(pieces)

        assert to_settings(ACTIVE, ", ".join(pieces), NOW) == once


@pytest.mark.parametrize("language", languages())
def test_subjects_kinds_and_languages_are_understood_as_the_catalogues_call_them(language: str) -> None:
    for category in Category:
        assert SUBJECTS[say(language, f"category_{category}").lower()] == (category,)
    for kind in ArticleKind:
        if kind not in {ArticleKind.NEWS, ArticleKind.RELEASE}:
            assert KINDS[say(language, f"digest_kind_{kind}")] == (kind,)
    for code in {code for codes in LANGUAGES.values() for code in codes}:
        assert LANGUAGES[say(language, f"digest_language_{code}").lower()] == (code,)


# what a wish means beside what it says


def test_who_says_when_wants_digests() -> None:
    assert to_settings(PLAIN, "7:30", NOW).active
    assert to_settings(PLAIN, "weekdays", NOW).active
    assert not to_settings(PLAIN, "headlines, Berlin, quiet 22-7, alerts on", NOW).active
    assert not to_settings(PLAIN, "7:30, off", NOW).active


@pytest.mark.parametrize("text", ["9:00", "weekends", "Berlin", "not on mondays"])
def test_slots_are_theirs_from_when_they_were_changed(text: str) -> None:
    assert to_settings(BUSY, text, NOW).since == NOW
    assert to_settings(PLAIN, "on", NOW).since == NOW


@pytest.mark.parametrize("text", ["headlines", "quiet 23-5", "alerts off", "papers", "on", "7:30 and 18:00", "off"])
def test_a_slot_that_is_still_to_come_late_stays_theirs_where_slots_do_not_change(text: str) -> None:
    assert to_settings(BUSY, text, NOW).since == BEFORE


@pytest.mark.parametrize(
    ("text", "days"),
    [("每个工作日早上七点半", [1, 2, 3, 4, 5]), ("每个周末早上九点", [6, 7])],
)
def test_every_one_of_some_days_is_those_days_in_chinese(text: str, days: list[int]) -> None:
    found = to_settings(PLAIN, text, NOW)

    assert sorted(found.timetable.days) == days


@pytest.mark.parametrize("text", ["别再发简报了", "别再给我发了", "停", "取消", "不要日报", "不用再给我推送简报了"])
def test_ways_to_want_no_more_digests_in_chinese(text: str) -> None:
    assert not to_settings(ACTIVE, text, NOW).active


# changes

WEEKDAYS_AT_HALF_PAST_SEVEN = replace(
    ACTIVE, timetable=Timetable(times=(time(7, 30),), days=frozenset({1, 2, 3, 4, 5}), zone="Europe/Berlin")
)
CHANGES = {
    "21:00 on 1-6": "9pm except sundays | 9pm every day but sundays | 除了周日，每天晚上9点 | 除了周日每天晚上9点"
    " | 晚上9点，周日除外 | 晚上9点 周日除外",
    "7:30 21:00 on 1-5": "also at 9pm | 9pm too | and 9pm as well | add 9pm | another one at 9pm | plus 21:00"
    " | 再加一个晚上9点的 | 晚上9点也要 | 晚上9点也发一次 | 另外晚上9点",
    "21:00 on 1-5": "9pm | 9pm instead | 9pm instead of 7:30 | drop the 7:30 one, 9pm only | move it to 9pm"
    " | remove 7:30, add 21:00 | 换成晚上9点 | 改到晚上9点 | 9 in the evening, weekends excluded",
    "7:30 on 1-6": "also on saturdays | saturdays too | add saturdays | 周六也要 | 周六也发 | 再加周六",
    "7:30 on 1-4": "not on fridays | no longer on fridays | no more on fridays | skip fridays | not on fridays any more"
    " | 周五不要 | 周五别发 | 去掉周五",
    "7:30 on 1-7": "every day | also weekends | weekends too | 周末也要",
    "8:00 13:00 20:00 on 1-5": "8, 13 and 20 o'clock | at 8:00, 13:00 and 20:00 | 8、13和20点",
}


@pytest.mark.parametrize(
    ("after", "text"), [(after, wish) for after, texts in CHANGES.items() for wish in wishes(texts)]
)
def test_what_is_held_is_replaced_added_to_or_taken_from_as_it_is_said(after: str, text: str) -> None:
    times, _, days = after.partition(" on ")
    first, _, last = days.partition("-")

    table = to_settings(WEEKDAYS_AT_HALF_PAST_SEVEN, text, NOW).timetable

    assert " ".join(f"{at:%-H:%M}" for at in table.times) == times
    assert table.days == frozenset(range(int(first), int(last) + 1))
    assert table.zone == "Europe/Berlin"


def test_one_of_several_hours_is_taken_for_another_and_the_rest_stay() -> None:
    assert changed("20:00 instead of 7:30", BUSY) == {"times": (time(18), time(20))}
    assert changed("not at 7:30", BUSY) == {"times": (time(18),)}
    assert changed("also politics", BUSY) == {"categories": (Category.SPORT, Category.POLITICS)}


REPLACED = {
    "8:00 18:00": "move 7:30 to 8:00 | change 7:30 to 8 | can you move my 7:30 digest to 8? | replace 7:30 with 8am"
    " | move it from 7:30 to 8:00 | instead of 7:30 send it at 8:00 | instead of 7:30, at 8 | not at 7:30 but at 8"
    " | don't send it at 7:30 but at 8:00 | drop 7:30, 8 instead | 7:30 -> 8:00 | the 7:30 digest should come at 8:00"
    " | 把7点半改成8点 | 把7点半改到8点 | 7点半换成8点 | 7:30改为8:00 | 将7:30调整为8点 | 把7点半的简报推迟到8点"
    " | 8点代替7点半 | 不要7点半，要8点 | 不是7点半而是8点 | 7点半不要了，改成8点"
    " | 请把时间从7点半改到8点 | 每天7点半改成8点",
    "7:30 19:00": "move 6pm to 7 | 把晚上6点改成7点 | no longer at 18:00 but 19:00 | 19:00 rather than 18:00",
    "12:00": "change 7:30 and 18:00 to noon | 把7点半和18点改成12点",
    "8:00 18:00 21:00": "把7点半改成8点，再加晚上9点 | 7:30改8点，还有21点 | move 7:30 to 8 and also at 9pm",
    "18:00": "每天不要7:30 | 每天7:30不要 | weekdays not at 7:30",
}


@pytest.mark.parametrize(
    ("after", "text"), [(after, wish) for after, texts in REPLACED.items() for wish in wishes(texts)]
)
def test_an_hour_that_is_to_be_another_is_replaced_alone_and_the_days_stay(after: str, text: str) -> None:
    table = to_settings(BUSY, text, NOW).timetable

    assert " ".join(f"{at:%-H:%M}" for at in table.times) == after
    assert table.days == BUSY.timetable.days
