from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.jobs import Jobs, Work, cron, due, journal_url
from storage.errors import StorageError


class Done:
    """Work that notes what was done, and fails when told to."""

    def __init__(self) -> None:
        self.rounds = self.minutes = 0
        self.pruned: list[timedelta] = []
        self.failures: list[Exception] = []

    async def ingest(self) -> None:
        self.rounds += 1
        if self.failures:
            raise self.failures.pop()

    async def digest(self) -> None:
        self.minutes += 1

    async def prune(self, kept: timedelta) -> None:
        self.pruned.append(kept)


@asynccontextmanager
async def running(
    done: Done, folder: Path, *, ingest_now: bool = False, server: str | None = None, worker: str = "tidings"
) -> AsyncIterator[Jobs]:
    work = Work(
        ingest=done.ingest,
        digest=done.digest,
        prune=done.prune,
        ingest_every=15,
    )
    jobs = Jobs(work, database_url=journal_url(folder, server), worker=worker)
    try:
        await jobs.start(ingest_now=ingest_now)
        yield jobs
    finally:
        await jobs.close()


async def until(claim: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not claim():  # noqa: ASYNC110 - the claim may be about anything
            await asyncio.sleep(0.01)


async def test_the_journal_is_kept_in_a_folder_of_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "day=1 50% #é?"
    folder.mkdir()

    async with running(Done(), folder, ingest_now=True):
        await until(lambda: "SUCCESS" in statuses(folder))

    assert [each.name for each in tmp_path.iterdir()] == [folder.name]


async def test_a_round_that_fails_says_no_more_than_the_kind_of_its_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    done = Done()
    done.failures = [RuntimeError("a secret message text")]

    async with running(done, tmp_path, ingest_now=True):
        await until(lambda: "ERROR" in statuses(tmp_path))

    assert "a secret message text" not in caplog.text
    assert b"a secret message text" not in (tmp_path / "jobs.db").read_bytes()


async def test_a_round_that_was_cut_short_is_taken_up_at_the_next_start(tmp_path: Path) -> None:
    done, begun = Done(), asyncio.Event()

    class Stuck(Done):
        async def ingest(self) -> None:
            begun.set()
            await asyncio.Event().wait()

    async with running(Stuck(), tmp_path, ingest_now=True):
        await begun.wait()
    await cancelled()

    async with running(done, tmp_path):
        await until(lambda: done.rounds == 1)


async def test_on_a_server_what_a_worker_left_is_its_own_until_it_is_old(tmp_path: Path, empty_postgres: str) -> None:
    done, begun = Done(), asyncio.Event()

    class Stuck(Done):
        async def ingest(self) -> None:
            begun.set()
            await asyncio.Event().wait()

    def pending() -> int:
        with psycopg.connect(empty_postgres) as journal:
            left = journal.execute("SELECT FROM dbos.workflow_status WHERE status = 'PENDING' AND executor_id = 'ada'")
            return left.rowcount

    async with running(Stuck(), tmp_path, ingest_now=True, server=empty_postgres, worker="ada"):
        await begun.wait()
    await cancelled()
    async with running(done, tmp_path, ingest_now=True, server=empty_postgres, worker="ben"):
        await until(lambda: len(done.pruned) == 1)
        left = pending()
        with psycopg.connect(empty_postgres) as journal:
            long_ago = int((datetime.now(UTC) - timedelta(days=8)).timestamp() * 1_000)
            journal.execute("UPDATE dbos.workflow_status SET created_at = %s", [long_ago])
    async with running(done, tmp_path, ingest_now=True, server=empty_postgres, worker="ben"):
        await until(lambda: len(done.pruned) == 2 and pending() == 0)

    assert (left, done.rounds) == (1, 2)


async def test_what_an_earlier_journal_holds_of_updates_ends(tmp_path: Path) -> None:
    async with running(Done(), tmp_path, ingest_now=True):
        await until(lambda: "SUCCESS" in statuses(tmp_path))
    with closing(sqlite3.connect(tmp_path / "jobs.db")) as journal:
        journal.execute("UPDATE workflow_status SET name = 'handle_update', status = 'PENDING'")
        journal.execute("DELETE FROM operation_outputs")
        journal.commit()

    async with running(Done(), tmp_path):
        await until(lambda: statuses(tmp_path)[:1] == ["SUCCESS"])


async def cancelled() -> None:
    """End everything the closed journal left on the loop, as the end of the process would."""
    others = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def test_a_round_is_read_at_the_start_and_what_is_old_is_dropped(tmp_path: Path) -> None:
    done = Done()
    async with running(done, tmp_path, ingest_now=True):
        await until(lambda: "SUCCESS" in statuses(tmp_path))
    first = names(tmp_path)[0]
    long_ago = int((datetime.now(UTC) - timedelta(days=8)).timestamp() * 1_000)
    with closing(sqlite3.connect(tmp_path / "jobs.db")) as journal:
        journal.execute("UPDATE workflow_status SET created_at = ?", (long_ago,))
        journal.commit()

    async with running(done, tmp_path, ingest_now=True):
        await until(lambda: len(done.pruned) == 2 and first not in names(tmp_path))

    assert done.rounds == 2
    assert done.pruned == [timedelta(days=7)] * 2


async def test_digests_that_came_due_are_made_as_soon_as_the_news_are_read(tmp_path: Path) -> None:
    happened: list[str] = []

    class Noted(Done):
        async def ingest(self) -> None:
            await asyncio.sleep(0.3)
            happened.append("read")

        async def digest(self) -> None:
            happened.append("made")

    async with running(Noted(), tmp_path, ingest_now=True):
        await until(lambda: len(happened) >= 2)

    assert happened[:2] == ["read", "made"]


def names(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "jobs.db")) as journal:
        return [row[0] for row in journal.execute("SELECT workflow_uuid FROM workflow_status ORDER BY created_at")]


