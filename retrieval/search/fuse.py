"""Scores of the same things made one. Pure; knows nothing of what is scored or by what."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def weighted_sum(sides: Sequence[tuple[Mapping[T, float], float]]) -> dict[T, float]:
    """Scores of each side as shares of its best, weighed and added up; what a side does not hold gets nothing from it.

    Unlike ranks, scores keep how far apart things are: a side that finds all alike decides nothing.

    Args:
        sides: Scores with the side's weight. A score below 0 counts as 0.

    Returns:
        Scores in [0, sum of the weights], in the order they were first seen in.
    """
    total: dict[T, float] = {}
    for scores, weight in sides:
        best = max(scores.values(), default=0.0)
        for item, score in scores.items():
            share = max(0.0, score) / best if best > 0 else 0.0
            total[item] = total.get(item, 0.0) + weight * share
    return total
