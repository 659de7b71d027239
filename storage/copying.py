"""Copies an instance into an empty database on a server: every row of every table, counted and compared.

    empty ─begin─▶ half a copy ─pour, table by table─▶ compared ─finish─▶ an instance
                     ▲      └─ killed, or run again ─┐
                     └───────────────────────────────┘

How many rows of a table are there is kept beside them, in the transaction that brings them: what is cut short is gone
on with. Until it is finished the database stands at a revision that no Tidings takes for an instance.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, func, inspect, literal, select, text, tuple_, update

from storage.database import Database, Transaction
from storage.domain.progress import Progress
from storage.errors import StorageBusy, StorageError
from storage.migrations import HALF_A_COPY, HEAD, VERSION_TABLE
from storage.schema import counters, metadata

_ROWS_AT_ONCE = 500
_HALF = f"{HALF_A_COPY} {HEAD}"
"""The revision of half a copy."""
_BITS = 128

_poured = Table(
    "half_copy",
    MetaData(),
    Column("name", Text, primary_key=True),
    Column("rows", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCopy:
    """A table that is the same on both sides.

    Args:
        digest: Of all its rows, whatever their order: hexadecimal, 32 digits.
    """

    name: str
    rows: int
    digest: str


@dataclass(slots=True)
class Tally:
    """What rows come to, in any order: databases sort texts differently."""

    rows: int = 0
    total: int = 0

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            digest = hashlib.blake2b(repr(tuple(row)).encode(), digest_size=_BITS // 8).digest()
            self.total = (self.total + int.from_bytes(digest)) % 2**_BITS
        self.rows += len(rows)


async def copy(source: Database, target: Database, progress: Progress) -> Sequence[TableCopy]:
    """Make `target`, on a server, the instance that `source` is; what another call left half done is gone on with.

    Nobody may write to either meanwhile. A target that is the same instance already is only compared.

    Args:
        source: A file of SQLite, migrated.
        target: A database of PostgreSQL that is empty, or half a copy.
        progress: Told of the rows of all tables together.

    Raises:
        StorageError: One of them cannot be used, or the target holds something else; what it holds is left as it is.
    """
    if not await begin(target):
        tallies = await tallies_of(source)
        if await _differing(tallies, target):
            raise StorageError(f"database {target.where}: holds another instance; give one that is empty")
        return _copies(tallies)
    tallies = await _pour(source, target, progress)
    if await _differing(tallies, target):
        # Half of it was of what the instance was by then.
        await _empty(target)
        tallies = await _pour(source, target, progress)
        if differing := await _differing(tallies, target):
            raise StorageError(f"database {target.where}: differs in {', '.join(differing)}; is anybody writing to it?")
    await _finish(source, target)
    return _copies(tallies)


async def begin(target: Database) -> bool:
    """Make an empty database on a server half a copy; whether it is one by now: not where it holds an instance.

    Raises:
        StorageError: It cannot be used, or another version of Tidings began to copy there.
    """
    async with target.reading() as connection:
        half = await connection.run_sync(lambda made: inspect(made).has_table(_poured.name))
        if half and await _revision(connection) != _HALF:
            raise StorageError(
                f"database {target.where}: holds half a copy of another version's; give one that is empty"
            )
    if half:
        return True
    await target.migrate()
    async with target.transaction() as connection:
        for table in _tables():
            anything = select(table)
            if table is counters:
                # Migrating makes one that stands at nought.
                anything = anything.where(counters.c.value != 0)
            if (await connection.execute(anything.limit(1))).first() is not None:
                return False
        await connection.execute(counters.delete())
        await connection.run_sync(_poured.create)
        await _stand_at(connection, _HALF)
    return True


async def _pour(source: Database, target: Database, progress: Progress) -> dict[str, Tally]:
    """Bring what is not there yet; what each table of the source comes to."""
    async with target.reading() as connection:
        there = {row.name: row.rows for row in await connection.execute(select(_poured))}
    tallies, done = {table.name: Tally() for table in _tables()}, 0
    async with source.reading() as connection:
        of = sum([int(await connection.scalar(select(func.count()).select_from(each)) or 0) for each in _tables()])
        for table in _tables():
            tally, poured = tallies[table.name], there.get(table.name, 0)
            async for rows in rows_of(connection, table):
                tally.add(rows)
                if tally.rows > poured:
                    await _bring(target, table, rows[poured - tally.rows :], after=poured)
                    poured = tally.rows
                progress(table.name, done + tally.rows, of)
            done += tally.rows
    return tallies


async def _bring(target: Database, table: Table, rows: Sequence[Sequence[Any]], *, after: int) -> None:
    """Add rows to those that are there, of which there are `after`."""
    mine = (_poured.c.name == table.name, _poured.c.rows == after)
    async with target.transaction() as connection:
        if after == 0:
            await connection.execute(_poured.insert().values(name=table.name, rows=len(rows)))
        elif not (await connection.execute(update(_poured).where(*mine).values(rows=after + len(rows)))).rowcount:
            raise StorageBusy(f"database {target.where}: another process copies to it")
        await connection.execute(table.insert(), [dict(zip(table.c.keys(), row, strict=True)) for row in rows])


async def rows_of(connection: Transaction, table: Table) -> AsyncIterator[Sequence[Sequence[Any]]]:
    """All rows of a table, some at a time, in the order of its key; texts as this database sorts them."""
    key = list(table.primary_key.columns)
    some = select(table).order_by(*key).limit(_ROWS_AT_ONCE)
    rows = (await connection.execute(some)).all()
    while rows:
        yield rows
        last = [literal(getattr(rows[-1], column.name), column.type) for column in key]
        rows = (await connection.execute(some.where(tuple_(*key) > tuple_(*last)))).all()


async def tallies_of(database: Database) -> dict[str, Tally]:
    """What each table comes to."""
    tallies = {table.name: Tally() for table in _tables()}
    async with database.reading() as connection:
        for table in _tables():
            async for rows in rows_of(connection, table):
                tallies[table.name].add(rows)
    return tallies


async def _differing(tallies: Mapping[str, Tally], target: Database) -> Sequence[str]:
    """The tables that do not come to the same in the target."""
    there = await tallies_of(target)
    return [name for name, tally in tallies.items() if tally != there[name]]


async def _empty(target: Database) -> None:
    async with target.transaction() as connection:
        for table in reversed(_tables()):
            await connection.execute(table.delete())
        await connection.execute(_poured.delete())


async def _finish(source: Database, target: Database) -> None:
    """From now on it is an instance, which gives no number again that the source ever gave."""
    async with source.reading() as connection:
        given = {row.name: row.seq for row in await connection.execute(text("SELECT name, seq FROM sqlite_sequence"))}
    async with target.transaction() as connection:
        for table in _tables():
            if (number := table.autoincrement_column) is not None:
                highest = int(await connection.scalar(select(func.max(number))) or 0)
                last = max(highest, given.get(table.name, 0))
                sequence = func.pg_get_serial_sequence(table.name, number.name)
                await connection.execute(select(func.setval(sequence, max(last, 1), last > 0)))
        await connection.run_sync(_poured.drop)
        await _stand_at(connection, HEAD)


async def _revision(connection: Transaction) -> object:
    return await connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - ours


async def _stand_at(connection: Transaction, revision: str) -> None:
    await connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = :revision"), {"revision": revision})  # noqa: S608 - ours


def _tables() -> Sequence[Table]:
    """All of them, what others refer to first."""
    return metadata.sorted_tables


def _copies(tallies: Mapping[str, Tally]) -> Sequence[TableCopy]:
    return [
        TableCopy(name=name, rows=tally.rows, digest=f"{tally.total:0{_BITS // 4}x}") for name, tally in tallies.items()
    ]
