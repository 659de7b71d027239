from __future__ import annotations

import random
import time as clock
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.digest_words import to_settings, topics_of
from bot.flows.wording.vocabulary import KINDS, LANGUAGES, SUBJECTS
from bot.texts import catalogue, languages, say
from storage.domain.annotations import Category
from storage.domain.digests import Alerts, DigestSettings, QuietHours, Style, Tastes, Timetable, WhenEmpty
from storage.domain.kinds import ArticleKind
from storage.domain.people import ReaderId
from storage.errors import InputError

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(days=9)
PLAIN = DigestSettings(reader=ReaderId("r"), since=BEFORE)
ACTIVE = replace(PLAIN, active=True)
BUSY = DigestSettings(
    reader=ReaderId("r"),
    since=BEFORE,
    active=True,
    timetable=Timetable(
        times=(time(7, 30), time(18)),
        days=frozenset({1, 2, 3, 4, 5}),
        zone="Asia/Tokyo",
        quiet=QuietHours(since=time(22), until=time(6)),
    ),
    length=10,
    style=Style.SUMMARIES,
    tastes=Tastes(languages=("en",), categories=(Category.SPORT,), kinds=(ArticleKind.NEWS,), sources=("Reuters",)),
    when_empty=WhenEmpty.SILENCE,
    alerts=Alerts(outlets=7, a_day=4),
)
"""Everything is otherwise than it is at first."""
ALL_BUT_SPORT = tuple(each for each in Category if each is not Category.SPORT)


def changed(text: str, of: DigestSettings = ACTIVE) -> dict[str, object]:
    """What a wish changes, by field."""
    found = to_settings(of, text, NOW)
    fields: dict[str, object] = {}
    for held, now in ((of, found), (of.timetable, found.timetable), (of.tastes, found.tastes)):
        for name in held.__dataclass_fields__:
            if getattr(held, name) != getattr(now, name) and name not in {"timetable", "tastes", "since"}:
                fields[name] = getattr(now, name)
    return fields


def wishes(text: str) -> list[str]:
    return [wish.strip() for wish in text.split("|")]


def refusal(text: str, of: DigestSettings = ACTIVE) -> InputError:
    with pytest.raises(InputError) as refused:
        to_settings(of, text, NOW)
    return refused.value


# pieces

TIMES = {
    (
        time(7, 30),
    ): "7:30 | at 7:30 | 7.30 | at 7:30 please | 早上7点半 | 7点30分 | daily at 7:30 | 每天早上7点半 | ７：３０",
    (time(7),): "7am | at 7 | at seven o'clock | every morning at 7 | 早上7点 | 每天7点 | 每早7点",
    (time(20),): "8pm | every evening at 8 | 20:00 | 晚上8点 | 每晚8点 | at 8 in the evening",
    (time(7, 30), time(18)): "7:30 and 18:00 | at 7:30, 18:00 | at 18:00 and 7:30 | 7:30 18 | 早上7点半和晚上6点",
    (time(7), time(12), time(20)): "at 7, 12 and 20 | 7am, noon, 8pm | 7点、12点、20点",
}


@pytest.mark.parametrize(("times", "text"), [(times, wish) for times, text in TIMES.items() for wish in wishes(text)])
def test_times_are_read(times: tuple[time, ...], text: str) -> None:
    assert changed(text) == {"times": times}


DAYS = {
    "12345": "weekdays | on weekdays | mon-fri | not on weekends | no weekends | except weekends | weekends off | "
    "工作日 | 周一到周五 | 周末除外 | 周末不要 | 除了周末 | 周六、周日除外 | don't send on weekends",
    "123456 ": "no digest on sundays | 取消周日 | 周日暂停 | Don't send me anything on sundays",
    "67": "weekends | sat sun | sat and sun | on saturdays and sundays | 周末 | 周六周日",
    "123456": "not on sundays | daily except sunday | every day but not on sunday | 周日除外 | 每天，周日不发",
    "135": "mon, wed, fri | mon wed and fri | 周一、三、五",
}


@pytest.mark.parametrize(("days", "text"), [(days, wish) for days, text in DAYS.items() for wish in wishes(text)])
def test_days_are_read(days: str, text: str) -> None:
    assert changed(text) == {"days": frozenset(int(day) for day in days.strip())}


