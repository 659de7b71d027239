"""Figures of classification over items each of one class: macro-averaged F1, and how far sureness can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.estimates import Estimate

_RESAMPLES = 1_000
_TAILS = (0.025, 0.975)
_BINS = 10


def macro_f1(wanted: Sequence[int], found: Sequence[int]) -> Estimate:
    """The mean of the F1 of each class that is wanted at all; there must be at least one item."""
    true, told = np.asarray(wanted), np.asarray(found)
    n = int(max(true.max(), told.max())) + 1

    def figure(drawn: NDArray[np.int64]) -> float:
        hits = np.bincount(true[drawn][true[drawn] == told[drawn]], minlength=n)
        held = np.bincount(true[drawn], minlength=n)
        given = np.bincount(told[drawn], minlength=n)
        return float((2 * hits / np.maximum(held + given, 1))[held > 0].mean())

    return _resampled(len(true), figure)


def calibration_error(sureness: Sequence[float], right: Sequence[bool]) -> Estimate:
    """The mean distance of how sure and how often right, over ten bins of as many items each (adaptive ECE)."""
    sure, good = np.asarray(sureness, dtype=np.float64), np.asarray(right, dtype=np.float64)

    def figure(drawn: NDArray[np.int64]) -> float:
        order = drawn[np.argsort(sure[drawn], kind="stable")]
        bins = [each for each in np.array_split(order, _BINS) if len(each)]
        return float(sum(len(each) * abs(sure[each].mean() - good[each].mean()) for each in bins) / len(order))

    return _resampled(len(sure), figure)


def _resampled(n: int, figure: Callable[[NDArray[np.int64]], float]) -> Estimate:
    """A figure over n items, and its interval over draws of them with replacement; repeatable."""
    chance = np.random.default_rng(0)
    drawn = [figure(chance.integers(n, size=n)) for _ in range(_RESAMPLES)]
    low, high = np.quantile(drawn, _TAILS)
    return Estimate(value=figure(np.arange(n)), low=float(low), high=float(high))
