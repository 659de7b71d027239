"""Which sentence decides what is asked with yes or no, or who did it: that nobody died, that it goes ahead, who led it.

What is asked is what the title of the story does not say already. It stands in a sentence in its own words, in kindred
ones, or as one outcome of several: who asks whether something was called off is told that it will go ahead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from generation.quoting.candidates import Candidate
from generation.quoting.select import Reading
from generation.reading.fates import fates
from generation.reading.kinds import Kind, things
from generation.reading.measures import Measure, gives
from generation.reading.runs import in_other_words, missing, runs

# In the units of the scores: enough to bring what decides before what only tells the story.
_DECIDES = (3.0, 6.0)
_WHO = (3.0, 4.0)
# That nobody died is told shortly, and names neither the place nor a number.
_TOLL = 12.0
_COUNTS_WHOM = re.compile(
    r"\bhow many\b.{0,40}\b(?:die[ds]?|dead|deaths?|killed|lives|hurt|injur\w+|wounded|casualties|missing)\b"
    r"|[几多][少个名]?[人名死伤]|死|伤",
    re.IGNORECASE,
)
_HELD = (
    r"\b(?:go(?:es|ing|ne)? ahead|went ahead|tak(?:e|es|ing|en) place|took place|as (?:planned|scheduled)"
    r"|cancel\w*|call(?:ed|ing|s)? off|scrap(?:ped|ping|s)?|postpon\w+|put off|delay\w*|suspend\w*|abandon\w*"
    r"|shelved|resched\w+|averted|will not (?:walk out|strike)|happen(?:ing|ed)?|be held|still on)\b"
)
_OPEN = (
    r"\b(?:open(?:s|ed|ing)?|reopen\w*|clos(?:e|es|ed|ing|ure)|shut(?:s|ting)?|banned|barred|blocked|sealed|usable)\b"
)
_APPROVED = (
    r"\b(?:approv\w+|reject\w*|pass(?:ed|es)?|adopt\w*|veto\w*|turn(?:ed|s)? down|vot(?:e|es|ed)|back(?:ed|s)?"
    r"|green ?light)\b"
)
_RUNNING = r"\b(?:normally|as usual|cancel\w*|disrupt\w*|affect\w*|ground(?:ed|ing)|suspend\w*)\b"
_SUCCEEDS = (
    r"\b(?:replac\w+|succe(?:ed\w*|ssors?)|tak(?:es?|en|ing) over|took over|follows|followed|steps? in|stepped in)\b"
)
_OWNS = r"\b(?:owns|owned|owners?|belong\w*)\b"
_OUTCOMES = tuple(
    (re.compile(english, re.IGNORECASE), re.compile(chinese))
    for english, chinese in (
        (_HELD, "如期|照常|取消|推迟|延期|延后|暂停|中止|叫停|停办|不再|举行|举办|还办|恢复|搁置|作罢"),
        (_OPEN, "开放|开通|通车|恢复通行|关闭|封闭|禁行|禁止|暂缓|停用|启用|重开|营业|通行"),
        (_APPROVED, "批准|通过|否决|驳回|拒绝|赞成|同意"),
        (_SUCCEEDS, "接替|接任|继任|取代|代理"),
        (_OWNS, "属于|拥有|归.{1,8}所有"),
        (_RUNNING, "正常|照常|受影响|未受|停运|停航|停飞|取消|恢复"),
    )
)
# Of a measure that is asked for in Chinese, a price or an age: enough to bring it before what else is told of it.
_MEASURES = 5.0
# The same of a day, or of a number that is no measure, in English. It stands where neither the place nor the thing is
# named again; of 0, 1, 3 and 6, none of which costs realtimeqa anything.
_TOLD = 6.0
# With more words than that an English question who did something tells its story in words of its own.
_MOST_ASKED = 4
# Who has neither dead nor hurt may say so in one word.
_CASUALTIES = re.compile(r"\bcasualt(?:y|ies)\b|伤亡", re.IGNORECASE)
_OF_CASUALTIES = frozenset(["dead", "hurt"])


def bonuses(reading: Reading, found: Sequence[Candidate]) -> list[float]:
    """What each candidate's score gains by the share that it holds of what is to be decided."""
    inquiry = reading.inquiry
    who = inquiry.kind is Kind.PERSON and (inquiry.chinese or len(inquiry.pointed) <= _MOST_ASKED)
    if inquiry.chinese and inquiry.measure is not None:
        return [_MEASURES * _measured(reading, candidate, inquiry.measure) for candidate in found]
    toll = inquiry.kind is Kind.NUMBER and bool(reading.holding.befell)
    if toll and _COUNTS_WHOM.search(inquiry.text):
        return [_TOLL * _befell(reading, candidate.text) for candidate in found]
    if not (inquiry.chinese or toll or inquiry.measure) and inquiry.kind in {Kind.DATE, Kind.NUMBER}:
        return [_TOLD * _told(reading, candidate) for candidate in found]
    if not (who or toll or inquiry.kind is Kind.CLAIM):
        return [0.0] * len(found)
    share = _share_zh if inquiry.chinese else _share_en
    asked = frozenset(inquiry.terms)
    return [
        (_WHO if who else _DECIDES)[inquiry.chinese] * share(reading, candidate)
        if inquiry.chinese or not who or things(Kind.PERSON, candidate.text, asked)
        else 0.0
        for candidate in found
    ]


