"""Where keys are kept: what is sealed there, lost there, missing, or another's."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import AsyncMock

import psycopg
import pytest

from storage.addresses import keys_url
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.domain.deliveries import OutboxMessage, OutboxState
from storage.domain.dialogue import ConversationId
from storage.errors import StorageBusy, StorageError
from storage.key_tables import is_keys_file
from storage.keys import Keys
from storage.outbox import OutboxStore
from storage.readers import ReaderStore
from storage.unreadable import count_unreadable
from tests.storage.examples import EPOCH
from tests.storage.test_keys import ADA, BEN, TURN, said


async def test_a_secret_that_is_set_later_seals_what_is_there_and_is_needed_then(database_url: str) -> None:
    make = partial(Database, keys_url(database_url))
    bare, sealed, wrong = Keys(make), Keys(make, "correct horse"), Keys(make)
    key = (await bare.of([ADA]))[ADA]
    cell = key.seal("heron", "a.b")

    opened = (await sealed.of([ADA]))[ADA].open(cell, "a.b")
    with pytest.raises(StorageError, match="set TIDINGS_KEYS_SECRET to that one"):
        await wrong.of([ADA])
    for each in (bare, sealed, wrong):
        await each.close()

    assert opened == "heron"


async def test_no_key_joins_those_that_another_secret_seals(database_url: str) -> None:
    make = partial(Database, keys_url(database_url))
    mine, wrong, again = Keys(make, "correct horse"), Keys(make, "battery staple"), Keys(make, "correct horse")
    first = await mine.of([ADA])

    for _twice in range(2):
        with pytest.raises(StorageError, match="set TIDINGS_KEYS_SECRET to that one"):
            await wrong.of([BEN])
    opened = await again.of([ADA, BEN])
    for each in (mine, wrong, again):
        await each.close()

    assert opened[ADA].id == first[ADA].id


async def test_of_keys_that_a_secret_seals_later_or_that_are_dropped_no_byte_stays(tmp_path: Path) -> None:
    now = [datetime(2026, 11, 27, 12, tzinfo=UTC)]
    make, clock = partial(Database, f"sqlite:///{tmp_path / 'keys.db'}"), lambda: now[0]
    bare, sealed = Keys(make, clock=clock), Keys(make, "correct horse", clock)
    await bare.of([ADA, BEN])
    await bare.of_today()
    # Another process that has the file open keeps its journal.
    with closing(sqlite3.connect(tmp_path / "keys.db")) as held:
        kept = [bits for (bits,) in held.execute("SELECT key FROM reader_keys")]

        await sealed.of([ADA])
        wrapped = _bytes_in(tmp_path)
        of_a_day = [bits for (bits,) in held.execute("SELECT key FROM reader_keys WHERE owner LIKE 'waiting:%'")]
        now[0] += timedelta(days=3)
        await sealed.drop_days([])
        dropped = _bytes_in(tmp_path)
    for each in (bare, sealed):
        await each.close()

    assert not any(bits in wrapped for bits in kept)
    assert all(bits in wrapped and bits not in dropped for bits in of_a_day)


async def test_of_keys_that_were_lost_on_a_server_no_byte_stays_in_its_tables(
    empty_postgres: str,
) -> None:
    keys = Keys(partial(Database, empty_postgres))
    readers = [f"telegram:{number}" for number in range(50)]
    await keys.of(readers)
    with psycopg.connect(empty_postgres, autocommit=True) as connection:
        tables = Path(str(connection.execute("SHOW data_directory").fetchone()[0])) / "base"  # type: ignore[index]
        connection.execute("CHECKPOINT")
        before = _bytes_in(tables)
        kept: dict[str, bytes] = dict(connection.execute("SELECT owner, key FROM reader_keys").fetchall())

        # The newest have nothing after them that would be moved over where they stood.
        for reader in readers[-5:]:
            await keys.lose(reader)
        purged = await keys.purge()
        connection.execute("CHECKPOINT")
        after = _bytes_in(tables)
    await keys.close()

    assert purged
    assert all(bits in before for bits in kept.values())
    assert [reader for reader in readers if kept[reader] in after] == readers[:-5]


async def test_no_file_is_made_by_looking_or_forgetting(tmp_path: Path) -> None:
    keys = Keys(lambda: Database(f"sqlite:///{tmp_path / 'keys.db'}"))

    assert await keys.lose(ADA) == await keys.drop_days([]) == 0
    assert await keys.purge()
    assert (await keys.ids(), await keys.place()) == (frozenset(), None)
    assert list(tmp_path.glob("*.db")) == []
    assert not is_keys_file(tmp_path / "keys.db")
    await keys.close()


async def test_keys_that_are_not_there_are_neither_taken_for_lost_nor_made_anew(tmp_path: Path) -> None:
    file, away = tmp_path / "mount" / "keys.db", tmp_path / "away"
    file.parent.mkdir()
    message = OutboxMessage(
        key="reply:1", chat_id=7, method="sendMessage", payload='{"text":"heron"}', created_at=EPOCH
    )

    async with _instance(tmp_path, file) as database:
        await DialogueStore(database).record(ConversationId(ADA), ADA, TURN)
        await OutboxStore(database).enqueue([message])
    file.parent.rename(away)
    file.parent.mkdir()
    async with _instance(tmp_path, file) as database:
        for using in (
            lambda: said(database, ADA),
            lambda: DialogueStore(database).record(ConversationId(ADA), ADA, TURN),
            lambda: ReaderStore(database).forget(ADA),
            lambda: OutboxStore(database).claim("reply:1"),
            lambda: count_unreadable(database),
        ):
            with pytest.raises(StorageError, match=r"are not in .*keys\.db; put them back"):
                await using()
    made = list(file.parent.iterdir())
    file.parent.rmdir()
    away.rename(file.parent)
    async with _instance(tmp_path, file) as database:
        left = await OutboxStore(database).get("reply:1")

        assert made == []
        assert await said(database, ADA) == ["heron one"]
        assert left is not None
        assert (left.state, left.payload) == (OutboxState.PENDING, message.payload)


async def test_keys_of_another_instance_are_not_taken_for_those_of_this_one(tmp_path: Path) -> None:
    mine, other = tmp_path / "mine.db", tmp_path / "other.db"
    async with _instance(tmp_path, mine) as database:
        await DialogueStore(database).record(ConversationId(ADA), ADA, TURN)
    theirs = Keys(partial(Database, f"sqlite:///{other}"))
    await theirs.of([ADA])
    await theirs.close()

    async with _instance(tmp_path, other) as database:
        with pytest.raises(StorageError, match=r"are not in .*other\.db"):
            await ReaderStore(database).forget(ADA)

    taking, from_ = Keys(partial(Database, f"sqlite:///{other}")), Keys(partial(Database, f"sqlite:///{mine}"))
    await taking.take(from_)
    for each in (taking, from_):
        await each.close()
    async with _instance(tmp_path, other) as database:
        assert await said(database, ADA) == ["heron one"]


async def test_keys_that_vanish_meanwhile_are_missed(tmp_path: Path) -> None:
    file = tmp_path / "keys.db"
    async with _instance(tmp_path, file) as database:
        await DialogueStore(database).record(ConversationId(ADA), ADA, TURN)
        await said(database, ADA)
        file.unlink()

        with pytest.raises(StorageError, match="put them back"):
            await ReaderStore(database).forget(ADA)


@pytest.mark.parametrize("replaced", [True, False])
async def test_into_a_file_that_was_taken_away_no_key_is_written_any_more(tmp_path: Path, replaced: bool) -> None:
    file, older = tmp_path / "keys.db", tmp_path / "older.db"
    keys, early = Keys(partial(Database, f"sqlite:///{file}")), Keys(partial(Database, f"sqlite:///{older}"))
    await keys.of([ADA])
    await early.take(keys)
    await early.close()

    if replaced:
        older.replace(file)
    else:
        file.unlink()
    with pytest.raises(StorageError, match="start Tidings anew"):
        await keys.of([BEN])
    await keys.close()

    anew = Keys(partial(Database, f"sqlite:///{file}"))
    assert set(await anew.of([ADA, BEN])) == {ADA, BEN}
    await anew.close()


async def test_who_is_in_the_way_of_purging_a_days_key_is_not_at_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [datetime(2026, 11, 27, 12, tzinfo=UTC)]
    database = Database(f"sqlite:///{tmp_path / 'keys.db'}")
    keys = Keys(lambda: database, clock=lambda: now[0])
    await keys.of_today()
    with closing(sqlite3.connect(tmp_path / "keys.db")) as held:
        ((bits,),) = held.execute("SELECT key FROM reader_keys")
    now[0] += timedelta(days=3)

    with monkeypatch.context() as busy:
        busy.setattr(database, "purge", AsyncMock(side_effect=StorageBusy("busy")))
        dropped = await keys.drop_days([])
    again = await keys.drop_days([])
    left = _bytes_in(tmp_path)
    await keys.close()

    assert (dropped, again) == (1, 0)
    assert bits not in left


def _bytes_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


@asynccontextmanager
async def _instance(folder: Path, keys_file: Path) -> AsyncIterator[Database]:
    """An instance as a new process has it."""
    keys = Keys(partial(Database, f"sqlite:///{keys_file}"))
    database = Database(f"sqlite:///{folder / 'tidings.db'}", keys=keys)
    await database.migrate()
    yield database
    await database.close()
    await keys.close()
