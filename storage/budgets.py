"""What readers asked of the bot, a day at a time, and whether they may ask more.

A question is counted where its budget allows it, in one transaction that compares and adds; the update that brought it
remembers the outcome, so that one that is dealt with anew counts once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, Table, cast, delete, literal, select, update

from storage.database import Database, Transaction, insert
from storage.domain.access import Budgets, Spent, Taken, Used, day_of
from storage.domain.people import ReaderId
from storage.schema import inbox, spending, spending_of_all

_TAKEN = "taken"
_NO_BOUND = 2**62


class BudgetStore:
    """What `bot.messenger.gate.Counts` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, update_id: int, reader: ReaderId, at: datetime, budgets: Budgets) -> Taken:
        """Count a question that an update brought, where that day's budgets allow it; or say which forbids it.

        What was decided of an update once stays so.
        """
        day = day_of(at)
        own = (spending.c.reader_id == reader, spending.c.day == day)
        everyone = (spending_of_all.c.day == day,)
        async with self._database.transaction() as connection:
            before = await connection.scalar(select(inbox.c.counted).where(inbox.c.update_id == update_id))
            await _begin(connection, spending, reader_id=reader, day=day)
            await _begin(connection, spending_of_all, day=day)
            refused = None if before in {None, _TAKEN} else Spent(before)
            if before is None:
                if not await _add(connection, spending, own, budgets.questions):
                    refused = Spent.OWN
                elif not await _add(connection, spending_of_all, everyone, budgets.all_questions):
                    refused = Spent.ALL
                    back = update(spending).where(*own).values(questions=spending.c.questions - 1)
                    await connection.execute(back)
                if refused is not None:
                    for table, mine in ((spending, own), (spending_of_all, everyone)):
                        await connection.execute(update(table).where(*mine).values(refused=table.c.refused + 1))
                await connection.execute(
                    update(inbox).where(inbox.c.update_id == update_id).values(counted=refused or _TAKEN)
                )
            tokens = await connection.scalar(select(spending.c.tokens).where(*own))
            all_tokens = await connection.scalar(select(spending_of_all.c.tokens).where(*everyone))
        return Taken(refused=refused, left=_left(tokens, all_tokens, budgets))

    async def left(self, reader: ReaderId | None, at: datetime, budgets: Budgets) -> int | None:
        """How many tokens a model may still read and write that day for a reader, or unasked; `None` is any number."""
        if reader is None:
            budgets = replace(budgets, tokens=0)
        if not (budgets.tokens or budgets.all_tokens):
            return None
        day = day_of(at)
        own = select(spending.c.tokens).where(spending.c.reader_id == reader, spending.c.day == day)
        everyone = select(spending_of_all.c.tokens).where(spending_of_all.c.day == day)
        async with self._database.reading() as connection:
            return _left(await connection.scalar(own), await connection.scalar(everyone), budgets)

    async def use(self, used: Used) -> None:
        """Count the tokens that a model read and wrote."""
        async with self._database.transaction() as connection:
            await use(connection, used)

    async def prune(self, before: datetime) -> int:
        """Drop the days before that one; returns how many readers' days that were."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(spending_of_all).where(spending_of_all.c.day < day_of(before)))
            return (await connection.execute(delete(spending).where(spending.c.day < day_of(before)))).rowcount


async def use(connection: Transaction, used: Used) -> None:
    """Count the tokens that a model read and wrote; those that nobody asked for are of all together alone."""
    counted: list[tuple[Table, tuple[ColumnElement[bool], ...]]] = []
    await _begin(connection, spending_of_all, day=used.day)
    counted.append((spending_of_all, (spending_of_all.c.day == used.day,)))
    if used.reader is not None:
        await _begin(connection, spending, reader_id=used.reader, day=used.day)
        counted.append((spending, (spending.c.reader_id == used.reader, spending.c.day == used.day)))
    for table, mine in counted:
        await connection.execute(update(table).where(*mine).values(tokens=table.c.tokens + used.tokens))


async def _begin(connection: Transaction, table: Table, **key: str) -> None:
    new = insert(connection, table).values(**key, questions=0, tokens=0, refused=0)
    await connection.execute(new.on_conflict_do_nothing())


async def _add(connection: Transaction, table: Table, mine: tuple[ColumnElement[bool], ...], most: int) -> bool:
    """Count one more, where that is no more than `most`; whether it is."""
    bound = cast(literal(most or _NO_BOUND), BigInteger)
    added = await connection.execute(
        update(table).where(*mine, table.c.questions < bound).values(questions=table.c.questions + 1)
    )
    return added.rowcount == 1


def _left(tokens: int | None, all_tokens: int | None, budgets: Budgets) -> int | None:
    """How many tokens neither budget forbids."""
    bounded = ((budgets.tokens, tokens), (budgets.all_tokens, all_tokens))
    return min((max(0, most - (used or 0)) for most, used in bounded if most), default=None)
