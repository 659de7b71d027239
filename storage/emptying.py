"""Leaving little of rows that stay, so that their room is there for others.

SQLite shortens a row where it stands and gives the rest of its page to nobody, for later rows come at the end: of
messages that were enqueued at once and emptied one by one, a page of 4 KB stayed for each. What is left of a page is
joined with the next where a row is taken out of it. A server takes such rows out by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy import Column, ColumnElement, Table, Update, delete, insert, update

from storage.database import Transaction, write


def taken_out(connection: Transaction, statement: Update, number: Column[int]) -> Update:
    """An update that leaves little of a row, as it is executed before `put_back`, at once.

    Args:
        connection: A transaction.
        statement: The update.
        number: The integer that rows are kept by; until `put_back` it is negative.
    """
    return _turned(statement, number) if _shortens(connection) else statement


async def put_back(connection: Transaction, number: Column[int]) -> None:
    """Give what was taken out its number again."""
    if _shortens(connection):
        await write(connection, _turned_back(number), {})


async def empty_some(
    connection: Transaction, table: Table, which: ColumnElement[bool], values: Mapping[str, object]
) -> None:
    """Set these values, which take less room, in rows of a table that no other refers to."""
    if not _shortens(connection):
        await connection.execute(update(table).where(which).values(values))
        return
    rows = (await connection.execute(delete(table).where(which).returning(*table.c))).mappings().all()
    if rows:
        await connection.execute(insert(table), [{**row, **values} for row in rows])


@lru_cache(maxsize=16)
def _turned(statement: Update, number: Column[int]) -> Update:
    return statement.values({number: -number})


@lru_cache(maxsize=16)
def _turned_back(number: Column[int]) -> Update:
    return update(number.table).where(number < 0).values({number: -number})


def _shortens(connection: Transaction) -> bool:
    """Whether a row that becomes shorter stays where it stands."""
    return connection.dialect.name == "sqlite"
