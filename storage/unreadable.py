"""What is sealed by keys that are gone: found by the keys that cells name, without opening any."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Column, ColumnElement, Table, Text, case, delete, func, or_, select, update

from storage.columns import SEALED
from storage.database import Database, Transaction, chunks
from storage.domain.deliveries import InboxState, OutboxState
from storage.domain.people import ReaderId
from storage.marks import unmarked
from storage.readers import ReaderStore
from storage.schema import inbox, outbox, reader_marks
from storage.sealed import TABLES, is_sealed, keys_of, sealed_columns
from storage.sealing import ID_CHARACTERS

_WORDS = tuple(table for table in TABLES if table is not reader_marks)
"""Where what readers wrote is, and not only that they are."""
_GONE = "what it says was sealed by a key that is gone"
_ID = re.compile(f"[0-9a-f]{{{ID_CHARACTERS}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """What could not be read, and was dropped.

    Args:
        forgotten: How many readers were forgotten whole, for they have been since.
        keyless: Of how many others there is no key: of them went what they wrote.
        unmarked: Of how many, who wrote nothing, no key is known, so that nor is whether they were forgotten since.
    """

    forgotten: int = 0
    keyless: int = 0
    unmarked: int = 0


def keys_named_in(file: Path) -> frozenset[str]:
    """The keys that cells name in a file of SQLite that no process has open, whatever version made it."""
    found: set[str] = set()
    with closing(sqlite3.connect(f"file:{quote(str(file))}?immutable=1", uri=True)) as connection:
        # A view would be executed by naming it, and may have no end.
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in (each for each in TABLES if each.name in tables):
            there = {row[1] for row in connection.execute(f'PRAGMA table_info("{table.name}")')}
            for column in sealed_columns(table):
                if column.name in there:
                    name = f'"{column.name}"'
                    named = f'SELECT DISTINCT substr({name}, ?, ?) FROM "{table.name}" WHERE substr({name}, 1, ?) = ?'  # noqa: S608 - ours
                    rows = connection.execute(named, (len(SEALED) + 1, ID_CHARACTERS, len(SEALED), SEALED))
                    found.update(id_ for (id_,) in rows if _ID.fullmatch(id_))
    return frozenset(found)


async def drop_days(database: Database) -> int:
    """Drop the keys of days that are over, but for those that what waits, or was set aside, still needs; how many."""
    async with database.reading() as connection:
        await keys_of(connection)
        needed = [id_ for table in (inbox, outbox) for _, id_ in await _named(connection, table)]
    return await database.keys.drop_days(needed)


async def count_unreadable(database: Database) -> tuple[int, int, bool]:
    """Of how many readers something is sealed, and of how many of them some of it by a key that is gone.

    Then whether some of what waits, or was set aside, is sealed by such a key: that is nobody's.

    Raises:
        StorageError: The database, or the keys, cannot be used: those there are may be sealed by another secret.
    """
    named = dict(await _of_readers(database, _WORDS))
    ids = frozenset(id_ for mine in named.values() for id_ in mine)
    gone = ids - (await database.keys.named(ids)).keys() if ids else ids
    nobodys = named.pop("", set())
    return len(named), sum(bool(mine & gone) for mine in named.values()), bool(nobodys & gone)


async def drop_unreadable(database: Database) -> Unreadable:
    """Drop what nobody can read any more, and all else of whoever was forgotten since.

    Those are whose keys are known to be lost, all that their cells name. A key that is merely not there may be
    elsewhere: of whoever came after a file of keys was written stays what is not sealed.

    Args:
        database: Migrated, and used by nobody else.

    Raises:
        StorageError: The database, or the keys, cannot be used.
    """
    named, wrote = await _of_readers(database, TABLES), await _of_readers(database, _WORDS)
    async with database.reading() as connection:
        bare = len(await unmarked(connection))
    ids = frozenset(id_ for mine in named.values() for id_ in mine)
    gone = ids - await database.keys.ids() if ids else ids
    if not gone:
        return Unreadable(unmarked=bare)
    lost = await database.keys.gone()
    without = [reader for reader, mine in named.items() if reader and mine <= gone]
    forgotten = [reader for reader in without if named[reader] <= lost]
    async with database.transaction() as connection:
        for reader in forgotten:
            await ReaderStore(database).forget(ReaderId(reader), keys=False, within=connection)
        for chunk in chunks(sorted(gone)):
            await _drop(connection, chunk)
    await database.purge()
    others = set(without) - set(forgotten)
    keyless = others & wrote.keys()
    return Unreadable(forgotten=len(forgotten), keyless=len(keyless), unmarked=bare + len(others - keyless))


async def _of_readers(database: Database, tables: Sequence[Table]) -> Mapping[str, set[str]]:
    """Which keys cells of these tables name, by whose rows they are in; what waits is nobody's."""
    named: dict[str, set[str]] = defaultdict(set)
    async with database.reading() as connection:
        await keys_of(connection)
        for table in tables:
            for reader, id_ in await _named(connection, table):
                named[reader].add(id_)
    return named


async def _named(connection: Transaction, table: Table) -> Sequence[tuple[str, str]]:
    """Which keys cells of a table name, each with whose rows these are in; nobody's where it has no readers."""
    found: list[tuple[str, str]] = []
    for column in sealed_columns(table):
        mine = [table.c.reader_id] if "reader_id" in table.c else []
        rows = await connection.execute(select(*mine, _id(column).label("id")).where(is_sealed(column)).distinct())
        found += [(row.reader_id if mine else "", row.id) for row in rows if _ID.fullmatch(row.id)]
    return found


async def _drop(connection: Transaction, ids: Sequence[str]) -> None:
    """Drop what is sealed by these; of what waited it stays known that it did."""
    for table in TABLES:
        theirs = or_(*(_id(column).in_(ids) & is_sealed(column) for column in sealed_columns(table)))
        if table is inbox:
            emptied = {"payload": "", "error": _GONE}
            await connection.execute(update(inbox).where(theirs).values(state=_settled(), **emptied))
        elif table is outbox:
            await connection.execute(
                update(outbox).where(theirs).values(state=OutboxState.FAILED, error=_GONE, payload="")
            )
        else:
            await connection.execute(delete(table).where(theirs))


def _settled() -> ColumnElement[str]:
    """What is set aside stays so, what waits is done."""
    return case((inbox.c.state == InboxState.PENDING, InboxState.DONE), else_=inbox.c.state)


def _id(column: Column[Any]) -> ColumnElement[str]:
    return func.substr(column, len(SEALED) + 1, ID_CHARACTERS, type_=Text)
