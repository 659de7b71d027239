"""How a number bounds what it counts, and what that leaves room for: "at least 43" for 57, "about 50" for 49."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum

_LONGEST = 24
# What a number is near, as a share of it: written plainly, and said to be about right; the rounding of a count of fewer
# than a thousand shows in its last digit.
_PLAIN, _ABOUT = 0.025, 0.15
_NEARLY_FROM = 0.8
_FEW = 1_000
# "More than 40" is said of 50, hardly of 60.
_MORE_THAN_TO = 1.3


class Bound(Enum):
    """The words that bound a number, by one of them."""

    PLAIN = ""
    LEAST = "at least"
    OVER = "more than"
    NEARLY = "nearly"
    ABOUT = "about"
    MOST = "up to"
    UNDER = "fewer than"


_BOUNDS = {
    Bound.LEAST: r"\bat least|至少",
    Bound.OVER: r"\b(?:more than|over|upwards of|above)|超过|逾|超",
    Bound.NEARLY: r"\b(?:nearly|almost|close to)|将近|接近|近",
    Bound.ABOUT: r"\b(?:about|around|some|approximately|roughly)|大约|约",
    Bound.MOST: r"\b(?:up to|as many as|at most)|最多|多达|至多",
    Bound.UNDER: r"\b(?:fewer than|less than|under|below)|不到|不足",
}
_BEFORE = re.compile(
    r"(?:" + "|".join(f"({words})" for words in _BOUNDS.values()) + r")\s*(?:US)?[$€£]?$", re.IGNORECASE
)
_BEHIND = re.compile(r"(?P<over>\+|余|多(?!\w?次))|(?P<about> or so\b|左右|上下)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a bounded number leaves room for, from `low` to `high`, and the range from `least` to `most` it is about.

    `high` is infinite where it only sets a least, `low` is 0 where it only sets a most.
    """

    low: float
    high: float
    least: float
    most: float

    @property
    def open(self) -> bool:
        """Whether it only sets a least."""
        return math.isinf(self.high)

    def shared(self, other: Room) -> bool:
        """Whether both leave room for one number, and, where both bound from one side, are of about one size."""
        if not (self.low <= other.high and other.low <= self.high):
            return False
        one_side = (self.open and other.open) or self.low == other.low == 0.0
        return not one_side or (self.least <= other.most and other.least <= self.most)


def bound(text: str, start: int, end: int) -> tuple[int, Bound]:
    """How the number at `text[start:end]` is bounded, and where the words that do so begin; `start` if none do."""
    first = max(0, start - _LONGEST)
    found = _BEFORE.search(text[first:start])
    if found is not None:
        return first + found.start(), list(_BOUNDS)[(found.lastindex or 1) - 1]
    behind = _BEHIND.match(text, end)
    if behind is None:
        return start, Bound.PLAIN
    return start, Bound.OVER if behind["over"] else Bound.ABOUT


def room(value: float, bounded: Bound, *, exact: bool = False) -> Room:
    """What a number leaves room for: a plain one for its roundings, unless it is `exact`."""
    step = _step(value)
    off = 0.0 if exact or (step == 1 and value < _FEW and value == int(value)) else _PLAIN * value
    about = max(_ABOUT * value, step / 2)
    low, high, nearly = value - off, value + off, value * _NEARLY_FROM
    rooms = {
        Bound.PLAIN: (low, high, low, high),
        Bound.LEAST: (low, math.inf, low, high),
        Bound.OVER: (low, math.inf, low, value * _MORE_THAN_TO),
        Bound.NEARLY: (nearly, high, nearly, high),
        Bound.ABOUT: (value - about, value + about, value - about, value + about),
        Bound.MOST: (0.0, high, low, high),
        Bound.UNDER: (0.0, high, value / _MORE_THAN_TO, high),
    }
    lowest, highest, least, most = rooms[bounded]
    return Room(low=lowest, high=highest, least=least, most=most)


def _step(value: float) -> float:
    """What the last digit that is not a nought stands for: 10,000 of 50,000, 1 of 43."""
    if value <= 0 or value != int(value):
        return 1.0
    step = 1
    while value % (step * 10) == 0:
        step *= 10
    return float(step)
