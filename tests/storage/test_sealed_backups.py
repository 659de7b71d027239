"""What of a backup is sealed, and who is forgotten in it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.backups import examine, prepare, save
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.digests import DigestStore
from storage.domain.changes import Followed, Given, Wished
from storage.domain.deliveries import InboxUpdate, OutboxMessage
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.digests import DigestSettings
from storage.domain.evidence import Evidence, EvidenceKind
from storage.domain.people import ReaderId
from storage.domain.summaries import Document, GivenDocument
from storage.evidence import EvidenceStore
from storage.follows import FollowStore
from storage.given import GivenStore
from storage.inbox import InboxStore
from storage.keys import Keys
from storage.outbox import OutboxStore
from storage.readers import ReaderStore
from storage.unreadable import Unreadable, keys_named_in
from tests.storage.examples import EPOCH
from tests.storage.test_copying import unseen

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")


async def live(database: Database, reader: ReaderId, word: str) -> None:
    """Have a reader say a word wherever they can."""
    number, conversation = int(reader.partition(":")[2]), ConversationId(reader)
    asked = Evidence(reader=reader, kind=EvidenceKind.ASKED, at=EPOCH, key=f"k{number}", text=word)
    turn = Turn(question=word, standalone=word, answer=word, cited=(), at=EPOCH)
    await DialogueStore(database).record(conversation, reader, turn, evidence=[asked])
    document = Document(text=word, title=word, url=word)
    given = GivenDocument(reader=reader, conversation=conversation, document=document, at=EPOCH)
    await GivenStore(database).keep(Given(given=given))
    await FollowStore(database).follow(Followed(reader=reader, story=None, words=word, language="en", at=EPOCH))
    settings = DigestSettings(reader=reader, since=EPOCH, active=True)
    await DigestStore(database).wish(Wished(settings=settings, at=EPOCH, wake_at=EPOCH))
    await InboxStore(database).accept(
        [InboxUpdate(update_id=number, payload=f'{{"text": "{word}"}}', received_at=EPOCH, chat_id=number)]
    )
    message = OutboxMessage(
        key=f"m{number}", chat_id=number, method="m", payload=f'{{"t": "{word}"}}', created_at=EPOCH
    )
    await OutboxStore(database).enqueue([message])


async def words_of(database: Database, reader: ReaderId) -> list[str | None]:
    """What is kept of a reader's words, where they said any."""
    conversation = ConversationId(reader)
    said = [turn.question for turn in await DialogueStore(database).history(conversation, 9)]
    noted = [each.text for each in (await EvidenceStore(database).of(reader)).values()]
    given = await GivenStore(database).of(reader, conversation)
    followed = [each.words for each in await FollowStore(database).of(reader)]
    return [*said, *noted, *([given.document.text] if given else []), *followed]


async def test_who_is_forgotten_is_forgotten_in_earlier_backups_and_stays_so_when_one_is_restored(
    database: Database, saved: Database, tmp_path: Path
) -> None:
    file = tmp_path / "saved.db"
    await live(database, ADA, "heronword")
    await live(database, BEN, "kestrelword")
    await save(database, file, unseen)
    before, in_backup = file.read_bytes(), await words_of(saved, ADA)
    await saved.close()

    await ReaderStore(database).forget(ADA)
    # Who comes again is another.
    await DialogueStore(database).record(
        ConversationId(ADA), ADA, Turn(question="new", standalone="new", answer="new", cited=(), at=EPOCH)
    )
    after = await words_of(saved, ADA)
    await saved.close()
    aside = await prepare(file, EPOCH, send_waiting=True, keys=database.keys)

    assert in_backup == ["heronword"] * 4
    assert b"heronword" not in before
    assert b"kestrelword" not in before
    assert after == []
    assert aside.unreadable == Unreadable(forgotten=1)
    assert await words_of(saved, BEN) == ["kestrelword"] * 4
    assert [await words_of(saved, ADA), await DigestStore(saved).settings(ADA)] == [[], None]
    # Whoever came again since keeps what they said since.
    assert await words_of(database, ADA) == ["new"]
    assert ADA.encode() not in file.read_bytes()


