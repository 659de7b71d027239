from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from sqlalchemy import Boolean, Float, LargeBinary, Table, select, text
from sqlalchemy.types import TypeEngine

from storage import copying
from storage.columns import SEALED, Moment, Sealed, Words
from storage.copying import TableCopy, copy
from storage.database import Database
from storage.domain.news import Feed
from storage.errors import StorageError
from storage.feeds import FeedStore
from storage.schema import metadata

ROWS = 7
WORDS = "湖城 \x00 O'Neil 😀"


@dataclass(frozen=True, slots=True)
class Move:
    """From a file with rows in every table to an empty database."""

    source: Database
    target: Database

    async def copied(self) -> dict[str, TableCopy]:
        return {table.name: table for table in await copy(self.source, self.target, unseen)}

    async def all_rows(self, database: Database) -> dict[str, set[tuple[Any, ...]]]:
        async with database.reading() as connection:
            return {
                table.name: {tuple(row) for row in await connection.execute(select(table))}
                for table in metadata.sorted_tables
            }


@pytest.fixture
async def move(tmp_path: Path, sqlite_template: Path, empty_postgres: str) -> AsyncIterator[Move]:
    copyfile(sqlite_template, tmp_path / "tidings.db")
    move = Move(Database(f"sqlite:///{tmp_path / 'tidings.db'}"), Database(empty_postgres))
    await fill(move.source)
    yield move
    await move.source.close()
    await move.target.close()


async def fill(database: Database) -> None:
    """Rows of every kind of value in every table, whichever these are; the last of each number is gone again."""
    numbers = itertools.count(1)
    async with database.transaction() as connection:
        for table in metadata.sorted_tables:
            for row in range(ROWS):
                values = {
                    column.name: row + 1 if column.foreign_keys or column.name == "id" else value(column.type, numbers)
                    for column in table.columns
                }
                for column in table.columns:
                    if isinstance(column.type, Words) and (column.foreign_keys or column.name == "id"):
                        values[column.name] = f"{WORDS} {row}"
                    elif column.nullable and row % 2:
                        values[column.name] = None
                await connection.execute(table.insert().values(values))
        await connection.execute(text("DELETE FROM evidence WHERE id = :last"), {"last": ROWS})


def value(kind: TypeEngine[Any], numbers: itertools.count[int]) -> object:
    number = next(numbers)
    if isinstance(kind, Moment):
        return datetime(2026, 5, 1, 8, 30, 15, number, tzinfo=UTC)
    if isinstance(kind, Boolean):
        return bool(number % 2)
    if isinstance(kind, Float):
        return number / 7
    if isinstance(kind, LargeBinary):
        return bytes(range(number % 256))
    if isinstance(kind, Sealed):
        return f"{SEALED}{WORDS} {number}"
    return f"{WORDS} {number}" if isinstance(kind, Words) else number


def unseen(_what: str, _done: int, _of: int | None) -> None:
    return


async def test_every_row_of_every_table_is_copied_and_numbers_go_on(move: Move) -> None:
    told: list[tuple[int, int | None]] = []
    copied = await copy(move.source, move.target, lambda _table, done, of: told.append((done, of)))

    assert await move.all_rows(move.target) == await move.all_rows(move.source)
    assert {table.name: table.rows for table in copied} == {
        table.name: ROWS - (table.name == "evidence") for table in metadata.sorted_tables
    } | {"counters": ROWS + 1}
    assert told[-1] == (sum(table.rows for table in copied),) * 2
    async with move.target.transaction() as connection:
        await connection.execute(
            text("INSERT INTO evidence (reader_id, kind, at, key) VALUES ('terminal:ada', 'asked', now(), 'k')")
        )
        # A number that was given in the file, and is gone, is not given again.
        assert await connection.scalar(text("SELECT max(id) FROM evidence")) == ROWS + 1
    await move.target.migrate()
    assert await FeedStore(move.target).add([Feed(url="https://new.example/")])


async def test_what_was_cut_short_is_gone_on_with(move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "_ROWS_AT_ONCE", 2)
    brought: list[tuple[str, int]] = []
    bring = copying._bring

    async def dying(target: Database, table: Table, rows: Any, *, after: int) -> None:
        if len(brought) == 40:
            raise KeyboardInterrupt
        await bring(target, table, rows, after=after)
        brought.append((table.name, after))

    monkeypatch.setattr(copying, "_bring", dying)
    with pytest.raises(KeyboardInterrupt):
        await move.copied()
    with pytest.raises(
        StorageError, match=r"holds half a copy of an instance; `tidings migrate-to` or `tidings restore` ends it$"
    ):
        await move.target.migrate()
    monkeypatch.setattr(copying, "_bring", bring)
    monkeypatch.setattr(copying, "_ROWS_AT_ONCE", 3)

    await move.copied()

    assert await move.all_rows(move.target) == await move.all_rows(move.source)
    assert len(set(brought)) == 40


async def test_half_a_copy_of_what_has_changed_since_is_begun_anew(move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    finish = copying._finish

    async def dying(_source: Database, _target: Database) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(copying, "_finish", dying)
    with pytest.raises(KeyboardInterrupt):
        await move.copied()
    monkeypatch.setattr(copying, "_finish", finish)
    async with move.source.transaction() as connection:
        await connection.execute(text("UPDATE feeds SET title = 'Changed' WHERE id = 1"))
        await connection.execute(text("DELETE FROM turns"))

    copied = await move.copied()

    assert copied["turns"].rows == 0
    assert await move.all_rows(move.target) == await move.all_rows(move.source)


async def test_another_instance_is_refused_and_left_and_the_same_one_compared(move: Move) -> None:
    first = await move.copied()
    again = await move.copied()
    await FeedStore(move.target).add([Feed(url="https://new.example/")])
    before = await move.all_rows(move.target)

    with pytest.raises(StorageError, match=r"holds another instance; give one that is empty$"):
        await move.copied()

    assert again == first
    assert await move.all_rows(move.target) == before