def _share_en(reading: Reading, candidate: Candidate) -> float:
    inquiry = reading.inquiry
    outcomes = [of for of, _ in _OUTCOMES if of.search(inquiry.text)]
    if _befell(reading, candidate.text) or any(of.search(candidate.text) for of in outcomes):
        return 1.0
    asked = inquiry.telling - reading.titles[candidate.hit] or inquiry.telling
    return len(asked & reading.held(candidate)) / len(asked) if asked else 0.0


def _told(reading: Reading, candidate: Candidate) -> float:
    """The share of what is asked beyond the titles that a candidate holds which names a day, or a number.

    Nothing where the titles do not say what half of the question does: then it is not known which story is meant.
    """
    telling = reading.inquiry.telling
    asked = telling.difference(*reading.titles)
    if not 0 < 2 * len(asked) <= len(telling) or not things(
        reading.inquiry.kind, candidate.text, frozenset(reading.inquiry.terms)
    ):
        return 0.0
    return len(asked & reading.held(candidate)) / len(asked)


def _share_zh(reading: Reading, candidate: Candidate) -> float:
    question, text = reading.inquiry.text, candidate.text
    outcomes = [of for _, of in _OUTCOMES if of.search(question)]
    if _befell(reading, text) or any(of.search(text) for of in outcomes):
        return 1.0
    asked = _beyond_title(reading, candidate) or runs(question)
    return sum(_tells(part, text) for part in asked) / len(asked) if asked else 0.0


def _measured(reading: Reading, candidate: Candidate, asked: Measure) -> float:
    """The share of what is measured that a candidate names which gives such a measure: 1 where the title names it all.

    In English, where words are told apart, prices are told by what stands beside them.
    """
    if not gives(candidate.text, asked):
        return 0.0
    parts = _beyond_title(reading, candidate)
    return sum(_tells(part, candidate.text) for part in parts) / len(parts) if parts else 1.0


def _beyond_title(reading: Reading, candidate: Candidate) -> list[str]:
    """What a Chinese question asks that the title of the story does not say already."""
    title = reading.hits[candidate.hit].passage.headline.title
    return [part for run in runs(reading.inquiry.text) for part in missing(run, title)]


def _tells(part: str, text: str) -> bool:
    return part in text or part not in missing(part, text) or in_other_words(part, text)


def _befell(reading: Reading, text: str) -> bool:
    """Whether a text says whom what is asked befell, or that it befell nobody."""
    asked = reading.holding.befell
    return bool(asked & fates(text) or (asked & _OF_CASUALTIES and _CASUALTIES.search(text)))