async def test_whoever_came_after_a_file_of_keys_was_written_is_not_taken_for_forgotten(
    database: Database, saved: Database, tmp_path: Path
) -> None:
    file, carla = tmp_path / "saved.db", ReaderId("telegram:9")
    for reader in (ADA, BEN):
        await live(database, reader, "heronword")
    apart = Keys(lambda: Database(f"sqlite:///{tmp_path / 'apart.db'}"))
    await live(database, carla, "heronword")
    await save(database, file, unseen)
    mine = await database.keys.of([ADA, BEN, carla])
    await apart.take(database.keys, [mine[ADA].id, mine[BEN].id])
    await ReaderStore(database).forget(ADA)
    await apart.lose(ADA)

    aside = await prepare(file, EPOCH, send_waiting=True, keys=apart)
    await apart.close()

    assert aside.unreadable == Unreadable(forgotten=1, keyless=1)
    kept = [await DigestStore(saved).settings(reader) is not None for reader in (ADA, BEN, carla)]
    assert kept == [False, True, True]
    assert [len(await words_of(saved, reader)) for reader in (ADA, carla)] == [0, 0]


async def test_no_key_is_in_a_backup_though_they_stand_in_the_database_itself(
    sqlite_template: Path, tmp_path: Path
) -> None:
    file, keys = Path(shutil.copyfile(sqlite_template, tmp_path / "tidings.db")), tmp_path / "keys.db"
    kept = Keys(lambda: Database(f"sqlite:///{keys}"))
    await kept.of([ADA])
    await kept.close()
    with closing(sqlite3.connect(file)) as database:
        database.execute("ATTACH ? AS keys", (str(keys),))
        database.execute("CREATE TABLE reader_keys AS SELECT * FROM keys.reader_keys")
        database.commit()
        ((bits,),) = database.execute("SELECT key FROM reader_keys").fetchall()
    instance = Database(f"sqlite:///{file}")
    await save(instance, tmp_path / "saved.db", unseen)
    await instance.close()

    assert bits in file.read_bytes()
    assert bits not in (tmp_path / "saved.db").read_bytes()
    assert "reader_keys" not in examine(tmp_path / "saved.db").tables


async def test_without_its_keys_a_backup_has_all_but_what_is_sealed(
    database: Database, saved: Database, tmp_path: Path
) -> None:
    file = tmp_path / "saved.db"
    await live(database, ADA, "heronword")
    await save(database, file, unseen)
    elsewhere = Keys(lambda: Database(f"sqlite:///{tmp_path / 'elsewhere.db'}"))

    named = keys_named_in(file)
    aside = await prepare(file, EPOCH, send_waiting=True, keys=elsewhere)
    await elsewhere.close()

    assert named == await database.keys.ids()
    assert aside.unreadable == Unreadable(keyless=1)
    assert await words_of(saved, ADA) == []
    assert await DigestStore(saved).settings(ADA) is not None
    update, message = await InboxStore(saved).get(7), await OutboxStore(saved).get("m7")
    assert update is not None
    assert message is not None
    assert (update.state, update.payload, message.state, message.payload) == ("done", "", "failed", "")


async def test_in_a_file_and_its_journal_stands_no_word_that_a_reader_said(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'tidings.db'}")
    await database.migrate()
    for number in range(20):
        await live(database, ReaderId(f"telegram:{number}"), "heronword")
    await InboxStore(database).done(3)
    written = {path.name: path.read_bytes() for path in tmp_path.glob("*.db*")}
    await database.close()

    assert {"tidings.db", "tidings.db-wal", "tidings-keys.db"} <= written.keys()
    assert [name for name, content in written.items() if b"heronword" in content] == []
