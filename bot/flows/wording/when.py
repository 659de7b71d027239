"""The pieces of a wish that say when digests come, and whether they do. Pure."""

from __future__ import annotations

import re
from datetime import time

from bot.flows.wording.draft import END, Draft, Unclear, either, piece, sets
from bot.flows.wording.hours import BARE_HOUR, HOUR, OF_THINGS, hour_of, no_such_hour
from bot.flows.wording.replacing import REPLACING
from bot.flows.wording.weekdays import DAYS, days_of
from storage.domain.digests import EVERY_DAY

_NO_UNIT = r"(?!\s*(?:[:.]\s*\d|[条篇家次个点時时]|" + OF_THINGS + "))"
# As in "the 7:30 one", where it is no hour.
_ONE = r"(?:\s+ones?(?![a-z])(?!\s*(?:o'?\s?clock|[ap]\.?m)))?"
_TIME = rf"(?:(?:at|by|around|@)\s*)?(?P<hour>{HOUR}|(?:早上|上午|中午|下午|傍晚|晚上|早|晚)\s*\d{{1,2}}(?!\d)){_ONE}"
_TIME_RANGE = rf"(?:{HOUR}|{BARE_HOUR})\s*(?:[-–—~到至]|to\b|until\b|till\b)\s*(?:{HOUR}|{BARE_HOUR})"
_AT_HOUR = rf"(?:at|@|times?(?:\s+(?:to|is))?\s*:?)\s*(?P<hour>{BARE_HOUR}){_NO_UNIT}"
# What changes the time names it: move it to 9.
_MOVED_TO = (
    r"(?:move|change|shift|set|make|put|push|bring)\s+(?:it|them|that|this|(?:my|the)\s+(?:digests?|time))\s+"
    rf"(?:(?:back|forward|up)\s+)?(?:to\s+|at\s+|for\s+)?(?P<hour>{HOUR}|{BARE_HOUR}){_NO_UNIT}"
)
_NEXT_HOUR = rf"(?P<hour>{BARE_HOUR}){_NO_UNIT}"


_LISTED_HOUR = (
    r"(?:at\s+)?(?P<hour>\d{1,2})(?=(?:\s*(?:,|&|、|和|and\b)\s*\d{1,2})+\s*(?:o'?\s?clock(?![a-z])|[点點时時](?!\d)))"
)


# A rhythm that days of the week and hours cannot keep, or that names no hour.
_NO_RHYTHM = either(
    rf"every\s+(?:other|second|third|2nd|3rd|few|two|three|\d+)\s+(?:days?|weeks?|hours?){END}",
    rf"(?:once|twice|(?:two|three|four|\d+)\s+times)\s+(?:a|per|each|every)\s+(?:day|week){END}",
    "隔天|每隔[一二两三四\\d]+天|每[二两三四\\d]+天|每(?:天|日|周)[一两二三四\\d]+次|早晚各一次",
)

# Whether digests come at all is said by itself, and not of some days or subjects: "stop" is, "stop on sundays" is not.
_THEM = r"(?:\s+(?:it|them|the|my|digests?|sending|again|please|now))*"
_ALONE = r"(?=\s*(?:$|[,;.!\n]|and\b))"
_ALONE_ZH = r"(?:我的)?(?:日报|简报|推送)?(?=\s*(?:$|[,;.!。、了吧\n]))"
_ON = either(
    rf"(?:turn|switch){_THEM}\s+on{END}",
    rf"(?:(?:turn|switch)\s+)?on{_THEM}(?:{_ALONE}|(?=\s+at\b))",
    rf"(?:resume|start|enable|unpause|subscribe){_THEM}(?:{_ALONE}|(?=\s+at\b))",
    "开启|打开|启用|恢复|开始|订阅",
)
_OFF = either(
    rf"(?:turn|switch){_THEM}\s+off{_ALONE}",
    rf"(?:(?:(?:turn|switch)\s+)?off|pause|stop|disable|cancel|unsubscribe|no\s+(?:more\s+)?digests?){_THEM}{_ALONE}",
    rf"(?:关闭|关掉|停止|暂停|停用|停|取消|退订){_ALONE_ZH}",
    "(?:不要|别|不用|不必)(?:再?(?:给我)?[发推]送?)?(?:日报|简报|推送)了?",
    r"(?:不要|别|不用|不必)再(?:给我)?(?:发送?|推送?)(?:新闻|消息)?了(?=\s*[。!]?$)",
)


def hour(words: str) -> time:
    """The time of day that is said.

    Raises:
        InputError: There is no such time.
    """
    found = hour_of(words.strip())
    if found is None:
        raise no_such_hour(words)
    return found


def _time(draft: Draft, said: re.Match[str]) -> None:
    at = hour(said["hour"])
    draft.choose(draft.times, [at])
    if not draft.negated:
        draft.then("t")


def _unclear(_draft: Draft, _said: re.Match[str]) -> None:
    raise Unclear


def _days(draft: Draft, said: re.Match[str]) -> None:
    days = days_of(said[0])
    if draft.negated and days == EVERY_DAY:
        # Nobody leaves out every day: behind what is left out it begins what is wanted, as in 除了周日每天8点.
        if not draft.run:
            raise Unclear
        draft.end_run()
    draft.choose(draft.days, sorted(days))
    if not draft.negated:
        draft.then("d")


WHEN = (
    piece(_NO_RHYTHM, _unclear),
    *REPLACING,
    piece(DAYS, _days, about="days", chooses=True),
    piece(_TIME_RANGE, _unclear),
    piece(_TIME, _time, about="times", chooses=True),
    piece(_LISTED_HOUR, _time, about="times", chooses=True),
    piece(_MOVED_TO, _time, about="times", chooses=True),
    piece(_AT_HOUR, _time, about="times", chooses=True),
    piece(_NEXT_HOUR, _time, about="times", goes_on="times", chooses=True),
    piece(_ON, sets("active", True)),
    piece(_OFF, sets("active", False)),
)
"""In the order in which they are tried."""
