"""The names of a question as what was found spells them: Zelenskyy as Zelensky, Open AI as OpenAI, Leo XIV as Leo.

A name that stands in what was found as it is asked for stays. One that does not is taken for another only where most
of both is the same; what is no more than an addition to a name beside it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from generation.reading.inquiry import Inquiry
from generation.reading.terms import STOP_WORDS, stem, terms

_SHORTEST = 5
_MOST_OF_BOTH = 0.8
# One that is all of the other's beginning, as Israel is of Israelis, may be this much of it.
_MOST_OF_LONGER = 0.6
_ADDED = re.compile(r"[A-Z]\.?|[IVX]{2,5}|Jr\.?|Sr\.?")
_TITLES = (
    "pope king queen prince princess sir lord lady duke senator sen representative rep governor gov chancellor "
    "secretary general judge justice professor prof county city province inc corp corporation ltd company group"
)
_ADDITIONS = frozenset(map(stem, _TITLES.split()))
_NAME = re.compile(r"\b[A-ZÀ-Þ](?:[\w’'-]*\w)?\.?")


def spelled(inquiry: Inquiry, sentences: Iterable[Sequence[str]]) -> Inquiry:
    """The inquiry with its names in the spelling of the sentences, given as the terms of each in order."""
    if inquiry.chinese or not inquiry.names:
        return inquiry
    held = tuple(map(tuple, sentences))
    words = frozenset(term for sentence in held for term in sentence)
    instead: dict[str, tuple[str, ...]] = {}
    if absent := [term for term in inquiry.terms if term in inquiry.names and term not in words]:
        added = _added(inquiry)
        for term in absent:
            instead[term] = () if term in added else (_like(term, words) or _parted(term, held) or (term,))
    instead.update(_joined(inquiry, words))
    return _with(inquiry, instead) if instead else inquiry


def _added(inquiry: Inquiry) -> frozenset[str]:
    """Initials, numerals and titles that stand beside another name."""
    found: set[str] = set()
    names = [(match.start(), match.end(), match.group()) for match in _NAME.finditer(inquiry.text)]
    for i, (start, end, name) in enumerate(names):
        beside = (i and names[i - 1][1] + 1 == start) or (i + 1 < len(names) and names[i + 1][0] == end + 1)
        own = terms(name)
        if beside and (_ADDED.fullmatch(name) or _ADDITIONS.issuperset(own)):
            found.update(own)
    return frozenset(found)


def _like(term: str, words: frozenset[str]) -> tuple[str, ...]:
    """The word that is most like it, if one is."""
    if len(term) < _SHORTEST or not term.isalpha():
        return ()
    found = max(words, key=lambda word: (_likeness(term, word), word), default="")
    return (found,) if _likeness(term, found) else ()


def _likeness(one: str, other: str) -> float:
    """The share of the longer that both begin with, 0 where that is not most of both."""
    shorter, longer = sorted((len(one), len(other)))
    if shorter < _SHORTEST or one[0] != other[0]:
        return 0.0
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), shorter)
    enough = _MOST_OF_LONGER if same == shorter else _MOST_OF_BOTH
    return same / longer if same >= enough * longer else 0.0


def _parted(term: str, held: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The two words that stand side by side and are it together."""
    return next((pair for sentence in held for pair in pairwise(sentence) if "".join(pair) == term), ())


def _joined(inquiry: Inquiry, words: frozenset[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Two neighbours of which one is missing and that are one word together."""
    for one, other in pairwise(terms(inquiry.text)):
        if {one, other} & inquiry.names and not {one, other} <= words and one + other in words:
            yield one, (one + other,)
            yield other, ()


def _with(inquiry: Inquiry, instead: Mapping[str, tuple[str, ...]]) -> Inquiry:
    def put(found: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(new for term in found for new in instead.get(term, (term,))))

    return replace(
        inquiry,
        terms=put(inquiry.terms),
        names=frozenset(term for term in put(inquiry.names) if term not in STOP_WORDS),
        pairs=frozenset(pair for pair in inquiry.pairs if not instead.keys() & set(pair)),
        focus=frozenset(put(inquiry.focus)),
        context=frozenset(put(inquiry.context)),
    )
