"""Breadth: of hits that say the same, the first; then what says something else (maximal marginal relevance). Pure.

Two passages say the same as far as they share their words. Carbonell and Goldstein, SIGIR 1998.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.index.words import character_pairs
from storage.domain.news import Hit
from storage.domain.scripts import CJK

_WORD = re.compile(rf"[^\W{CJK}_]{{4,}}")


def diverse(hits: Sequence[Hit], k: int, breadth: float) -> tuple[Hit, ...]:
    """Up to k of `hits`, the first of which stays first.

    Args:
        hits: Best first.
        k: How many are wanted.
        breadth: What being new counts beside being good, from 0, where nothing changes, to 1, where only it counts.
    """
    if not hits:
        return ()
    worth = _shares([hit.score for hit in hits])
    said = [_said(hit) for hit in hits]
    chosen: list[int] = []
    likeness = [0.0] * len(hits)
    left = list(range(len(hits)))
    while left and len(chosen) < k:
        best = max(left, key=lambda at: (1 - breadth) * worth[at] - breadth * likeness[at])
        left.remove(best)
        chosen.append(best)
        for at in left:
            likeness[at] = max(likeness[at], _likeness(said[at], said[best]))
    return tuple(hits[at] for at in chosen)


def _shares(scores: Sequence[float]) -> list[float]:
    """Scores from 0, the worst, to 1, the best; all 1 where they are the same."""
    least, most = min(scores), max(scores)
    return [(score - least) / (most - least) if most > least else 1.0 for score in scores]


def _said(hit: Hit) -> frozenset[str]:
    text = f"{hit.passage.headline.title}\n{hit.passage.text}"
    return frozenset(_WORD.findall(text.lower())) | frozenset(character_pairs(text))


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    """The share of the words of both that both have; 0 where neither has any."""
    either = len(a | b)
    return len(a & b) / either if either else 0.0
