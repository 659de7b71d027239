"""That whoever was forgotten since a backup stays so when it is restored, though they had written nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, select

from storage import migrations
from storage.backups import prepare, save
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.digests import DigestStore
from storage.domain.changes import Wished
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.digests import DigestSettings
from storage.domain.people import ReaderId
from storage.keys import Keys, of_mark
from storage.marks import drop_idle_marks, mark_readers
from storage.readers import ReaderStore
from storage.schema import digest_settings, reader_marks
from storage.unreadable import Unreadable
from tests.storage.examples import EPOCH
from tests.storage.test_copying import unseen

ADA, BEN, CARLA = ReaderId("telegram:7"), ReaderId("telegram:8"), ReaderId("telegram:9")


async def tap(database: Database, *readers: ReaderId) -> None:
    """They set their digests and write nothing."""
    for reader in readers:
        settings = DigestSettings(reader=reader, since=EPOCH, active=True)
        await DigestStore(database).wish(Wished(settings=settings, at=EPOCH, wake_at=EPOCH))


async def write(database: Database, reader: ReaderId) -> None:
    turn = Turn(question="heronword", standalone="heronword", answer="heronword", cited=(), at=EPOCH)
    await DialogueStore(database).record(ConversationId(reader), reader, turn)


async def marked(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list(await connection.scalars(select(reader_marks.c.reader_id).order_by(reader_marks.c.reader_id)))


async def left(database: Database, *readers: ReaderId) -> list[bool]:
    """Of whom something is kept."""
    return [await ReaderStore(database).known(reader) for reader in readers]


async def test_who_had_written_nothing_by_then_stays_forgotten_when_a_backup_is_restored(
    database: Database, saved: Database, tmp_path: Path
) -> None:
    await tap(database, ADA, BEN, CARLA)
    await write(database, CARLA)
    number = await mark_readers(database)
    await save(database, tmp_path / "saved.db", unseen)
    await ReaderStore(database).forget(ADA)
    # Who comes again is another.
    await tap(database, ADA)

    aside = await prepare(tmp_path / "saved.db", EPOCH, send_waiting=True, keys=database.keys)

    assert number == 2
    assert aside.unreadable == Unreadable(forgotten=1)
    assert await left(saved, ADA, BEN, CARLA) == [False, True, True]
    assert await left(database, ADA) == [True]
    assert ADA.encode() not in (tmp_path / "saved.db").read_bytes()


async def test_each_is_marked_once_and_only_who_has_nothing_sealed(database: Database) -> None:
    await tap(database, ADA, BEN)
    await write(database, BEN)

    numbers = [await mark_readers(database) for _ in range(2)]

    assert numbers == [1, 0]
    assert await marked(database) == [ADA]
    (row,) = (await ReaderStore(database).export(ADA))["reader_marks"]
    assert row == {"mark": "-"}


async def test_a_mark_goes_with_all_else_and_by_itself_once_nothing_else_is_kept(database: Database) -> None:
    await tap(database, ADA, BEN)
    await mark_readers(database)
    # BEN begins to write, in another process, as their mark is found idle.
    keys = await database.keys.of([ADA, of_mark(ADA), BEN, of_mark(BEN)])
    await ReaderStore(database).forget(ADA)
    async with database.transaction() as connection:
        await connection.execute(delete(digest_settings).where(digest_settings.c.reader_id == BEN))

    dropped = [await drop_idle_marks(database) for _ in range(2)]

    assert dropped == [1, 0]
    assert await marked(database) == []
    assert await database.keys.gone() == {keys[ADA].id, keys[of_mark(ADA)].id, keys[of_mark(BEN)].id}
    assert list(await database.keys.named([keys[BEN].id])) == [keys[BEN].id]
    assert await ReaderStore(database).unfinished()


async def test_where_their_keys_are_missing_nobody_is_taken_for_forgotten_nor_to_have_written(
    database: Database, saved: Database, tmp_path: Path
) -> None:
    await tap(database, ADA)
    await mark_readers(database)
    await save(database, tmp_path / "saved.db", unseen)
    elsewhere = Keys(lambda: Database(f"sqlite:///{tmp_path / 'elsewhere.db'}"))
    await elsewhere.of([BEN])

    aside = await prepare(tmp_path / "saved.db", EPOCH, send_waiting=True, keys=elsewhere)
    await elsewhere.close()

    assert aside.unreadable == Unreadable(unmarked=1)
    assert await left(saved, ADA) == [True]


async def test_of_a_backup_without_marks_it_is_told_of_how_many_nothing_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'tidings.db'}")
    with monkeypatch.context() as before:
        before.setattr(migrations, "HEAD", "0024")
        await database.migrate()
    await tap(database, ADA, BEN)
    await write(database, BEN)
    await database.close()

    aside = await prepare(tmp_path / "tidings.db", EPOCH, send_waiting=True, keys=database.keys)

    assert aside.unreadable == Unreadable(unmarked=1)
