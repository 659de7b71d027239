"""What is made once for all who ask for the same within a minute."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from storage.domain.times import Clock

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

SHARED_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing(Generic[K, V]):
    """Holds what was made for a minute, by what it is of.

    Args:
        clock: Gives the present.
        most: Of so many things at once; those made first go first.
        holds: Whether something is worth holding; what is empty may be full a moment later.
    """

    clock: Clock
    most: int
    holds: Callable[[V], bool] = lambda _made: True
    _made: dict[K, tuple[datetime, V]] = field(default_factory=dict)
    _making: WeakValueDictionary[K, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def get(self, key: K, make: Callable[[], Awaitable[V]]) -> V:
        """What was made of it just now; else what `make` gives. Who asks while it is being made waits for it."""
        async with self._making.setdefault(key, asyncio.Lock()):
            if (held := self._made.get(key)) is not None and self.just_now(held[0]):
                return held[1]
            made = await make()
            self._made.pop(key, None)
            if not self.holds(made):
                return made
            while len(self._made) >= self.most:
                del self._made[next(iter(self._made))]
            self._made[key] = (self.clock(), made)
            return made

    def just_now(self, at: datetime) -> bool:
        """Whether that is no longer ago than things are shared for."""
        return timedelta(0) <= self.clock() - at < SHARED_FOR
