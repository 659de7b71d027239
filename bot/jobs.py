"""Durable work: the rounds of reading the feeds, and the minutes of digests. The only module that knows DBOS.

What was begun when the process died is taken up again at the next start. The journal holds the times of rounds: never a
word anyone wrote. Updates are none of its: the inbox knows which are not dealt with, and the outbox which replies wait,
so that a journal of them would say all of it again, in 23 statements and nine commits for each.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from retrieval.owner import OwnerThread
from storage.addresses import address, file_of, file_url, server_url
from storage.errors import StorageError

if TYPE_CHECKING:
    from dbos import DBOSConfig

_VERSION = "1"
"""Of the workflows' shape, not of Tidings: raised only when an unfinished one of before could not be taken up."""
_KEEP = timedelta(days=7)
_SWEPT_AT_ONCE = 1_000
_EVERY_MINUTE = "* * * * *"
_READ_FIRST_SECONDS = 600.0


class RoundFailed(Exception):
    """A round could not be made; names the error, and quotes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is done durably; what fails is left to the next round.

    Args:
        ingest: One round of reading the feeds.
        digest: Enqueues the digests that are due.
        prune: Drops from the stores what was finished longer ago than this.
        ingest_every: Minutes between two rounds.
    """

    ingest: Callable[[], Awaitable[None]]
    digest: Callable[[], Awaitable[None]]
    prune: Callable[[timedelta], Awaitable[None]]
    ingest_every: int


