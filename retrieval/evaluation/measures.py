"""What one ranking is worth to one question, by the usual definitions. Pure.

Relevance is by article, each counted once. An answer is found where a passage holds it, whatever its letter case,
punctuation and articles (the normalisation of SQuAD); Chinese is compared without spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Sequence

from storage.domain.scripts import CJK

_NOT_WORDS = re.compile(r"[\W_]+")
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_CJK = re.compile(f"[{CJK}]")


def hit(ranked: Sequence[Hashable], relevant: Sequence[Hashable], k: int) -> float:
    """1 where any relevant item is among the first k."""
    return float(any(item in relevant for item in ranked[:k]))


def all_found(ranked: Sequence[Hashable], relevant: Sequence[Hashable], k: int) -> float:
    """1 where every relevant item is among the first k."""
    return float(set(relevant) <= set(ranked[:k]))


def reciprocal_rank(ranked: Sequence[Hashable], relevant: Sequence[Hashable], k: int) -> float:
    """One over the rank of the first relevant item; 0 where none is among the first k."""
    return next((1 / rank for rank, item in enumerate(ranked[:k], start=1) if item in relevant), 0.0)


def average_precision(ranked: Sequence[Hashable], relevant: Sequence[Hashable], k: int) -> float:
    """The mean, over as many relevant items as k can hold, of the precision at each one found."""
    found, total = 0, 0.0
    for rank, item in enumerate(ranked[:k], start=1):
        if item in relevant:
            found += 1
            total += found / rank
    return total / min(len(relevant), k)


def answer_rank(passages: Sequence[str], answers: Sequence[str]) -> int | None:
    """The rank, from 1, of the first passage that holds an answer."""
    return next((rank for rank, passage in enumerate(passages, start=1) if holds(passage, answers)), None)


def holds(passage: str, answers: Sequence[str]) -> bool:
    """Whether any of `answers` stands in `passage` as whole words; one without words stands nowhere."""
    words, unspaced = _words(passage), ""
    for answer in answers:
        wanted = _words(answer)
        if not wanted.strip():
            continue
        if _CJK.search(wanted):
            unspaced = unspaced or words.replace(" ", "")
            if wanted.replace(" ", "") in unspaced:
                return True
        elif wanted in words:
            return True
    return False


def _words(text: str) -> str:
    """Lower-case words with a space on either side of each."""
    plain = _NOT_WORDS.sub(" ", unicodedata.normalize("NFKC", text).casefold())
    return f" {' '.join(_ARTICLES.sub(' ', plain).split())} "
