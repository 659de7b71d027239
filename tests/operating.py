"""The operators' side of an instance, for the tests of what stands on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.app.operating import operating as over
from bot.messenger.operators.gate import Gate, Rules
from bot.messenger.operators.operating import Operating, gated
from generation.metering import measured
from storage.broadcasts import Telling
from storage.database import Database
from storage.domain.access import Budgets, Listing, Standing, Taken, Used
from storage.domain.broadcasts import Broadcast, BroadcastId
from storage.domain.deliveries import OutboxMessage
from storage.domain.figures import Figures
from storage.domain.people import ReaderId
from storage.domain.times import Clock
from tests.bot.flows import NOW


class Open:
    """Nobody is listed, and nothing counts."""

    async def standing(self, reader: ReaderId, names: Sequence[str]) -> Standing:
        return Standing()

    async def listed(self) -> Sequence[Listing]:
        return ()

    async def take(
        self, update_id: int, reader: ReaderId, at: datetime, budgets: Budgets, *, typed: bool = False
    ) -> Taken:
        return Taken()

    async def left(self, reader: ReaderId | None, at: datetime, budgets: Budgets) -> int | None:
        return None

    async def use(self, used: Used) -> None:
        pass

    async def count(self) -> int:
        return 0

    async def get(self, id_: BroadcastId) -> Broadcast | None:
        return None

    async def spread(self, telling: Telling) -> int | None:
        return None

    async def enqueue(self, messages: Sequence[OutboxMessage]) -> int:
        return 0

    async def figures(self, at: datetime) -> Figures:
        return Figures(outgoing={}, **dict.fromkeys((each for each in Figures.__slots__ if each != "outgoing"), 0))


def operating(database: Database | None = None) -> Operating:
    """Over the stores of a database; without one, of an instance of which nobody says anything."""
    if database is not None:
        return over(database)
    nothing = Open()
    return Operating(
        access=nothing,
        counts=nothing,
        measured=measured,
        listed=nothing,
        counting=nothing,
        broadcasts=nothing,
        enqueue=nothing.enqueue,
    )


def gate(database: Database | None = None, rules: Rules | None = None, clock: Clock = lambda: NOW) -> Gate:
    """What lets through what may be answered."""
    return gated(operating(database), rules or Rules(), clock)