def statuses(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "jobs.db")) as journal:
        return [row[0] for row in journal.execute("SELECT status FROM workflow_status ORDER BY created_at")]


@pytest.mark.parametrize("content", [b"no journal at all, but long enough to look like one " * 40, b"x" * 8])
async def test_a_file_that_is_no_journal_is_named_with_the_way_out(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "jobs.db").write_bytes(content)

    with pytest.raises(StorageError, match=r"^journal .*jobs\.db: .* move the file away, a new one is made$"):
        async with running(Done(), tmp_path):
            pass


async def test_threads_can_be_used_after_the_end(tmp_path: Path) -> None:
    async with running(Done(), tmp_path, ingest_now=True):
        await until(lambda: "SUCCESS" in statuses(tmp_path))

    assert await asyncio.to_thread(lambda: 5) == 5


async def test_a_journal_that_is_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "jobs.db").mkdir()

    with pytest.raises(StorageError, match=r"^journal .*jobs\.db: cannot be used \(unable to open database file\)"):
        async with running(Done(), tmp_path):
            pass


@settings(deadline=None)
@given(st.integers(1, 10_000))
def test_rounds_fall_on_every_multiple_of_the_minutes_and_on_no_other(minutes: int) -> None:
    step = 60 if cron(minutes) == "0 * * * *" else int(cron(minutes)[2:].split()[0])
    ticks = range(0, 3 * minutes + 1, step)

    rounds = [tick for tick in ticks if due(datetime.fromtimestamp(tick * 60, UTC), minutes)]

    assert rounds == [0, minutes, 2 * minutes, 3 * minutes]


@pytest.mark.parametrize(
    ("database_url", "journal"),
    [
        (None, "sqlite:////home/x/jobs.db"),
        ("sqlite:////elsewhere.db", "sqlite:////home/x/jobs.db"),
        ("postgresql+psycopg://u:p@h/d", "postgresql://u:p@h/d"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        ("postgres://u:p%40@h:5433/d?sslmode=require", "postgresql://u:p%40@h:5433/d?sslmode=require"),
    ],
)
def test_the_journal_stands_beside_the_database(database_url: str | None, journal: str) -> None:
    assert journal_url(Path("/home/x"), database_url) == journal
