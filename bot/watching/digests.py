"""What becomes of the hours of digests, counted."""

from __future__ import annotations

from collections.abc import Sequence

from bot.watching.meter import SLOTS, Meter, Slot
from storage.database import Database
from storage.digests import DigestStore
from storage.domain.deliveries import OutboxMessage
from storage.domain.digests import Settled
from storage.domain.evidence import Evidence


class CountedDigests(DigestStore):
    """Settles the hours of digests, and tells how."""

    def __init__(self, database: Database, meter: Meter) -> None:
        super().__init__(database)
        self._meter = meter

    async def settle(
        self, settled: Settled, messages: Sequence[OutboxMessage] = (), ignored: Sequence[Evidence] = ()
    ) -> bool:
        """As it is settled."""
        enqueued = await super().settle(settled, messages, ignored)
        self._meter.count(SLOTS, Slot.SKIPPED, by=len(settled.skipped))
        if settled.digest is not None:
            self._meter.count(SLOTS, Slot.ENQUEUED if enqueued else Slot.DROPPED)
        return enqueued
