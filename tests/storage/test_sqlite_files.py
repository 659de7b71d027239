from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import Column, Integer, MetaData, Table, bindparam, delete, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from storage.database import Database, write
from storage.sqlite_files import READS, FileConnection, OpenFiles

_NUMBERS = Table("numbers", MetaData(), Column("n", Integer, primary_key=True))


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[FileConnection]:
    files = OpenFiles(0.0)
    opened = await files.connect(str(tmp_path / "some.db"), isolation_level=None, timeout=0.0)
    yield opened
    await opened.close()
    await files.close()


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The trips that were made to a connection's thread and waited for."""
    made: list[str] = []
    real: Any = aiosqlite.Connection._execute

    async def counted(self: FileConnection, act: Any, *given: Any, **named: Any) -> Any:
        made.append(act.__name__)
        return await real(self, act, *given, **named)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    return made


async def test_reading_takes_one_trip_a_statement_and_none_to_begin_and_end(tmp_path: Path, trips: list[str]) -> None:
    database = Database(f"sqlite:///{tmp_path / 'some.db'}")
    async with database.transaction() as connection:
        await connection.execute(text("CREATE TABLE t (n INTEGER)"))
    trips.clear()

    async with database.reading() as connection:
        found = [await connection.scalar(text("SELECT 1")), await connection.scalar(text("SELECT count(*) FROM t"))]

    assert found == [1, 0]
    assert trips == ["_within", "_within"]
    await database.close()


async def test_writing_takes_one_trip_a_statement_and_one_to_commit(tmp_path: Path, trips: list[str]) -> None:
    database = Database(f"sqlite:///{tmp_path / 'some.db'}")
    async with database.transaction() as connection:
        await connection.execute(text("CREATE TABLE t (n INTEGER)"))
    trips.clear()

    async with database.transaction() as connection:
        await connection.execute(text("INSERT INTO t VALUES (:n)"), [{"n": 1}, {"n": 2}])
        gone = await connection.execute(text("DELETE FROM t WHERE n > 1"))

    assert gone.rowcount == 1
    assert trips == ["_within", "_within", "commit"]
    await database.close()


@pytest.fixture
async def numbers(tmp_path: Path, trips: list[str]) -> AsyncIterator[Database]:
    """With a table of numbers, each once."""
    database = Database(f"sqlite:///{tmp_path / 'some.db'}")
    async with database.transaction() as connection:
        await connection.run_sync(_NUMBERS.create)
    trips.clear()
    yield database
    await database.close()


async def _told(database: Database) -> list[int]:
    async with database.reading() as connection:
        return list(await connection.scalars(select(_NUMBERS.c.n).order_by(_NUMBERS.c.n)))


async def _written(database: Database, *numbers: int, then: Exception | None = None) -> None:
    async with database.transaction() as connection:
        for number in numbers:
            await write(connection, insert(_NUMBERS), {"n": number})
        if then is not None:
            raise then


async def test_what_nobody_reads_goes_along_with_the_commit_in_its_order(numbers: Database, trips: list[str]) -> None:
    async with numbers.transaction() as connection:
        await write(connection, insert(_NUMBERS), [{"n": 1}, {"n": 2}])
        await write(connection, delete(_NUMBERS).where(_NUMBERS.c.n == bindparam("less")), {"less": 1})
        await write(connection, insert(_NUMBERS), {"n": 3})

    assert trips == ["_within"]
    assert await _told(numbers) == [2, 3]


async def test_what_nobody_reads_is_done_before_what_is_read(numbers: Database, trips: list[str]) -> None:
    async with numbers.transaction() as connection:
        await write(connection, insert(_NUMBERS), {"n": 1})
        assert await connection.scalar(select(func.count()).select_from(_NUMBERS)) == 1

    assert trips == ["_within", "commit"]


async def test_what_nobody_reads_fails_with_the_commit_and_all_with_it(numbers: Database) -> None:
    with pytest.raises(IntegrityError):
        await _written(numbers, 1, 1, 2)

    assert await _told(numbers) == []
    await _written(numbers, 3)
    assert await _told(numbers) == [3]


