"""Seals rows as they are written and opens them as they are read: which columns are sealed, their type says.

What is of a reader is sealed by that reader's key, the mark of one by that of the mark, the rest by the key of what
waits today.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, Table, Text, func

from storage.columns import SEALED, Sealed, storable
from storage.counters import KEYS_PLACE, count, counter
from storage.database import AnyRow, Database, Transaction
from storage.keys import KEYS, Keys, of_mark
from storage.schema import metadata, reader_marks
from storage.sealing import Key, NotOpened, key_of

log = logging.getLogger(__name__)

_READER = "reader_id"


def sealed_columns(table: Table) -> Sequence[Column[Any]]:
    """The columns of a table whose text is sealed."""
    return [column for column in table.c if isinstance(column.type, Sealed)]


def bound_to(column: Column[Any]) -> str | None:
    """The column of the same row that one is bound to, where it is."""
    return cast(Sealed, column.type).bound


def is_sealed(column: Column[Any]) -> ColumnElement[bool]:
    """Holds for rows in which a column is sealed."""
    return func.substr(column, 1, len(SEALED), type_=Text) == SEALED


TABLES = tuple(table for table in metadata.sorted_tables if sealed_columns(table))
"""Those that have any."""


async def keys_of(connection: Transaction) -> Keys:
    """The keys of what is sealed where this connection leads.

    Raises:
        StorageError: They are not there, or are not those by which it was sealed.
    """
    keys = _keys(connection)
    if not keys.known:
        await keys.require(await counter(connection, KEYS_PLACE))
    return keys


async def adopt_keys(connection: Transaction) -> None:
    """Have the keys that are here be those of an instance, whichever it had; nothing changes where it had none."""
    if await counter(connection, KEYS_PLACE):
        await count(connection, KEYS_PLACE, await _keys(connection).number())


async def require_keys(database: Database) -> None:
    """See to it that the keys are there by which something was sealed.

    Raises:
        StorageError: They are not, or the database cannot be used.
    """
    async with database.reading() as connection:
        await keys_of(connection)


def _keys(connection: Transaction) -> Keys:
    if connection.sync_connection is None:
        raise RuntimeError("a connection that is not open")
    return cast(Keys, connection.sync_connection.get_execution_options()[KEYS])


async def sealed(
    connection: Transaction, table: Table, rows: Sequence[Mapping[str, object]]
) -> Sequence[dict[str, object]]:
    """Rows as they are to be written into that table, by the names of its columns.

    Raises:
        StorageError: The keys cannot be used.
    """
    columns, mine = sealed_columns(table), _READER in table.c
    owners = {_owner(table, row) for row in rows if mine and any(row.get(each.name) for each in columns)}
    of = await (await keys_of(connection)).of(owners) if owners else {}
    today = None if mine or not rows else await (await keys_of(connection)).of_today()
    if (of or today is not None) and not _keys(connection).known:
        # The first that this instance seals, or that this version does: from now on it is these keys that it needs.
        await count(connection, KEYS_PLACE, await _keys(connection).number())
    written = []
    for row in rows:
        key = today or of.get(_owner(table, row))
        done = dict(row)
        for column in columns:
            if key is not None and (text := done.get(column.name)):
                done[column.name] = key.seal(storable(str(text)), _place(column, row))
        written.append(done)
    return written


async def opened(
    connection: Transaction, rows: Iterable[AnyRow], table: Table, *, lost: str | None = None
) -> Sequence[AnyRow]:
    """The rows of a query, with what of that table is sealed in them in plain; what is not sealed is as it is.

    Args:
        connection: That the rows were read on.
        rows: With the reader, and with what a column is bound to, where the table has that.
        table: Of whose columns there are some in them.
        lost: What stands for text whose key is gone, or that somebody moved or changed; `None` leaves its row out.

    Raises:
        StorageError: The keys cannot be used.
    """
    found = list(rows)
    names = found[0]._fields if found else ()
    columns = [column for column in sealed_columns(table) if column.name in names]
    cells = [getattr(row, column.name) for row in found for column in columns]
    ids = {id_ for cell in cells if cell and cell.startswith(SEALED) and (id_ := key_of(cell))}
    if not ids:
        return found
    keys = dict(await (await keys_of(connection)).named(ids))
    plain = []
    for row in found:
        texts: dict[str, str | None] = {}
        for column in columns:
            cell = getattr(row, column.name)
            if cell and cell.startswith(SEALED):
                text = await _text(connection, keys, cell, row, column)
                texts[column.name] = text if text is not None else lost
        if None not in texts.values():
            plain.append(cast(AnyRow, _Opened(row, texts)) if texts else row)
    return plain


class _Opened:
    """A row some of whose columns are read otherwise."""

    __slots__ = ("_row", "_texts")

    def __init__(self, row: AnyRow, texts: Mapping[str, str | None]) -> None:
        self._row, self._texts = row, texts

    def __getattr__(self, name: str) -> Any:
        return self._texts[name] if name in self._texts else getattr(self._row, name)


async def _text(
    connection: Transaction, keys: dict[str, Key], cell: str, row: AnyRow, column: Column[Any]
) -> str | None:
    """What a cell holds; `None` where nobody may tell any more."""
    id_ = key_of(cell)
    key = keys.get(id_ or "")
    reader = getattr(row, _READER) if _READER in column.table.c else None
    if key is not None and reader is not None and not _is_of(key, reader):
        # It may have changed hands since it was read.
        keys.update(await (await keys_of(connection)).named([key.id], anew=True))
        key = keys[key.id] if _is_of(keys[key.id], reader) else None
    try:
        return None if key is None else key.open(cell, _place(column, row._mapping))  # noqa: SLF001 - its public name
    except NotOpened:
        log.warning("sealed_text_not_opened", extra={"column": f"{column.table.name}.{column.name}"})
        return None


def _owner(table: Table, row: Mapping[str, object]) -> str:
    """Whose key seals a row of a reader."""
    reader = str(row.get(_READER))
    return of_mark(reader) if table is reader_marks else reader


def _is_of(key: Key, reader: str) -> bool:
    return key.owner in {reader, of_mark(reader)}


def _place(column: Column[Any], row: Mapping[Any, object]) -> str:
    """Where a cell stands: its table, its column, and what it is bound to besides."""
    bound = bound_to(column)
    place = f"{column.table.name}.{column.name}"
    return place if bound is None else f"{place} {row[bound]}"
