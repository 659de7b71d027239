"""The years and months that a question names: what was published in one tells of it, whether it names it or not.

Only what is written out: a year, a month of a year, and a month alone, which is the last one of its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

_MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_NUMBER_OF_MONTH = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)  # noqa: SIM905
}
_YEAR = r"(?P<year>(?:19|20)\d\d)"
# A year that belongs to a name, as in "the 2026 World Cup", says not when; nor does what counts, as in 2000 workers.
_NO_NAME = r"(?! (?-i:[A-Z]))"
_MANY = r"people|men|women|children|staff|(?!(?:was|is|has|does|as|its|this|versus|across|news)\b)[a-z-]+s"
_COUNTS_NONE = rf"(?!-[a-z])(?! (?:{_MANY})\b)"
# Behind "of" a count may have more than one word: of 2000 striking workers.
_AND_ON = (
    "about|after|against|and|are|as|at|because|before|but|by|did|does|during|for|from|had|has|have|in|is|of|on|or|over"
    "|so|than|that|the|to|until|was|were|what|when|where|whether|which|while|who|why|will|with|would"
)
# Written small a march is one of people; and what is said of May may be said of her.
_OF_MONTH = "".join(rf"(?<=\b{part} )|" for part in ("end", "start", "middle", "rest", "half", "week", "month", "days"))
_TIMES = (
    re.compile(rf"\b(?P<named>{_MONTHS})\.?(?: of)?,? {_YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b(?:in|during|since|from|throughout) {_YEAR}\b{_NO_NAME}{_COUNTS_NONE}", re.IGNORECASE),
    re.compile(rf"\bof {_YEAR}\b{_NO_NAME}(?!-[a-z])(?! (?!(?:{_AND_ON})\b)[a-z])", re.IGNORECASE),
    re.compile(rf"\b(?:in|during|(?<!the )last) (?P<named>{_MONTHS})\b(?!\.? ?\d)", re.IGNORECASE),
    re.compile(
        rf"\b(?:this|(?:{_OF_MONTH}(?!of may\b))of) (?=(?-i:[A-Z]))(?P<named>{_MONTHS})\b(?!\.? ?\d)", re.IGNORECASE
    ),
    re.compile(rf"{_YEAR}年(?:(?P<month>1[0-2]|0?[1-9])月)?"),
    re.compile(r"(?<![\d年])(?P<month>1[0-2]|0?[1-9])月(?:份|(?![\d月龄]))"),
)


@dataclass(frozen=True, slots=True)
class AskedTime:
    """A year, or a month of one, and the text that names it."""

    year: int
    month: int | None
    text: str

    def holds(self, moment: datetime) -> bool:
        """Whether a moment is in it."""
        return moment.year == self.year and self.month in {None, moment.month}


def asked_times(question: str, now: datetime) -> list[AskedTime]:
    """The times a question names, none of which begins after `now`."""
    return [time for time in _read(question, now) if (time.year, time.month or 1) <= (now.year, now.month)]


def _read(question: str, now: datetime) -> Iterator[AskedTime]:
    places: list[tuple[int, int]] = []
    for pattern in _TIMES:
        for found in pattern.finditer(question):
            start, end = found.span()
            if any(start < last and first < end for first, last in places):
                continue
            places.append((start, end))
            yield _time(found, now)


def _time(found: re.Match[str], now: datetime) -> AskedTime:
    groups = found.groupdict()
    named, number = groups.get("named"), groups.get("month")
    month = _NUMBER_OF_MONTH[named[:3].lower()] if named else int(number) if number else None
    if year := groups.get("year"):
        return AskedTime(int(year), month, found.group())
    return AskedTime(now.year if month is None or month <= now.month else now.year - 1, month, found.group())
