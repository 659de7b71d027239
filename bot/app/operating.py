"""The operators' side of an instance, over its database."""

from __future__ import annotations

from bot.messenger.operating import Operating
from generation.metering import measured
from storage.access import AccessStore
from storage.broadcasts import BroadcastStore
from storage.budgets import BudgetStore
from storage.database import Database
from storage.figures import FigureStore
from storage.outbox import OutboxStore


def operating(database: Database) -> Operating:
    """What it stands on."""
    access = AccessStore(database)
    return Operating(
        access=access,
        counts=BudgetStore(database),
        measured=measured,
        listed=access,
        counting=FigureStore(database),
        broadcasts=BroadcastStore(database),
        enqueue=OutboxStore(database).enqueue,
    )