class Jobs:
    """Runs `work` durably. One in a process: DBOS allows no second.

    Args:
        database_url: Of the journal: `sqlite:///…`, or a PostgreSQL URL that several workers may share.
        worker: Which of them this is. The same at every start takes up its own unfinished work; of another, the next
            round makes up for what it left.

    Raises:
        StorageError: The URL is not one of a database.
    """

    def __init__(self, work: Work, *, database_url: str, worker: str = "tidings") -> None:
        self._work = work
        self._config: DBOSConfig = {
            "name": "tidings",
            "system_database_url": database_url,
            "application_version": _VERSION,
            "executor_id": worker,
            "log_level": "WARNING",
            "max_executor_threads": 32,
        }
        self._ingesting, self._digesting = asyncio.Lock(), asyncio.Lock()
        self._news_read, self._began = asyncio.Event(), time.monotonic()
        self._closing = OwnerThread("dbos-close")
        where = address(database_url)
        self._file = file_of(where) if where.get_backend_name() == "sqlite" else None
        self._making_up: asyncio.Task[None] | None = None
        self._round: Any = None
        self._minute: Any = None

    async def start(self, *, ingest_now: bool = True) -> None:
        """Take up what is unfinished, set the schedule, and begin a first round of reading.

        Raises:
            StorageError: The journal cannot be used.
        """
        with self._faults():
            await self._launch()
            if ingest_now:
                await self._start(f"ingest-{uuid4()}", self._round, _epoch(), None)
            else:
                self._news_read.set()
            self._making_up = asyncio.create_task(self._make_up())

    async def _launch(self) -> None:
        from dbos import DBOS

        async def handle_update(*_given: object) -> None:
            """What journals of before began: the inbox has what is left of it."""

        async def ingest_round(scheduled: datetime, _context: object) -> None:
            await self._ingest_round(scheduled)

        async def digest_minute(_scheduled: datetime, _context: object) -> None:
            await self._digest_minute()

        if self._file is not None:
            _write_ahead(self._file)
        DBOS(config=self._config)
        DBOS.workflow(name="handle_update")(handle_update)
        self._round = DBOS.workflow(name="ingest_round")(ingest_round)
        self._minute = DBOS.workflow(name="digest_minute")(digest_minute)
        DBOS.launch()
        await DBOS.apply_schedules_async(
            [
                {"schedule_name": "ingest", "workflow_fn": self._round, "schedule": cron(self._work.ingest_every)},
                {"schedule_name": "digests", "workflow_fn": self._minute, "schedule": _EVERY_MINUTE},
            ]
        )

    async def close(self) -> None:
        """End. Unfinished work is taken up at the next start."""
        from dbos import DBOS

        if self._making_up is not None:
            self._making_up.cancel()
            await asyncio.gather(self._making_up, return_exceptions=True)
        await self._closing.run(DBOS.destroy, destroy_registry=True)
        self._closing.close()
        # DBOS made its own threads the loop's, and has ended them; others close after this.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())

    async def _ingest_round(self, scheduled: datetime) -> None:
        from dbos import DBOS

        if not due(scheduled, self._work.ingest_every) or self._ingesting.locked():
            return
        async with self._ingesting:
            try:
                await DBOS.run_step_async({"name": "ingest"}, _quiet(self._work.ingest))
            finally:
                self._news_read.set()
            await DBOS.run_step_async({"name": "sweep"}, _quiet(self._sweep))

    async def _make_up(self) -> None:
        """Send the digests that came due while nothing ran, as soon as the news of that time are read."""
        await self._news_read.wait()
        # Where that fails, the next minute does it.
        with contextlib.suppress(StorageError), self._faults():
            await self._start(f"digests-{uuid4()}", self._minute, _epoch(), None)

    async def _digest_minute(self) -> None:
        from dbos import DBOS

        # Digests that take longer than a minute to make are gone on with by the minute that began them; and what came
        # while nothing ran is read first, unless that takes too long.
        waited = time.monotonic() - self._began
        if self._digesting.locked() or (not self._news_read.is_set() and waited < _READ_FIRST_SECONDS):
            return
        async with self._digesting:
            await DBOS.run_step_async({"name": "digests"}, _quiet(self._work.digest))

    async def _sweep(self) -> None:
        """Drop what was finished long ago, from the stores and from the journal."""
        from dbos import DBOS

        await self._work.prune(_KEEP)
        # The journal's own times are those of the machine. What another worker left unfinished nobody takes up.
        before = datetime.now(UTC) - _KEEP
        while old := await DBOS.list_workflows_async(
            status=["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "PENDING"],
            end_time=before.isoformat(),
            limit=_SWEPT_AT_ONCE,
            load_input=False,
            load_output=False,
        ):
            await DBOS.delete_workflows_async([workflow.workflow_id for workflow in old])

    @contextlib.contextmanager
    def _faults(self) -> Iterator[None]:
        """Translate what the journal's drivers say."""
        from sqlalchemy.exc import DBAPIError

        try:
            yield
        except (sqlite3.Error, DBAPIError) as error:
            raise StorageError(self._fault(error.orig if isinstance(error, DBAPIError) else error)) from error

    def _fault(self, error: BaseException | None) -> str:
        if self._file is None:
            return f"journal of unfinished work: its server cannot be used ({type(error).__name__})"
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
            return f"journal {self._file}: is damaged, or no journal; move the file away, a new one is made"
        return f"journal {self._file}: cannot be used ({error}); check the file, its folder and the disk"

    @staticmethod
    async def _start(name: str, workflow: Any, *args: object) -> Any:
        from dbos import DBOS, SetWorkflowID

        with SetWorkflowID(name):
            return await DBOS.start_workflow_async(workflow, *args)


def _write_ahead(file: Path) -> None:
    """Give the journal a write-ahead log: one wait for the disk a commit instead of three."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def cron(minutes: int) -> str:
    """The coarsest cron schedule on which every multiple of `minutes` falls; `due` picks those out."""
    step = math.gcd(minutes, 60)
    return "0 * * * *" if step == 60 else f"*/{step} * * * *"  # noqa: PLR2004 - minutes of an hour


def due(scheduled: datetime, minutes: int) -> bool:
    """Whether a round is due at this tick."""
    return int(scheduled.timestamp()) // 60 % minutes == 0


def journal_url(home: Path, database_url: str | None) -> str:
    """Where the journal is: beside the database if that is PostgreSQL, else a file in `home`.

    Raises:
        StorageError: The URL is not one of a database.
    """
    server = None if database_url is None else server_url(database_url)
    return server or file_url(home / "jobs.db")


def _epoch() -> datetime:
    """A tick that is always due."""
    return datetime.fromtimestamp(0, UTC)


def _quiet(function: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """`function`, its errors reduced to their names: DBOS keeps them in its tables and logs them."""

    async def step() -> None:
        try:
            await function()
        except Exception as error:  # noqa: BLE001 - the boundary to the journal
            raise RoundFailed(type(error).__name__) from None

    return step
