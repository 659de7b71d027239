"""Whether the sums of a sentence are of something else than what a question asks the price of.

Roads around a stadium have another price than the stadium, and what travellers get back after a strike is not what it
cost. By what a sum stands beside in its own sentence, in English; where that does not say, it may be of what is asked.
"""

from __future__ import annotations

import re

from generation.quoting.candidates import Candidate, Line
from generation.quoting.select import Reading
from generation.reading.figures import Figure, figures
from generation.reading.measures import Measure
from generation.reading.speakers import SAYS_EN
from generation.reading.terms import background, terms

_ASKS_PRICE = re.compile(
    r"\b(?:costs?|costing|costly|prices?|priced|expensive|worth)\b|\b(?:pay|pays|paid|paying|spend|spent|spending)\b.*\b(?:for|on)\b",
    re.IGNORECASE,
)
MONEY = frozenset(["USD", "EUR", "GBP", "JPY", "CNY", "crown"])
"""The units of sums, as `figures` names them."""
_PREPOSITION = (
    r"(?:of|for|in|into|to|at|with|on|from|by|around|near|over|after|under|between|across|beside|before|behind"
    r"|against|outside|within)"
)
# A word as dull as "new" tells no thing from another.
_TELLING = 1.0
_WORD = r"[\w’'-]+"
_ABOUT = r"(?:(?:about|around|some|nearly|almost|over|up to|at least|more than|less than|roughly|an estimated) )?"
_SUM = rf" {_ABOUT}(?:US|C|A)?[$€£¥]?$"
_OF = re.compile(rf"\b{_PREPOSITION} $", re.IGNORECASE)
_HEAD = re.compile(rf"\s(?:{_PREPOSITION}|that|which|who)\s", re.IGNORECASE)
_DEFINITE = re.compile(r"(?:the|its|their|his|her|this|these|those)\b", re.IGNORECASE)
_DETERMINER = re.compile(r"\b(?:an?|the|its|their|his|her|this|these|those) ", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:.!?()“”\"—–]|\s(?:and|but|while)\s")
_COSTS = re.compile(rf"\bcost(?:s|ing)?\b(?: {_WORD}){{0,4}}?{_SUM}", re.IGNORECASE)
_WORTH = re.compile(rf" (?:worth|valued at|priced at){_SUM}", re.IGNORECASE)
_BOUGHT = re.compile(
    rf"\b(?:buy|buys|buying|bought|purchase[ds]?|acquire[ds]?|order(?:s|ed)?|buil[dt]|repair(?:s|ed)?|sold|sell)"
    rf" (?P<noun>[^,;:.]{{1,80}}?) for{_SUM}",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\s(?:into|on|towards?|for|in|to (?!the\b|an?\b|its\b|their\b)[a-z]+) (?P<noun>[^,;:.!?()“”\"—–]{1,80})",
    re.IGNORECASE,
)
# "A fine of 500 euros", "11 million in compensation": by these words alone, "a bill of 20 million" may be of anything.
_OTHER_SUM = (
    r"(?P<noun>fines?|penalt(?:y|ies)|compensation|damages|losses|a loss|profits?|revenues?|sales|aid|donations|taxes"
    r"|savings|debts?|rewards?|prize money|bonus(?:es)?|wages|salar(?:y|ies)|bail)"
)
_OF_OTHER = re.compile(rf"\b{_OTHER_SUM} of{_SUM}", re.IGNORECASE)
_IN_OTHER = re.compile(rf" in {_OTHER_SUM}\b", re.IGNORECASE)
_INVESTED = re.compile(r"\binvest(?:s|ed|ing)?\b", re.IGNORECASE)
# What stands for whatever is paid for, or for a time, says nothing of what a sum is of.
_ANYTHING = re.compile(
    r"\b(?:it|they|them|this|that|these|those|all|both|each|one|which|whole|total|number|half|phase|part|batch|set|fleet"
    r"|project|work|works|plan|scheme|deal|order|contract|purchase|construction|building|bill|price|cost|costs|company"
    r"|years?|months?|weeks?|days?|time|first|now|free|people|taxpayers?|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|jan(?:uary)?|feb(?:ruary)?|march|april|may|june|july|aug(?:ust)?|sept(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
# "Inspectors said that repairs": who says it is no part of what a sum is of.
_SAYING = re.compile(rf"^.*\b{SAYS_EN}(?: that)? ", re.IGNORECASE)
_SIDE = 160


def of_another(reading: Reading, candidate: Candidate | Line) -> bool:
    """Whether a price is asked for and every sum in a candidate is said to be of something that is not asked for."""
    inquiry = reading.inquiry
    if inquiry.chinese or inquiry.measure is not Measure.MONEY or not _ASKS_PRICE.search(inquiry.text):
        return False
    named = inquiry.own - inquiry.names - reading.holding.measuring
    asked = frozenset(term for term in named if background(term) >= _TELLING)
    sums = [figure for figure in figures(candidate.text) if figure.unit in MONEY]
    return bool(asked and sums) and all(_else(reading, _noun(candidate.text, figure), asked) for figure in sums)


def _else(reading: Reading, noun: str, asked: frozenset[str]) -> bool:
    """Whether a noun, with what it is of, is another thing than what is asked for."""
    head = _HEAD.split(noun.strip(), maxsplit=1)[0]
    if not head or _ANYTHING.search(head) or _holds(reading, head) & asked:
        return False
    # "The venue" may be the stadium in another word; "the roads around the stadium" is not.
    return _DEFINITE.match(head) is None or bool(_holds(reading, noun) & asked)


def _holds(reading: Reading, text: str) -> frozenset[str]:
    return reading.holding.of(text, terms(text), frozenset())


def _noun(text: str, figure: Figure) -> str:
    """What a sum of a text is of, as it is written; nothing where that is not said."""
    before, after = text[max(0, figure.start - _SIDE) : figure.start], text[figure.end : figure.end + _SIDE]
    clause = _CLAUSE.split(before)[-1]
    if (other := _OF_OTHER.search(clause) or _IN_OTHER.match(after)) is not None:
        return other["noun"]
    for stands in (_COSTS, _WORTH):
        if (found := stands.search(clause)) is not None:
            return _last_noun(clause[: found.start()])
    if (bought := _BOUGHT.search(clause)) is not None:
        return bought["noun"]
    behind = _BEHIND.match(after)
    if behind is None or (after.startswith(" in ") and not _INVESTED.search(clause)):
        return ""
    return behind["noun"]


def _last_noun(clause: str) -> str:
    """The last noun of a clause with all that it is of: "an order for the trams" of "won an order for the trams"."""
    for begin in reversed([found.start() for found in _DETERMINER.finditer(clause)]):
        if not _OF.search(clause[:begin]):
            return clause[begin:]
    return _SAYING.sub("", clause)
