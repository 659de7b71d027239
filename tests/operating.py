"""The operators' side of an instance, for the tests of what stands on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.messenger.gate import Gate, Rules
from bot.messenger.operating import Operating
from generation.metering import measured
from storage.access import AccessStore
from storage.budgets import BudgetStore
from storage.database import Database
from storage.domain.access import Budgets, Spent, Standing, Taken
from storage.domain.people import ReaderId
from storage.domain.times import Clock
from tests.bot.flows import NOW


class Open:
    """Nobody is listed, and nothing counts."""

    async def standing(self, reader: ReaderId, names: Sequence[str]) -> Standing:
        return Standing()

    async def take(self, update_id: int, reader: ReaderId, at: datetime, budgets: Budgets) -> Taken:
        return Taken()

    async def spent(self, reader: ReaderId, at: datetime, budgets: Budgets) -> Spent | None:
        return None


def operating(database: Database | None = None) -> Operating:
    """Over the stores of a database; without one, of an instance of which nobody says anything."""
    if database is None:
        return Operating(access=Open(), counts=Open(), measured=measured)
    return Operating(access=AccessStore(database), counts=BudgetStore(database), measured=measured)


def gate(database: Database | None = None, rules: Rules | None = None, clock: Clock = lambda: NOW) -> Gate:
    """What lets through what may be answered."""
    room = operating(database)
    return Gate(access=room.access, counts=room.counts, measured=room.measured, rules=rules or Rules(), clock=clock)
