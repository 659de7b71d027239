"""The telling terms and phrases of an article, in English and Chinese.

What is said often, early, in the title, in capitals and in the same company is telling; what everyone says is not (the
list in `common_words.json`, which we wrote). Needs no corpus, no model and no training: the same article always has
the same keywords. Chinese comes cut into words from outside. In 654 web articles without their titles they name 0.502
of the titles' words, as many single words by TF-IDF 0.430; frequencies over a corpus added nothing (2026-11-29).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from storage.domain.annotations import Keyword
from storage.domain.scripts import CJK

MOST = 8
"""No article has more keywords."""

Cut = Callable[[str], Sequence[str]]
"""Cuts a run of Chinese characters into words, in order and with nothing left out."""

# News says first what it is about, and cutting Chinese takes nearly all of the time: so many characters are read.
_READ = 3_000
_READ_CHINESE = 400
_LONGEST_PHRASE = 3
_LONGEST_CHINESE = 10
# What a phrase of so many words counts beside one of its words, by its length.
_LENGTH = (0.0, 1.0, 1.3, 1.4)
_TITLE = 1.6
_CAPITALS = 1.2
# After so many words, what is first said counts half of what the first word does.
_EARLY = 80
# A term is part of a longer one where at least this share of its places is.
_MOSTLY = 0.5
# A phrase said only once and without capitals is chance company.
_ALONE = 0.5

_TOKEN = re.compile(
    rf"(?P<cjk>[{CJK}]+)|(?P<word>[^\W_{CJK}]+(?:[-'’&][^\W_{CJK}]+)*)"
    r"|(?P<end>[.!?\n。！？])|(?P<space>[ \t·]+)|(?P<other>.)",
    re.DOTALL,
)
_CHINESE = re.compile(f"[{CJK}]")
_POSSESSIVE = re.compile(r"['’]s?$")
_LONGEST = 64
"""A longer run of letters is no word, and nothing is remembered of it."""


class _Word(NamedTuple):
    """A word where it stands; `key` is what makes two the same, empty where a phrase cannot go through it."""

    surface: str
    key: str
    capital: bool = False
    chinese: bool = False


@dataclass(slots=True)
class _Term:
    """What is known of a phrase, or of a word."""

    surface: str
    first: int
    in_title: bool
    times: int = 0
    capitals: int = 0


_GAP = _Word("", "")


def keywords(text: str, *, title: str | None = None, cut: Cut, most: int = MOST) -> tuple[Keyword, ...]:
    """Up to `most` keywords of an article, the most telling first; none where the text says nothing.

    No keyword is part of another, and no two share half of their words. They stand as they are first written.
    The best has the score 1, the others what they are beside it.
    """
    words = [*_words(title or "", cut), _GAP, *_words(_beginning(text), cut)]
    in_title = len(_words(title or "", cut))
    terms = _terms(words, in_title)
    singles = {keys[0]: _weight(term) for keys, term in terms.items() if len(keys) == 1}
    scored = sorted(
        ((_score(keys, term, singles), keys) for keys, term in terms.items() if _worth(keys, term)), reverse=True
    )
    whole = _wholes(terms)
    chosen: list[tuple[float, tuple[str, ...]]] = []
    for score, part in scored:
        if len(chosen) == most:
            break
        keys = whole.get(part, part)
        if not any(_alike(keys, other) for _, other in chosen):
            chosen.append((score, keys))
    best = chosen[0][0] if chosen else 1.0
    return tuple(Keyword(text=terms[keys].surface, score=round(score / best, 4)) for score, keys in chosen)


def telling(text: str, cut: Cut) -> list[str]:
    """The words of `text` that a keyword may be made of, in order, each in the form that stands for all of its own."""
    return [word.key for word in _words(text, cut) if word.key]


def _beginning(text: str) -> str:
    """As much of `text` as is read."""
    chinese = len(_CHINESE.findall(text[:_READ_CHINESE]))
    return text[:_READ_CHINESE] if chinese * 3 > min(len(text), _READ_CHINESE) else text[:_READ]


def _words(text: str, cut: Cut) -> list[_Word]:
    """The words of `text`; whatever a phrase cannot go through is a word without a key."""
    words: list[_Word] = []
    opening = True
    for match in _TOKEN.finditer(text):
        kind, piece = match.lastgroup, match.group()
        if kind == "space":
            continue
        if kind == "cjk":
            words.extend(_chinese(piece, cut))
        elif kind == "word":
            words.append(_latin(piece, opening=opening))
        else:
            words.append(_GAP)
        opening = kind == "end" or (opening and kind == "other")
    return words


def _latin(piece: str, *, opening: bool) -> _Word:
    if len(piece) > _LONGEST:
        return _GAP
    key, surface = _known(piece)
    if not key:
        return _GAP
    # A capital at the opening of a sentence says nothing, unless there is more than one.
    capital = not surface.islower() and (not opening or any(map(str.isupper, surface[1:])))
    return _Word(surface, key, capital)


@lru_cache(maxsize=50_000)
def _known(piece: str) -> tuple[str, str]:
    """The key and the surface of a word; no key where it tells nothing."""
    surface = _POSSESSIVE.sub("", piece)
    key = surface.casefold()
    if key in _common() or len(key) < 2 or not any(map(str.isalpha, key)):  # noqa: PLR2004 # a letter is no word
        return "", piece
    return _stem(key), surface


def _chinese(run: str, cut: Cut) -> Iterator[_Word]:
    for word in cut(run):
        # A single character is rarely a term, but may be part of one: it only ends a phrase.
        yield _Word(word, word if len(word) > 1 and word not in _common() else "", chinese=True)


def _stem(key: str) -> str:
    """Singular and plural are the same word, for nearly all words."""
    if len(key) > 4 and key.endswith("ies"):  # noqa: PLR2004
        return f"{key[:-3]}y"
    return key[:-1] if len(key) > 3 and key.endswith("s") and not key.endswith(("ss", "us", "is")) else key  # noqa: PLR2004


def _terms(words: Sequence[_Word], in_title: int) -> dict[tuple[str, ...], _Term]:
    """Every run of one to three words that no common word and no mark parts, by its keys."""
    terms: dict[tuple[str, ...], _Term] = {}
    for start, opening in enumerate(words):
        if not opening.key:
            continue
        keys: tuple[str, ...] = ()
        surface = ""
        capital = True
        for word in words[start : start + _LONGEST_PHRASE]:
            if not word.key or word.chinese != opening.chinese:
                break
            keys = (*keys, word.key)
            surface = f"{surface}{'' if word.chinese or not surface else ' '}{word.surface}"
            if word.chinese and len(surface) > _LONGEST_CHINESE:
                break
            capital = capital and word.capital
            term = terms.get(keys)
            if term is None:
                term = terms[keys] = _Term(surface, start, start < in_title)
            term.times += 1
            term.capitals += capital
    return terms


def _weight(term: _Term) -> float:
    """How telling a word is by itself."""
    weight = (1 + math.log(term.times)) / math.sqrt(1 + term.first / _EARLY)
    weight *= 1 + (_CAPITALS - 1) * term.capitals / term.times
    return weight * _TITLE if term.in_title else weight


def _score(keys: tuple[str, ...], term: _Term, singles: dict[str, float]) -> float:
    mean = sum(singles[key] for key in keys) / len(keys)
    together = 1.0 if term.times > 1 or term.capitals or len(keys) == 1 else _ALONE
    return mean * _LENGTH[len(keys)] * together * math.sqrt(1 + math.log(term.times))


def _wholes(terms: Mapping[tuple[str, ...], _Term]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """For each term that stands mostly inside one longer name, that one: "Shipping" is "Oster Shipping Company"."""
    wholes: dict[tuple[str, ...], tuple[str, ...]] = {}
    for keys, term in terms.items():
        if term.times == 1 or not term.capitals or len(keys) == 1:
            continue
        for start in range(len(keys)):
            for end in range(start + 1, len(keys) + 1):
                part, held = keys[start:end], wholes.get(keys[start:end])
                fuller = held is None or (len(keys), term.times) > (len(held), terms[held].times)
                if part != keys and term.times >= _MOSTLY * terms[part].times and fuller:
                    wholes[part] = keys
    return wholes


def _worth(keys: tuple[str, ...], term: _Term) -> bool:
    """A lone word said once, in small letters and not in the title, is none."""
    return len(keys) > 1 or term.times > 1 or term.capitals > 0 or term.in_title


def _alike(keys: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shared = len(set(keys) & set(other))
    return 2 * shared >= min(len(keys), len(other)) and shared > 0


@cache
def _common() -> frozenset[str]:
    lists = json.loads(resources.files(__package__).joinpath("common_words.json").read_text(encoding="utf-8"))
    return frozenset(word for each in lists.values() for word in each.split())
