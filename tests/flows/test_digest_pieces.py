from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from bot.flows.digest_words import to_settings
from storage.domain.annotations import Category
from storage.domain.digests import Alerts, QuietHours, Style, Tastes, WhenEmpty
from storage.domain.kinds import ArticleKind
from tests.flows.digest_wishes import ACTIVE, ALL_BUT_SPORT, BUSY, NOW, PLAIN, changed, wishes

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
