"""Which sentence says why: one that gives a reason, near the one that tells what is asked about, in the same article.

Where none does, that is said, and what happened is not passed off as its reason. Reasons are told by the words that
give them, and by whoever is quoted right behind what happened; not by knowing what causes what.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from generation.quoting.candidates import Candidate
from generation.quoting.select import Reading
from generation.reading.kinds import Kind, things
from generation.reading.terms import is_chinese

# In the units of the scores. A reason seldom names again what it is the reason of, which costs it more in Chinese.
_GIVES_REASON = (7.0, 10.0)
# What neither gives one nor tells what is asked about only fills the reply.
_BESIDE_THE_POINT = -2.0
# What may be one, because it came first, or is what somebody says or finds right behind what is asked about.
_MAY_GIVE = 0.6
# How much of that is left so many sentences from what is asked about.
_NEAR = (1.0, 1.0, 0.8, 0.6, 0.4)
# An article that tells less of what is asked than this, beside the one that tells most, tells of something else.
_SAME_STORY = 0.7
# Not where it only says when.
_BEFORE_EN = re.compile(
    r"\b(?:after|following|amid|since)\b(?! (?:\d|(?:last|this|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tues"
    r"|wednes|thurs|fri|satur|sun|spring|summer|autumn|winter)))",
    re.IGNORECASE,
)
_BEFORE_ZH = re.compile("[^，。]{2}[之此]?后[，,]|随之|鉴于|面对")
_VOICE_EN = re.compile(
    r"\b(?:says?|said|told|found (?:that|no)|accus\w+|warn\w+|argu\w+|fear\w+|complain\w+|demand\w+|asked for"
    r"|turned down|had (?:not )?(?!been\b)\w+(?:ed|wn|en|un)|hop(?:es|ed|ing) to)\b|[“\"]",
    re.IGNORECASE,
)
_VOICE_ZH = re.compile("表示|指出|称[，,]|说[，,：:]|说了|认为|认定|发现|担心|要求|不满|[：:]“")


def asks(reading: Reading) -> bool:
    """Whether it is asked why."""
    return reading.inquiry.kind is Kind.REASON


def bonuses(reading: Reading, found: Sequence[Candidate]) -> list[float]:
    """What each candidate's score gains by giving a reason of what is asked about, or loses by telling of neither."""
    if not asks(reading):
        return [0.0] * len(found)
    worth, events = _GIVES_REASON[reading.inquiry.chinese], _events(reading)
    return [
        worth * sure if sure else 0.0 if candidate.line in events.values() else _BESIDE_THE_POINT
        for candidate, sure in zip(found, _given(reading, found, events), strict=True)
    ]


def given(reading: Reading, chosen: Sequence[Candidate]) -> bool:
    """Whether any of the chosen may say why."""
    return any(_given(reading, chosen, _events(reading)))


def _given(reading: Reading, found: Sequence[Candidate], events: Mapping[int, int]) -> list[float]:
    """How surely each gives a reason, by its words and by where it stands: 0 to 1."""
    asked = frozenset(reading.inquiry.terms)
    return [
        _sureness(candidate, asked, candidate.line - events[candidate.hit]) if candidate.hit in events else 0.0
        for candidate in found
    ]


def _sureness(candidate: Candidate, asked: frozenset[str], behind: int) -> float:
    """The same of one that stands so many sentences behind the one that tells what is asked about."""
    near = _NEAR[min(abs(behind), len(_NEAR) - 1)]
    if things(Kind.REASON, candidate.text, asked):
        return near
    chinese = is_chinese(candidate.text)
    before = (_BEFORE_ZH if chinese else _BEFORE_EN).search(candidate.text)
    voice = behind > 0 and (_VOICE_ZH if chinese else _VOICE_EN).search(candidate.text)
    return _MAY_GIVE * near if before or voice else 0.0


def _events(reading: Reading) -> dict[int, int]:
    """Of each passage on the story, by its hit, the line that tells most of what is asked about."""
    shares = [reading.story_share(held) for held in reading.passages]
    enough = _SAME_STORY * max(shares, default=0.0)
    best: dict[int, int] = {}
    for i, line in enumerate(reading.lines):
        if shares[line.hit] < enough or not reading.own[i]:
            continue
        if line.hit not in best or reading.share(reading.own[i]) > reading.share(reading.own[best[line.hit]]):
            best[line.hit] = i
    return best
