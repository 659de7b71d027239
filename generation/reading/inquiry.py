"""What a question asks for: the kind of answer, the noun it asks about, its terms. English and Chinese.

By rules over the question alone; knows nothing of what was found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from generation.reading.kindred import OUT_OF_WORK
from generation.reading.kinds import Kind
from generation.reading.measures import MEASURING_TERMS, Measure, measure
from generation.reading.terms import COMMON_WORDS, HAN, STOP_WORDS, background, is_chinese, terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """A question, taken apart.

    Args:
        text: The question as it was put.
        terms: The terms that tell something, each once, in order.
        pairs: Neighbouring terms, as they would stand together in an answer.
        names: Terms that are written as names.
        numbers: Terms that are numbers.
        kind: What would answer it.
        focus: The terms of the noun asked for: `country` in "which country", 人 in 多少人.
        chinese: Whether it is asked in Chinese.
        current: Whether it says that it is about now.
        measure: What is measured, where the question says so: an age, a price, a length.
        context: Those of `terms` that only say which story is meant, because the question leans on one before it.
    """

    text: str
    terms: tuple[str, ...]
    pairs: frozenset[tuple[str, str]]
    names: frozenset[str]
    numbers: frozenset[str]
    kind: Kind
    focus: frozenset[str]
    chinese: bool
    current: bool
    measure: Measure | None = None
    context: frozenset[str] = frozenset()

    @property
    def own(self) -> frozenset[str]:
        """The terms of the question itself, beyond its story and what is measured."""
        measuring = MEASURING_TERMS if self.measure else frozenset[str]()
        return frozenset(
            term
            for term in self.terms
            if not (term in self.context or term in measuring or term in _NOW_TERMS or _POINTING_ZH.intersection(term))
        )

    @property
    def telling(self) -> frozenset[str]:
        """Those of its own terms that tell what is asked, whatever the story."""
        return frozenset(term for term in self.own if background(term) >= 1)

    @property
    def pointed(self) -> frozenset[str]:
        """Those that tell what is asked of whom it names: no names, nor what says which kind of thing would answer."""
        asked = self.telling - self.names
        return asked if self.kind is Kind.ANY else asked - self.focus


ASKING_EN = re.compile(
    r"\b(how (?:many|much|long|old|far|tall|high|big|large|often|fast|deep|heavy)|who|whom|whose|when|where|why|which|"
    r"what|how)\b",
    re.IGNORECASE,
)
_FOCUS_EN = re.compile(
    r"\b(?:which|what|how many|how much)\s+((?:[\w’'.$%-]+\s+){0,5}?[\w’'-]+)"
    r"(?=\s+(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|of|in|to|for|from|that|who|by|at|on|over|"
    r"during|after|recently|became|said|won|[\w]+(?:ed|s))\b|[?,.:]|$)",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"(?<![.?!]\s)(?<!^)\b[A-ZÀ-Þ][\w’'.&-]*")
_FIRST_WORD = re.compile(r"(?:^|[.?!]\s+)[\"“‘'(]*([A-Z][\w’'-]*)")
_CLAIM_EN = re.compile(
    r"^(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may|might)\b", re.IGNORECASE
)

_WORD = re.compile(r"[^\W\d_][\w’'.&-]*")
# Left small in a title, and by some also in one's name.
_SMALL = "a an the and or but of in on at to for from by with as vs over"
_SMALL_IN_TITLES = frozenset(_SMALL.split())
_FEWEST_TITLED = 2
_FEWEST_SHOUTED = 3

_CURRENT = re.compile(
    r"\b(?:this (?:week|month|year)|today|yesterday|recent(?:ly)?|latest|now|currently|just|soon|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b|今[天日年]|昨[天日]|最近|近日|最新|目前|现在|本周",
    re.IGNORECASE,
)

_LATIN_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z’']*(?![A-Za-z0-9])")

# When a question is put does not tell what it is about.
_POINTING_ZH = frozenset("他她它这那哪此该")
_NOW_TERMS = frozenset(["今天", "今日", "今年", "昨天", "昨日", "最近", "近日", "最新", "目前", "现在", "本周"])

_BY_WORD: dict[str, Kind] = {
    "who": Kind.PERSON, "whom": Kind.PERSON, "whose": Kind.PERSON, "when": Kind.DATE, "where": Kind.PLACE,
    "why": Kind.REASON, "how": Kind.ANY,
}  # fmt: skip
_FOCUS_KINDS: dict[Kind, str] = {
    Kind.PLACE: "country countries nation nations state states city cities continent town province region island "
    "county place location capital venue park airport stadium river lake mountain territory",
    Kind.DATE: "year date day month century decade time deadline",
    Kind.NUMBER: "percentage percent number amount age price cost share rate score proportion figure temperature "
    "record magnitude size length distance height fraction total value",
    Kind.PERSON: "actor actress singer president minister politician player athlete man woman person artist author "
    "rapper senator governor golfer swimmer driver star celebrity individual justice judge king queen prince princess "
    "candidate director coach musician designer astronaut lawmaker leader mayor ceo comedian",
}  # fmt: skip
_KIND_OF_FOCUS = {word: kind for kind, words in _FOCUS_KINDS.items() for word in words.split()}

ASKING_ZH = re.compile(
    r"(?P<reason>为什么|为何|为啥|什么原因|原因是什么|何以)"
    r"|(?P<date>什么时候|什么时间|何时|哪一?[年天日]|几月几日|几月|哪个月|几点|几号|什么日期|多会儿)"
    r"|(?P<place>什么地方|什么地点|在哪里|哪里|哪儿|何处|何地"
    r"|哪[个些一座]?(?:城市|国家|省份?|地区|州|地方|市|县|区|国|村|镇|岛|机场|街道))"
    r"|(?P<number>多少|几[个名家位人次天年月岁倍成所条项种届场座起辆只处期]|第几|几|多[大长久高远重宽深快])"
    r"|(?P<person>谁|哪[一几两]?[位人名]|什么人|何人)"
    r"|(?P<name>哪[一几两三四五些]?[个家所支项部类种条款届只座]?|什么|何|怎么样?|怎样|如何|是否|吗|呢)"
)
_ZH_KINDS = {
    "reason": Kind.REASON, "date": Kind.DATE, "place": Kind.PLACE, "number": Kind.NUMBER, "person": Kind.PERSON,
}  # fmt: skip
FILLER_ZH = re.compile("请问|请告诉我|告诉我|你知道|我想知道|有没有|可以吗|是什么|叫什么|是多少|有哪些|吗|呢|吧|啊")
_ZH_FOCUS_KINDS = (
    (re.compile("城市|国家|省份|地区|地点|位置|地方"), Kind.PLACE),
    (re.compile("时间|日期|年份|哪天|日子|期限"), Kind.DATE),
    (re.compile("数量|人数|金额|比例|价格|成绩|面积|长度|温度|百分比|数字|排名|总额|票房|年龄"), Kind.NUMBER),
    (re.compile("目的|原因|理由|意义|为了"), Kind.REASON),
    (re.compile("名字|姓名|名叫|作者|导演|人物"), Kind.PERSON),
)
_MEASURES = "个名家位次批条项种届场座起辆只处期所支款部份件些"


def read(question: str, context: str = "") -> Inquiry:
    """Take a question apart. Any text will do; one that asks nothing wants `Kind.ANY`.

    Args:
        question: What the reader wrote.
        context: What it leans on of the question before it; empty where it stands on its own.
    """
    if is_chinese(question):
        bare = unframed(question)
        inquiry = _read_chinese(question) if bare == question else _read_framed(question, bare)
    else:
        inquiry = _read_english(_in_plain_case(question))
    if not context:
        return inquiry
    shared = dict.fromkeys(term for term in terms(context) if background(term) > 0)
    own = [term for term in inquiry.terms if term not in shared]
    return replace(inquiry, terms=(*own, *shared), context=frozenset(shared))


def unframed(question: str) -> str:
    """What a Chinese question is about without the English words that ask: 澜州 of "What about 澜州?"; else as it is.

    A single word in small letters may well be a name.
    """
    words = _LATIN_WORD.findall(question)
    small = [word for word in words if word.islower()]
    if not (STOP_WORDS.intersection(small) or len(small) > 1):
        return question
    return _LATIN_WORD.sub(lambda found: "" if _asks(found.group(), words[0]) else found.group(), question)


def _asks(word: str, first: str) -> bool:
    """Whether a Latin word is no name: one in small letters, or the first one, if it is a word that questions have."""
    return word.islower() or (word == first and word.lower() in STOP_WORDS | COMMON_WORDS)


def names(text: str) -> list[str]:
    """The words of an English text that are written as names, each once, in order; Latin words of a Chinese one."""
    found = [(match.start(), match.group()) for match in _CAPITALISED.finditer(text)]
    for first in _FIRST_WORD.finditer(text):
        word = first.group(1)
        if not ASKING_EN.match(word) and any(background(term) >= 1 for term in terms(word)):
            found.append((first.start(1), word))
    telling = (word for _, word in sorted(found) if any(background(term) > 0 for term in terms(word)))
    return list(dict.fromkeys(telling))


def _in_plain_case(question: str) -> str:
    """In lower case where all is written in capitals, or every word as in a title: no name is told by its letters."""
    words = _WORD.findall(question)
    telling = [word for word in words[1:] if word.lower() not in _SMALL_IN_TITLES]
    if len(telling) < _FEWEST_TITLED or not all(word[0].isupper() for word in telling):
        return question
    shouted = len(words) >= _FEWEST_SHOUTED and question.isupper()
    titled = ASKING_EN.match(question) or _CLAIM_EN.match(question)
    return question.lower() if shouted or (titled and words[1][0].isupper()) else question


def _read_english(question: str) -> Inquiry:
    kind, focus = _english_kind(question)
    named = frozenset(term for word in names(question) for term in terms(word))
    return _inquiry(question, OUT_OF_WORK.sub("unemployed", question), kind, frozenset(focus), named, chinese=False)


def _english_kind(question: str) -> tuple[Kind, list[str]]:
    asking = _asking_clause(question)
    wh = ASKING_EN.search(asking)
    if wh is None:
        return (Kind.CLAIM if _CLAIM_EN.match(asking.strip(" \"'“‘")) else _kind_of_noun(asking.lower().split())), []
    word = wh.group().lower()
    focus_match = _FOCUS_EN.search(asking, wh.start())
    nouns = focus_match.group(1).lower().split() if focus_match and focus_match.start() == wh.start() else []
    focus = [t for t in terms(" ".join(nouns)) if background(t) > 0]
    if word.startswith("how "):
        return Kind.NUMBER, focus
    if word in _BY_WORD:
        return _BY_WORD[word], focus
    known = _kind_of_noun(nouns)
    return (Kind.NAME if word == "which" and known is Kind.ANY else known), focus


def _kind_of_noun(words: list[str]) -> Kind:
    """What the last noun of a phrase asks for, as in "which senior senator" or plain "Super Bowl 2021 location"."""
    return next((_KIND_OF_FOCUS[word] for word in reversed(words) if word in _KIND_OF_FOCUS), Kind.ANY)


def _asking_clause(question: str) -> str:
    """The last sentence that asks; the whole where none is marked."""
    parts = [part for part in re.split(r"(?<=[.?!])\s+", question) if part.strip()]
    return next((part for part in reversed(parts) if ASKING_EN.search(part)), parts[-1] if parts else question)


def _read_chinese(question: str) -> Inquiry:
    match = ASKING_ZH.search(question)
    kind = Kind.CLAIM if re.search(r"吗[？?]?$|是否|有没有", question) else Kind.ANY
    focus: frozenset[str] = frozenset()
    if match and kind is not Kind.CLAIM:
        kind = _ZH_KINDS.get(match.lastgroup or "", Kind.NAME)
        focus = _chinese_focus(question, match)
    if kind in {Kind.NAME, Kind.ANY}:
        kind = next((found for pattern, found in _ZH_FOCUS_KINDS if pattern.search(question)), kind)
    bare = FILLER_ZH.sub(" ", ASKING_ZH.sub(" ", question))
    return _inquiry(question, bare, kind, focus, frozenset(_latin(bare)), chinese=True)


def _read_framed(question: str, bare: str) -> Inquiry:
    """What is asked is told by the English words, and what of by the Chinese ones."""
    frame = re.sub(f"[{HAN}]+", "it", question)
    asked = _read_chinese(bare) if ASKING_ZH.search(bare) else None
    kind = asked.kind if asked is not None else _english_kind(frame)[0]
    focus = asked.focus if asked is not None else frozenset[str]()
    about = FILLER_ZH.sub(" ", ASKING_ZH.sub(" ", bare))
    inquiry = _inquiry(question, about, kind, focus, frozenset(_latin(about)), chinese=True)
    return replace(inquiry, measure=measure(bare) or measure(frame), current=bool(_CURRENT.search(question)))


def _chinese_focus(question: str, match: re.Match[str]) -> frozenset[str]:
    """The measured noun after the asking word: 多少(家)体育场馆 gives 家, 体育."""
    after = re.match(rf"[{HAN}]{{0,3}}", question[match.end() :])
    noun = (after.group() if after else "").lstrip("的")
    tail = match.group()[-1]
    units = [tail] if tail in _MEASURES + "人天年月岁倍" else []
    return frozenset(units + ([noun[:1]] if noun else []) + ([noun[:2]] if len(noun) > 1 else []))


def _latin(text: str) -> list[str]:
    return [t for run in re.findall(r"[A-Za-z][A-Za-z0-9.+-]*", text) for t in terms(run) if t not in STOP_WORDS]


def _inquiry(
    question: str, text: str, kind: Kind, focus: frozenset[str], named: frozenset[str], *, chinese: bool
) -> Inquiry:
    found = terms(text)
    telling = tuple(dict.fromkeys(term for term in found if background(term) > 0))
    return Inquiry(
        text=question,
        terms=telling,
        pairs=frozenset((a, b) for a, b in pairwise(found) if a != b and background(a) + background(b) >= 1),
        names=named & set(telling),
        numbers=frozenset(term for term in telling if term[0].isdigit()),
        kind=kind,
        focus=focus,
        chinese=chinese,
        current=bool(_CURRENT.search(text)),
        measure=measure(question),
    )
