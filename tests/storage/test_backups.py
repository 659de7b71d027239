"""An instance in one file and back, on both databases."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.flows.alerts import ALERT, BREAKING
from bot.flows.schedule import due
from storage import migrations
from storage.backups import WAITED, SetAside, examine, prepare, save, vacant
from storage.copying import copy
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.digests import DigestStore
from storage.domain.changes import Followed, Wished
from storage.domain.deliveries import FAREWELL, InboxState, InboxUpdate, OutboxMessage, OutboxState
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.digests import Alerts, DigestSettings
from storage.domain.people import ReaderId
from storage.errors import StorageBusy, StorageError, StorageFull
from storage.follows import FollowStore
from storage.inbox import InboxStore
from storage.outbox import OutboxStore
from storage.schema import metadata, turns
from storage.sealed import opened
from storage.unreadable import keys_named_in
from tests.storage.examples import EPOCH
from tests.storage.test_copying import ROWS, fill, unseen

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")


async def all_rows(database: Database) -> dict[str, set[tuple[Any, ...]]]:
    async with database.reading() as connection:
        return {
            table.name: {tuple(row) for row in await connection.execute(select(table))}
            for table in metadata.sorted_tables
        }


async def test_every_row_is_in_the_file_and_no_number_is_given_again(
    database: Database, saved: Database, tmp_path: Path
) -> None:
    await fill(database)
    if database.file is None:
        async with database.transaction() as connection:
            # It gave the numbers itself.
            await connection.execute(text(f"SELECT setval('evidence_id_seq', {ROWS})"))
    told: list[tuple[int, int | None]] = []

    await save(database, tmp_path / "saved.db", lambda _what, done, of: told.append((done, of)))
    contents = examine(tmp_path / "saved.db")
    rows = await all_rows(saved)
    async with saved.transaction() as connection:
        await connection.execute(
            text("INSERT INTO evidence (reader_id, kind, at, key) VALUES ('terminal:ada', 'asked', '2026-05-01', 'k')")
        )
        number = await connection.scalar(text("SELECT max(id) FROM evidence"))

    assert rows == await all_rows(database)
    assert contents.tables == {name: len(each) for name, each in rows.items()}
    assert contents.revision == migrations.HEAD
    assert (tmp_path / "saved.db").stat().st_mode & 0o077 == 0
    # The last row is gone, and its number may have been shown.
    assert number == ROWS + 1
    assert all(of is not None and done <= of for done, of in told)


async def test_what_is_written_meanwhile_is_in_it_whole_or_not_at_all(
    database: Database, saved: Database, tmp_path: Path
) -> None:
    stop, written, file = asyncio.Event(), [0, 0, 0], tmp_path / "saved.db"

    async def write(writer: int) -> None:
        """The same number into tables that are read long after one another, in one transaction."""
        while not stop.is_set():
            name = f"{writer} {written[writer]:05}"
            turn = Turn(question=name, standalone="q", answer="a " * 200, cited=(), at=EPOCH)
            async with database.transaction() as connection:
                await DialogueStore(database).record(ConversationId(name), ADA, turn, within=connection)
                row = "INSERT INTO access VALUES (:who, 'chat', 'allowed', '2026-01-01')"
                await connection.execute(text(row), {"who": name})
            written[writer] += 1

    writing = [asyncio.create_task(write(number)) for number in range(3)]
    found = []
    for at in range(3):
        while min(written) < 10 * (at + 1):  # noqa: ASYNC110 - tasks see to it
            await asyncio.sleep(0.01)
        before = list(written)
        file.unlink(missing_ok=True)
        await save(database, file, unseen)
        async with saved.reading() as connection:
            said = await opened(connection, await connection.execute(select(turns)), turns)
            asked = sorted(row.question for row in said)
            listed = list(await connection.scalars(text("SELECT who FROM access ORDER BY who")))
        await saved.close()
        found.append((before, asked, listed))
    stop.set()
    await asyncio.gather(*writing)

    for before, asked, listed in found:
        assert asked == listed
        for writer in range(3):
            # All that each had written by then, from the first on.
            mine = [name for name in asked if name.startswith(f"{writer} ")]
            assert mine == [f"{writer} {number:05}" for number in range(len(mine))]
            assert len(mine) >= before[writer]


async def test_what_waited_is_set_aside_unless_it_is_known_that_nothing_ran_since(
    database: Database, saved: Database, tmp_path: Path
) -> None:
    outbox, inbox = OutboxStore(database), InboxStore(database)
    states = {
        "sent": OutboxState.SENT,
        "waits": OutboxState.PENDING,
        "held": OutboxState.HELD,
        f"update-1:{FAREWELL}": OutboxState.PENDING,
    }
    for key, state in states.items():
        await outbox.enqueue(
            [OutboxMessage(key=key, chat_id=7, method="m", payload="{}", created_at=EPOCH, state=state)]
        )
    await inbox.accept([InboxUpdate(update_id=1, payload='{"text": "words"}', received_at=EPOCH)])
    file, stopped = tmp_path / "saved.db", tmp_path / "stopped.db"
    await save(database, file, unseen)
    shutil.copyfile(file, stopped)

    aside = await prepare(file, EPOCH, send_waiting=False, keys=database.keys)
    kept = await prepare(stopped, EPOCH, send_waiting=True, keys=database.keys)

    messages = [await OutboxStore(saved).get(key) for key in states]
    update = await InboxStore(saved).get(1)
    assert (aside, kept) == (SetAside(messages=3, updates=1), SetAside())
    assert [each and (each.state, each.error, each.payload) for each in messages] == [
        (OutboxState.SENT, None, "{}"),
        (OutboxState.UNKNOWN, WAITED, ""),
        (OutboxState.UNKNOWN, WAITED, ""),
        None,
    ]
    assert update is not None
    assert (update.state, update.error, update.payload) == (InboxState.DONE, WAITED, "")
    assert examine(stopped).tables["outbox"] == len(states)


async def test_what_was_due_since_is_settled_unless_it_is_known_that_nothing_ran_since(
    database: Database, saved: Database, tmp_path: Path
) -> None:
    # Ada's digest of 08:00 went out after the backup, and so did breaking news and word of what she follows.
    now, hour = EPOCH + timedelta(hours=9), timedelta(hours=1)
    wished = DigestSettings(reader=ADA, since=EPOCH, active=True, alerts=Alerts(a_day=2))
    await DigestStore(database).wish(Wished(settings=wished, at=EPOCH, wake_at=EPOCH))
    await DigestStore(database).wish(Wished(settings=replace(wished, reader=BEN, alerts=None), at=EPOCH, wake_at=None))
    await FollowStore(database).follow(Followed(reader=ADA, story=None, words="dam", language="en", at=EPOCH))
    file, stopped = tmp_path / "saved.db", tmp_path / "stopped.db"
    await save(database, file, unseen)
    shutil.copyfile(file, stopped)

    await prepare(file, now, send_waiting=False, keys=database.keys)
    await prepare(stopped, now, send_waiting=True, keys=database.keys)

    async def told(at: datetime) -> dict[ReaderId, int]:
        """How many breaking news they were sent within a day, as far as is known."""
        return await DigestStore(saved).claimed([ADA, BEN], ALERT, at - timedelta(days=1))

    held = await DigestStore(saved).settings(ADA)
    assert held == replace(wished, since=now)
    assert due(wished, (), now) is not None
    assert due(held, (), now + hour) is None
    assert due(held, (), EPOCH + timedelta(hours=33)) is not None
    assert [(each.since, each.told_at) for each in await FollowStore(saved).of(ADA)] == [(now, now)]
    assert (await told(now + BREAKING), await told(now + BREAKING + hour)) == ({ADA: 2}, {})
    before = Database(f"sqlite:///{stopped}", keys=database.keys)
    assert await DigestStore(before).settings(ADA) == wished
    assert [each.since for each in await FollowStore(before).of(ADA)] == [EPOCH]
    await before.close()


async def test_the_oldest_tables_there_ever_were_become_those_of_now(
    tmp_path: Path, empty_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, saved = (Database(f"sqlite:///{tmp_path / name}") for name in ("old.db", "saved.db"))
    target = Database(empty_postgres, keys=saved.keys)
    with monkeypatch.context() as before:
        before.setattr(migrations, "HEAD", "0001")
        await old.migrate()
    async with old.transaction() as connection:
        await connection.execute(text("INSERT INTO conversations VALUES ('terminal:ada:1', 'terminal:ada')"))
        await connection.execute(
            text(
                "INSERT INTO turns (conversation_id, question, standalone, answer, cited, at)"
                " VALUES ('terminal:ada:1', 'q', 'q', 'a', '[]', '2026-01-01')"
            )
        )
    await save(old, tmp_path / "saved.db", unseen)
    contents = examine(tmp_path / "saved.db")

    await prepare(tmp_path / "saved.db", EPOCH, send_waiting=False)
    await copy(saved, target, unseen)

    turns = await DialogueStore(target).history(ConversationId("terminal:ada:1"), 5)
    assert (contents.revision, contents.tables["turns"]) == ("0001", 1)
    assert await target.revision() == migrations.HEAD
    assert [turn.question for turn in turns] == ["q"]
    for each in (old, target, saved):
        await each.close()


async def test_a_server_with_tables_of_another_version_is_left_to_that(empty_postgres: str, tmp_path: Path) -> None:
    database = Database(empty_postgres)
    await database.migrate()
    async with database.transaction() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0018'"))

    with pytest.raises(StorageError, match=r"stands at revision 0018, .* back it up with the version that runs on it"):
        await save(database, tmp_path / "saved.db", unseen)
    await database.close()

    assert not (tmp_path / "saved.db").exists()


async def test_what_is_no_instance_is_not_saved_and_no_file_is_made_by_looking(
    empty_postgres: str, database: Database, tmp_path: Path
) -> None:
    nothing, server = Database(f"sqlite:///{tmp_path / 'nothing.db'}"), Database(empty_postgres)
    async with database.transaction() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'copying 0019'"))

    for each, reason in ((nothing, "no instance"), (server, "no instance"), (database, "half a copy of an instance")):
        with pytest.raises(StorageError, match=f"holds {reason}$"):
            await save(each, tmp_path / "saved.db", unseen)
        await each.close()

    assert not (tmp_path / "nothing.db").exists()


async def test_only_an_instance_without_a_row_that_nobody_has_open_is_vacant(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tidings.db"
    database = Database(f"sqlite:///{file}")
    monkeypatch.setattr("storage.backups.LOCK_TIMEOUT_SECONDS", 0.1)

    with vacant(file):
        assert not file.exists()
    shutil.copyfile(sqlite_template, file)
    with (
        vacant(file),
        closing(sqlite3.connect(file, timeout=0)) as other,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("SELECT * FROM inbox")
    await database.migrate()
    async with database.reading() as connection:
        await connection.execute(text("SELECT 1 FROM inbox"))
        with pytest.raises(StorageBusy, match=r"tidings\.db: is locked by another process"), vacant(file):
            pass
    await InboxStore(database).accept([InboxUpdate(update_id=1, payload="{}", received_at=EPOCH)])
    with pytest.raises(StorageError, match=r"tidings\.db: holds an instance"), vacant(file):
        pass
    await database.close()


async def test_what_acts_by_itself_in_a_file_is_dropped(sqlite_template: Path, tmp_path: Path) -> None:
    file = tmp_path / "saved.db"
    saved = Database(f"sqlite:///{file}")
    shutil.copyfile(sqlite_template, file)
    with closing(sqlite3.connect(file)) as database, database:
        for made in (
            'CREATE TRIGGER "a ""b"":c" AFTER INSERT ON turns BEGIN DELETE FROM turns; END',
            "CREATE VIEW broken AS SELECT * FROM nowhere",
        ):
            database.execute(made)

    await prepare(file, EPOCH, send_waiting=False)

    async with saved.reading() as connection:
        kinds = await connection.scalars(text("SELECT DISTINCT type FROM sqlite_master"))
    await saved.close()
    assert set(kinds) == {"table", "index"}


async def test_nothing_that_stands_for_a_table_is_executed_for_its_keys(sqlite_template: Path, tmp_path: Path) -> None:
    file = tmp_path / "saved.db"
    shutil.copyfile(sqlite_template, file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE turns")
        connection.execute("CREATE VIEW turns AS SELECT 'enc1:0123456789abcdef:' AS question")
        connection.commit()

    assert keys_named_in(file) == frozenset()
    with pytest.raises(StorageError, match="is damaged: its table turns lacks id, "):
        await prepare(file, EPOCH, send_waiting=True)


@pytest.mark.parametrize("damage", ["torn", "cut", "another"])
async def test_a_file_that_is_not_sound_is_found_out(sqlite_template: Path, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "saved.db"
    content = sqlite_template.read_bytes()
    if damage == "torn":
        content = content[:8192] + b"\xff" * 4096 + content[12288:]
    file.write_bytes(b"words" if damage == "another" else content[: len(content) // 2] if damage == "cut" else content)

    with pytest.raises(StorageError, match=r"saved\.db: is damaged"):
        examine(file)


async def test_where_there_is_no_room_the_file_is_named_that_lacks_it(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.file is None:
        pytest.skip("a server writes no file of ours")

    async def full(_file: Path) -> None:
        raise StorageFull(f"database {database.where}: the disk is full")

    monkeypatch.setattr(database, "write_anew", full)

    with pytest.raises(StorageFull, match=r"saved\.db: the disk is full"):
        await save(database, tmp_path / "saved.db", unseen)
