"""What a number counts, by the words around it: which kind of things, in which respect, when, and whose.

By shape and by lists of words in English and Chinese. Where a text does not say, nothing is held against it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from generation.reading.terms import HAN, STOP_WORDS, stem

# What is one kind of thing in many words.
_PEOPLE = (
    "people|persons?|passengers?|workers?|staff|employees|dockers|miners|nurses|teachers|drivers|migrants|refugees|"
    "residents|villagers|visitors|fans|spectators|protest[eo]rs|demonstrators|marchers|captives|hostages|victims|"
    "tourists|guests|jobs|posts|positions|crew|officers|police|soldiers|troops|pupils|students|schoolchildren|"
    "children|women|men|girls|boys|minors|journalists|lawmakers|members|patients|inmates|prisoners"
)
_KINDS = {
    "people": (
        _PEOPLE,
        r"[人名位例]|乘客|工人|员工|岗位|职位|就业|工作机会|观众|游客|学生|移民|村民|居民|群众|护士|士兵|儿童",
    ),
    "homes": (
        r"homes?|houses|households|buildings|properties|dwellings|customers|consumers|users",
        r"[间栋幢](?!之)|户|房屋|民房|住宅|用户|居民楼",
    ),
    "vehicles": (r"cars|vehicles|lorries|trucks|buses|vans", r"辆|汽车|货车|车辆"),
    "flights": (r"flights|departures", r"航班|架次"),
    "boats": (r"boats|ships|ferries|vessels", r"艘|渔船|货轮"),
    "votes": (r"votes|ballots", r"票"),
    "seats": (r"seats", r"席"),
    "time": (
        r"days|hours|minutes|weeks|months|years|decades",
        r"[天年]|周(?![一二三四五六日天末边围转])|小时|个月|分钟|星期(?![一二三四五六日天])",
    ),
    "operations": (r"operations|surgeries", r"手术"),
    "stations": (r"stations|stops", r"车站|座站"),
    "trees": (r"trees", r"[棵株]"),
    "satellites": (r"satellites", r"颗"),
    "hectares": (r"hectares", r"公顷"),
    "mu": (r"mu", r"亩"),
    "square metres": (r"square (?:metres|meters)", r"平方米|平米"),
}
# Who is counted apart from all others: where one counts them, the other must too.
_ROLES = {
    "crew": (r"(?<!passengers and )crew|crew members", r"(?<!乘客和)船员|机组"),
    "guards": (r"officers|police|guards", r"名?(?:警察|警力|警员|民警)"),
    "soldiers": (r"soldiers|troops|servicemen", r"士兵|军人|部队"),
    "pupils": (r"pupils|students|schoolchildren", r"学生"),
    "children": (r"children|minors|girls|boys", r"儿童|孩子|未成年"),
    "members": (r"lawmakers|members", r"议员"),
}
_RESPECTS = {
    "length": r"\b(?:long|length|span)\b|全长|[^多]长",
    "width": r"\b(?:wide|width)\b|宽",
    "depth": r"\b(?:deep|depth)\b|深",
    "height": r"\b(?:high|tall|height)\b|高",
    "distance": r"\b(?:away|from|north|south|east|west|outside)\b|距",
    "profit": r"\b(?:profits?|earn(?:ed|ings))\b|利润|盈利",
    "revenue": r"\b(?:revenues?|sales|turnover)\b|营收|收入|销售额",
    "loss": r"\bloss\b|亏损",
    "damage": r"\b(?:damage|losses)\b|损失",
    "aid": r"\b(?:aid|grants?|give|donat\w*|help|relief)\b|拨款|补助|捐|援助",
    "growth": r"\b(?:grew|grow|growth|growing|expand\w*)\b|增长",
    "inflation": r"\b(?:inflation|prices)\b|通胀|物价",
    "jobless": r"\b(?:unemployment|jobless)\b|失业",
    "votes": r"\b(?:votes?|ballots|turnout)\b|得票|选票",
}
_TIMES = {
    "before": (
        r"\b(?:last (?:year|month|season|summer|winter|time)|(?:a )?years? (?:ago|earlier)|previous\w*"
        r"|in (?:19|20)\d\d)|去年|上年|上月|同期|此前|曾|(?:19|20)\d\d年"
    ),
    "by then": r"\bby (?:19|20)\d\d|到(?:19|20)\d\d年",
    "a time": (
        r"^\s*(?:(?:US )?\w+\s)?(?:an?|per|each|every) (?:year|month|week|day|hour)\b|\b(?:annual(?:ly)?|yearly)\b"
        r"|每[年月周天日]"
    ),
}
_OF_A_YEAR = re.compile(r"In (?:[A-Z][a-z]+ )?(?:19|20)\d\d\b")
_SINCE = r"\bsince (?:[A-Z][a-z]+|(?:19|20)\d\d|the|last)\b|自[^，。]{1,12}以来|今年以来|至今"
_PART = re.compile(
    rf"^\s*of (?:(?:them|those|these|whom|its|his|her)\b|the (?!votes|ballots)\w+s\b)|^人?[{HAN}]{{0,2}}中",
    re.IGNORECASE,
)
_PART_LEFT = re.compile(
    r"\b(?:including|among (?:them|those|whom)|of (?:them|whom)|of the [\w ]{1,30},)\W*$|其中[^，。]{0,4}$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\b((?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b|(?:周|星期)([一二三四五六日天])")
_SAID_ON = re.compile(r"\b(?:said|say|says|told \w+|announced|reported)(?: \w+)? on \w+day")
# A name, and a few words that say what it did, up to the number: "Kell will buy 12".
_DOER = re.compile(r"\s*(?:The )?((?:(?!The\b)[A-Z][\w’-]+ ){1,3}(?:party )?)(?:[a-z]+ ){1,3}$")
_NO_DOER = re.compile(r"\w+s\b|Police|Gunmen|Firemen|An?\b|On|In|At|Some|About|It|He|She|They|We", re.IGNORECASE)
_SAYS = re.compile(r"\b(?:said|says|say|put|puts|reported|counts?|counted|estimates?|confirmed|killed|wounded)\b")
_DOER_ZH = re.compile(rf"(?:^|[，。；、])([{HAN}]{{1,6}}?[市城党省县州镇村区])(?![民长])")
_WORDS = re.compile(r"[\s-]*([A-Za-z][\w’'-]*)")
_SPAN = re.compile(r"-(hour|day|week|month|year)\b")
_MOST_WORDS = 4
_IRREGULAR = frozenset(["people", "men", "women", "children", "staff", "crew", "police", "troops", "personnel"])


def _either(words: tuple[str, str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words[0]})\b|{words[1]}", re.IGNORECASE)


_KIND = {name: _either(words) for name, words in _KINDS.items()}
_ROLE = {name: _either(words) for name, words in _ROLES.items()}
_RESPECT = {name: re.compile(words, re.IGNORECASE) for name, words in _RESPECTS.items()}
_TIME = {name: re.compile(words, re.IGNORECASE) for name, words in _TIMES.items()}
_SINCE_THEN = re.compile(_SINCE)
_SHOCK = re.compile(r"\b(?:earth)?quakes?\b|\btremors?\b|地震", re.IGNORECASE)
# Before and after the shock that a text is about there are others.
_OTHER_SHOCK = re.compile(
    r"\b(?:after|fore)shocks?\b|余震|前震"
    r"|\b(?:strongest|largest|biggest)(?: one| of them| of these)?(?:,? (?:of|was|at|had|with|reached|being))*(?: an?)?"
    r"(?: magnitude(?: of)?)?\s*$|其中最[大强][^，。]{0,4}$",
    re.IGNORECASE,
)
_SEX = re.compile(r"\b(wom[ae]n|m[ae]n|girls|boys)(?:’s|'s)?\b|([男女])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What is counted; each is empty where the text does not say.

    Args:
        kind: A kind of ours, or the stem of the noun behind the number.
        roles: Who they are, where they are counted apart from others.
        respects: In which respect: length, profit.
        times: Of which time, beside the present one; `another` of which shock, beside the one that is told of.
        days: On which days of the week.
        doer: Whose they are, or who did it, in lower case.
        part: Whether they are told as a part of others.
    """

    kind: str
    roles: frozenset[str]
    respects: frozenset[str]
    times: frozenset[str]
    days: frozenset[str]
    doer: str
    part: bool

    def same(self, other: Counted, *, dated: bool = True) -> bool:
        """Whether nothing says that these are other things, or of another time, or another's.

        Args:
            other: What the other number counts.
            dated: Whether a day beside it is that of what is counted, not of who counted.
        """
        return (
            self.roles == other.roles
            and self.times == other.times
            and self.part == other.part
            and (not self.kind or not other.kind or self.kind == other.kind)
            and not _apart(self.respects, other.respects)
            and not (dated and _apart(self.days, other.days))
            and (not self.doer or not other.doer or self.doer in other.doer or other.doer in self.doer)
        )


