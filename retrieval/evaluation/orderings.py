"""What an order of shown items is worth, by the usual definitions, when it is known which were clicked. Pure.

Ties are broken by chance, for a stable sort would leak the order that the data came in. The chance is drawn from the
item's name, so that figures repeat.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

METRICS = ("auc", "mrr", "ndcg@5", "ndcg@10")


def worth(scores: Sequence[float], clicked: Sequence[bool], name: str) -> tuple[float, ...]:
    """`METRICS` of the order by `scores`, larger first.

    Args:
        scores: One an item.
        clicked: One an item; some are and some are not.
        name: What chance is drawn from.
    """
    ranked = order(scores, name)
    right = np.asarray(clicked, dtype=np.bool_)[ranked]
    ranks = np.flatnonzero(right) + 1
    return (_auc(np.asarray(scores)[ranked], right), float((1 / ranks).mean()), _ndcg(right, 5), _ndcg(right, 10))


def order(scores: Sequence[float], name: str) -> NDArray[np.int64]:
    """The places of the items, best first; those of equal scores as chance will have it."""
    shuffled = np.random.default_rng(seed(name)).permutation(len(scores))
    return shuffled[np.argsort(-np.asarray(scores, dtype=np.float64)[shuffled], kind="stable")]


def seed(name: str) -> int:
    """A number to draw by chance from, the same for the same name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")


def _auc(scores: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The share of pairs of a clicked and another that are in the right order; equal ones are half in it."""
    ahead = scores[right][:, None] - scores[~right][None, :]
    return float((ahead > 0).mean() + (ahead == 0).mean() / 2)


def _ndcg(right: NDArray[np.bool_], k: int) -> float:
    discount = 1 / np.log2(np.arange(2, k + 2))
    found = right[:k]
    return float((found * discount[: len(found)]).sum() / discount[: min(k, int(right.sum()))].sum())
