"""What readers asked of the bot, a day at a time, and whether they may ask more.

A question is counted where its budget allows it, in one transaction that compares and adds; the update that brought it
remembers the outcome, so that one that is dealt with anew counts once. Where nothing is bounded, it is counted along
with what else the update changes, which it does once.

Whoever has themselves forgotten does not begin their day anew. Of them is kept, until that day (UTC) is over, how many
questions and tokens they had, under a hash of their number and the day: its key is made of the bot's token, which is
not in the database, so that nobody who has that alone can tell whose it is, nor that two days are of the same person.
Only where a reader's day has a bound at all. Once the day is over it is dropped, within minutes where something runs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import BigInteger, Table, UpdateBase, cast, delete, exists, literal, select, update

from storage.database import Database, Transaction, insert, insert_for, write
from storage.domain.access import Alias, Budgets, Counted, Spent, Taken, Used, alias, day_of
from storage.domain.people import ReaderId
from storage.schema import inbox, spending, spending_of_all, spending_of_forgotten

_TAKEN = "taken"
_NO_BOUND = 2**62
_TYPING = timedelta(minutes=1)
"""So long what somebody types behind the bot's name is one question: Telegram asks again with every few letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Earlier:
    """What somebody used that day before they were forgotten."""

    questions: int = 0
    tokens: int = 0


class BudgetStore:
    """What `bot.messenger.operators.gate.Counts` asks for.

    Args:
        key: By which those are known who were forgotten that day; `None` where nobody is.
    """

    def __init__(self, database: Database, key: bytes | None = None) -> None:
        self._database, self._key = database, key

    async def take(
        self, update_id: int, reader: ReaderId, at: datetime, budgets: Budgets, *, typed: bool = False
    ) -> Taken:
        """Count a question that an update brought, where that day's budgets allow it; or say which forbids it.

        What was decided of an update once stays so. What is `typed` within a minute of what was counted is one with it.
        """
        day = day_of(at)
        own = (spending.c.reader_id == reader, spending.c.day == day)
        everyone = (spending_of_all.c.day == day,)
        async with self._database.transaction() as connection:
            before = await connection.scalar(select(inbox.c.counted).where(inbox.c.update_id == update_id))
            earlier = await self._earlier(connection, reader, at)
            refused = None if before in {None, _TAKEN} else Spent(before)
            if before is None:
                if not (typed and await _goes_on(connection, reader, at)):
                    refused = await _count(connection, reader, day, budgets, earlier)
                await connection.execute(
                    update(inbox).where(inbox.c.update_id == update_id).values(counted=refused or _TAKEN)
                )
            if not (budgets.tokens or budgets.all_tokens):
                return Taken(refused=refused, left=None)
            tokens = await connection.scalar(select(spending.c.tokens).where(*own))
            all_tokens = await connection.scalar(select(spending_of_all.c.tokens).where(*everyone))
        return Taken(refused=refused, left=_left((tokens or 0) + earlier.tokens, all_tokens, budgets))

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
            tokens = await connection.scalar(own) or 0
            if reader is not None:
                tokens += (await self._earlier(connection, reader, at)).tokens
            return _left(tokens, await connection.scalar(everyone), budgets)

    async def use(self, used: Used) -> None:
        """Count the tokens that a model read and wrote."""
        async with self._database.transaction() as connection:
            await use(connection, used)

    async def prune(self, before: datetime) -> int:
        """Drop the days before that one; returns how many readers' days that were."""
        async with self._database.transaction() as connection:
            pruned = await connection.execute(delete(spending).where(spending.c.day < day_of(before)))
            await connection.execute(delete(spending_of_all).where(spending_of_all.c.day < day_of(before)))
            return pruned.rowcount

    async def drop_forgotten(self, now: datetime) -> int:
        """Drop what the forgotten used on days that are over; returns how many that were of."""
        over = spending_of_forgotten.c.day < day_of(now)
        async with self._database.reading() as connection:
            if not await connection.scalar(select(exists().where(over))):
                return 0
        async with self._database.transaction() as connection:
            return (await connection.execute(delete(spending_of_forgotten).where(over))).rowcount

    async def _earlier(self, connection: Transaction, reader: ReaderId, at: datetime) -> _Earlier:
        """What a reader used that day before they had themselves forgotten."""
        if self._key is None:
            return _Earlier()
        mine = spending_of_forgotten.c.alias == alias(self._key, reader, at).name
        row = (await connection.execute(select(spending_of_forgotten).where(mine))).first()
        return _Earlier() if row is None else _Earlier(questions=row.questions, tokens=row.tokens)


