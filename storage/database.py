"""The database: its engine, its transactions, its faults. SQLite in a file by default, PostgreSQL by URL.

With `addresses`, which connects to it, and `faults`, which reads its error codes, the only module that knows which of
the two it talks to: locks and upserts end here. A `Database` belongs to the event loop it is first used on. Knows
nothing of tables, but that what some hold is sealed.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import (
    Connection,
    MetaData,
    Row,
    Table,
    UpdateBase,
    exc,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import migrations
from storage.addresses import BEGIN, POOL_SIZE, address, file_of, keys_url, server_engine, shown, sqlite_engine
from storage.errors import StorageBusy, StorageError
from storage.faults import server_fault, sqlite_fault
from storage.keys import KEYS, Keys
from storage.sqlite_files import FileConnection, OpenFiles

T = TypeVar("T")

Transaction = AsyncConnection
"""What a store works on; handing one store's to another makes both commit together."""

AnyRow = Row[*tuple[Any, ...]]
"""A row, its columns by name."""

# How long one statement waits for another process's lock before it is given up as busy.
LOCK_TIMEOUT_SECONDS = 10.0
# Values bound in one statement stay far below the limits of both databases.
_CHUNK = 500
# Any number, as long as it is ours: names the lock under which one process at a time migrates.
_MIGRATION_LOCK = 0x71D1_1265
_MAKING_LOCK = _MIGRATION_LOCK + 1

_RETRY_SECONDS = 0.05
# Whose view of this database is of before then: `VACUUM` leaves what they see.
_FROM_BEFORE = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL) AND xact_start < :begun"
)