async def test_what_nobody_reads_of_a_transaction_that_is_rolled_back_never_comes(numbers: Database) -> None:
    with pytest.raises(LookupError):
        await _written(numbers, 1, then=LookupError())

    await _written(numbers, 2)
    assert await _told(numbers) == [2]


async def test_a_transaction_without_a_statement_is_none(tmp_path: Path, trips: list[str]) -> None:
    database = Database(f"sqlite:///{tmp_path / 'some.db'}")
    async with database.reading() as connection:
        await connection.scalar(text("SELECT 1"))
    trips.clear()

    async with database.transaction():
        pass

    assert trips == []
    await database.close()


async def test_a_reader_sees_one_state_until_it_lets_go(connection: FileConnection, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "some.db", isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("CREATE TABLE t (n INTEGER)")
    counts = []

    for _ in range(2):
        connection.begin(READS)
        counts.append(await (await connection.cursor().execute("SELECT count(*) FROM t")).fetchall())
        other.execute("INSERT INTO t VALUES (1)")
        counts.append(await (await connection.cursor().execute("SELECT count(*) FROM t")).fetchall())
        await connection.rollback()

    assert counts == [[(0,)], [(0,)], [(1,)], [(1,)]]
    other.close()


async def test_a_transaction_that_could_not_begin_begins_with_the_next_statement(
    connection: FileConnection, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "some.db", isolation_level=None)
    other.execute("CREATE TABLE t (n INTEGER)")
    other.execute("BEGIN IMMEDIATE")
    connection.begin("BEGIN IMMEDIATE")

    with pytest.raises(sqlite3.OperationalError, match="locked"):
        await connection.cursor().execute("INSERT INTO t VALUES (1)")
    other.execute("ROLLBACK")
    await connection.cursor().execute("INSERT INTO t VALUES (2)")
    await connection.rollback()

    assert other.execute("SELECT count(*) FROM t").fetchall() == [(0,)]
    other.close()


class Stuck:
    """A connection of the driver's that cannot roll back."""

    closed = False

    def rollback(self) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    def close(self) -> None:
        self.closed = True


async def test_a_connection_that_cannot_let_go_is_closed(
    connection: FileConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.begin(READS)
    await connection.cursor().execute("SELECT 1")
    stuck = Stuck()

    with monkeypatch.context() as patched:
        patched.setattr(connection, "_connection", stuck)
        await connection.rollback()
        await connection.trip(lambda _: None)

    assert stuck.closed


@pytest.mark.parametrize("under_way", ["first", "second", "commit"])
async def test_what_is_cancelled_under_way_is_written_whole_or_not_and_the_next_one_may_write(
    tmp_path: Path, under_way: str
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'some.db'}", lock_timeout=5.0)
    async with database.transaction() as connection:
        await connection.execute(text("CREATE TABLE t (n INTEGER)"))

    async def write(go_on: Event) -> None:
        async with database.transaction() as connection:
            file: Any = (await connection.get_raw_connection()).driver_connection
            for step in ("first", "second", "commit"):
                if step == under_way:
                    # The thread comes to it only once it was cancelled.
                    file._tx.put_nowait((None, go_on.wait))
                if step != "commit":
                    await connection.execute(text("INSERT INTO t VALUES (1)"))

    # More often than there are connections: none is lost.
    for n in range(12):
        go_on = Event()
        writing = asyncio.create_task(write(go_on))
        await asyncio.sleep(0.02)
        writing.cancel()
        asyncio.get_running_loop().call_later(0.01, go_on.set)
        with pytest.raises(asyncio.CancelledError):
            await writing
        async with database.transaction() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM t")) in (
                {0, 2} if under_way == "commit" else {0}
            ), n
            await connection.execute(text("DELETE FROM t"))

    await database.close()
    with closing(sqlite3.connect(tmp_path / "some.db")) as other:
        assert other.execute("SELECT count(*) FROM t").fetchall() == [(0,)]
