"""Whether a passage speaks of whom and what a question names: another city's metro does not answer for this one's.

By names as they are written, so a story that names the same in other words can be taken for another one; what is named
everywhere, such as weekdays and the largest countries, is not asked for. Judged for whole articles: what one passage
does not name, another of the same article may.
"""

from __future__ import annotations

import re
from collections import defaultdict

from generation.quoting.select import Reading
from generation.reading.inquiry import ASKING_EN, ASKING_ZH, unframed
from generation.reading.places import PLACES
from generation.reading.terms import HAN, terms
from storage.domain.news import ArticleId, Passage

# A question this long tells its story by more than names, and one of its many names may well be written otherwise.
_MOST_TERMS = 12
# One name of four may be missing, one of three may not.
_ENOUGH_NAMES = 0.7
_ENOUGH_LATIN = 0.5
# Of what a title holds one word alone may be of anything.
_TELLS_A_MATTER = 2
_PLACE_LENGTHS = (2, 3, 4)

# Told apart from names by no rule of writing, or written in too many ways: CEO, US and American, Thursday.
ASKED_OF_NONE = frozenset(
    term
    for word in [
        "US",
        "USA",
        "U.S.",
        "America",
        "American",
        "Americans",
        "UK",
        "U.K.",
        "Britain",
        "British",
        "EU",
        "CEO",
        "CFO",
        "AI",
        "TV",
        "PM",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "English",
        "Chinese",
        "Mr",
        "Mrs",
        "Ms",
        "Dr",
        "President",
        "Prime",
        "Minister",
        "Best",
    ]
    for term in terms(word)
)
# A number behind a name is part of it, unless it is a year.
_VERSION_EN = re.compile(r"\b[A-Z]\w+ (?!(?:19|20)\d\d\b)(\d+(?:\.\d+)*)\b(?! ?%)")
_FULL_NAME = re.compile(
    r"(?<![\w’'-])(?!(?:New|South|North|East|West|Port|Saint|San|Los|Lake|Mount|Who|What|When|Where|Why|Which|How|Did|Does|Is)"
    r"\b)([A-Z][a-z]+(?: [A-Z]\.)?) ([A-Z][a-z]{2,})(?=[’']s\b|[^\w’' -]|$| (?![A-Z]))"
)
# These end the names of many.
_ENDING_MANY = "Cup League Prize Bank Party House Court Games Union Day Office Open Street State City"
_SHARED_LAST = frozenset(_ENDING_MANY.split())
_QUOTED_ZH = re.compile('[“"《「]([^“”"《》「」]{1,20})[”"》」]')
_NUMBERED_ZH = re.compile(r"\d{1,4}号线|\d{1,8}\.\d{1,8}")
_ORDINAL_ZH = re.compile("(?<![一二三四五六七八九十])([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)(?=号线)")
_DIGITS_ZH = "〇一二三四五六七八九"
_LATIN_ZH = re.compile(r"[a-z][a-z0-9.+-]*")
_NAMED_ZH = re.compile(
    f"(?P<name>(?:(?![说的在坐乘问是去到从被把和与了请])[{HAN}]){{2}})(?P<of>地铁|机场|大学|学院|银行|集团|医院|天文台|博物馆|大桥|公园|法院|铁路|高铁|控股|电视台|俱乐部)"
)
_PLACES_ZH = frozenset(place for place in PLACES if re.match(f"[{HAN}]", place))


def agreeing(reading: Reading) -> frozenset[int]:
    """The hits of articles that name what the question names; all of them where it names nothing in particular."""
    of_article: dict[ArticleId, list[int]] = defaultdict(list)
    for i, hit in enumerate(reading.hits):
        of_article[hit.passage.headline.id].append(i)
    agree = _agree_zh if reading.inquiry.chinese else _agree_en
    matter = frozenset[str]() if reading.inquiry.chinese else _matter(reading)
    return frozenset(
        i
        for indexes in of_article.values()
        if agree(reading, indexes) and _is_of(matter, reading, indexes)
        for i in indexes
    )


def _matter(reading: Reading) -> frozenset[str]:
    """What of the question a title holds, the most that one does: the dead of a storm are not those of a derailment."""
    told = max(reading.titles, key=reading.share, default=frozenset[str]())
    return told if len(told) >= _TELLS_A_MATTER else frozenset()


