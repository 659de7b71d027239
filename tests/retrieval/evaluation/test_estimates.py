from __future__ import annotations

import numpy as np
import pytest

from retrieval.evaluation.estimates import mean, pearson


def test_the_mean_lies_in_its_interval() -> None:
    scores = [1.0] * 60 + [0.0] * 40

    estimate = mean(scores)

    assert estimate.value == pytest.approx(0.6)
    # The normal approximation: 0.6 ± 1.96 · sqrt(0.24 / 100).
    assert estimate.low == pytest.approx(0.504, abs=0.02)
    assert estimate.high == pytest.approx(0.696, abs=0.02)


def test_the_same_scores_give_the_same_interval() -> None:
    assert mean([0.0, 1.0, 1.0]) == mean([0.0, 1.0, 1.0])


def test_one_score_has_no_spread() -> None:
    estimate = mean([0.25])

    assert (estimate.low, estimate.value, estimate.high) == (0.25, 0.25, 0.25)


def test_many_items_are_drawn_in_blocks_with_the_same_law() -> None:
    estimate = mean([0.0, 1.0] * 50_000)

    assert estimate.value == 0.5
    assert estimate.high - estimate.low == pytest.approx(2 * 1.96 * 0.5 / np.sqrt(100_000), rel=0.15)


def test_correlation_is_that_of_a_straight_line() -> None:
    estimate = pearson([1.0, 2.0, 3.0, 4.0], [10.0, 20.0, 30.0, 40.0])

    assert estimate.value == pytest.approx(1.0)
    assert pearson([1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0]).value == pytest.approx(-1.0)


def test_correlation_is_numpys() -> None:
    chance = np.random.default_rng(3)
    x = chance.normal(size=200)
    y = x + chance.normal(size=200)

    estimate = pearson(list(x), list(y))

    assert estimate.value == pytest.approx(float(np.corrcoef(x, y)[0, 1]))
    assert estimate.low < estimate.value < estimate.high


def test_what_never_changes_correlates_with_nothing() -> None:
    assert pearson([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]).value == 0.0
