"""What a database in SQLite takes on disk, reckoned from its rows as the file's format lays them out.

Of each table some rows are looked at, and how long their cells are: as many as fit are put into a page one after the
other, and what is longer than a page has pages of its own. Entries of indexes come in no order, and their pages are as
full as such are. What it takes beyond that is room that nothing uses: of what was deleted, or is not packed well.
https://www.sqlite.org/fileformat2.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Integer,
    RowMapping,
    Table,
    UniqueConstraint,
    func,
    literal_column,
    select,
    text,
)

from storage.database import Database, Transaction
from storage.schema import metadata, passages, vectors

PAGE = 4096
_PARTS, _OF_EACH = 40, 10
"""How many rows are looked at, from how many places."""
_LEAF, _CELL = 8, 6
"""Of a page its head; and of a row on it the pointer to it, how long it is, and its number."""
_LONGEST = PAGE - 35
"""What of a row stands on the page itself, at most."""
_SHORTEST = (PAGE - 12) * 32 // 255 - 23
_OVERFLOW = PAGE - 4
_FULL = 0.73
"""Of pages of an index whose keys come in no order, after many were split in halves: near ln 2, and measured."""
_OWN, _SCHEMA = "sqlite_schema", 9 * PAGE
"""What tables there are, the last numbers they gave, and which step of `migrations` they stand at."""
_MOMENT = 26
_BYTES_A_DIMENSION = 2
_CHINESE = "\u2e80"
"""From here on letters are Chinese, or of its kind."""


async def reckoned(database: Database) -> Mapping[str, int]:
    """The bytes that each table takes with its indexes, by its name, and the list of them (`sqlite_schema`).

    Nothing on a server, which keeps them otherwise.

    Raises:
        StorageError: The database cannot be read.
    """
    if database.file is None:
        return {}
    async with database.reading() as connection:
        return {_OWN: _SCHEMA} | {table.name: await _table(connection, table) for table in metadata.sorted_tables}


async def taken(database: Database) -> int:
    """The bytes that a database in SQLite takes, with what of it is in its write-ahead log so far; 0 on a server."""
    if database.file is None:
        return 0
    async with database.reading() as connection:
        pages, each = [int(await connection.scalar(text(f"PRAGMA {name}"))) for name in ("page_count", "page_size")]
    return pages * each


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """What indexes are made of.

    Args:
        number: How many passages there are.
        letters: Bytes of their text, but for Chinese.
        chinese: The rest.
        vectors: How many vectors there are of them.
        dimensions: Of each.
    """

    number: int
    letters: int
    chinese: int
    vectors: int
    dimensions: int


async def passages_of(database: Database) -> Passages:
    """What there is to be indexed, of some passages in proportion to all.

    Raises:
        StorageError: The database cannot be read.
    """
    async with database.reading() as connection:
        number = int(await connection.scalar(select(func.count()).select_from(passages)) or 0)
        held = int(await connection.scalar(select(func.count()).select_from(vectors)) or 0)
        texts = [row["text"] for row in await _some(connection, passages)] if number else []
        lengths = [len(row["vector"]) for row in await _some(connection, vectors)] if held else []
    every = number / len(texts) if texts else 0
    chinese = sum(len(letter.encode()) for each in texts for letter in each if letter >= _CHINESE)
    return Passages(
        number=number,
        letters=round(every * (sum(len(each.encode()) for each in texts) - chinese)),
        chinese=round(every * chinese),
        vectors=held,
        dimensions=round(sum(lengths) / len(lengths) / _BYTES_A_DIMENSION) if lengths else 0,
    )


async def _table(connection: Transaction, table: Table) -> int:
    indexes = list(_indexes(table))
    trees = 1 + len(indexes)
    number = int(await connection.scalar(select(func.count()).select_from(table)) or 0)
    if not number:
        return trees * PAGE
    rows = await _some(connection, table)
    cells = [_record([_stored(each, row[each.name]) for each in table.c]) for row in rows]
    keys = sum(_record([_stored(each, row[each.name]) for each in index]) for row in rows for index in indexes)
    each_row = (pages(cells) * PAGE + keys / _FULL) / len(rows)
    # The last page of each is half full on average.
    return max(trees * PAGE, round(number * each_row + trees * PAGE / 2))


async def _some(connection: Transaction, table: Table) -> Sequence[RowMapping]:
    """Rows from all over a table, in the order in which they stand; on a server any."""
    if connection.dialect.name != "sqlite":
        return (await connection.execute(select(table).limit(_PARTS * _OF_EACH))).mappings().all()
    at: ColumnElement[int] = literal_column("rowid")
    first, last = (await connection.execute(select(func.min(at), func.max(at)).select_from(table))).one()
    if last - first < _PARTS * _OF_EACH:
        return (await connection.execute(select(table).order_by(at))).mappings().all()
    found: list[RowMapping] = []
    for part in range(_PARTS):
        stretch = select(table).where(at >= first + (last - first) * part // _PARTS).order_by(at).limit(_OF_EACH)
        found += (await connection.execute(stretch)).mappings()
    return found


def pages(rows: Iterable[int]) -> int:
    """How many pages are full of rows that are so long and come in this order, with those of what is too long."""
    number = left = 0
    for row in rows:
        here, beyond = _split(row)
        number += beyond
        if here + _CELL > left:
            number, left = number + 1, PAGE - _LEAF
        left -= here + _CELL
    return number


def _split(row: int) -> tuple[int, int]:
    """How much of a row stands on the page itself, and on how many others the rest."""
    if row <= _LONGEST:
        return row, 0
    here = _SHORTEST + (row - _SHORTEST) % _OVERFLOW
    here = here if here <= _LONGEST else _SHORTEST
    return here, -(-(row - here) // _OVERFLOW)


def _indexes(table: Table) -> Iterable[Sequence[Column[object]]]:
    """The columns of each index, also of those that keep rows apart; one number by which rows are kept needs none."""
    key = list(table.primary_key.columns)
    if not (len(key) == 1 and isinstance(key[0].type, Integer)):
        yield key
    for each in table.constraints:
        if isinstance(each, UniqueConstraint):
            yield list(each.columns)
    for index in table.indexes:
        yield list(index.columns)


def _record(cells: Sequence[int]) -> int:
    """Of what a record takes: its head, a byte for each cell and for itself, and the cells; with a row's number."""
    return 2 + len(cells) + sum(cells)


def _stored(column: Column[object], value: object) -> int:
    """How many bytes a value takes."""
    size = 8
    match value:
        case None:
            size = 0
        case str():
            size = len(value.encode())
        case bytes():
            size = len(value)
        case datetime():
            size = _MOMENT
        case int() if isinstance(column.type, Boolean) or value in {0, 1}:
            size = 0
        case int():
            size = next(size for size in (1, 2, 3, 4, 6, 8) if -(1 << 8 * size - 1) <= value < 1 << 8 * size - 1)
    return size