def _is_of(matter: frozenset[str], reading: Reading, indexes: list[int]) -> bool:
    """Whether an article has anything of a matter."""
    return not matter or any(not matter.isdisjoint(reading.passages[i]) for i in indexes)


def _agree_en(reading: Reading, indexes: list[int]) -> bool:
    wanted = _wanted_en(reading)
    if not wanted:
        return True
    held = frozenset[str]().union(*(reading.passages[i] for i in indexes))
    if len(wanted & held) >= _ENOUGH_NAMES * len(wanted):
        return True
    held |= _first_names(reading, wanted & held, indexes)
    return len(wanted & held) >= _ENOUGH_NAMES * len(wanted)


def _first_names(reading: Reading, held: frozenset[str], indexes: list[int]) -> frozenset[str]:
    """What stands before a surname that an article gives alone."""
    passages = [reading.hits[i].passage for i in indexes]
    return frozenset(
        term
        for before, last in _FULL_NAME.findall(reading.inquiry.text)
        if last not in _SHARED_LAST and held.issuperset(terms(last)) and any(_names(last, each) for each in passages)
        for term in terms(before)
    )


def _names(name: str, passage: Passage) -> bool:
    """Whether a word stands within a sentence as a name does, no other name before it."""
    return re.search(rf"(?<![\w-])[a-z]+ {re.escape(name)}\b(?! [A-Z])", passage.text) is not None


def _wanted_en(reading: Reading) -> frozenset[str]:
    inquiry = reading.inquiry
    if len(inquiry.terms) > _MOST_TERMS:
        return frozenset()
    passed_over = ASKED_OF_NONE | first_word(inquiry.text)
    versions = (term for number in _VERSION_EN.findall(inquiry.text) for term in terms(number))
    return (inquiry.names - passed_over) | frozenset(versions)


def first_word(text: str) -> frozenset[str]:
    """The terms of the word a question opens with, which is written like a name whatever it is; none if it is one."""
    words = text.split(maxsplit=2)
    if len(words) > 1 and (words[1][0].isupper() or words[0].endswith(("'s", "’s"))) and not ASKING_EN.match(text):
        return frozenset()
    return frozenset(terms(words[0])) if words and words[0].lower() not in PLACES else frozenset()


def _agree_zh(reading: Reading, indexes: list[int]) -> bool:
    wanted, latin = _wanted_zh(reading.inquiry.text)
    if not wanted and not latin:
        return True
    passages = [reading.hits[i].passage for i in indexes]
    text = "".join(_plain_zh(f"{passage.headline.title} {passage.text}") for passage in passages)
    # What is written in Latin letters often has a Chinese name too.
    held = sum(name in text for name in latin)
    return all(name in text for name in wanted) and held >= _ENOUGH_LATIN * len(latin)


def _wanted_zh(question: str) -> tuple[frozenset[str], frozenset[str]]:
    lowered = _plain_zh(unframed(question))
    runs = re.findall(f"[{HAN}]+", lowered)
    found = {
        run[i : i + n]
        for run in runs
        for n in _PLACE_LENGTHS
        for i in range(len(run) - n + 1)
        if run[i : i + n] in _PLACES_ZH
    }
    found.update(_QUOTED_ZH.findall(lowered), _NUMBERED_ZH.findall(lowered))
    for named in _NAMED_ZH.finditer(ASKING_ZH.sub(" ", lowered)):
        found.update((named["name"], named["of"]))
    return frozenset(found), frozenset(_LATIN_ZH.findall(lowered))


def _plain_zh(text: str) -> str:
    """In lower case without spaces, and 十二号线 as 12号线."""
    return _ORDINAL_ZH.sub(_in_digits, "".join(text.lower().split()))


def _in_digits(match: re.Match[str]) -> str:
    before, ten, after = match.groups()
    if not ten and before and after:
        return match.group()
    tens = (_DIGITS_ZH.index(before) if before else 1) if ten else 0
    ones = _DIGITS_ZH.index(after or ("" if ten else before) or "〇")
    return str(10 * tens + ones) if match.group() else ""
