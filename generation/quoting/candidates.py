"""Sentences that could be quoted: cut from passages, trimmed to what can be read alone.

A line is a sentence as it stands; a candidate is a contiguous part of one. Knows nothing of what is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from generation.quoting.boilerplate import is_boilerplate
from generation.reading.orders import is_order
from generation.reading.terms import background, is_chinese, terms
from storage.domain.news import Hit
from storage.domain.sentences import sentences

MOST_HITS = 24
MOST_CHARACTERS_PER_PASSAGE = 4_000
MOST_LINES_PER_PASSAGE = 40

MOST_WORDS = 60
MOST_HAN = 120
# Above this share of a reply a sentence is also offered in parts, so that one sentence need not take it all.
_LONG = 0.5
_MOST_PARTS = 24
# How many passages, and sentences, are at hand as they were read: what is in the news is asked about again and again.
_REMEMBERED_PASSAGES = 1_024
_REMEMBERED_SENTENCES = 4_096

# No dateline or byline is longer. What opens a sentence is sought in this much of it: a pattern with several parts of
# open length takes time that grows with a power of the length, and a source may send one word of any length.
_LONGEST_LEAD_IN = 200
_LEAD_IN = re.compile(
    r"(?:[A-ZÀ-Þ][\w.’'-]*(?:[ ,/]+[A-ZÀ-Þ][\w.’'-]*){0,4},? )?\((?:CNN|AP|Reuters|AFP|[A-Z][\w ]{1,20})\)\s*[—–-]*\s*"
    r"|[A-ZÀ-Þ]{3}[A-ZÀ-Þ'’ ,.]{0,60}(?:[A-Z][\w.]+,? ){0,3}[—–-]+\s+"
    r"|(?:Updated|Published) [^\n]{4,40}?(?:ET|GMT|AM|PM)\s+"
    r"|[^。\n]{0,60}?正文：|原标题：|据悉，|日前，"
    r"|[^，。：\n]{0,24}?(?:讯|电)[\s　]*[（(][^）)\n]{2,40}[）)]\s*"
    r"|[^，。：\n]{0,24}?\d{1,2}月\d{1,2}日(?:电|讯)\s*|本报讯\s*"
    r"|[•·*▪►∎■●◆]\s*|[\-–—]\s+"
)
# Links and what reorders or hides text are never quoted: a reader must see what a source says as it stands.
UNQUOTABLE = re.compile(
    r"://|\bwww\.|[\w-]\.[a-z]{2,12}/\w|\w@[\w-]{1,60}\.\w|</?[a-zA-Z!]|\$?\{"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_NEVER_FIRST = " \u3000”’」』）)】》,，、;；:：。!！?？"
# What joins a clause to the next one: a quote that stops before that must not end in it.
_NEVER_LAST = " \u3000,，、;；:：—–"
ASKS = re.compile(r"[?？][\"”’』」)]*$")
_ENDS = re.compile(r"[.!?。！？…；;][\"”’』」)）]*$")
_CLAUSE_BREAK = re.compile(r"(?<=[;；，])\s*|(?<=,)\s+|(?<!\s)\s+(?=[—–]\s)|(?<=[—–])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence where it stands: the index of its hit, its index among the passage's sentences, its terms in order."""

    hit: int
    place: int
    text: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """What could be quoted of a sentence, wherever that stands; its terms only where it is not all of it."""

    text: str
    terms: tuple[str, ...] | None
    cost: float
    whole: bool
    boilerplate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What could be quoted of a line.

    `line` is the index of its line; `cost` the share it takes of the longest reply allowed, above 0 and at most 1;
    `whole` says whether it is a whole sentence that ends as one; `boilerplate` that it speaks of the page or to its
    reader.
    """

    line: int
    hit: int
    text: str
    terms: tuple[str, ...]
    cost: float
    whole: bool
    boilerplate: bool


def cost(text: str) -> float:
    """The share of the longest reply allowed: of `MOST_WORDS` words, the mark counted, or `MOST_HAN` characters."""
    if is_chinese(text):
        return len("".join(text.split())) / MOST_HAN
    return (len(text.split()) + 1) / MOST_WORDS


def lines(hits: Sequence[Hit]) -> list[Line]:
    """The sentences of the passages, in their order; bounded whatever the passages hold."""
    found: list[Line] = []
    for index, hit in enumerate(hits[:MOST_HITS]):
        for place, (sentence, its) in enumerate(_cut(hit.passage.text[:MOST_CHARACTERS_PER_PASSAGE])):
            found.append(Line(hit=index, place=place, text=sentence, terms=its))
    return found


@lru_cache(maxsize=_REMEMBERED_PASSAGES)
def _cut(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The sentences of a passage, each with its terms."""
    spans = sentences(text)[:MOST_LINES_PER_PASSAGE]
    return tuple((text[start:end], tuple(terms(text[start:end]))) for start, end in spans)


