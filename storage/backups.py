"""An instance as one file of SQLite, of one moment, whichever database it is in; and an instance again from that.

SQLite ─────written anew──▶ ┌──────┐ ──put in its place──▶ SQLite
PostgreSQL ──────copied───▶ │ file │ ────────copied──────▶ PostgreSQL
                            └──────┘
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import delete, func, literal, select, text, update

from storage.addresses import file_url
from storage.columns import Moment
from storage.copying import Tally, rows_of, tallies_of
from storage.database import LOCK_TIMEOUT_SECONDS, Database, Transaction
from storage.digests import ALERT
from storage.domain.broadcasts import BroadcastState
from storage.domain.deliveries import InboxState, OutboxState
from storage.domain.digests import Outcome
from storage.domain.progress import Progress
from storage.errors import StorageError, StorageFull
from storage.faults import sqlite_fault
from storage.key_tables import KEY_TABLES
from storage.keys import Keys
from storage.left import cut_short
from storage.migrations import HALF_A_COPY, HEAD, VERSION_TABLE
from storage.schema import (
    broadcasts,
    counters,
    digest_settings,
    digest_slots,
    follows,
    inbox,
    leases,
    metadata,
    processes,
)
from storage.sealed import adopt_keys
from storage.unreadable import Unreadable, drop_unreadable

WAITED = "waited when the backup was made that this instance is from"
"""Why a message counts as sent or not, and an update as dealt with: nobody knows what became of it since."""

_LOOK_SECONDS = 0.2
# As in `bot.flows.alerts`: how long news is breaking, in what time a reader is told only so many, and how many at most.
_BREAKING, _ALERTS_DAY, _MOST_ALERTS = timedelta(hours=6), timedelta(days=1), 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a file of an instance holds.

    Args:
        tables: Their rows, by their names.
    """

    revision: str
    tables: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """What of a backup is not in the instance as it was: what waited, and what nobody can read any more."""

    messages: int = 0
    updates: int = 0
    unreadable: Unreadable = field(default_factory=Unreadable)


async def save(database: Database, file: Path, progress: Progress) -> None:
    """Write all that is committed by now into a new file, for our eyes alone, while others go on reading and writing.

    No byte is in it of what was deleted. A database in SQLite may be of an earlier version.

    Raises:
        StorageError: There is no instance, it cannot be read, or the file cannot be written.
    """
    if database.file is not None and not database.file.is_file():
        raise StorageError(f"database {database.where}: holds no instance")
    revision = await database.revision()
    if revision is None:
        raise StorageError(f"database {database.where}: holds no instance")
    if revision.startswith(HALF_A_COPY):
        raise StorageError(f"database {database.where}: holds half a copy of an instance")
    if database.file is None and revision != HEAD:
        raise StorageError(
            f"database {database.where}: stands at revision {revision}, and this version needs {HEAD}; "
            "back it up with the version that runs on it, or start this one first"
        )
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise StorageError(f"{file}: cannot be written ({error.strerror})") from error
    if database.file is not None:
        await _write_anew(database, database.file, file, progress)
    else:
        await _copy(database, file, progress)