ZONES = {
    "Europe/Berlin": "Berlin | in berlin | Europe/Berlin | Berlin time | zone: Berlin | time zone is Europe/Berlin | "
    "I live in Berlin | 柏林 | 柏林时间 | 时区 柏林 | 我在柏林",
    "America/New_York": "new york | in New York | New York City | New_York | 纽约时间",
    "Asia/Shanghai": "上海 | 北京时间 | beijing | 我在上海市",
    "Etc/GMT-8": "UTC+8 | GMT+8 | zone UTC+8",
    "America/St_Johns": "GMT-3:30",
}


@pytest.mark.parametrize(("zone", "text"), [(zone, wish) for zone, text in ZONES.items() for wish in wishes(text)])
def test_zones_are_read(zone: str, text: str) -> None:
    assert changed(text) == {"zone": zone}


QUIET = """
quiet 22-7 | quiet 22:00-7:00 | quiet hours from 10pm to 7am | Quiet hours: 22 to 7 | quiet between 22 and 7 | dnd 22-7
免打扰 22点-7点 | 免打扰22点到7点 | 免打扰晚上10点到早上7点 | 勿扰时间：22:00至7:00
don't disturb me from 22 to 7 | no messages between 10pm and 7am | 晚上10点到早上7点不要打扰
"""


@pytest.mark.parametrize("text", [wish for line in QUIET.strip().splitlines() for wish in wishes(line)])
def test_quiet_hours_are_read(text: str) -> None:
    assert changed(text) == {"quiet": QuietHours(since=time(22), until=time(7))}


@pytest.mark.parametrize(
    "text", wishes("no quiet hours | quiet off | quiet hours off | 不要免打扰 | 取消免打扰 | 免打扰关闭")
)
def test_quiet_hours_can_be_lifted(text: str) -> None:
    assert changed(text, BUSY) == {"quiet": None}


@pytest.mark.parametrize(
    ("text", "length"),
    [
        *(
            (wish, 8)
            for wish in wishes(
                "8 items | length 8 | top 8 | up to 8 items | at most 8 | eight stories | 8条 | 最多8条 | 八条"
            )
        ),
        *((wish, 10) for wish in wishes("10 articles | length: 10 | 10篇 | 十条新闻 | 每次10条")),
    ],
)
def test_lengths_are_read(text: str, length: int) -> None:
    assert changed(text) == {"length": length}


@pytest.mark.parametrize(
    ("style", "text"),
    [
        *((Style.HEADLINES, wish) for wish in wishes("headlines | headlines only | only titles | 标题 | 只看标题")),
        *(
            (Style.SUMMARIES, wish)
            for wish in wishes("summaries | in summaries | style: summary | detailed | 摘要 | 详细")
        ),
        *((Style.BRIEF, wish) for wish in wishes("brief | in brief | short | 简短 | 简要")),
    ],
)
def test_styles_are_read(style: Style, text: str) -> None:
    other = replace(ACTIVE, style=Style.SUMMARIES if style is Style.HEADLINES else Style.HEADLINES)

    assert changed(text, other) == {"style": style}


TASTES: dict[str, tuple[str, tuple[object, ...]]] = {
    "in english | english only | only in English | 英文 | 只看英文": ("languages", ("en",)),
    "english and chinese | in English and Chinese": ("languages", ("en", "zh")),
    "中文 | chinese | in chinese": ("languages", ("zh",)),
    "中英文": ("languages", ("zh", "en")),
    "politics and tech | politics, technology news | only politics, tech | about politics and technology | "
    "政治、科技 | 只看政治和科技新闻": ("categories", (Category.POLITICS, Category.TECHNOLOGY)),
    "no sport | without sports | everything but not sport | 不看体育 | 体育除外 | 除体育外": (
        "categories",
        ALL_BUT_SPORT,
    ),
    "papers | only papers | 论文": ("kinds", (ArticleKind.PAPER,)),
    "papers and releases | 论文和版本发布": ("kinds", (ArticleKind.PAPER, ArticleKind.RELEASE)),
    "arxiv papers and new releases | 最新的论文和版本更新": ("kinds", (ArticleKind.PAPER, ArticleKind.RELEASE)),
    "news only | only news | 只看新闻": ("kinds", (ArticleKind.NEWS,)),
    "papers and news | 论文和新闻": ("kinds", (ArticleKind.PAPER, ArticleKind.NEWS)),
    "no posts | 不要博文": ("kinds", (ArticleKind.NEWS, ArticleKind.PAPER, ArticleKind.RELEASE)),
    "from Reuters, BBC | from Reuters and BBC | only from Reuters & BBC | from Reuters and BBC only | "
    "sources: Reuters, BBC": (
        "sources",
        ("Reuters", "BBC"),
    ),
    "from The New York Times, reuters.com and Le Monde": ("sources", ("The New York Times", "reuters.com", "Le Monde")),
    "来自路透社、新华社 | 来源：路透社，新华社 | 来自路透社和新华社": ("sources", ("路透社", "新华社")),
}


