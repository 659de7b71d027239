"""Text as terms that can be compared: stemmed words, numbers in one spelling, character bigrams for Chinese.

Knows nothing about questions or passages. The lists are short on purpose: they name words that say nothing alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

HAN = "\u3400-\u4dbf\u4e00-\u9fff"

_LATIN_TOKEN = re.compile(r"\d+(?:[.,]\d+)+(?!\w)|(?:[A-Z]\.){2,}|\w+(?:['’]\w+)*")
_MIXED_TOKEN = re.compile(
    rf"[{HAN}]+"
    rf"|\d+(?:[.,]\d+)*(?![^\W{HAN}])"
    r"|(?:[A-Z]\.){2,}"
    rf"|(?:(?![{HAN}])[^\W_])+(?:['’](?:(?![{HAN}])[^\W_])+)*"
)
_IS_HAN = re.compile(rf"[{HAN}]")
_LATIN = re.compile(r"[A-Za-z]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS = _words(
    "a about after again against all also although am among an and any are as at be because been before being between "
    "both but by can could did do does doing done down during each either else even ever every few for from further "
    "get got had has have having he her here hers him his how however i if in into is it its itself just let like may "
    "me might more most much must my neither no nor not of off on once one only or other our out over own per please "
    "same she should since so some still such tell than that the their them then there these they this those though "
    "through to too under until up upon us very was we were what when where whether which while who whom whose why "
    "will with within without would yes yet you your "
    "anyone anybody anything someone somebody something everyone everybody everything nobody"
)
# Words that questions are made of: they meet almost any article, so they tell little about which one is meant.
COMMON_WORDS = _words(
    "according announce answer article around back become call come consider country current day describe different "
    "during early first follow give go happen include information issue know last late latest long made main make "
    "many mean mention month name new news next now number part people place provide recent recently report reported "
    "reportedly said say see set show source state story take thing think time today tomorrow tonight two type use "
    "want way week well work world year yesterday"
)
# Characters that hold a Chinese sentence together; a bigram with one of them says little.
HAN_FUNCTION = frozenset("的了是在和与及于为被将对由从向等有其这那之以并而或把让使就都也很还又着过地得个们")
_LITTLE = 0.25
_HALF = 0.5

# Not "one", which mostly is no number.
_NUMBER_WORDS = {
    word: str(value)
    for value, word in (
        (0, "zero"), (2, "two"), (3, "three"), (4, "four"), (5, "five"), (6, "six"), (7, "seven"), (8, "eight"),
        (9, "nine"), (10, "ten"), (11, "eleven"), (12, "twelve"), (13, "thirteen"), (14, "fourteen"), (15, "fifteen"),
        (16, "sixteen"), (17, "seventeen"), (18, "eighteen"), (19, "nineteen"), (20, "twenty"),
    )
}  # fmt: skip
_IRREGULAR = {
    "won": "win", "winner": "win", "died": "die", "death": "die", "dead": "die", "deaths": "die", "killed": "kill",
    "bought": "buy", "sold": "sell", "held": "hold", "took": "take", "taken": "take", "gave": "give", "given": "give",
    "made": "make", "said": "say", "says": "say", "told": "tell", "went": "go", "gone": "go", "came": "come",
    "became": "become", "began": "begin", "begun": "begin", "beat": "beat", "beaten": "beat", "broke": "break",
    "broken": "break", "brought": "bring", "built": "build", "caught": "catch", "chose": "choose", "chosen": "choose",
    "fell": "fall", "fallen": "fall", "found": "find", "fought": "fight", "grew": "grow", "grown": "grow",
    "knew": "know", "known": "know", "led": "lead", "left": "leave", "lost": "lose", "loss": "lose", "met": "meet",
    "losing": "lose", "loser": "lose",
    "paid": "pay", "ran": "run", "rose": "rise", "risen": "rise", "saw": "see", "seen": "see", "sent": "send",
    "shot": "shoot", "spent": "spend", "spoke": "speak", "spoken": "speak", "stood": "stand", "stole": "steal",
    "stolen": "steal", "struck": "strike", "sued": "sue", "taught": "teach", "thought": "think", "threw": "throw",
    "rebuilt": "rebuild", "opposition": "oppose", "opponent": "oppose", "opponents": "oppose",
    "thrown": "throw", "wrote": "write", "written": "write", "men": "man", "women": "woman", "children": "child",
}  # fmt: skip
_SUFFIXES = (
    "ization", "ational", "fulness", "ations", "ation", "ingly", "ments", "ement", "ment", "ness", "ions", "ing", "ion",
    "ers", "ies", "ied", "ed", "er", "es", "ly", "s", "e", "y",
)  # fmt: skip
_SHORTEST_STEM = 3
_LONGEST = 64
"""A longer run of letters is told by how it begins: no word is so long, and what is remembered of words has a bound."""
_KEEPS_Y = re.compile("[aeou]y$")


def is_chinese(text: str) -> bool:
    """Whether more of `text` is Chinese characters than Latin words."""
    if _IS_HAN.search(text) is None:
        return False
    return len(_IS_HAN.sub("", text)) + len(_LATIN.findall(text)) < len(text)


def stem(word: str) -> str:
    """A lower-case word cut to what its forms share; not a word itself. `elected` and `election` meet in `elect`."""
    return _stem(word[:_LONGEST])


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    if word in _NUMBER_WORDS:
        return _NUMBER_WORDS[word]
    word = _IRREGULAR.get(word, word)
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM and not _KEEPS_Y.search(word):
            cut = word[: -len(suffix)]
            return cut[:-1] if len(cut) > _SHORTEST_STEM and cut[-1] == cut[-2] else cut
    return word


@lru_cache(maxsize=65_536)
def _term(token: str) -> str:
    if token[0].isdigit():
        return token.replace(",", "")
    token = token.replace(".", "").replace("_", "") or token
    if len(token) > 1 and token.isupper() and token.lower() in STOP_WORDS:
        return token  # US and WHO are names, us and who are not
    lowered = token.lower().replace("’", "'")
    lowered = lowered.removesuffix("'s").removesuffix("'")
    return lowered if lowered in STOP_WORDS else _stem(lowered)


def terms(text: str) -> list[str]:
    """The terms of `text` in order, stop words included. A run of n Chinese characters gives n - 1 bigrams."""
    if _IS_HAN.search(text) is None:
        return [_term(token[:_LONGEST]) for token in _LATIN_TOKEN.findall(text)]
    found: list[str] = []
    for token in _MIXED_TOKEN.findall(text):
        if _IS_HAN.match(token):
            found.extend([token[i : i + 2] for i in range(len(token) - 1)] or [token])
        else:
            found.append(_term(token[:_LONGEST]))
    return found


@lru_cache(maxsize=65_536)
def background(term: str) -> float:
    """How much a term tells before anything is known of the corpus: 0 for a stop word, 1 for an ordinary word."""
    if term in STOP_WORDS:
        return 0.0
    if _IS_HAN.match(term):
        function = sum(character in HAN_FUNCTION for character in term)
        return (1.0, _LITTLE, 0.0)[function] if len(term) > 1 else _LITTLE * (1 - function)
    if term in _COMMON_STEMS:
        return _LITTLE
    return _HALF if len(term) == 1 and not term.isdigit() else 1.0


_COMMON_STEMS = frozenset(map(_stem, COMMON_WORDS))
