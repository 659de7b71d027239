"""The pieces of a wish about what comes unasked: alerts, word that there is nothing new, hours without any. Pure."""

from __future__ import annotations

import re

from bot.flows.wording.draft import END, MOST, NUMBER, Draft, either, piece, sets, within
from bot.flows.wording.hours import BARE_HOUR, HOUR
from bot.flows.wording.when import hour
from storage.domain.digests import QuietHours, WhenEmpty
from storage.errors import InputError

FEWEST_OUTLETS, MOST_OUTLETS = 2, 50
"""By how many outlets at least a story may have to be told of for an alert."""
MOST_ALERTS = 10
"""How many alerts there may be a day."""

_A_DAY = rf"(?:(?:a|per|each|every)\s+day|daily){END}"
_A_DAY_ZH = "(?:每天|每日)"
_STOP = r"(?:no(?:\s+more)?|without|stop|cancel|disable|(?:turn|switch)\s+off|(?:turn|switch)(?=[\w\s]+\soff\b))\s+"
_STOP_ZH = r"(?:不要|不用|不设|不需要|取消|关闭|关掉|停止|没有|无)\s*"
_STOPPED = rf"\s*:?\s*(?:(?:off|none){END}|关闭|关|取消|停)"

# hours

_HOURS = either(
    r"quiet(?:\s+(?:hours?|times?))?",
    r"(?:do\s+not|don't)\s+disturb(?:\s+me)?",
    r"no\s+(?:messages|notifications)",
    "dnd",
    "(?:免打扰|勿扰|静音|安静)(?:时间|时段)?",
)
_AT = either(HOUR, BARE_HOUR)
_TO = r"\s*(?:-|–|—|~|(?:to|until|till|and)\b|到|至)\s*"
_QUIET = rf"{_HOURS}\s*:?\s*(?:(?:from|between|is)\b|从|为|是)?\s*(?P<since>{_AT}){_TO}(?P<until>{_AT})"
_QUIET_ZH = (
    rf"从?(?P<since>{_AT})\s*[-到至~]\s*(?P<until>{_AT})(?:之间|期间)?\s*(?:(?:不要|别)打扰我?|免打扰|勿扰|静音|安静)"
)
_NO_QUIET = either(_STOP + _HOURS, _STOP_ZH + _HOURS, _HOURS + _STOPPED)


def _quiet(draft: Draft, said: re.Match[str]) -> None:
    since, until = hour(said["since"]), hour(said["until"])
    if since == until:
        raise InputError(said[0], "quiet hours end when they begin", key="digest_quiet_same", time=f"{since:%H:%M}")
    draft.quiet, draft.no_quiet = QuietHours(since=since, until=until), False


def _no_quiet(draft: Draft, _said: re.Match[str]) -> None:
    draft.quiet, draft.no_quiet = None, True


# nothing new

_EMPTY = (
    r"(?:even\s+)?(?:when|if)\s+(?:(?:there\s+(?:is|are)|there's|it\s+is|it's)\s+)?"
    rf"(?:empty|nothing(?:\s+(?:new|to\s+(?:say|tell|show|report)))?|no\s+(?:new\s+)?news){END}"
)
_EMPTY_ZH = r"(?:如果|若|要是)?(?:没有?|无)新?的?(?:内容|消息|新闻|东西|更新)?(?:的时候|的话|时)?[\s,]*"
_HUSH = either(
    r"(?:(?:be|stay|keep)\s+)?(?:silent|silence|quiet|nothing|no\s+(?:message|note|digest))",
    r"(?:say|send|write)\s+nothing",
    r"(?:don't|do\s+not)\s+(?:send|say|tell|write)(?:\s+(?:me|it|anything|one))*",
    r"skip(?:\s+it)?",
)
_HUSH_ZH = "就?(?:(?:不要?|别|不用)(?:打扰|发送?|推送?|通知|提醒|说|告诉)我?|(?:保持)?(?:静默|安静|沉默))"
_TELL = either(
    r"(?:tell|let)\s+me(?:\s+know)?",
    r"(?:(?:send|write)\s+(?:me\s+)?)?(?:a\s+)?(?:short\s+)?note",
    r"say\s+so",
    r"send\s+(?:it|one)",
)
_TELL_ZH = "(?:也|也要|请|就)*(?:告诉|通知|提醒|说明?|发)我?(?:一声|一下)?"
_SILENCE = either(
    rf"{_HUSH}\s+{_EMPTY}", rf"skip\s+empty(?:\s+ones)?{END}", rf"{_EMPTY}\s*,?\s*{_HUSH}{END}", _EMPTY_ZH + _HUSH_ZH
)
_NOTE = either(rf"{_TELL}\s+{_EMPTY}", rf"{_EMPTY}\s*,?\s*{_TELL}{END}", _EMPTY_ZH + _TELL_ZH)

