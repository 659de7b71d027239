"""The operators' side of an instance, over its database."""

from __future__ import annotations

from bot.messenger.operators.operating import Operating
from generation.metering import measured
from storage.access import AccessStore
from storage.broadcasts import BroadcastStore
from storage.budgets import BudgetStore
from storage.database import Database
from storage.figures import FigureStore
from storage.outbox import OutboxStore


def operating(database: Database, key: bytes | None = None) -> Operating:
    """What it stands on; the key is that of `BudgetStore`."""
    access = AccessStore(database)
    return Operating(
        access=access,
        counts=BudgetStore(database, key),
        measured=measured,
        listed=access,
        counting=FigureStore(database),
        broadcasts=BroadcastStore(database),
        enqueue=OutboxStore(database).enqueue,
    )
