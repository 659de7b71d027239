"""An instance in numbers, counted as they are asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, Table, distinct, func, select, union

from storage.database import Database, Transaction
from storage.domain.access import day_of
from storage.domain.deliveries import InboxState, OutboxState
from storage.domain.figures import Figures, Standing
from storage.domain.news import FeedStatus
from storage.feeds import wanted
from storage.schema import (
    articles,
    conversations,
    digest_settings,
    feeds,
    follows,
    inbox,
    outbox,
    reader_settings,
    spending,
    spending_of_all,
    unreachable,
)

_WEEK = timedelta(days=6)
"""Before today, which is the seventh of its days."""
_READERS = (conversations, reader_settings, digest_settings, follows, spending)


class FigureStore:
    """What `bot.messenger.operators.operators.Counting` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def figures(self, at: datetime) -> Figures:
        """The instance at that time."""
        today, week = spending_of_all.c.day == day_of(at), spending_of_all.c.day >= day_of(at - _WEEK)
        theirs_today, theirs = spending.c.day == day_of(at), spending.c.day >= day_of(at - _WEEK)
        asked = spending.c.questions > 0
        readers = union(*(select(table.c.reader_id) for table in _READERS)).subquery()
        async with self._database.reading() as connection:

            async def total(column: ColumnElement[int], *bounds: ColumnElement[bool]) -> int:
                return int(await connection.scalar(select(func.coalesce(func.sum(column), 0)).where(*bounds)) or 0)

            async def active(*bounds: ColumnElement[bool]) -> int:
                people = select(func.count(distinct(spending.c.reader_id))).where(asked, *bounds)
                return int(await connection.scalar(people) or 0)

            states = await connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
            return Figures(
                readers=int(await connection.scalar(select(func.count()).select_from(readers)) or 0),
                active_today=await active(theirs_today),
                active_week=await active(theirs),
                questions_today=await total(spending_of_all.c.questions, today),
                questions_week=await total(spending_of_all.c.questions, week),
                refused_today=await total(spending_of_all.c.refused, today),
                tokens_today=await total(spending_of_all.c.tokens, today),
                tokens_week=await total(spending_of_all.c.tokens, week),
                digests=await _rows(connection, digest_settings, digest_settings.c.active),
                unreachable=await _rows(connection, unreachable),
                waiting=await _rows(connection, inbox, inbox.c.state == InboxState.PENDING),
                set_aside=await _rows(connection, inbox, inbox.c.state == InboxState.QUARANTINED),
                outgoing={state: int(n) for state, n in states},
                articles=await _rows(connection, articles),
                feeds=await _rows(connection, feeds, wanted()),
                failing=await _rows(connection, feeds, wanted(), feeds.c.status == FeedStatus.FAILING),
            )

    async def standing(self) -> Standing:
        """What waits, and how the feeds stand: one statement, whose cost no queue makes longer."""
        counted = [
            select(func.count()).where(wanted(), feeds.c.status == status).scalar_subquery().label(status)
            for status in FeedStatus
        ]
        waiting = select(
            _first(inbox.c.received_at, inbox, InboxState.PENDING).label("update"),
            _first(outbox.c.created_at, outbox, OutboxState.PENDING).label("message"),
            *counted,
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(waiting)).mappings().one()
        return Standing(
            oldest_update=row["update"],
            oldest_message=row["message"],
            feeds={status: int(row[status.value]) for status in FeedStatus},
        )


def _first(column: ColumnElement[datetime], table: Table, state: str) -> ScalarSelect[datetime]:
    """That of the row in that state which came first: one step of an index."""
    return select(column).where(table.c.state == state).order_by(table.c.id).limit(1).scalar_subquery()


async def _rows(connection: Transaction, table: Table, *bounds: ColumnElement[bool]) -> int:
    return int(await connection.scalar(select(func.count()).select_from(table).where(*bounds)) or 0)
