"""What kinds of things a text names: numbers, dates, people, places, names, reasons. By shape, not by knowledge.

The finders return the things themselves, in one spelling, so that the same thing found in two texts can be counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from enum import StrEnum
from functools import partial

from generation.reading.places import PLACES
from generation.reading.terms import HAN, STOP_WORDS, is_chinese, terms


class Kind(StrEnum):
    """What would answer a question."""

    PERSON = "person"
    PLACE = "place"
    DATE = "date"
    NUMBER = "number"
    NAME = "name"
    REASON = "reason"
    CLAIM = "claim"
    ANY = "any"


_NUMBER_EN = re.compile(
    r"(?:[$€£¥]\s?)?\d[\d,]*(?:\.\d+)?(?:\s?(?:%|percent|per cent|hundred|thousand|million|billion|trillion))?"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|half|twice|"
    r"first|second|third|fourth|fifth|once|one|none)\b",
    re.IGNORECASE,
)
_DATE_EN = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\.? \d{1,4}\b|\b(?:1[5-9]|20)\d\d(?:s\b|\b)|"
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:january|february|march|april|june|july|august|september|"
    r"october|november|december|spring|summer|autumn|winter)\b",
    re.IGNORECASE,
)
_CAPITALS = re.compile(
    r"\b[A-ZÀ-Þ][\w’'.&-]*(?:\s(?:of\s(?:the\s)?|and\s(?=[A-Z])|de\s|van\s|von\s|al-)?[A-ZÀ-Þ][\w’'.&-]*)*"
)
_QUOTED = re.compile(r"[“\"‘]([^“”\"‘’]{2,60})[”\"’]|《([^《》]{1,40})》|“([^”]{1,40})”")
_REASON_EN = re.compile(
    r"\b(?:because|due to|owing to|as a result of|in order (?:to|that)|so that|in response|a response to|thanks to|"
    r"caus(?:e|ed|es|ing)|reasons?|over (?:an? |the |their )?(?:concerns|fears|plans?|pay|disputes?)|blam\w+|citing|"
    r"cited|prompt(?:ed|ing)|led to|triggered|aim(?:s|ed|ing)? (?:to|at)|in protest|for fear|fuell?ed by|driven by|"
    r"stems? from|put\b[^.;]{1,40}\bdown to|explain(?:s|ed)|the result of|"
    r"a bid to|meant to|intended to|in favou?r of|to (?:avoid|prevent|protect|keep out))\b",
    re.IGNORECASE,
)
# Longer runs are no numbers, and looked at whole from each digit they take time with the square of their length.
_DIGITS_ZH = r"(?:\d[\d,.]{0,31}|[一二三四五六七八九十百千两半零〇]{1,32})"
_NUMBER_ZH = re.compile(rf"(?:百分之{_DIGITS_ZH}|第?{_DIGITS_ZH}(?:[万亿百千]+)?(?:余|多)?(?:%|％|[{HAN}]{{1,2}})?)")
_DATE_ZH = re.compile(
    rf"{_DIGITS_ZH}年(?:{_DIGITS_ZH}月)?(?:{_DIGITS_ZH}[日号])?|{_DIGITS_ZH}月(?:份|{_DIGITS_ZH}[日号]|[上中下]旬)?|"
    rf"{_DIGITS_ZH}[日号时点]|[今昨明去前后][天日年]|星期[一二三四五六日]|周[一二三四五六日]|上半年|下半年|[春夏秋冬][季天]"
)
_PLACE_ZH = re.compile(
    rf"[{HAN}]{{1,6}}?(?:省|市|县|区|州|镇|乡|村|街道|国|岛|港|路|洲|机场|大学|公园|医院|广场|中心|地区|半岛|海峡|海域)"
)
_PERSON_ZH = re.compile(
    rf"[{HAN}]{{1,4}}·[{HAN}·]{{1,8}}"
    rf"|[{HAN}]{{0,8}}(?:总统|总理|主席|部长|首相|书记|市长|省长|局长|院长|校长|教授|博士|记者|发言人|董事长|总裁|经理|主任|会长|教练|选手|"
    rf"专家|律师|医生|老师|先生|女士|演员|导演|队长|大使|议长|将军|创始人|研究员|负责人)[{HAN}]{{0,3}}"
    rf"|[{HAN}]{{2,8}}(?=表示|介绍|说|指出|称|认为|宣布|强调|透露|告诉)"
)
_NAME_ZH = re.compile(
    rf"[{HAN}]{{2,12}}(?:公司|集团|银行|大学|学院|委员会|委|局|部|厅|协会|组织|联盟|队|法|条例|办法|规定|方案|奖|赛|会议|论坛|计划|行动|工程|项目|系统|平台|站|号)"
    r"|[A-Za-z][\w.+-]*(?: [A-Z][\w.+-]*)*"
)
_REASON_ZH = re.compile(
    "因为|由于|因此|原因|缘于|源于|起因|为了|旨在|目的|理由|出于|以便|从而|导致|致使|造成|引发|归咎|受[^，。]{1,16}影响|为[^，。]{2,16}[，]"
    "|避免|防止|阻挡|之所以|希望借此|[，。]因[^此为素特]"
)


def _capitalised(text: str, asked: Collection[str]) -> frozenset[str]:
    found: set[str] = set()
    for run in _CAPITALS.finditer(text):
        fresh = [t for t in terms(run.group()) if t not in asked and t not in STOP_WORDS]
        found.update(fresh)
    found.update(_quoted(text, asked))
    return frozenset(found)


def _quoted(text: str, asked: Collection[str]) -> frozenset[str]:
    found = ("".join(match.groups(default="")).strip(" ,.，。").lower() for match in _QUOTED.finditer(text))
    return frozenset(quote for quote in found if quote and not all(term in asked for term in terms(quote)))


def _matched(text: str, asked: Collection[str], *, pattern: re.Pattern[str]) -> frozenset[str]:
    found = ("".join(match.group().lower().split()).replace(",", "") for match in pattern.finditer(text))
    return frozenset(thing for thing in found if thing not in asked and not all(t in asked for t in terms(thing)))


def _places_en(text: str, asked: Collection[str]) -> frozenset[str]:
    known = PLACES.intersection(run.group().lower() for run in re.finditer(r"[A-Z]\w+(?: [A-Z]\w+)?", text))
    known |= PLACES.intersection(run.group().lower() for run in re.finditer(r"[A-Z]\w+", text))
    placed = re.finditer(
        r"\b(?:in|at|near|from|outside|across|to)\s((?:the\s)?[A-Z][\w’'-]*(?:,?\s[A-Z][\w’'-]*)*)", text
    )
    known |= {run.group(1).lower() for run in placed}
    return frozenset(place for place in known if not all(t in asked for t in terms(place)))


_ENGLISH: dict[Kind, Callable[[str, Collection[str]], frozenset[str]]] = {
    Kind.PERSON: _capitalised,
    Kind.NAME: _capitalised,
    Kind.PLACE: _places_en,
    Kind.DATE: partial(_matched, pattern=_DATE_EN),
    Kind.NUMBER: partial(_matched, pattern=_NUMBER_EN),
    Kind.REASON: partial(_matched, pattern=_REASON_EN),
    Kind.ANY: _capitalised,
}


def _names_zh(text: str, asked: Collection[str]) -> frozenset[str]:
    return _quoted(text, asked) | _matched(text, asked, pattern=_NAME_ZH)


_CHINESE: dict[Kind, Callable[[str, Collection[str]], frozenset[str]]] = {
    Kind.PERSON: partial(_matched, pattern=_PERSON_ZH),
    Kind.NAME: _names_zh,
    Kind.PLACE: partial(_matched, pattern=_PLACE_ZH),
    Kind.DATE: partial(_matched, pattern=_DATE_ZH),
    Kind.NUMBER: partial(_matched, pattern=_NUMBER_ZH),
    Kind.REASON: partial(_matched, pattern=_REASON_ZH),
    Kind.ANY: _quoted,
}


def things(kind: Kind, text: str, asked: Collection[str]) -> frozenset[str]:
    """What of `kind` the text names beyond the terms in `asked`, in one spelling; nothing for a claim."""
    finders = _CHINESE if is_chinese(text) else _ENGLISH
    finder = finders.get(kind)
    return finder(text, asked) if finder else frozenset()
