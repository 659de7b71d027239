"""A question as passages are compared with it: its terms, its names and numbers, and what kind of thing it asks for.

Pure; the words are handed in as the index cuts them, so that both see the same ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from retrieval.index.words import normalised
from storage.domain.scripts import CJK


class Kind(Enum):
    """What an answer would have to hold. A time, an amount of money and a share are numbers too."""

    NUMBER = auto()
    PERSON = auto()
    PLACE = auto()
    WHICH = auto()


@dataclass(frozen=True, slots=True)
class Term:
    """A word as it is looked for; `latin` is cut at word borders, its ending cut off."""

    text: str
    latin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question.

    Args:
        terms: Its words that tell something, each once, in their order.
        pairs: Its pairs of neighbouring Chinese characters.
        run: Its Chinese without spaces and punctuation; empty for other languages.
        numbers: As they are written.
        names: What it writes with a capital inside a sentence, lower case.
        kinds: What an answer would have to hold.
        known: All its words, lower case.
        chinese: Whether it is in Chinese.
    """

    terms: tuple[Term, ...]
    pairs: tuple[str, ...]
    run: str
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    kinds: frozenset[Kind]
    known: frozenset[str]
    chinese: bool


_MOST_TERMS = 24
_MOST_RUN = 60
_HAN = re.compile(f"[{CJK}]")
_WORD = re.compile(r"[\w’'-]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[a-z,;:’'\"–-] )[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)*")
_PLAIN = frozenset(
    "a an the of in on at to for from by with and or but is are was were be been being do does did has have had "  # noqa: SIM905
    "will would can could should may might this that these those it its as into over after before about than then "
    "there their they he she his her him you your we our us i which who whom whose what when where why how much many "
    "not no if while during between among against more most other some such only also just".split()
)
_ENDINGS = ("ingly", "edly", "ings", "ing", "ies", "ied", "ness", "ment", "ers", "ed", "es", "ly", "er", "s", "e", "y")
_SHORTEST_STEM = 4
_KINDS_EN = {
    Kind.NUMBER: (
        r"\bhow (?:many|much|old|long|far|tall|big|high|often|soon)\b|\bwhen\b|"
        r"\b(?:what|which) (?:percent|percentage|number|share|year|day|date|month|age)\b|\bwhat (?:\w+ ){0,2}rate\b"
    ),
    Kind.PERSON: (
        r"\bwho(?:se|m)?\b|\b(?:which|what) (?:\w+ ){0,3}(?:actor|actress|singer|president|leader|player|politician|"
        r"person|star|billionaire|celebrity|minister|candidate|artist|senator|author|ceo|individual|musician|athlete)\b"
    ),
    Kind.PLACE: (
        r"\bwhere\b|\b(?:which|what) (?:\w+ ){0,3}(?:country|city|state|continent|nation|town|region|island|place)\b"
    ),
    Kind.WHICH: r"\bwhich\b|\bwhat (?:company|team|movie|show|film|brand|animal|product|group|agency)\b",
}
_KINDS_ZH = {
    Kind.NUMBER: (
        r"多少|几[个名次位项家级人所条]|多[大高长远久]|几$|第几|何时|什么时候|哪天|哪一天|几月|日期|哪年|几点|率|百分|比例|占比"
    ),
    Kind.PERSON: r"谁|哪位|哪一?[个名]人|姓名|何人",
    Kind.PLACE: r"哪里|哪儿|何地|地点|哪个(?:城市|国家|省|地区|地方)|在哪|位于",
    Kind.WHICH: r"哪[个家些种项款]|名称|叫什么|主题",
}
_KINDS = {
    chinese: {kind: re.compile(pattern) for kind, pattern in kinds.items()}
    for chinese, kinds in ((False, _KINDS_EN), (True, _KINDS_ZH))
}


def read_question(text: str, words: Sequence[str], pairs: Sequence[str]) -> Asked:
    """`text` as passages are compared with it.

    Args:
        text: The question.
        words: Its words as the index cuts them, without what only makes it a question.
        pairs: Its pairs of characters, likewise.
    """
    folded = normalised(text)
    chinese = _HAN.search(text) is not None
    telling = [word for word in dict.fromkeys(words) if word not in _PLAIN] or list(dict.fromkeys(words))
    terms = (Term(word, latin=False) if _HAN.search(word) else Term(_stem(word), latin=True) for word in telling)
    return Asked(
        terms=tuple(dict.fromkeys(terms))[:_MOST_TERMS],
        pairs=tuple(dict.fromkeys(pairs))[: _MOST_TERMS * 2],
        run=re.sub(r"[\W_]+", "", folded)[:_MOST_RUN] if chinese else "",
        numbers=tuple(dict.fromkeys(_NUMBER.findall(folded))),
        names=() if chinese else tuple(dict.fromkeys(name.lower() for name in _NAME.findall(text))),
        kinds=frozenset(kind for kind, pattern in _KINDS[chinese].items() if pattern.search(folded)),
        known=frozenset(_WORD.findall(folded)),
        chinese=chinese,
    )


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word