class Database:
    """One database, open until `close`. Constructing it touches nothing; the first use connects.

    Args:
        url: As people write it: `sqlite:////path/to/file.db`, `postgresql://user:password@host/name`.
        lock_timeout: Seconds to wait for a lock, or a free connection, before `StorageBusy`.
        keys: The keys of what is sealed in it; else they are in a file beside its own, or in a table of the same server
            that backups leave out.

    Attributes:
        where: The address for people, without a password.
        file: Where it is, in SQLite; `None` is on a server.
        keys: Of what is sealed in it.

    Raises:
        StorageError: The URL is not one of a file in SQLite or a database in PostgreSQL.
    """

    def __init__(self, url: str, *, lock_timeout: float = LOCK_TIMEOUT_SECONDS, keys: Keys | None = None) -> None:
        where = address(url)
        self.where = shown(where)
        self._is_sqlite = where.get_backend_name() == "sqlite"
        self.file = file_of(where) if self._is_sqlite else None
        self._lock_timeout = lock_timeout
        self._files = OpenFiles(lock_timeout)
        self._engine = sqlite_engine(where, self._files) if self._is_sqlite else server_engine(where, lock_timeout)
        self._has_keys = keys is None
        self.keys = keys or Keys(partial(Database, keys_url(url), lock_timeout=lock_timeout))
        # SQLite has one writer; those of this process queue in order instead of polling for the lock.
        self._one_writer = asyncio.Lock() if self._is_sqlite else asyncio.Semaphore(POOL_SIZE)
        engine = self._engine.execution_options(**{KEYS: self.keys})
        self._writing = engine.execution_options(**{BEGIN: "BEGIN IMMEDIATE"})
        # SQLite reads one moment by itself, PostgreSQL by default another one with each query.
        one_moment = {} if self._is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reading = engine.execution_options(**one_moment)
        self._plain = self._engine.execution_options(**{BEGIN: ""})

    @asynccontextmanager
    async def transaction(self, within: Transaction | None = None) -> AsyncIterator[Transaction]:
        """Everything inside is committed at the end, or nothing is.

        Args:
            within: A transaction under way, to be part of instead of beginning one.

        Raises:
            StorageError: Busy, full, or otherwise unusable; nothing was written.
        """
        if within is not None:
            yield within
            return
        with self._faults():
            async with self._one_writer, self._writing.begin() as connection:
                yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """A view of one moment, for queries only: whatever is committed meanwhile, their answers belong together.

        Raises:
            StorageError: The database cannot be read.
        """
        with self._faults():
            async with self._reading.connect() as connection:
                yield connection

    async def revision(self) -> str | None:
        """Which step of `migrations` it stands at; `None` where it has no tables of ours."""
        async with self.reading() as connection:
            return await connection.run_sync(_revision)

    async def write_anew(self, file: Path) -> None:
        """Write what is committed by now in SQLite into a new file, which has no room to spare, while others go on.

        Raises:
            StorageError: It cannot be read, or the file cannot be written.
        """
        with self._faults():
            async with self._plain.connect() as connection:
                await connection.execute(text("VACUUM INTO :file"), {"file": str(file)})

    async def migrate(self) -> None:
        """Bring the tables up to what this version needs; an empty database gets them all.

        Several processes may do so at once. A database that is up to date is only looked at.

        Raises:
            StorageError: The database cannot be used, or a newer Tidings wrote it.
        """
        if self._is_sqlite:
            await self._journal()
        revision = await self.revision()
        if revision == migrations.HEAD:
            return
        if revision is not None and revision.startswith(migrations.HALF_A_COPY):
            raise StorageError(
                f"database {self.where}: holds half a copy of an instance; "
                "`tidings migrate-to` or `tidings restore` ends it"
            )
        if revision is not None and revision < migrations.SEALED <= migrations.HEAD:
            # Sealed some at a time: what is cut short is gone on with at the next start.
            from storage.unsealed import seal_all

            await self._upgrade(migrations.UNSEALED)
            await seal_all(self)
        await self._upgrade()

    async def _upgrade(self, upto: str | None = None) -> None:
        async with self.alone() as connection:
            try:
                await connection.run_sync(migrations.upgrade, *([upto] if upto else []))
            except migrations.UnknownRevision as error:
                raise StorageError(
                    f"database {self.where}: was written by a newer Tidings ({error}); update Tidings to use it"
                ) from error

    @asynccontextmanager
    async def alone(self, lock: int = _MIGRATION_LOCK) -> AsyncIterator[Transaction]:
        """A transaction of which there is one at a time, of whatever process: for what changes tables."""
        async with self.transaction() as connection:
            if self._is_sqlite:
                # Its lock comes with the first statement, and is needed before Alembic, of which a process has one.
                await connection.execute(text("SELECT 1"))
            else:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
            yield connection

    @asynccontextmanager
    async def made(self, tables: MetaData) -> AsyncIterator[Transaction]:
        """Make these tables where they are not there, of a database that has no steps, and begin what they hold.

        One process at a time does so, though it be in the middle of `migrate`, for these may stand beside the others.

        Raises:
            StorageError: The database cannot be used.
        """
        if self.file is not None:
            with self._faults():
                _for_our_eyes(self.file)
            await self._journal()
        async with self.alone(_MAKING_LOCK) as connection:
            await connection.run_sync(tables.create_all)
            yield connection

    async def purge(self, *, anew: Sequence[Table] = ()) -> bool:
        """Leave nothing of what was deleted where it stood; whether it is so.

        In SQLite no byte of it. It is overwritten where it stood, but pages keep copies of rows that were moved before,
        and the journal all that was written lately. So the file is written anew, which takes as much room again and
        about a second for 150 MB, in which nobody else writes, and the journal is emptied, for which all who read must
        pause. A server gives the room of deleted rows to new ones (of 40 words its tables held 4 by then, and none once
        60 more rows had come), once nobody reads on from before they were deleted, as a backup may for minutes; to its
        log of changes and its replicas it sees itself.

        Args:
            anew: Tables to write anew on a server, instead of giving their room away: no byte stays in it then either,
                and nobody reads them meanwhile. The others are left alone.

        Raises:
            StorageError: Busy, full, or otherwise unusable; nothing is lost.
        """
        if not self._is_sqlite:
            with self._faults():
                async with self._engine.connect() as connection:
                    await connection.execution_options(isolation_level="AUTOCOMMIT")
                    alone = await self._none_from_before(connection)
                    quoted = connection.dialect.identifier_preparer.format_table
                    for statement in [f"VACUUM (FULL) {quoted(each)}" for each in anew] or ["VACUUM"]:
                        await connection.execute(text(statement))
            return alone
        with self._faults():
            async with self._one_writer, self._plain.connect() as connection:
                await connection.execute(text("VACUUM"))
                busy = (await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))).one()[0]
        return not busy

    async def _none_from_before(self, connection: Transaction) -> bool:
        """Whether nobody sees what is deleted by now any more; the short readings of others are waited for."""
        begun = await connection.scalar(text("SELECT clock_timestamp()"))
        deadline = asyncio.get_running_loop().time() + self._lock_timeout
        while await connection.scalar(_FROM_BEFORE, {"begun": begun}):
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(_RETRY_SECONDS)
        return True

    async def close(self) -> None:
        """Let go of every connection, those dropped in mid-statement too."""
        if self._has_keys:
            await self.keys.close()
        await self._engine.dispose()
        await self._files.close()

    async def _journal(self) -> None:
        """Write ahead, a property of the file: readers and the writer do not wait for each other.

        Two processes that create the file at once are told "locked" without waiting, so the wait is here.
        """
        deadline = asyncio.get_running_loop().time() + self._lock_timeout
        switched = False
        while not switched:
            try:
                with self._faults():
                    async with self._plain.connect() as connection:
                        await connection.execute(text("PRAGMA journal_mode=WAL"))
                switched = True
            except StorageBusy:
                if asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(_RETRY_SECONDS)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """Translate what a driver says about the state of the world; what it says about our code passes."""
        try:
            yield
        except exc.TimeoutError as error:
            raise StorageBusy(f"database {self.where}: every connection is in use; try again") from error
        except exc.DBAPIError as error:
            cause = error.orig
            fault = sqlite_fault(cause) if self._is_sqlite else server_fault(cause)
            if fault is None:
                raise
            kind, reason = fault
            raise kind(f"database {self.where}: {reason}") from error