# alerts

_ALERTS = either(
    rf"breaking(?:\s+news)?(?:\s+alerts?)?{END}",
    rf"(?:news\s+)?alerts?{END}",
    "突发(?:新闻|消息)?(?:提醒|推送|通知)?",
    "快讯(?:提醒|推送|通知)?",
    "(?:新闻)?提醒",
)
_OUTLETS = (
    rf"(?:(?:at\s+least|from|至少|超过)\s*)*(?P<n>{NUMBER})\s*(?:or\s+more\s+)?"
    rf"(?:(?:outlets?|sources?|media){END}|家(?:媒体)?(?:报道)?)"
)
_NO_ALERTS = either(rf"{_STOP}{_ALERTS}(?:{_STOPPED})?", _STOP_ZH + _ALERTS, _ALERTS + _STOPPED)
_ALERTS_OF = rf"{_ALERTS}\s*:?\s*(?:(?:at|of|when|if|with|after|by)\s+)?{_OUTLETS}"
_ALERTS_A_DAY = rf"(?:{_A_DAY_ZH}\s*)?{MOST}?(?P<n>{NUMBER})\s*[条次个]?\s*{_ALERTS}(?:\s+{_A_DAY})?"
_ALERTS_ON = (
    rf"(?:(?:(?:turn|switch)\s+on|turn(?=[\w\s]+\son\b)|switch(?=[\w\s]+\son\b)|enable|with)\s+|开启|打开|启用|要)?"
    rf"{_ALERTS}(?:\s*:?\s*(?:on|yes){END}|\s+(?:at\s+once|immediately|right\s+away|instantly){END}|开启?|打开)?"
)
_A_DAY_MORE = either(
    rf"{MOST}?(?P<n>{NUMBER})\s*(?:of\s+them\s+)?{_A_DAY}", rf"{_A_DAY_ZH}\s*{MOST}?(?P<m>{NUMBER})\s*[条次个]"
)


def _alerts_a_day(draft: Draft, said: re.Match[str]) -> None:
    number = next(number for number in said.groups() if number)
    draft.once("alerts", True)
    draft.once("a_day", within(said, number, 1, MOST_ALERTS, "digest_alerts_a_day_range"))


def _alerts_of(draft: Draft, said: re.Match[str]) -> None:
    draft.once("alerts", True)
    draft.once("outlets", within(said, said["n"], FEWEST_OUTLETS, MOST_OUTLETS, "digest_alerts_outlets_range"))


UNASKED = (
    piece(_NO_QUIET, _no_quiet),
    piece(_SILENCE, sets("when_empty", WhenEmpty.SILENCE)),
    piece(_NOTE, sets("when_empty", WhenEmpty.NOTE)),
    piece(_QUIET, _quiet),
    piece(_QUIET_ZH, _quiet),
    piece(_NO_ALERTS, sets("alerts", False)),
    piece(_ALERTS_OF, _alerts_of, about="alerts"),
    piece(_ALERTS_A_DAY, _alerts_a_day, about="alerts"),
    piece(_ALERTS_ON, sets("alerts", True), about="alerts"),
    piece(_OUTLETS, _alerts_of, about="alerts", goes_on="alerts"),
    piece(_A_DAY_MORE, _alerts_a_day, about="alerts", goes_on="alerts"),
)
"""In the order in which they are tried."""
