"""Times of day as people write them, in English and Chinese: 7:30, 7am, half past seven, 早上7点半. Pure."""

from __future__ import annotations

import re
from datetime import time

from storage.errors import InputError

_DIGITS_ZH = {digit: n for n, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_NUMBERS_EN = {
    word: n
    for n, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
}
NUMBER_ZH = "(?:[一二两三四五六七八九]?十[一二三四五六七八九]?|[零〇]?[零〇一二两三四五六七八九])"
NUMBER_EN = "|".join(sorted(_NUMBERS_EN, key=len, reverse=True))

_HALF_EN = r"(?:a\.?m\.?|p\.?m\.?)(?![a-z])"
_PART_EN = r"(?:in\s+the\s+(?:morning|afternoon|evening)|at\s+night)(?![a-z])"
_PART_ZH = "凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|晚间|夜里|夜间|半夜|早|晚"
_CLOCK = r"\d{1,2}\s*[:.]\s*\d{2}(?!\d)"
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0), "正午": time(12), "午夜": time(0)}
_HOUR_EN = rf"(?:\d{{1,2}}(?!\d)|(?:{NUMBER_EN})(?![a-z]))"
_EN = (
    rf"{_CLOCK}(?:\s*{_HALF_EN})?(?:\s+{_PART_EN})?|"
    rf"{_HOUR_EN}(?:\s*{_HALF_EN}|\s*o'?\s?clock(?![a-z])(?:\s+{_PART_EN})?|\s+{_PART_EN})|"
    rf"half\s+past\s+{_HOUR_EN}(?:\s*{_HALF_EN}|\s+{_PART_EN})?|"
    r"(?:noon|midday|midnight)(?![a-z])"
)
_ZH = (
    rf"(?:(?:{_PART_ZH})\s*)?(?:"
    rf"(?:\d{{1,2}}|{NUMBER_ZH})\s*[点點时時](?:\s*(?:半|[一三]刻|整|钟|(?:\d{{1,2}}(?![\d条篇])|{NUMBER_ZH}(?![条篇]))分?))?|{_CLOCK})|"
    "正午|午夜"
)
HOUR = f"(?:{_EN}|{_ZH})"
"""Finds a time of day, in small letters and signs of ASCII where there are such (NFKC)."""
BARE_HOUR = rf"(?:(?:{_PART_ZH})\s*\d{{1,2}}(?!\d)|{_HOUR_EN})"
"""Finds a number that is a time of day where one is looked for."""

OF_THINGS = r"(?:outlets|items?|stories|story|articles?|entries|pieces|a\s+day)(?![a-z])"
"""What a number is of that is no hour."""

_READ_EN = re.compile(
    rf"(?P<half>half\s+past\s+)?(?P<hour>\d{{1,2}}|{NUMBER_EN})(?:\s*[:.]\s*(?P<minute>\d{{2}}))?(?:\s*o'?\s?clock)?"
    rf"(?:\s*(?P<am>{_HALF_EN}))?(?:\s*(?P<part>{_PART_EN}))?"
)
_READ_ZH = re.compile(
    rf"(?P<part>{_PART_ZH})?\s*(?P<hour>\d{{1,2}}|{NUMBER_ZH})"
    rf"(?:\s*[:.]\s*(?P<minute>\d{{2}})|\s*[点點时時]\s*(?:(?P<said>半|[一三]刻|\d{{1,2}}|{NUMBER_ZH})|整|钟)?分?)?"
)
_QUARTERS_ZH = {"半": 30, "一刻": 15, "三刻": 45}
_NIGHT_ZH = dict.fromkeys(("晚上", "晚间", "夜里", "夜间", "晚"), range(5, 12))
_AFTER_NOON = {
    "pm": range(1, 12),
    "afternoon": range(1, 12),
    "evening": range(1, 12),
    "night": range(5, 12),
    "中午": range(1, 4),
    "下午": range(1, 12),
    "傍晚": range(4, 12),
    "半夜": range(9, 12),
    **_NIGHT_ZH,
}
"""Which hours are after noon where that part of the day is said."""
_MIDNIGHT = frozenset(("am", "morning", "night", "凌晨", "半夜", *_NIGHT_ZH))
"""Of which parts of the day twelve is midnight."""
_NOON, _DAY, _MINUTES = 12, 24, 60


def hour_of(words: str) -> time | None:
    """The time of day that the words, found by `HOUR` or `BARE_HOUR`, say; `None` where there is no such time."""
    if words in _NAMED:
        return _NAMED[words]
    if said := _READ_EN.fullmatch(words):
        half = (said["am"] or "").replace(".", "")
        if half == "am" and number_of(said["hour"]) > _NOON:
            return None
        part = half or (said["part"] or "").rpartition(" ")[2]
        return _time(number_of(said["hour"]), int(said["minute"] or (30 if said["half"] else 0)), part)
    if said := _READ_ZH.fullmatch(words):
        spoken = said["said"] or said["minute"] or "0"
        minute = _QUARTERS_ZH[spoken] if spoken in _QUARTERS_ZH else number_of(spoken)
        return _time(number_of(said["hour"]), minute, said["part"] or "")
    return None


def no_such_hour(words: str) -> InputError:
    """That there is no time of day that the words say."""
    said = words.strip()
    return InputError(said, "is no time of day", key="digest_no_such_hour", time=said)


def number_of(words: str) -> int:
    """A number in digits, in English words up to twelve, or in Chinese up to ninety-nine."""
    if words.isdecimal():
        return int(words)
    if words in _NUMBERS_EN:
        return _NUMBERS_EN[words]
    tens, ten, ones = words.partition("十")
    if ten:
        return 10 * (_DIGITS_ZH[tens] if tens else 1) + (_DIGITS_ZH[ones] if ones else 0)
    return int("".join(str(_DIGITS_ZH[digit]) for digit in words))


def _time(hour: int, minute: int, part: str) -> time | None:
    if (hour == _NOON and part in _MIDNIGHT) or (hour, minute) == (_DAY, 0):
        hour = 0
    elif hour in _AFTER_NOON.get(part, ()):
        hour += _NOON
    return time(hour, minute) if hour < _DAY and minute < _MINUTES else None
