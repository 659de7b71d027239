"""Figures with their intervals: 95 %, by bootstrap over what was measured, repeatable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_RESAMPLES = 2_000
_TAILS = (0.025, 0.975)
# Indices drawn at once: 32 MB.
_DRAWN_TOGETHER = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure over all items, and the interval it would fall in with 95 % of other draws of such items."""

    value: float
    low: float
    high: float


def mean(scores: Sequence[float]) -> Estimate:
    """The mean of one score an item; there must be at least one."""
    values = np.asarray(scores, dtype=np.float64)
    means = np.concatenate([values[drawn].mean(axis=1) for drawn in _draws(len(values))])
    return _estimate(float(values.mean()), means)


def pearson(found: Sequence[float], wanted: Sequence[float]) -> Estimate:
    """The linear correlation of two figures an item; 0 where either is the same for all."""
    x, y = np.asarray(found, dtype=np.float64), np.asarray(wanted, dtype=np.float64)
    resampled = np.concatenate([_correlations(x[drawn], y[drawn]) for drawn in _draws(len(x))])
    return _estimate(float(_correlations(x[None, :], y[None, :])[0]), resampled)


def _draws(n: int) -> Iterator[NDArray[np.int64]]:
    """Indices of n items drawn with replacement, a row a resample, in blocks of bounded size."""
    chance = np.random.default_rng(0)
    rows = max(1, min(_RESAMPLES, _DRAWN_TOGETHER // n))
    for start in range(0, _RESAMPLES, rows):
        yield chance.integers(n, size=(min(rows, _RESAMPLES - start), n))


def _correlations(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Row by row: `res[i] = corr(x[i], y[i])`."""
    x = x - x.mean(axis=1, keepdims=True)
    y = y - y.mean(axis=1, keepdims=True)
    spread = np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1))
    together = (x * y).sum(axis=1)
    return np.asarray(np.divide(together, spread, out=np.zeros_like(together), where=spread > 0), dtype=np.float64)


def _estimate(value: float, resampled: NDArray[np.float64]) -> Estimate:
    low, high = np.quantile(resampled, _TAILS)
    return Estimate(value=value, low=float(low), high=float(high))
