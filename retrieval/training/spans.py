"""Sentences turned into what somebody might ask so as to find them. Pure; chance is handed in.

Rough on purpose: what is trained on them is to find a passage by part of what it says, however that is put.
"""

from __future__ import annotations

import random
import re

from storage.domain.scripts import CJK

_CJK = re.compile(f"[{CJK}]")
_CLAUSES = re.compile("[，,；;：:、]")
_ENDS = "。！？!?；;…. "
_NUMBER = re.compile(r"[$£€]?\d[\d,.]*%?")
_CHINESE_NUMBER = re.compile(r"\d[\d.,]*[%％]?[余多]?[万亿千百]*")
_ASKED_OF_A_CLAUSE = (
    "是什么？",
    "是谁？",
    "有哪些？",
    "什么时候？",
    "在哪里？",
    "怎么样？",
    "为什么？",
    "是多少？",
    "",
)
# What Chinese puts between the phrases of a sentence: particles, prepositions, punctuation.
_PHRASE = re.compile("[^的了在是和与及将对为于以从被把等，,；;：:、《》“”（）()]+")
_OPENINGS = ("", "", "What ", "Who ", "Which ", "How ", "Where ", "When ")

# A clause shorter than this says too little by itself, and a question is rarely longer than the other.
_SHORT_CLAUSE, _LONG_CLAUSE = 9, 40
_FEWEST_WORDS, _MOST_WORDS = 6, 18
_WINDOW = 14
_NUMBER_ASKED_FOR = 0.5
_ASKED = 0.75
# Of Chinese sentences: how often phrases from all of it are asked by, and how many of them.
_CONDENSED = 0.3
_PHRASES_KEPT = 0.55


def as_question(sentence: str, language: str | None, chance: random.Random) -> str | None:
    """Part of `sentence`, often put as a question; `None` where it is too short to be found again by a part.

    Args:
        sentence: One sentence, of any language.
        language: ISO 639-1, where known; English gets English question words.
        chance: Decides which part and how.
    """
    if _CJK.search(sentence):
        return (_condensed(sentence, chance) if chance.random() < _CONDENSED else None) or _of_clause(sentence, chance)
    return _of_words(sentence, chance, opened=language == "en")


def _of_clause(sentence: str, chance: random.Random) -> str | None:
    clauses = [clause.strip(_ENDS) for clause in _CLAUSES.split(sentence)]
    at = chance.randrange(len(clauses))
    clause = clauses[at]
    if len(clause) < _SHORT_CLAUSE:
        clause += "".join(clauses[at + 1 : at + 2])
    if len(clause) < _SHORT_CLAUSE:
        return None
    number = _CHINESE_NUMBER.search(clause)
    drawn = chance.random()
    if number and drawn < _NUMBER_ASKED_FOR:
        clause = f"{clause[: number.start()]}多少{clause[number.end() :]}？"
    elif drawn < _ASKED:
        length = chance.randint(_SHORT_CLAUSE, _MOST_WORDS)
        start = chance.randint(0, max(0, len(clause) - length))
        clause = clause[start : start + length] + chance.choice(_ASKED_OF_A_CLAUSE)
    return clause[:_LONG_CLAUSE]


def _condensed(sentence: str, chance: random.Random) -> str | None:
    """Some of its phrases in their order, with nothing between them: people leave out what they do not remember."""
    phrases = [phrase for phrase in _PHRASE.findall(sentence.strip(_ENDS)) if chance.random() < _PHRASES_KEPT]
    start = chance.randrange(len(phrases)) if phrases else 0
    condensed = ""
    for phrase in (*phrases[start:], *phrases[:start]):
        if len(condensed) + len(phrase) <= _LONG_CLAUSE:
            condensed += phrase
    ending = chance.choice(_ASKED_OF_A_CLAUSE)
    return condensed[: _LONG_CLAUSE - len(ending)] + ending if len(condensed) >= _SHORT_CLAUSE else None


def _of_words(sentence: str, chance: random.Random, *, opened: bool) -> str | None:
    words = sentence.split()
    if len(words) < _FEWEST_WORDS:
        return None
    if chance.random() < _NUMBER_ASKED_FOR:
        length = chance.randint(_FEWEST_WORDS, min(_WINDOW, len(words)))
        start = chance.randint(0, len(words) - length)
        part = " ".join(words[start : start + length])
        if opened and chance.random() < _ASKED:
            part = _NUMBER.sub("how many", part, count=1)
    else:
        part = " ".join(words[:_MOST_WORDS])
    return (chance.choice(_OPENINGS) if opened else "") + part
