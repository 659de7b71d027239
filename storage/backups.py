"""An instance as one file of SQLite, of one moment, whichever database it is in; and an instance again from that.

SQLite ─────written anew──▶ ┌──────┐ ──put in its place──▶ SQLite
PostgreSQL ──────copied───▶ │ file │ ────────copied──────▶ PostgreSQL
                            └──────┘
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Select, delete, func, inspect, literal, literal_column, select, table, text, update

from storage.columns import Moment
from storage.copying import Tally, rows_of, tallies_of
from storage.database import Database, Transaction
from storage.digests import ALERT
from storage.domain.broadcasts import BroadcastState
from storage.domain.deliveries import InboxState, OutboxState
from storage.domain.digests import Outcome
from storage.domain.progress import Progress
from storage.errors import StorageError, StorageFull
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
    """What waited when a backup was made."""

    messages: int = 0
    updates: int = 0


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
            rows = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in kept}  # noqa: S608 - names of its own
            (revision,) = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()  # noqa: S608 - ours
    except (sqlite3.Error, TypeError) as error:
        raise StorageError(f"database {file}: is damaged, or holds no instance ({error})") from error
    return Contents(revision=str(revision), tables=rows)


async def prepare(file: Path, now: datetime, *, send_waiting: bool) -> SetAside:
    """Bring a file up to what this version needs, and settle what only mattered to the processes of then.

    Args:
        file: As `save` wrote it, by this version or an earlier one.
        now: The present.
        send_waiting: Whether what waited then waits still, because nothing ran since; else it may have been sent, and
            so may what was due until now.

    Raises:
        StorageError: It cannot be used, or a newer Tidings wrote it.
    """
    database = Database(f"sqlite:///{file}")
    try:
        await database.migrate()
        async with database.transaction() as connection:
            for of_processes in (leases, processes):
                await connection.execute(delete(of_processes))
            if send_waiting:
                return SetAside()
            await _settle(connection, now)
            return await _set_aside(connection)
    finally:
        await database.close()


async def is_empty(database: Database) -> bool:
    """Whether nothing is kept in a file of SQLite, whatever version made its tables; it need not be there."""
    if database.file is not None and not database.file.is_file():
        return True
    async with database.reading() as connection:
        names = await connection.run_sync(lambda made: inspect(made).get_table_names())
        for name in names:
            anything: Select[Any] = select(literal_column("1")).select_from(table(name)).limit(1)
            if name == counters.name:
                # Migrating makes one that stands at nought.
                anything = anything.where(literal_column("value") != 0)
            if name != VERSION_TABLE and await connection.scalar(anything) is not None:
                return False
    return True


async def _write_anew(database: Database, source: Path, file: Path, progress: Progress) -> None:
    of = _size(source)
    writing = asyncio.ensure_future(database.write_anew(file))
    while not (await asyncio.wait([writing], timeout=_LOOK_SECONDS))[0]:
        progress("database", min(_size(file), of), of)
    try:
        await writing
    except StorageFull:
        raise StorageFull(f"{file}: the disk is full, or refuses to take more; free some space") from None


def _size(file: Path) -> int:
    """How many bytes it has by now; none where it is not there."""
    return file.stat().st_size if file.exists() else 0


async def _copy(source: Database, file: Path, progress: Progress) -> None:
    """Bring every row of every table of one moment, and compare."""
    target, read = Database(f"sqlite:///{file}"), {each.name: Tally() for each in metadata.sorted_tables}
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
