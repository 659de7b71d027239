"""How far a training is and how fast it learns there: by steps, by time, or by whichever is over first. Pure."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

_WARM_UP = 0.1
# Of the full rate: below it, at the end, nothing would move at all.
_SLOWEST = 0.02


class Pace:
    """Begins when it is made.

    Args:
        steps: How many there are at most.
        limit: How long they may take, if that is bounded.
        monotonic: Seconds from any beginning.
    """

    def __init__(
        self, steps: int, limit: timedelta | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._steps = steps
        self._limit = limit
        self._monotonic = monotonic
        self._began = monotonic()

    def done(self, step: int) -> float:
        """The share that is done after `step` steps; 1 where it is over."""
        share = step / self._steps
        if self._limit is not None:
            share = max(share, (self._monotonic() - self._began) / max(self._limit.total_seconds(), 1e-9))
        return min(1.0, share)

    def rate(self, step: int) -> float:
        """The share of the full rate to learn at in the step after `step`: rising at first, falling from there."""
        share = self.done(step)
        rising = min(1.0, (share + 1 / self._steps) / _WARM_UP)
        return max(_SLOWEST, rising * (1 - share) / (1 - _WARM_UP) if share > _WARM_UP else rising)
