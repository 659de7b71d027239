"""What is said without being asked: the rounds in which it is found and enqueued, and its sending."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NoReturn

from bot.messenger.operators.spreading import Spreading
from bot.messenger.operators.unasked import Unasked
from bot.messenger.wire.leases import Alone, Leases, alone
from bot.messenger.wire.outbox import Sender
from bot.patience import patiently
from bot.serve.rooms import Rooms
from storage.domain.access import Budgets
from storage.domain.deliveries import BREAKING, DIGEST, NOTICE
from storage.errors import TidingsError

_LOG = logging.getLogger(__name__)
_READING = "reading"
"""A round of which only one process makes at a time, as the digests of a minute."""


class Rounds:
    """News, digests and broadcasts that nobody asked for just now.

    Args:
        looked: Set whenever it was looked for what other processes left.
    """

    def __init__(self, rooms: Rooms, sender: Sender, leases: Alone | Leases, budgets: Budgets) -> None:
        self._rooms, self._sender, self._leases = rooms, sender, leases
        self.looked = asyncio.Event()
        self._enqueued = {prefix: asyncio.Event() for prefix in (NOTICE, DIGEST, BREAKING)}
        self._spreading = Spreading(
            broadcasts=rooms.operating.broadcasts, outbox=rooms.outbox, deliver=sender.deliver, clock=rooms.clock
        )
        self._unasked = Unasked(
            counts=rooms.operating.counts,
            measured=rooms.operating.measured,
            budgets=budgets,
            clock=rooms.clock,
        )

    def sending(self, tasks: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        """Begin to send all that is there, and all that will be."""
        return [
            tasks.create_task(self._send_leftovers(), name="leftovers"),
            *(tasks.create_task(self._send_on(prefix), name=prefix) for prefix in self._enqueued),
            tasks.create_task(self._spreading.run(), name="broadcasts"),
        ]

    async def _send_leftovers(self) -> NoReturn:
        """Send what is there at the start, and what others leave: beside looking, which waits for none of it."""
        while True:
            self.looked.clear()
            await patiently(self._sender.deliver)
            await self.looked.wait()

    async def sweep(self) -> None:
        """Put on record what was being sent when its process ended."""
        left = await patiently(self._rooms.outbox.sweep)
        if left:
            _LOG.warning("messages whose sending was cut short", extra={"count": left})

    async def read(self) -> None:
        """Read the feeds, if no other process is at it."""
        await alone(self._leases, _READING, self._read_on)

    async def digests(self) -> None:
        """Enqueue the digests that are due, if no other process is at it."""
        await alone(self._leases, DIGEST, lambda: self._enqueue(DIGEST, self._rooms.digest))

    async def _read_on(self) -> None:
        """Read the feeds, and enqueue what breaks and what is new of what readers follow.

        What that lacks, the next round makes up.
        """
        await self._rooms.ingest()
        await self._enqueue(NOTICE, self._rooms.notify)
        await self._enqueue(BREAKING, self._rooms.alert)

    async def _enqueue(self, prefix: str, make: Callable[[], Awaitable[int]]) -> None:
        try:
            await self._unasked.made(make)
        except TidingsError as error:
            _LOG.warning("not all enqueued", extra={"what": prefix, "reason": str(error)})
        finally:
            # What was enqueued before something failed goes out, too.
            self._enqueued[prefix].set()

    async def _send_on(self, prefix: str) -> None:
        """Send what is enqueued unasked, beside those who enqueue it; what is left over, the next start."""
        while True:
            await self._enqueued[prefix].wait()
            self._enqueued[prefix].clear()
            await patiently(lambda: self._sender.deliver(prefix))
