from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.topics.linkage import linked


def likely(n: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    drawn = np.random.default_rng(seed).normal(-0.3, 1.0, (n, n))
    return ((drawn + drawn.T) / 2).astype(np.float32)


def test_parts_are_joined_while_they_are_alike_on_average() -> None:
    odds = np.full((4, 4), -4, dtype=np.float32)
    odds[0, 1] = odds[1, 0] = 4
    odds[2, 3] = odds[3, 2] = 1
    # One doubtful pair joins nothing.
    odds[1, 2] = odds[2, 1] = 2

    assert linked(odds) == [[0, 1], [2, 3]]


def test_one_article_is_a_part_and_none_are_none() -> None:
    assert linked(np.zeros((1, 1), dtype=np.float32)) == [[0]]
    assert linked(np.zeros((0, 0), dtype=np.float32)) == []


@settings(deadline=None)
@given(st.integers(1, 20), st.integers(0, 10_000))
def test_no_two_parts_are_left_that_are_alike_and_each_article_is_in_one(n: int, seed: int) -> None:
    odds = likely(n, seed)

    parts = linked(odds)

    assert sorted(each for part in parts for each in part) == list(range(n))
    assert all(odds[np.ix_(a, b)].astype(np.float64).mean() <= 1e-9 for at, a in enumerate(parts) for b in parts[:at])
