from __future__ import annotations

import math

import numpy as np
import pytest

from retrieval.evaluation.orderings import METRICS, order, worth


def test_a_perfect_order_is_worth_all() -> None:
    assert worth([3.0, 2.0, 1.0], [True, False, False], "any") == (1.0, 1.0, 1.0, 1.0)


def test_figures_are_those_of_the_definitions() -> None:
    found = dict(zip(METRICS, worth([5, 4, 3, 2, 1, 0], [False, True, False, False, False, True], "any"), strict=True))

    assert found["auc"] == pytest.approx(3 / 8)
    assert found["mrr"] == pytest.approx((1 / 2 + 1 / 6) / 2)
    ideal = 1 + 1 / math.log2(3)
    assert found["ndcg@5"] == pytest.approx((1 / math.log2(3)) / ideal)
    assert found["ndcg@10"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(7)) / ideal)


def test_ties_are_worth_what_chance_is() -> None:
    clicked = [True] + [False] * 9

    found = np.asarray([worth([0.0] * 10, clicked, f"impression {at}") for at in range(2000)])

    assert (found[:, 0] == 0.5).all()
    assert found[:, 1].mean() == pytest.approx(np.mean(1 / np.arange(1, 11)), abs=0.02)


def test_ties_are_broken_the_same_way_each_time() -> None:
    assert order([0.0] * 20, "a").tolist() == order([0.0] * 20, "a").tolist()
    assert order([0.0] * 20, "a").tolist() != order([0.0] * 20, "b").tolist()
