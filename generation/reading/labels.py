"""Whether a number counts nothing: it says when, which one, how old somebody is, or how a game stood.

By what stands right before and behind it, in English and Chinese.
"""

from __future__ import annotations

import re

from generation.reading.figures import Figure

_BEFORE, _BEHIND = 24, 24
_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTER = re.compile(r"[余多]?(?:人(?!民)|[名位户家辆艘架套间所例起])|个(?!月)")
_BEHIND_IT = re.compile(
    # 分 is a minute of the clock, or what a game or an examination gave.
    rf"[日号月期]|分(?![钟之米店行公支])|\s{_MONTHS}\b|st\b|nd\b|rd\b|th\b"
    r"|\s?[:：]\d|(?i:\s?(?:am|pm|a\.m\.|p\.m\.)\b)|[时点](?!\d*名)"
    r"|[\s-]{1,3}years?[\s-]{1,3}old|岁|\s?[x×]\s?\d"
    # How a game or a vote stood, and what was scored of what was tried.
    r"|(?:\s?[-–:：]\s?|[- ](?:of|for)[- ])\d|比\d"
    # How long ago.
    r"|\s(?:second|minute|hour|day|week|month|year|decade)s? (?:ago|after|before|later|earlier|into)\b|[天年周][前后]"
)
# What was before, "from 2.5 to 2.25 percent", is no rival of what is, nor is what came on top.
_BEFORE_IT = re.compile(
    rf"第\s?$|\b{_MONTHS}\.? ?$|\b(?:another|a further|an additional|(?:down |up )?from)\s?[$€£]?$"
    r"|(?:另有?|由|从|自)$|[:：]$"
    r"|\bNo\. ?$|#$|[A-Za-z]$|\d\s?[-–]\s?$|\d[- ](?:of|for)[- ]$|\d比$"
    r"|\b(?:aged?|at the age of|(?:died?|dies|dead) at|(?:mother|father|mum|mom|dad|parent)s? of)\s?$",
    re.IGNORECASE,
)
_AGE = re.compile(r"[A-Za-z’']\s?, $")
_APPOSED = re.compile(r"\s?[,.;]|$| and\b")
_FORMER = re.compile(r"(?:\bfrom\s?[$€£]?|[由从])$", re.IGNORECASE)
_NAME = re.compile(r"(?<![.!?] )\b(?!In\b|At\b|On\b|Some\b|About\b|The\b)[A-Z][a-z]+ $")
_PLURAL = re.compile(r"[\s-]*(?:[a-z’'-]+ ){0,2}(?:[a-z’'-]+s|people|men|women|children|staff|crew|police)\b|\s?[%％]")


def counts_nothing(text: str, figure: Figure) -> bool:
    """Whether a number of `text` says when or which rather than how many."""
    before, behind = text[max(0, figure.start - _BEFORE) : figure.start], text[figure.end : figure.end + _BEHIND]
    written = text[figure.start : figure.end]
    counted = figure.unit is not None or _COUNTER.match(behind)
    year = (_YEAR.fullmatch(written) and not counted) or (_YEAR.fullmatch(f"{figure.value:g}") and behind[:1] == "年")
    age = _AGE.search(before) and _APPOSED.match(behind) and figure.unit is None
    named = _NAME.search(before) and figure.unit is None and not _PLURAL.match(behind)
    return bool(year or age or named or _BEHIND_IT.match(behind) or _BEFORE_IT.search(before))


def was_before(text: str, figure: Figure) -> bool:
    """Whether a number is what there was before: 12 in "rose from 12 to 19"."""
    return _FORMER.search(text[max(0, figure.start - _BEFORE) : figure.start]) is not None
