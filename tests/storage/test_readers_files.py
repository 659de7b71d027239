"""That no byte of who is forgotten is left in the files, whoever reads or is killed meanwhile."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.readers import ReaderStore
from storage.schema import turns
from tests.storage.test_readers import ADA, BEN, MARK, counts, fill, lived_in

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def lived_in_once(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A database in SQLite, lived in and let go of; the words of Ada's are many."""
    file = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("lived in") / "tidings.db"))
    asyncio.run(_live_in(Database(f"sqlite:///{file}")))
    return file


@pytest.fixture
def in_a_file(tmp_path: Path, lived_in_once: Path) -> Path:
    """One of them of the test's own."""
    shutil.copytree(lived_in_once.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / lived_in_once.name


async def _live_in(database: Database) -> None:
    await lived_in(database)
    async with database.transaction() as connection:
        for n in range(300):
            await fill(connection, ADA if n % 3 else BEN, (MARK if n % 3 else "of Ben") * (n % 90 + 1))
    await database.close()


def bytes_of(file: Path) -> bytes:
    return b"".join(each.read_bytes() for each in file.parent.iterdir() if each.name.startswith(file.name))


async def test_no_byte_is_left_in_the_files_while_they_are_open(in_a_file: Path) -> None:
    database = Database(f"sqlite:///{in_a_file}")
    readers = ReaderStore(database)
    assert MARK.encode() in bytes_of(in_a_file)

    await readers.forget(ADA)
    unfinished = await readers.unfinished()
    done = await readers.purge()

    assert (unfinished, done) == (True, True)
    # An article went with her, which an index may hold.
    assert await readers.unfinished()
    assert await readers.indexes_rid(await readers.articles_gone())
    assert not await readers.unfinished()
    assert MARK.encode() not in bytes_of(in_a_file)
    assert b"of Ben" in bytes_of(in_a_file)
    assert {path.name for path in in_a_file.parent.iterdir()} >= {"tidings.db", "tidings.db-wal", "tidings.db-shm"}
    await database.close()


async def test_the_files_are_purged_again_where_somebody_reads_meanwhile(in_a_file: Path) -> None:
    database = Database(f"sqlite:///{in_a_file}", lock_timeout=0.2)
    readers = ReaderStore(database)
    await readers.forget(ADA)

    async with database.reading() as connection:
        await connection.execute(select(turns.c.id))
        while_reading = await readers.purge()

    assert not while_reading
    assert await readers.unfinished()
    assert await readers.purge()
    assert MARK.encode() not in bytes_of(in_a_file)
    await database.close()


KILLED = """
import asyncio, itertools, os, signal, sys
from sqlalchemy import event
from storage.database import Database
from storage.readers import ReaderStore

async def main(file, at):
    database = Database(f"sqlite:///{file}")
    numbers = itertools.count(1)

    def counted(*_):
        if next(numbers) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database._engine.sync_engine, "before_cursor_execute", counted)
    readers = ReaderStore(database)
    await readers.forget("telegram:7")
    await readers.purge()
    await database.close()

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


@pytest.mark.parametrize("at", [1, 4, 9, 16, 25, 30, 36, 42, 45, 48, 50, 52])
async def test_a_kill_leaves_all_or_nothing_and_the_next_time_makes_it_whole(in_a_file: Path, at: int) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, str(in_a_file), str(at), cwd=ROOT)
    killed = await process.wait()

    database = Database(f"sqlite:///{in_a_file}")
    readers = ReaderStore(database)
    left = [bool(number) for number in (await counts(database, ADA)).values()]
    assert killed in {0, -signal.SIGKILL}
    assert all(left) or not any(left)
    assert all(left) or killed == 0 or await readers.unfinished() or MARK.encode() not in bytes_of(in_a_file)
    await readers.forget(ADA)
    assert await readers.purge()
    assert MARK.encode() not in bytes_of(in_a_file)
    await database.close()
