"""How much of what people hand over is read at once: of everybody so many things, of one reader one after another.

What waits holds what answers everybody: so little of it may, and whoever comes after is told to come again.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from storage.domain.people import ReaderId
from storage.domain.why import Why
from storage.errors import FetchError

AT_ONCE = 4
"""Some are being fetched while others are read."""
IN_LINE = 12
"""Those under way and those that wait, of all the chats that are answered at the same time."""
OF_ONE = 2
"""And of a reader: the one that is read, and another."""


class Desk:
    """Gives places."""

    def __init__(self, *, at_once: int = AT_ONCE, in_line: int = IN_LINE) -> None:
        self._places, self._in_line = asyncio.Semaphore(at_once), in_line
        self._taken: Counter[ReaderId] = Counter()
        self._turns: dict[ReaderId, asyncio.Lock] = {}

    @asynccontextmanager
    async def place(self, reader: ReaderId, called: str) -> AsyncIterator[None]:
        """For as long as the block lasts, which begins when it is this one's turn.

        Args:
            reader: Who hands it over, wherever that is.
            called: What it is called, for the error.

        Raises:
            FetchError: Too many wait already.
        """
        if self._taken.total() >= self._in_line or self._taken[reader] >= OF_ONE:
            raise FetchError(called, "too much is being read already", why=Why.BUSY)
        self._taken[reader] += 1
        turn = self._turns.setdefault(reader, asyncio.Lock())
        try:
            async with turn, self._places:
                yield
        finally:
            self._taken[reader] -= 1
            if not self._taken[reader]:
                del self._taken[reader], self._turns[reader]