@pytest.mark.parametrize(
    ("text", "field", "values"), [(wish, *bound) for text, bound in TASTES.items() for wish in wishes(text)]
)
def test_bounds_are_read(text: str, field: str, values: tuple[object, ...]) -> None:
    assert changed(text) == {field: values}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("categories", "all subjects | any topic | 所有主题 | 话题不限"),
        ("languages", "any language | all languages | 语言不限"),
        ("kinds", "all kinds | 不限类型"),
        ("sources", "any source | from all sources | 所有来源"),
    ],
)
def test_bounds_can_be_lifted(field: str, text: str) -> None:
    for wish in wishes(text):
        assert changed(wish, BUSY) == {field: ()}


def test_everything_lifts_all_bounds() -> None:
    for wish in ("everything", "什么都看"):
        assert to_settings(BUSY, wish, NOW).tastes == Tastes()


EMPTY = {
    WhenEmpty.SILENCE: "silent when empty | be silent if there is nothing new | nothing when empty | skip empty ones | "
    "don't send anything if there's nothing new | if nothing new, say nothing | "
    "没有新内容时不要打扰 | 没有新消息就不用发 | 没新闻别发",
    WhenEmpty.NOTE: "tell me when there is nothing | tell me if there is nothing new | a note when empty | "
    "say so if there is no news | 没有新闻时告诉我 | 没有新内容也通知我",
}


@pytest.mark.parametrize(
    ("wanted", "text"), [(wanted, wish) for wanted, text in EMPTY.items() for wish in wishes(text)]
)
def test_what_is_said_when_there_is_nothing_new_is_read(wanted: WhenEmpty, text: str) -> None:
    other = replace(ACTIVE, when_empty=next(each for each in WhenEmpty if each is not wanted))

    assert changed(text, other) == {"when_empty": wanted}


ALERTS = {
    (5, 2): "alerts | alerts on | turn on alerts | breaking news on | with alerts | 快讯 | 开启快讯 | 突发新闻提醒",
    (3, 2): "alerts 3 outlets | alerts from 3 outlets | alerts at 3 or more outlets | 快讯3家媒体 | 快讯 至少3家",
    (5, 1): "at most 1 alert a day | one alert per day | alerts, at most 1 a day | 每天最多1条快讯 | 快讯每天最多一条",
    (3, 1): "alerts 3 outlets, at most 1 a day | alerts on, 3 outlets, 1 a day | 快讯3家媒体，每天最多1条",
}


@pytest.mark.parametrize(
    ("wanted", "text"), [(wanted, wish) for wanted, text in ALERTS.items() for wish in wishes(text)]
)
def test_alerts_are_read(wanted: tuple[int, int], text: str) -> None:
    assert changed(text) == {"alerts": Alerts(outlets=wanted[0], a_day=wanted[1])}


def test_what_is_not_said_of_alerts_stays() -> None:
    assert changed("alerts 3 outlets", BUSY) == {"alerts": Alerts(outlets=3, a_day=4)}
    assert changed("alerts on", BUSY) == {}


@pytest.mark.parametrize(
    "text", wishes("alerts off | no alerts | stop alerts | no breaking news | 不要快讯 | 关闭快讯 | 快讯关")
)
def test_alerts_can_be_ended(text: str) -> None:
    assert changed(text, BUSY) == {"alerts": None}


@pytest.mark.parametrize(
    "text",
    wishes(
        "off | digest off | pause | pause please | stop | turn off | turn it off | turn digests off | no digests | "
        "stop the digest | 关闭 | 暂停 | 不要简报"
    ),
)
def test_digests_can_be_ended(text: str) -> None:
    assert changed(text) == {"active": False}


@pytest.mark.parametrize("text", wishes("on | resume | start | turn on | digest on | 开启 | 恢复 | 打开简报"))
def test_digests_can_be_begun(text: str) -> None:
    assert changed(text, PLAIN) == {"active": True}


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


# topics that are none of the subjects

