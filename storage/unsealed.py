"""Seals what was written before anything was: some rows at a time, each time in a transaction of its own.

What is cut short is gone on with: rows that are sealed are known by their keys, and passed over.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table, bindparam, literal, or_, select, tuple_, update

from storage.counters import FORGOTTEN, count, counter
from storage.database import AnyRow, Database, Transaction
from storage.schema import reader_marks
from storage.sealed import TABLES, bound_to, keys_of, sealed, sealed_columns
from storage.sealing import key_of

_ROWS_AT_ONCE = 500
_BEFORE = tuple(table for table in TABLES if table is not reader_marks)
"""Those that were there before anything was sealed."""


async def seal_all(database: Database) -> int:
    """Seal what is not; how many rows that were. Afterwards the file is to be rid of what stood there (`purge`).

    Raises:
        StorageError: The database, or the keys, cannot be used.
    """
    done = 0
    for table in _BEFORE:
        last: tuple[object, ...] | None = ()
        while last is not None:
            async with database.alone() as connection:
                last, some = await _seal_some(connection, table, last)
                if some and not done:
                    await count(connection, FORGOTTEN, await counter(connection, FORGOTTEN) + 1)
                done += some
    return done


async def _seal_some(
    connection: Transaction, table: Table, after: tuple[object, ...]
) -> tuple[tuple[object, ...] | None, int]:
    """Seal some rows beyond that one; the last that was looked at, or `None` where it was the end, and how many."""
    key, columns = list(table.primary_key.columns), sealed_columns(table)
    names = [column.name for column in columns]
    bound = [table.c[name] for column in columns if (name := bound_to(column))]
    reader = [table.c.reader_id] if "reader_id" in table.c else []
    read = {each.name: each for each in (*key, *reader, *bound, *columns)}
    query = select(*read.values()).where(or_(*(each != "" for each in columns))).order_by(*key).limit(_ROWS_AT_ONCE)
    if after:
        query = query.where(tuple_(*key) > tuple_(*map(literal, after, [each.type for each in key])))
    rows = (await connection.execute(query)).all()
    cells = {row: [cell for name in names if (cell := getattr(row, name))] for row in rows}
    keys = await keys_of(connection)
    known = await keys.named(id_ for held in cells.values() for cell in held if (id_ := key_of(cell)))
    plain = [row for row, held in cells.items() if not all(key_of(cell) in known for cell in held)]
    await _write(connection, table, plain, names)
    return (tuple(getattr(rows[-1], each.name) for each in key) if len(rows) == _ROWS_AT_ONCE else None), len(plain)


async def _write(connection: Transaction, table: Table, rows: Sequence[AnyRow], names: Sequence[str]) -> None:
    if not rows:
        return
    this = [column == bindparam(f"key_{column.name}", type_=column.type) for column in table.primary_key.columns]
    written = await sealed(connection, table, [dict(row._mapping) for row in rows])  # noqa: SLF001 - its public name
    given = [
        {f"key_{column.name}": row[column.name] for column in table.primary_key.columns}
        | {f"new_{name}": row[name] for name in names}
        for row in written
    ]
    values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    await connection.execute(update(table).where(*this).values(values), given)
