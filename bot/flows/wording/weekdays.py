"""Days of the week as people write them, in English and Chinese: mon-fri, weekdays, 周一到周五, 周末. Pure."""

from __future__ import annotations

import re

from storage.domain.digests import EVERY_DAY

WORKDAYS = frozenset(range(1, 6))
WEEKEND = EVERY_DAY - WORKDAYS

_EN = (
    "mon(?:day)?",
    "tue(?:s|sday)?",
    "wed(?:nesday)?",
    "thu(?:r|rs|rsday)?",
    "fri(?:day)?",
    "sat(?:urday)?",
    "sun(?:day)?",
)
_DAY_EN = rf"(?:{'|'.join(_EN)})s?(?![a-z])"
_TO_EN = r"\s*(?:-|–|—|~|\bto\b|\bthrough\b|\bthru\b|\btill\b|\buntil\b)\s*"
_NUMBERS_ZH = {day: n for n, day in enumerate("一二三四五六日", start=1)} | {"天": 7}
_WEEK_ZH = "(?:周|星期|礼拜|週)"
_DAY_ZH = "[一二三四五六日天]"
# What comes after the number of a list's day would make it the number of something else, as in 周一五条.
_NEXT_ZH = rf"{_DAY_ZH}(?![十点點时時条篇家个])"
_TO_ZH = "[到至~–—-]"
_LIST_ZH = rf"每?{_WEEK_ZH}{_DAY_ZH}(?:\s*(?:{_TO_ZH}|[、和与及])?\s*(?:{_WEEK_ZH}{_DAY_ZH}|{_NEXT_ZH}))*"

_DAILY = (
    r"(?:daily|every\s?day|each\s+day|every\s+(?:morning|afternoon|evening|night)|all\s+(?:days|week)|any\s+day|"
    r"(?:7|seven)\s+days\s+a\s+week)(?![a-z])|(?:每天|每日|天天)"
    r"(?:(?:早上|上午|中午|下午|傍晚|晚上)(?!\s*[\d半零〇一二两三四五六七八九十]))?"
)
_GROUPS = (
    (EVERY_DAY, _DAILY),
    (WORKDAYS, r"(?:(?:week|work|working|business)\s?days?)(?![a-z])|(?:每个?)?(?:工作日|平日|上班日)"),
    (WEEKEND, r"(?:weekends?)(?![a-z])|(?:每个?)?(?:周|星期|礼拜|週)末|(?:每个?)?双休日|周六日"),
)
_RANGE_EN = rf"(?:from\s+)?{_DAY_EN}{_TO_EN}{_DAY_EN}"
DAYS = "|".join((*(words for _, words in _GROUPS), _LIST_ZH, _RANGE_EN, _DAY_EN))
"""Finds days of the week, in small letters."""

_ENDS_EN = re.compile(rf"(?:from\s+)?(?P<first>{_DAY_EN})(?:{_TO_EN}(?P<last>{_DAY_EN}))?")
_STEPS_ZH = re.compile(rf"(?P<to>{_TO_ZH})|(?P<day>{_DAY_ZH})")


def days_of(words: str) -> frozenset[int]:
    """The days, as ISO numbers them, that words found by `DAYS` say."""
    for days, pattern in _GROUPS:
        if re.fullmatch(pattern, words):
            return days
    if ends := _ENDS_EN.fullmatch(words):
        first = _english(ends["first"])
        return _through(first, _english(ends["last"]) if ends["last"] else first)
    found: set[int] = set()
    last, to = 0, False
    for step in _STEPS_ZH.finditer(words):
        if step["to"]:
            to = True
            continue
        day = _NUMBERS_ZH[step["day"]]
        found |= _through(last, day) if to else {day}
        last, to = day, False
    return frozenset(found)


def _english(word: str) -> int:
    return next(n for n, pattern in enumerate(_EN, start=1) if re.fullmatch(f"{pattern}s?", word))


def _through(first: int, last: int) -> frozenset[int]:
    """From the first to the last day, perhaps over the end of the week."""
    return frozenset((first + n - 1) % 7 + 1 for n in range((last - first) % 7 + 1))