def examine(file: Path) -> Contents:
    """What a file holds that no process has open.

    Raises:
        StorageError: It is damaged, or no instance.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?immutable=1", uri=True)) as connection:
            (state,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if state != "ok":
                raise StorageError(f"database {file}: is damaged ({state})")
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
            kept = [name for (name,) in names if name != VERSION_TABLE and not name.startswith("sqlite_")]
            rows = {name: connection.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()[0] for name in kept}  # noqa: S608 - quoted
            (revision,) = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()  # noqa: S608 - ours
    except (sqlite3.Error, TypeError) as error:
        raise StorageError(f"database {file}: is damaged, or holds no instance ({error})") from error
    return Contents(revision=str(revision), tables=rows)


async def prepare(file: Path, now: datetime, *, send_waiting: bool, keys: Keys | None = None) -> SetAside:
    """Bring a file up to what this version needs, and settle what only mattered to the processes of then.

    Args:
        file: As `save` wrote it, by this version or an earlier one.
        now: The present.
        send_waiting: Whether what waited then waits still, because nothing ran since; else it may have been sent, and
            so may what was due until now.
        keys: Of what is sealed in it.

    Raises:
        StorageError: It cannot be used, or a newer Tidings wrote it.
    """
    database = Database(file_url(file), keys=keys)
    try:
        async with database.transaction() as connection:
            await _drop_foreign(connection)
        await database.migrate()
        async with database.reading() as connection:
            await _require_tables(connection, file)
        async with database.transaction() as connection:
            await adopt_keys(connection)
        unreadable = await drop_unreadable(database)
        async with database.transaction() as connection:
            for of_processes in (leases, processes):
                await connection.execute(delete(of_processes))
            if send_waiting:
                return SetAside(unreadable=unreadable)
            await _settle(connection, now)
            return replace(await _set_aside(connection), unreadable=unreadable)
    finally:
        await database.close()


@contextmanager
def vacant(file: Path) -> Iterator[None]:
    """Nothing is kept in a file of SQLite, which need not be there, and nobody has it open, until this is left.

    Raises:
        StorageBusy: Another process has it open.
        StorageError: Something is kept in it, whatever version made its tables, or it cannot be used.
    """
    if not file.is_file():
        yield
        return
    address = f"file:{quote(str(file))}?mode=rw"
    try:
        with closing(
            sqlite3.connect(address, uri=True, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None)
        ) as connection:
            _require_nothing(connection, file)
            # Only who is alone with it may end its journal, which would be played back onto what takes its place.
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            _require_nothing(connection, file)
            yield
    except sqlite3.Error as error:
        kind, reason = sqlite_fault(error) or (StorageError, str(error))
        raise kind(f"database {file}: {reason}") from error


def _require_nothing(connection: sqlite3.Connection, file: Path) -> None:
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        # Migrating makes a counter that stands at nought.
        bound = " WHERE value != 0" if name == counters.name else ""
        named = _quoted(name)
        if name == VERSION_TABLE or name.startswith("sqlite_"):
            continue
        if connection.execute(f"SELECT 1 FROM {named}{bound} LIMIT 1").fetchone() is not None:  # noqa: S608 - quoted
            raise StorageError(f"database {file}: holds an instance; move it away, or set another TIDINGS_HOME")


def _quoted(name: str) -> str:
    """What something is called in SQLite, whatever that is."""
    return '"' + name.replace('"', '""') + '"'


async def _drop_foreign(connection: Transaction) -> None:
    """Rid a file of what acts by itself or stands for a table: our schema has neither triggers nor views."""
    kinds = text("SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')")
    for kind, name in (await connection.execute(kinds)).all():
        await connection.exec_driver_sql(f"DROP {kind} IF EXISTS {_quoted(name)}")


async def _require_tables(connection: Transaction, file: Path) -> None:
    """See to it that every table of ours is there, whatever else is: a backup may come from anybody."""
    for table in metadata.sorted_tables:
        columns = text("SELECT name FROM pragma_table_info(:name)")
        there = set(await connection.scalars(columns, {"name": table.name}))
        if missing := [column.name for column in table.columns if column.name not in there]:
            raise StorageError(f"database {file}: is damaged: its table {table.name} lacks {', '.join(missing)}")


async def _write_anew(database: Database, source: Path, file: Path, progress: Progress) -> None:
    of = _size(source)
    writing = asyncio.ensure_future(database.write_anew(file))
    while not (await asyncio.wait([writing], timeout=_LOOK_SECONDS))[0]:
        progress("database", min(_size(file), of), of)
    try:
        await writing
    except StorageFull:
        raise StorageFull(f"{file}: the disk is full, or refuses to take more; free some space") from None
    _drop_keys(file)


def _drop_keys(file: Path) -> None:
    """Leave no byte of keys in a file of ours, should they have stood in the database itself."""
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            held = [table.name for table in KEY_TABLES if table.name in names]
            for name in held:
                connection.execute(f"DROP TABLE {_quoted(name)}")
            if held:
                connection.execute("VACUUM")
    except sqlite3.Error as error:
        kind, reason = sqlite_fault(error) or (StorageError, str(error))
        raise kind(f"{file}: {reason}") from error


def _size(file: Path) -> int:
    """How many bytes it has by now; none where it is not there."""
    return file.stat().st_size if file.exists() else 0


async def _copy(source: Database, file: Path, progress: Progress) -> None:
    """Bring every row of every table of one moment, and compare."""
    target, read = Database(file_url(file)), {each.name: Tally() for each in metadata.sorted_tables}
    try:
        await target.migrate()
        async with target.transaction() as connection:
            await connection.execute(delete(counters))
        async with source.reading() as connection:
            of = sum(
                [
                    int(await connection.scalar(select(func.count()).select_from(each)) or 0)
                    for each in metadata.sorted_tables
                ]
            )
            for each in metadata.sorted_tables:
                async for rows in rows_of(connection, each):
                    read[each.name].add(rows)
                    async with target.transaction() as writing:
                        await writing.execute(
                            each.insert(), [dict(zip(each.c.keys(), row, strict=True)) for row in rows]
                        )
                    progress(each.name, sum(tally.rows for tally in read.values()), of)
            numbers = await _numbers(connection)
        async with target.transaction() as connection:
            for name, last in numbers.items():
                await connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
                await connection.execute(
                    text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), {"name": name, "last": last}
                )
        written = await tallies_of(target)
        if differing := [name for name, tally in read.items() if tally != written[name]]:
            raise StorageError(f"database {target.where}: was not written as it was read: {', '.join(differing)}")
    finally:
        await target.close()


async def _numbers(connection: Transaction) -> Mapping[str, int]:
    """The last number that a server gave in each table whose numbers are never given again."""
    found = {}
    for each in metadata.sorted_tables:
        number = each.autoincrement_column
        if number is not None and each.dialect_options["sqlite"]["autoincrement"]:
            sequence = await connection.scalar(select(func.pg_get_serial_sequence(each.name, number.name)))
            last = await connection.scalar(
                text("SELECT pg_sequence_last_value(CAST(:name AS regclass))"), {"name": sequence}
            )
            found[each.name] = int(last or 0)
    return found


async def _set_aside(connection: Transaction) -> SetAside:
    """What waits is not done again: messages are as those of which nobody knows, updates are done."""
    messages = await cut_short(
        connection, states=(OutboxState.SENDING, OutboxState.PENDING, OutboxState.HELD), why=WAITED
    )
    updates = await connection.execute(
        update(inbox).where(inbox.c.state == InboxState.PENDING).values(state=InboxState.DONE, payload="", error=WAITED)
    )
    await connection.execute(
        update(broadcasts)
        .where(broadcasts.c.state == BroadcastState.SENDING)
        .values(state=BroadcastState.CANCELLED, text="")
    )
    return SetAside(messages=messages, updates=updates.rowcount)


async def _settle(connection: Transaction, now: datetime) -> None:
    """What may have been told unasked since the backup is not due again, in a file of SQLite.

    No digest of an hour before now, nothing of what came before now of what is followed, and no breaking news until
    what broke before now is none any longer.
    """
    since = func.json_set(digest_settings.c.wishes, "$.since", now.isoformat())
    sound = func.json_valid(digest_settings.c.wishes) == 1
    await connection.execute(update(digest_settings).where(sound).values(wishes=since))
    await connection.execute(update(follows).where(follows.c.ended_at.is_(None)).values(since=now, told_at=now))
    a_day, told = func.json_extract(digest_settings.c.wishes, "$.alerts[1]"), now - _ALERTS_DAY + _BREAKING
    for number in range(1, _MOST_ALERTS + 1):
        name = f"{ALERT}until-{now:%Y%m%dT%H%M%S}-{number}"
        those = select(
            digest_settings.c.reader_id, literal(name), literal(Outcome.SKIPPED.value), literal(told, Moment)
        ).where(digest_settings.c.alerts, sound, a_day >= number)
        columns = ("reader_id", "slot", "outcome", "settled_at")
        await connection.execute(digest_slots.insert().from_select(columns, those))