def counted(left: str, right: str, sentence: str) -> Counted:
    """What a number counts that stands between `left` and `right`, its clause, in `sentence`."""
    noun = _noun(right)
    within = f"{left} {right}"
    times = [name for name, words in _TIME.items() if words.search(right if name == "a time" else within)]
    if _SINCE_THEN.search(sentence):
        times.append("since")
    if _OF_A_YEAR.match(sentence):
        times.append("before")
    if _SHOCK.search(sentence) and _TIME["before"].search(sentence):
        times.append("before")
    if _OTHER_SHOCK.search(left) or _OTHER_SHOCK.search(right):
        times.append("another")
    sexes = ["".join(found).lower()[:1] for found in _SEX.findall(within)]
    return Counted(
        kind=_kind(noun),
        roles=frozenset([*(name for name, words in _ROLE.items() if words.search(noun)), *sexes]),
        respects=frozenset(name for name, words in _RESPECT.items() if words.search(within)),
        times=frozenset(times),
        days=frozenset("".join(found) for found in _WEEKDAY.findall(_SAID_ON.sub("", within))),
        doer=_doer(left),
        part=bool(_PART.search(right) or _PART_LEFT.search(left)),
    )


def _noun(right: str) -> str:
    """The words behind a number up to the first that can be what it counts, or a few Chinese characters."""
    if re.match(rf"\s*[{HAN}]", right):
        return right.lstrip()[:8]
    # "15-year jail term".
    if (span := _SPAN.match(right)) is not None:
        return f"{span[1]}s"
    words: list[str] = []
    at = 0
    while len(words) < _MOST_WORDS and (found := _WORDS.match(right, at)) and found[1].lower() not in STOP_WORDS:
        words.append(found[1])
        at = found.end()
        if found[1].lower() in _IRREGULAR or (found[1].endswith("s") and not found[1].endswith("ss")):
            # Of "passengers and crew", both.
            more = re.match(r" and [a-z]+", right[at:])
            return " ".join(words) + (more.group() if more else "")
    return ""


def _kind(noun: str) -> str:
    found = [(at.start(), name) for name, words in _KIND.items() if (at := words.search(noun))]
    if found or not noun or re.search(f"[{HAN}]", noun):
        return min(found)[1] if found else ""
    return stem(noun.rsplit(maxsplit=1)[-1].lower())


def _doer(left: str) -> str:
    found = _DOER.match(left)
    if found is not None and not _NO_DOER.match(found[1]) and not _SAYS.search(left):
        return found[1].strip().lower()
    named = _DOER_ZH.search(left)
    return "" if named is None else named[1]


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and one.isdisjoint(other)
