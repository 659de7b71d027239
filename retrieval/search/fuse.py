"""Rankings of the same things made one. Pure; knows nothing of what is ranked or by what."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[T]], weights: Sequence[float] | None = None, k: int = 60
) -> list[tuple[T, float]]:
    """Score each item by the sum of `weight / (k + rank)` over the rankings that hold it, ranks from 1.

    Cormack, Clarke, Büttcher: Reciprocal Rank Fusion outperforms Condorcet and individual rank learning methods,
    SIGIR 2009.

    Args:
        rankings: Items best first, unique within a ranking.
        weights: One for each ranking; all 1 where not given.
        k: Rank offset; larger flattens the head, 60 in the paper.

    Returns:
        Items with scores in (0, sum(weights) / (k + 1)], best first; ties keep the order they were first seen in.
    """
    scores: dict[T, float] = {}
    for ranking, weight in zip(rankings, weights or [1.0] * len(rankings), strict=True):
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + weight / (k + rank)
    return sorted(scores.items(), key=lambda scored: -scored[1])
