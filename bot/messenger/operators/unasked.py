"""Lets a language model write what nobody asked for, as far as the day's budget of all together allows it.

Where that is used up, in the midst of a round, too, sources are quoted for the rest of it. No reader's own budget is
touched: they asked for nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.messenger.operators.gate import Counts, Measures
from storage.domain.access import Budgets, Used, day_of
from storage.domain.times import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Unasked:
    """Makes digests, breaking news and what is new of follows, counting what a model reads and writes for them."""

    counts: Counts
    measured: Measures
    budgets: Budgets
    clock: Clock

    async def made(self, make: Callable[[], Awaitable[int]]) -> int:
        """What `make` comes to."""
        began = self.clock()
        with self.measured(left=await self.counts.left(None, began, self.budgets)) as meter:
            try:
                return await make()
            finally:
                if meter.tokens:
                    await self.counts.use(Used(reader=None, day=day_of(began), tokens=meter.tokens))