TOPICS: dict[str, tuple[str, ...]] = {
    "chip news | send me chip news | chip stories | the chip news please | 7:30, chip news": ("chip",),
    "news about chips | headlines about chips | send me the news about the chips | articles on chips, daily": (
        "chips",
    ),
    "芯片新闻 | 给我发芯片新闻 | 关于芯片的新闻 | 芯片的最新消息 | 每天8点发关于芯片的新闻": ("芯片",),
    "NVIDIA news | news about NVIDIA in English | 给我发NVIDIA新闻": ("NVIDIA",),
    "EU energy policy news | news about EU energy policy at 7": ("EU energy policy",),
    "US politics news | send me US politics news": ("US politics",),
    "world cup news": ("world cup",),
    "国际空间站新闻": ("国际空间站",),
    "chip and space news | news about chip and space at 8": ("chip", "space"),
    "芯片和航天新闻 | 芯片新闻和航天新闻": ("芯片", "航天"),
    "巴以和平新闻": ("巴以和平",),
}


@pytest.mark.parametrize(
    ("topics", "text"), [(topics, wish) for text, topics in TOPICS.items() for wish in wishes(text)]
)
def test_a_topic_that_is_bound_to_the_news_is_read_as_it_is_written(topics: tuple[str, ...], text: str) -> None:
    assert topics_of(text) == topics
    assert "categories" not in changed(text)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "send me chip news at 7:30, not on weekends",
            {"times": (time(7, 30),), "days": frozenset({1, 2, 3, 4, 5})},
        ),
        ("Could you send me chip news every day at 9?", {"times": (time(9),)}),
        ("工作日早上7点半给我发芯片新闻", {"times": (time(7, 30),), "days": frozenset({1, 2, 3, 4, 5})}),
        ("能不能每天早上9点给我发芯片新闻？", {"times": (time(9),)}),
        ("chip and tech news at 9", {"times": (time(9),), "categories": (Category.TECHNOLOGY,)}),
    ],
)
def test_what_else_is_wished_for_is_read_beside_a_topic(text: str, fields: dict[str, object]) -> None:
    assert topics_of(text) in {("chip",), ("芯片",)}
    assert changed(text) == fields


@pytest.mark.parametrize(
    "text",
    wishes(
        "text me sports headlines at 18:00 every Friday | tech news | only politics, technology news | world news | "
        "体育新闻 | 只看政治和科技新闻 | 体育除外的新闻 | from Reuters, Sky News | daily news at 7 | 10条新闻 | "
        "8 headlines at 7:30 | weekdays Berlin headlines | papers and news"
    ),
)
def test_subjects_sources_and_the_like_are_no_topics(text: str) -> None:
    assert topics_of(text) == ()


@pytest.mark.parametrize(
    "text",
    wishes(
        "chip | chip, 7:30 | chips at 7:30 | send us news | stop chip news | no chip news | more science news | "
        "top stories at 7 | central bank news | Berlin chip news | Who sent news to the minister at 7:30? | "
        "zone Nowhere news | one two red blue green grey news | 芯片 | 不看芯片新闻 | 别发芯片新闻 | 咕噜，5条新闻 | "
        "告诉我芯片新闻 | 发布会新闻"
    ),
)
def test_what_is_not_bound_to_the_news_or_not_wanted_is_refused(text: str) -> None:
    assert refusal(text).key in {"digest_not_understood", "digest_zone_unknown"}


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


# what is refused

REFUSED = {
    "flurble": ("digest_not_understood", {"piece": "flurble"}),
    "7:30 flurble weekdays": ("digest_not_understood", {"piece": "flurble"}),
    "7:30, Flurble Gargle, 5 items": ("digest_not_understood", {"piece": "Flurble Gargle"}),
    "每天7点半，咕噜咕噜，5条": ("digest_not_understood", {"piece": "咕噜咕噜"}),
    "at 25:00": ("digest_not_understood", {"piece": "at 25:00"}),
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
    "quiet 25:00-7": ("digest_not_understood", {"piece": "quiet 25:00-7"}),
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
    begin = clock.perf_counter()

    for _ in range(3):
        try:
            to_settings(ACTIVE, text[:500], NOW)
        except InputError:
            continue

    assert clock.perf_counter() - begin < 3


@pytest.mark.parametrize(
    ("text", "days"),
    [("每个工作日早上七点半", [1, 2, 3, 4, 5]), ("每个周末早上九点", [6, 7])],
)
def test_every_one_of_some_days_is_those_days_in_chinese(text: str, days: list[int]) -> None:
    found = to_settings(PLAIN, text, NOW)

    assert sorted(found.timetable.days) == days


@pytest.mark.parametrize("text", ["别再发简报了", "不要日报", "不用再给我推送简报了"])
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
