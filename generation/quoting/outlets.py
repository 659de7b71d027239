"""Whether outlets can be held against each other: independent ones, within a few days, by what they measure."""

from __future__ import annotations

import re
from datetime import timedelta

from generation.reading.figures import Figure, figures
from storage.domain.news import Hit

# What is published much later is news, not another account of the same.
_TOGETHER = timedelta(days=3)
_YEARS = range(1900, 2100)
_LONGEST_BOUND = 24
# No sentence that can be read gives more numbers.
_MOST_MEASURED = 20
# "At least 3" and "9" agree.
_BOUNDS = re.compile(
    r"(?:\b(?:at least|more than|over|nearly|almost|about|around|some|up to|fewer than|less than|approximately|roughly)"
    r"|至少|超过|近|约|逾|大约|不到|第|最多)\s*[$€£]?$",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"[日号月期]|\s(?:January|February|March|April|May|June|July|August|September|October|November|December)\b|st\b|nd\b|rd\b|th\b"
)


def independent(one: Hit, other: Hit) -> bool:
    """Whether two passages are of different outlets, neither a copy of the other's article."""
    mine, theirs = one.passage.headline, other.passage.headline
    return mine.group != theirs.group and (mine.source is None or mine.source != theirs.source)


def together(one: Hit, other: Hit) -> bool:
    """Whether two passages were published within a few days, as far as that is known."""
    mine, theirs = one.passage.headline.published, other.passage.headline.published
    return mine is None or theirs is None or abs(mine - theirs) <= _TOGETHER


def measured(text: str) -> list[Figure]:
    """The numbers of a text that measure something: no years, no days of a month, and none that only bounds."""
    return [
        each
        for each in figures(text)
        if each.value not in _YEARS
        and not _BOUNDS.search(text[max(0, each.start - _LONGEST_BOUND) : each.start])
        and not _DAY.match(text, each.end)
    ][:_MOST_MEASURED]
