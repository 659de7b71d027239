"""How often those may call who show a wrong secret."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

_REMEMBERED = 4096


@dataclass(slots=True, kw_only=True)
class Callers:
    """Bounds the calls of each address, by the generic cell rate algorithm (ITU-T I.371, as a virtual schedule).

    Args:
        every: Seconds between calls that can go on for ever.
        burst: Calls that may come at once.
        clock: Seconds that never go back.
    """

    every: float = 0.2
    burst: int = 50
    clock: Callable[[], float] = monotonic
    _due: OrderedDict[str, float] = field(default_factory=OrderedDict)

    def wait(self, address: str) -> int:
        """Whole seconds until that address may call again; 0, and the call counts, where it may now.

        The addresses that called last are remembered, some thousands: who has more than that is not held up.
        """
        now = self.clock()
        due = max(self._due.get(address, now), now)
        over = due - now - self.every * (self.burst - 1)
        if over > self.every / 1000:
            return math.ceil(over)
        self._due[address] = due + self.every
        self._due.move_to_end(address)
        if len(self._due) > _REMEMBERED:
            self._due.popitem(last=False)
        return 0
