"""Sealed marks of readers, so that a backup names a key of everybody of whom it holds anything.

Whoever was forgotten since a backup was made is known, where it is restored, by the keys that its cells name and that
were lost since. Of whoever tapped and wrote nothing no cell names any: they get a mark as a backup is made. It goes
with all else of theirs when they are forgotten, and by itself once nothing else is kept of them. Its key is its own:
what they write at that very moment, in another process on a server, is not lost with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table, delete, exists, or_, select

from storage.counters import FORGOTTEN, count, counter
from storage.database import Database, Transaction, chunks, insert
from storage.readers import OWN
from storage.schema import reader_marks
from storage.sealed import TABLES, is_sealed, keys_of, sealed, sealed_columns

_MARK = "-"
_OTHERS = tuple(table for table in OWN if table is not reader_marks)
_SEALED = tuple(table for table in OWN if table in TABLES)


async def mark_readers(database: Database) -> int:
    """Mark those of whom something is kept and nothing sealed; how many.

    Raises:
        StorageError: The database, or the keys, cannot be used.
    """
    async with database.reading() as connection:
        bare = await unmarked(connection)
    for chunk in chunks(bare):
        async with database.transaction() as connection:
            # They may have been forgotten meanwhile, as far as that can be seen from here.
            there = await _named(connection, _OTHERS, chunk)
            rows = [{"reader_id": reader, "mark": _MARK} for reader in chunk if reader in there]
            if rows:
                new = insert(connection, reader_marks).on_conflict_do_nothing()
                await connection.execute(new, await sealed(connection, reader_marks, rows))
    return len(bare)


async def drop_idle_marks(database: Database) -> int:
    """Drop marks, and the keys of these, of whom nothing else is kept; how many.

    So are those of whoever was forgotten in the middle of being marked.

    Raises:
        StorageError: The database, or the keys, cannot be used.
    """
    others = [exists().where(table.c.reader_id == reader_marks.c.reader_id) for table in _OTHERS]
    idle = select(reader_marks.c.reader_id).where(~or_(*others))
    async with database.reading() as connection:
        found = list(await connection.scalars(idle))
    dropped = 0
    for chunk in chunks(found):
        async with database.transaction() as connection:
            gone = delete(reader_marks).where(reader_marks.c.reader_id.in_(chunk), reader_marks.c.reader_id.in_(idle))
            readers = list(await connection.scalars(gone.returning(reader_marks.c.reader_id)))
            if readers:
                await (await keys_of(connection)).lose_marks(readers)
                await count(connection, FORGOTTEN, await counter(connection, FORGOTTEN) + 1)
            dropped += len(readers)
    return dropped


async def unmarked(connection: Transaction) -> Sequence[str]:
    """Of whom something is kept and nothing sealed."""
    known = await _named(connection, _OTHERS)
    for table in _SEALED:
        holds = or_(*map(is_sealed, sealed_columns(table)))
        known -= set(await connection.scalars(select(table.c.reader_id).where(holds).distinct()))
    return sorted(known)


async def _named(connection: Transaction, tables: Sequence[Table], among: Sequence[str] | None = None) -> set[str]:
    """The readers that rows of these tables name, all or of these."""
    found: set[str] = set()
    for table in tables:
        some = select(table.c.reader_id).distinct()
        found.update(await connection.scalars(some if among is None else some.where(table.c.reader_id.in_(among))))
    return found
