"""The numbers in a text as values, however they are written: 3.2 million, 3,200,000 and 320万 are the same.

Numbers are compared as they are said; that a unit was changed with them, or that they were rounded, is not seen.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number and where it stands: `text[start:end]`."""

    value: float
    start: int
    end: int


def figures(text: str) -> list[Figure]:
    """The numbers in `text`; a bare "one" is none."""
    found = [
        Figure(value=value, start=match.start(), end=match.end())
        for match in _NUMBER.finditer(text)
        if (value := _of_match(match)) is not None
    ]
    for match in _HAN_NUMBER.finditer(text):
        value = _of_han(match.group())
        if value not in _AMBIGUOUS:
            found.append(Figure(value=value, start=match.start(), end=match.end()))
    return found


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
