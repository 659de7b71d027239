"""How much of what one text says in words another says too. Pure."""

from __future__ import annotations

import re

from retrieval.index.words import character_pairs, normalised
from storage.domain.scripts import CJK

_WORD = re.compile(rf"[^\W{CJK}_]+")


def terms(text: str) -> frozenset[str]:
    """The words of a text, and the pairs of neighbouring characters of its Chinese."""
    return frozenset((*_WORD.findall(normalised(text)), *character_pairs(text)))


def shared(a: frozenset[str], b: frozenset[str]) -> float:
    """The share of the smaller one's terms that the other has too; 0 where either has none."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
