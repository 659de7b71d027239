"""Estimates as the figures the command line prints: each metric with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

INTERVAL = "95 % bootstrap"


class Interval(Protocol):
    """A figure over all items, and the interval it would fall in with 95 % of other draws of such items."""

    @property
    def value(self) -> float: ...

    @property
    def low(self) -> float: ...

    @property
    def high(self) -> float: ...


def figures(estimates: Mapping[str, Interval]) -> dict[str, float]:
    """`NAME`, `NAME_low` and `NAME_high` for each metric."""
    found: dict[str, float] = {}
    for name, estimate in estimates.items():
        found[name] = round(estimate.value, 4)
        found[f"{name}_low"] = round(estimate.low, 4)
        found[f"{name}_high"] = round(estimate.high, 4)
    return found