def parts(index: int, line: Line) -> Iterator[Candidate]:
    """What could be quoted of a line: the sentence where it fits, and runs of its clauses where it is long.

    Nothing of one that asks, or that gives orders: neither tells anything.
    """
    for part in _parts(line.text):
        yield Candidate(
            line=index,
            hit=line.hit,
            text=part.text,
            terms=line.terms if part.terms is None else part.terms,
            cost=part.cost,
            whole=part.whole,
            boilerplate=part.boilerplate,
        )


@lru_cache(maxsize=_REMEMBERED_SENTENCES)
def _parts(line: str) -> tuple[_Part, ...]:
    sentence = bare(line)
    if ASKS.search(sentence) or is_order(sentence):
        return ()
    # A sentence that was wrapped over lines is quoted by the line, so that a quote never holds a break.
    pieces = (piece.strip() for row in sentence.split("\n") for piece in _pieces(row))
    return tuple(
        _Part(
            text=text,
            terms=None if text == line else tuple(terms(text)),
            cost=cost(text),
            whole=text == sentence and bool(_ENDS.search(text)),
            boilerplate=is_boilerplate(sentence),
        )
        for text in pieces
        if not UNQUOTABLE.search(text) and any(character.isalnum() for character in text)
    )


def bare(sentence: str) -> str:
    """Without a dateline, a byline or a list mark in front."""
    for _ in range(2):
        lead = _LEAD_IN.match(sentence, 0, _LONGEST_LEAD_IN)
        if lead is None:
            break
        sentence = sentence[lead.end() :]
    return sentence.lstrip(_NEVER_FIRST).rstrip()


def _pieces(sentence: str) -> Iterator[str]:
    size = cost(sentence)
    if size <= 1:
        yield sentence
    if size > _LONG:
        yield from _runs(sentence, _LONG)


def _runs(sentence: str, most: float) -> Iterator[str]:
    """The longest runs of clauses that cost at most `most`, each beginning after the one before it begins."""
    starts = sorted({0, *(found.end() for found in _CLAUSE_BREAK.finditer(sentence)), len(sentence)})
    reached = 0
    given = 0
    for begin in range(len(starts) - 1):
        # A run that begins later reaches at least as far, so each border is passed once.
        end = max(begin + 1, reached)
        while end + 1 < len(starts) and cost(sentence[starts[begin] : starts[end + 1]].strip()) <= most:
            end += 1
        piece = sentence[starts[begin] : starts[end]].rstrip(_NEVER_LAST).lstrip()
        if end > reached and piece and cost(piece) <= 1:
            yield piece
            given += 1
        reached = max(reached, end)
        if given >= _MOST_PARTS or reached == len(starts) - 1:
            return


def telling(candidate: Candidate) -> frozenset[str]:
    """The terms by which near copies are recognised."""
    return frozenset(term for term in candidate.terms if background(term) > 0)