async def carry_on(connection: Transaction, reader: ReaderId, known_as: Alias) -> None:
    """What a reader who is being forgotten used that day goes on to count, by no name of theirs."""
    own = (spending.c.reader_id == reader, spending.c.day == known_as.day)
    row = (await connection.execute(select(spending).where(*own))).first()
    if row is None or not (row.questions or row.tokens):
        return
    held = spending_of_forgotten
    new = insert(connection, held).values(
        alias=known_as.name, day=known_as.day, questions=row.questions, tokens=row.tokens
    )
    added = {"questions": held.c.questions + row.questions, "tokens": held.c.tokens + row.tokens}
    await connection.execute(new.on_conflict_do_update(index_elements=[held.c.alias], set_=added))


async def use(connection: Transaction, used: Used) -> None:
    """Count the tokens that a model read and wrote; those that nobody asked for are of all together alone.

    The reader's row first, as where questions are counted: two that hold what the other waits for would never end.
    """
    key = {"day": used.day}
    own = () if used.reader is None else ((spending, {"reader_id": used.reader, **key}),)
    for table, mine in (*own, (spending_of_all, key)):
        await _begin(connection, table, **mine)
        added = update(table).where(*(table.c[name] == value for name, value in mine.items()))
        await connection.execute(added.values(tokens=table.c.tokens + used.tokens))


async def tally(connection: Transaction, counted: Counted) -> None:
    """Count a question that nothing bounds."""
    if not (counted.typed and await _goes_on(connection, counted.reader, counted.at)):
        given = {"day": day_of(counted.at), "questions": 1, "tokens": 0, "refused": 0}
        dialect = connection.dialect.name
        await write(connection, _one_more(dialect, spending), {"reader_id": counted.reader, **given})
        await write(connection, _one_more(dialect, spending_of_all), given)


@cache
def _one_more(dialect: str, table: Table) -> UpdateBase:
    """Counts one more in the row of that key; with every question, so each is made once."""
    new = insert_for(dialect, table)
    return new.on_conflict_do_update(index_elements=list(table.primary_key), set_={"questions": table.c.questions + 1})


async def _begin(connection: Transaction, table: Table, **key: str) -> None:
    new = insert(connection, table).values(**key, questions=0, tokens=0, refused=0)
    await connection.execute(new.on_conflict_do_nothing())


async def _goes_on(connection: Transaction, reader: ReaderId, at: datetime) -> bool:
    """Whether somebody typed something that was counted less than a minute ago; else they begin to type now."""
    day = day_of(at)
    own = (spending.c.reader_id == reader, spending.c.day == day)
    typed_at = await connection.scalar(select(spending.c.typed_at).where(*own))
    if typed_at is not None and abs(at - typed_at) < _TYPING:
        return True
    await _begin(connection, spending, reader_id=reader, day=day)
    await connection.execute(update(spending).where(*own).values(typed_at=at))
    return False


async def _count(
    connection: Transaction, reader: ReaderId, day: str, budgets: Budgets, earlier: _Earlier
) -> Spent | None:
    """Count a question on both budgets, or on none and say which forbids it."""
    own = (spending.c.reader_id == reader, spending.c.day == day)
    if not await _add(connection, spending, budgets.questions, earlier.questions, reader_id=reader, day=day):
        refused = Spent.OWN
    elif not await _add(connection, spending_of_all, budgets.all_questions, day=day):
        refused = Spent.ALL
        await connection.execute(update(spending).where(*own).values(questions=spending.c.questions - 1))
    else:
        return None
    await _begin(connection, spending, reader_id=reader, day=day)
    await _begin(connection, spending_of_all, day=day)
    for table, mine in ((spending, own), (spending_of_all, (spending_of_all.c.day == day,))):
        await connection.execute(update(table).where(*mine).values(refused=table.c.refused + 1))
    await connection.execute(update(spending).where(*own).values(typed_at=None))
    return refused


async def _add(connection: Transaction, table: Table, most: int, earlier: int = 0, **key: str) -> bool:
    """Count one more, where that is no more than `most` with those of earlier; whether it is."""
    bound = most - earlier if most else _NO_BOUND
    if bound <= 0:
        return False
    new = insert(connection, table).values(**key, questions=1, tokens=0, refused=0)
    added = await connection.scalar(
        new.on_conflict_do_update(
            index_elements=[table.c[name] for name in key],
            set_={"questions": table.c.questions + 1},
            where=table.c.questions < cast(literal(bound), BigInteger),
        ).returning(table.c.day)
    )
    return added is not None


def _left(tokens: int | None, all_tokens: int | None, budgets: Budgets) -> int | None:
    """How many tokens neither budget forbids."""
    bounded = ((budgets.tokens, tokens), (budgets.all_tokens, all_tokens))
    return min((max(0, most - (used or 0)) for most, used in bounded if most), default=None)
