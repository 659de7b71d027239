"""Whether a text names such a thing as a question asks for: a sum for how much, a name for who, so many tunnels.

By shape, in English, and in Chinese where the question says what is counted or measured. Who only tells what others say
is not who did it. Where a question does not say what would answer it, anything might.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from generation.reading.called import called
from generation.reading.inquiry import Inquiry
from generation.reading.kindred import kin
from generation.reading.kinds import Kind, things
from generation.reading.measures import Measure, gives
from generation.reading.terms import HAN, background, stem, terms

_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|march|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    "|dec(?:ember)?"
)
_DAY = (
    rf"\b(?:{_MONTH}|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|tomorrow|tonight|yesterday)\b"
    r"|\b(?:1\d|20)\d\d\b"
)
_ON_A_DAY = re.compile(_DAY, re.IGNORECASE)
_AT_A_TIME = re.compile(
    rf"{_DAY}|\b(?:spring|summer|autumn|winter|christmas|easter|eve|week(?:end|s)?|months?|years?|decades?|days?|hours?"
    r"|minutes?|morning|afternoon|evening|night|overnight|midnight|noon|dawn|now|soon|immediately|season|term|quarter|ago"
    r"|century|centuries|[ap]\.?m)\b|\b\d{1,2}[.:]\d\d\b",
    re.IGNORECASE,
)
_WHICH_DAY = re.compile(r"\b(?:what|which) (?:exact )?(?:day|date)\b", re.IGNORECASE)
_SOMEWHERE = re.compile(
    r"\b(?:in|at|near|from|outside|across|to|on|off|under|above|over|through|into|around|behind|beside|along|between"
    r"|inside|where|north|south|east|west|northern|southern|eastern|western)\b",
    re.IGNORECASE,
)
# Whoever is told without a name: a lorry driver, three nurses.
_SOMEBODY = re.compile(
    r"\b(?:an?|the|his|her|their|its|two|three|four|five|six|several|\d+)\s(?:[\w’'-]+\s){0,3}?"
    r"(?:m[ae]n|wom[ae]n|boys?|girls?|child(?:ren)?|pilots?|thie(?:f|ves)|team|jury|students?|famil(?:y|ies)|compan(?:y|ies)"
    r"|firms?|group|brothers?|sisters?|sons?|daughters?|wife|wives|husbands?|couple|crew|kings?|queens?|cousins?|friends?"
    r"|\w{2,}(?:ers?|ors?|ists?|ians?|mates?|men|women))\b|\b(?:nobody|no one|police)\b",
    re.IGNORECASE,
)
_NAME = r"[A-ZÀ-Þ][\w.’'-]{0,30}"
_SAYS = r"(?:said|says|told|tells|added|adds|announced|reported|reports|explained|warned)\b"
# "…, dean Matthias Gruhl said", "Founder Elina Rautio said that …".
_ATTRIBUTION = re.compile(
    rf"(?:^{_NAME} |, (?:[a-z’'-]+ ){{0,5}}| )(?:{_NAME} ){{1,4}}{_SAYS}|[“\"][^”\"]{{1,400}}[”\"]"
)
_NAMED = re.compile(rf"(?<!^)\b{_NAME}|^{_NAME}(?= {_NAME})")
_HOW_MANY = re.compile(r"\bhow many ((?:[\w’'-]+ ?){1,5})", re.IGNORECASE)
_OF_NAME = re.compile(
    r"\b(?:what|which)(?: is|['’]s| was| are| were) the (?:full |first |last )?names? of\b"
    r"(?: (?:the|a|an|his|her|its)\b)?"
    r"(?P<noun>[^?]{0,60}?)(?= (?:at|of|in|on|who|whose|that|from|for|by|near)\b|[?.]|$)|\bcalled\?*$",
    re.IGNORECASE,
)
_IRREGULAR = frozenset(["people", "men", "women", "children", "staff", "crew", "police", "personnel", "fish", "sheep"])
_PEOPLE_WORDS = (
    "people person passenger worker staff employee docker miner nurse teacher driver migrant refugee resident villager "
    "visitor fan spectator protester demonstrator marcher captive hostage victim tourist guest crew officer police "
    "troop soldier pupil student child woman man girl boy baby journalist member patient prisoner skier adult "
    "volunteer commuter customer inhabitant farmer athlete player voter runner participant fisherman rider casualty "
    "juror witness climber"
)
_PEOPLE = frozenset(map(stem, _PEOPLE_WORDS.split()))
_ANYBODY = frozenset(map(stem, ["people", "person"]))
_NONE = frozenset(["no", "none", "nobody", "one", "both"])
_SCALE_WORDS = (
    "dozen dozens hundred hundreds thousand thousands million millions thirty forty fifty sixty seventy eighty ninety "
    "several"
)
_SCALES = frozenset(map(stem, _SCALE_WORDS.split()))
# What follows a number that counts people without saying so: "some 11,400 saw the match".
_DO_WORDS = "saw watch were was have had took take die attend came come visit join walk march live work lost sign"
_DO = frozenset(map(stem, _DO_WORDS.split()))
_WORDS = re.compile(r"[^\W_][\w’'-]*")
_BEFORE_PLACES = frozenset(["in", "at", "on", "near", "from", "of", "for", "to"])
_BESIDE = 4
# "The number of people hurt had risen to 57."
_TOLL = frozenset(map(stem, ["number", "toll", "total", "count", "tally"]))
# How far behind a number what it counts may stand, in words.
_BEHIND = 5

_UNIT_ZH = re.compile("多少([册辆艘架票吨户升枚篇幅])")
_OF_PEOPLE_ZH = re.compile("(?:多少|几)(?:[人名位]|学生|工人|乘客|观众|居民|员工|游客|代表)")
_DIGIT_ZH = r"[\d一二三四五六七八九十百千万亿两零余多半]"
_PEOPLE_ZH = re.compile(f"{_DIGIT_ZH}[人名位]|[万亿][，。、]|[无没][有人]|零伤亡|多人|数人")
_FIRM_ZH = re.compile("哪[家个](?:公司|企业|厂商|机构|集团)")
_NAMED_FIRM_ZH = re.compile(
    f"(?<=[{HAN}]{{2}})(?:公司|集团|企业|建设|工程局|研究院|建工|股份|科技|汽车|重工)|[A-Za-z]{{2}}"
)
_WHEN_ZH = re.compile(
    rf"{_DIGIT_ZH}(?:年|月|日|号|时|点|天|周|小时)|[今昨明去前后当][天日年晚晨]|周[一二三四五六日末]|星期[一二三四五六日天]"
    "|[春夏秋冬][季天]|[上下本]周|[上下本]月|[年月]底|[年月]初|凌晨|清晨|晚间|深夜|[上下]半年|节"
)


def could_answer(inquiry: Inquiry, text: str) -> bool:
    """Whether a text names something of the sort that is asked for."""
    return _could_zh(inquiry, text) if inquiry.chinese else _could_en(inquiry, text)


def asks_for_name(inquiry: Inquiry) -> bool:
    """Whether it is asked what somebody or something is called."""
    return _OF_NAME.search(inquiry.text) is not None


def _could_en(inquiry: Inquiry, text: str) -> bool:
    if inquiry.measure is not None:
        return gives(text, inquiry.measure)
    if asks_for_name(inquiry):
        whose = called(inquiry.text)
        return _named_beside(inquiry, text) if whose is None else whose.is_named(text, inquiry.terms)
    of_kind = _OF_KIND.get(inquiry.kind)
    return of_kind is None or of_kind(inquiry, text)


def _names_another(inquiry: Inquiry, text: str) -> bool:
    """Whether a text names somebody or something that the question does not, and not as who says so."""
    asked = frozenset(inquiry.terms)
    told = _ATTRIBUTION.sub("", text)
    if any(term not in asked and background(term) > 0 for name in _NAMED.findall(told) for term in terms(name)):
        return True
    return bool(things(Kind.ANY, told, asked) & things(Kind.ANY, told.lower(), asked))


def _named_beside(inquiry: Inquiry, text: str) -> bool:
    """Whether a name stands beside the thing it is asked of: "the phone maker Quill"."""
    words = _WORDS.findall(text)
    # Of "the night watchman at the paint works" the watchman is asked for.
    of = _OF_NAME.search(inquiry.text)
    noun = [term for term in terms((of and of["noun"]) or "") if term in inquiry.pointed][-1:]
    wanted = frozenset(noun) or inquiry.pointed
    asked = [i for i, word in enumerate(words) if wanted.intersection(terms(word))]
    known = frozenset(inquiry.terms)
    for i, word in enumerate(words):
        if not (i and word[0].isupper()) or known.intersection(terms(word)) or words[i - 1].lower() in _BEFORE_PLACES:
            continue
        if any(abs(i - at) <= _BESIDE for at in asked):
            return True
    return any(mark in text for mark in '“"《')


def _counts(inquiry: Inquiry, text: str) -> bool:
    """Whether a number of a text may count what is asked for."""
    found = terms(text)
    numbers = [i for i, term in enumerate(found) if term[0].isdigit() or term in _SCALES or term in _NONE]
    asked = _counted(inquiry.text)
    if not asked:
        return bool(numbers)
    kinds = kin([asked]).get(asked, frozenset()) | {asked}
    if asked in _PEOPLE:
        kinds |= _PEOPLE if asked in _ANYBODY else _ANYBODY
    if numbers and _TOLL.intersection(found) and kinds.intersection(found):
        return True
    for i in numbers:
        behind = found[i + 1 : i + 1 + _BEHIND]
        if kinds.intersection(behind):
            return True
        if asked in _PEOPLE and (found[i] == "nobody" or (behind[0] in _DO if behind else len(found[i]) > 1)):
            return True
    return False


def _counted(question: str) -> str:
    """The noun that "how many" asks for, cut to its stem; nothing where that is not clear."""
    found = _HOW_MANY.search(question)
    words = found[1].lower().split() if found else []
    noun = next((word for word in words if word in _IRREGULAR or (word.endswith("s") and not word.endswith("ss"))), "")
    return stem(noun)


def _dated(inquiry: Inquiry, text: str) -> bool:
    return (_ON_A_DAY if _WHICH_DAY.search(inquiry.text) else _AT_A_TIME).search(text) is not None


def _placed(_: Inquiry, text: str) -> bool:
    return _SOMEWHERE.search(text) is not None


def _of_somebody(inquiry: Inquiry, text: str) -> bool:
    return _names_another(inquiry, text) or _SOMEBODY.search(_ATTRIBUTION.sub("", text)) is not None


_OF_KIND: dict[Kind, Callable[[Inquiry, str], bool]] = {
    Kind.NUMBER: _counts,
    Kind.DATE: _dated,
    Kind.PLACE: _placed,
    Kind.PERSON: _of_somebody,
    Kind.NAME: _names_another,
}


def _could_zh(inquiry: Inquiry, text: str) -> bool:
    question = inquiry.text
    if inquiry.measure is not None:
        # 多大 may ask of anything.
        return gives(text, inquiry.measure) or inquiry.measure is Measure.EXTENT
    if _FIRM_ZH.search(question):
        return _NAMED_FIRM_ZH.search(text) is not None
    if inquiry.kind is Kind.NUMBER and _OF_PEOPLE_ZH.search(question):
        return _PEOPLE_ZH.search(text) is not None
    if inquiry.kind is Kind.NUMBER and (asked := _UNIT_ZH.search(question)) is not None:
        return re.search(f"{_DIGIT_ZH}{asked[1]}", text) is not None
    if inquiry.kind is Kind.DATE:
        return _WHEN_ZH.search(text) is not None
    return True