async def write(
    connection: Transaction, statement: UpdateBase, given: Mapping[str, object] | Sequence[Mapping[str, object]]
) -> None:
    """Execute what nobody reads the result of: in SQLite along with the next statement, or the commit.

    Each that is waited for takes two threads' waking, and whoever else writes waits so long.

    Args:
        connection: A transaction.
        statement: Changes something, and returns no rows.
        given: Its parameters; a sequence executes it with each.
    """
    driver = connection.sync_connection and connection.sync_connection.connection.driver_connection
    if isinstance(driver, FileConnection):
        driver.leave_unread()
    await connection.execute(statement, given)


def insert(connection: Transaction, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that can say what happens to rows that are there already (`on_conflict_do_…`)."""
    return insert_for(connection.dialect.name, table)


def insert_for(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The same by the dialect's name, for statements that are made once."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


async def present(connection: Transaction) -> datetime:
    """The present, by the one clock of all who share the database: a server's own, or this machine's."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    return cast(datetime, await connection.scalar(select(func.clock_timestamp()))).astimezone(UTC)


def chunks(values: Sequence[T], size: int = _CHUNK) -> Iterator[Sequence[T]]:
    """`values` in order, at most `size` at a time: what one statement may bind."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _for_our_eyes(file: Path) -> None:
    """Make a file that nobody else may read, where there is none; what SQLite puts beside it is as it is."""
    try:
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StorageError(f"{file}: cannot be written ({error.strerror})") from error


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(migrations.VERSION_TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {migrations.VERSION_TABLE}")).scalar()  # noqa: S608 - ours
    return None if found is None else str(found)
