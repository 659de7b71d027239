"""The numbers in a text as values, however they are written: 3.2 million, 3,200,000 and 320万 are the same.

With a number goes its unit, where that is a currency or a measure that is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Longer runs are no numbers.
_DIGITS = r"(?<![\d.])\d{1,15}(?:,\d{3}){0,5}(?:\.\d{1,9})?"
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "mln": 1e6, "billion": 1e9,
    "b": 1e9, "bn": 1e9, "trillion": 1e12, "tn": 1e12, "百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7,
    "亿": 1e8, "万亿": 1e12,
}  # fmt: skip
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: float(value) for value, word in enumerate(_SMALL.split())}
_WORDS |= {word: float(10 * value) for value, word in enumerate(_TENS.split(), start=2)}
_LATIN_SCALE = "hundred|thousand|million|billion|trillion|k|m|mn|mln|b|bn|tn"
_NUMBER = re.compile(
    rf"(?P<digits>{_DIGITS})(?:[ -]?(?P<latin>{_LATIN_SCALE})\b|\s?(?P<han>万亿|千万|百万|[百千万亿]))?"
    rf"|\b(?P<word>{'|'.join(_WORDS)})\b(?:[ -](?P<scale>hundred|thousand|million|billion|trillion)\b)?",
    re.IGNORECASE,
)
# One by itself is mostly no number: 一直, 统一.
_HAN_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN = "一二三四五六七八九十百千万亿零〇两"
_COUNTED = "个名人位年月日天岁次家元倍成条项种届场座起辆只处期艘架吨米公%号"
_HAN_NUMBER = re.compile(f"(?<![第.\\d{_HAN}])[{_HAN}]{{1,12}}(?=[{_COUNTED}])")
_AMBIGUOUS = frozenset({1.0})
_PART = re.compile(r"[ -](?:third|quarter|fifth|tenth|in (?:\d|t|f|s|e|n))", re.IGNORECASE)
_UNITS = {
    "USD": r"US ?dollars?|dollars?|USD|美元", "EUR": "euros?|EUR|欧元", "GBP": "pounds?|GBP|英镑", "JPY": "yen|日元",
    "CNY": "yuan|RMB|CNY|元(?:人民币)?|人民币", "crown": "crowns?|kronor|kroner|克朗",
    "percentage point": "percentage points?|个?百分点", "percent": "percent|per cent|%|％",
    "km": "km|kilomet(?:er|re)s?|公里|千米", "mile": "miles?|英里", "m": "met(?:er|re)s?|m|米",
    "mm": "mm|millimet(?:er|re)s?|毫米", "foot": "feet|foot|ft|英尺",
    "kg": "kg|kilos?|kilograms?|公斤|千克", "tonne": "tonnes?|tons?|吨", "degree": "degrees?|°C?|摄氏度|度",
}  # fmt: skip
_UNIT = re.compile(r"[\s-]?(?:" + "|".join(f"({words})" for words in _UNITS.values()) + r")(?![A-Za-z])", re.IGNORECASE)
_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number, its unit where that is known, and where they stand: `text[start:end]`, without a unit in front."""

    value: float
    unit: str | None
    start: int
    end: int


def figures(text: str) -> list[Figure]:
    """The numbers in `text`; a bare "one" is none."""
    found = []
    for match in _NUMBER.finditer(text):
        symbol = _SYMBOLS.get(text[match.start() - 1 : match.start()].strip())
        # "5 m" is a length, "5m" and "$5 m" are millions.
        length = match["latin"] in {"m", "M"} and symbol is None and not match.group()[-2].isdigit()
        end = match.end("digits") if length else match.end()
        value = float(match["digits"].replace(",", "")) if length else _of_match(match)
        if value is None and _PART.match(text, match.end()):
            value = 1.0
        if value is not None:
            unit, stop = _unit(text, end)
            found.append(Figure(value=value, unit=symbol or unit, start=match.start(), end=stop))
    for match in _HAN_NUMBER.finditer(text):
        value = _of_han(match.group())
        if value not in _AMBIGUOUS:
            unit, stop = _unit(text, match.end())
            found.append(Figure(value=value, unit=unit, start=match.start(), end=stop))
    return found


def alike(one: Figure, other: Figure) -> bool:
    """Whether two numbers are the same: of one value, and not of two units."""
    return one.value == other.value and (one.unit is None or other.unit is None or one.unit == other.unit)


def _unit(text: str, end: int) -> tuple[str | None, int]:
    """The unit that follows a number which ends at `end`, and where it ends."""
    found = _UNIT.match(text, end)
    return (None, end) if found is None else (list(_UNITS)[(found.lastindex or 1) - 1], found.end())


def _of_match(match: re.Match[str]) -> float | None:
    word = match["word"]
    value = _WORDS[word.lower()] if word else float(match["digits"].replace(",", ""))
    scale = match["latin"] or match["han"] or match["scale"]
    if scale:
        return round(value * _SCALES[scale.lower()], 6)
    return None if word and value in _AMBIGUOUS else value


def _of_han(run: str) -> float:
    """三百二十 as 320, 二〇二六 as 2026, 三万五千 as 35,000."""
    if len(run) > 1 and all(character in _HAN_DIGITS for character in run):
        return float("".join(str(_HAN_DIGITS[character]) for character in run))
    whole = section = digit = 0
    for character in run:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
        elif character in _HAN_UNITS:
            section += (digit or 1) * _HAN_UNITS[character]
            digit = 0
        else:
            whole = (whole + section + digit) * (10_000 if character == "万" else 100_000_000)
            section = digit = 0
    return float(whole + section + digit)
