from __future__ import annotations

import asyncio
import shutil
import socket
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import numpy as np
import psycopg
import pytest
from sqlalchemy import exc, text

from storage.articles import ArticleStore
from storage.database import Database, chunks
from storage.dialogues import DialogueStore
from storage.domain.deliveries import InboxUpdate, OutboxMessage
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.news import ArticleId, Feed, FeedVisit, Filters, PassageId
from storage.domain.people import ReaderId
from storage.errors import StorageBusy, StorageError
from storage.feeds import FeedStore
from storage.inbox import InboxStore
from storage.outbox import OutboxStore
from tests.storage.examples import EPOCH, prepared

ADA = ReaderId("terminal:ada")
MESSAGE = OutboxMessage(key="k", chat_id=1, method="sendMessage", payload="{}", created_at=EPOCH)
UPDATE = InboxUpdate(update_id=1, payload="{}", received_at=EPOCH)
TURN = Turn(question="?", standalone="?", answer="!", cited=(), at=EPOCH)
ONE = np.ones((1, 4), dtype=np.float32)
VISIT = FeedVisit(url="https://one.example/rss", at=EPOCH, next_fetch_at=EPOCH)

WRITES: dict[str, Callable[[Database], Awaitable[object]]] = {
    "articles.save": lambda d: ArticleStore(d).save([prepared("new")]),
    "articles.remove": lambda d: ArticleStore(d).remove([ArticleId("a")]),
    "articles.link": lambda d: ArticleStore(d).link("https://one.example/rss", [ArticleId("a")]),
    "articles.store_vectors": lambda d: ArticleStore(d).store_vectors("mini", [PassageId(1)], ONE),
    "feeds.add": lambda d: FeedStore(d).add([Feed(url="https://two.example/rss")]),
    "feeds.remove": lambda d: FeedStore(d).remove("https://one.example/rss"),
    "feeds.record": lambda d: FeedStore(d).record(VISIT),
    "feeds.subscribe": lambda d: FeedStore(d).subscribe(ADA, Feed(url="https://two.example/rss")),
    "feeds.unsubscribe": lambda d: FeedStore(d).unsubscribe(ADA, "https://one.example/rss"),
    "dialogues.record": lambda d: DialogueStore(d).record(ConversationId("c"), ADA, TURN),
    "dialogues.forget": lambda d: DialogueStore(d).forget(ConversationId("c")),
    "inbox.accept": lambda d: InboxStore(d).accept([UPDATE]),
    "inbox.done": lambda d: InboxStore(d).done(1),
    "inbox.quarantine": lambda d: InboxStore(d).quarantine(1, "why"),
    "inbox.prune": lambda d: InboxStore(d).prune(EPOCH),
    "outbox.enqueue": lambda d: OutboxStore(d).enqueue([MESSAGE]),
    "outbox.keep": lambda d: OutboxStore(d).keep(MESSAGE),
    "outbox.claim": lambda d: OutboxStore(d).claim("k"),
    "outbox.sent": lambda d: OutboxStore(d).sent("k", 1),
    "outbox.unknown": lambda d: OutboxStore(d).unknown("k", "why"),
    "outbox.failed": lambda d: OutboxStore(d).failed("k", "why"),
    "outbox.release": lambda d: OutboxStore(d).release("k", "why"),
    "outbox.move": lambda d: OutboxStore(d).move(1, 2),
    "outbox.sweep": lambda d: OutboxStore(d).sweep(),
    "outbox.prune": lambda d: OutboxStore(d).prune(EPOCH),
}
READS: dict[str, Callable[[Database], Awaitable[object]]] = {
    "articles.get": lambda d: ArticleStore(d).get(ArticleId("a")),
    "articles.held": lambda d: ArticleStore(d).held(["https://one.example/a"]),
    "articles.near": lambda d: ArticleStore(d).near([1]),
    "articles.latest": lambda d: ArticleStore(d).latest(5, Filters(), None),
    "articles.with_prefix": lambda d: ArticleStore(d).with_prefix("a"),
    "articles.counts": lambda d: ArticleStore(d).counts(),
    "articles.passages": lambda d: ArticleStore(d).passages([PassageId(1)], filters=Filters(), reader=None),
    "articles.changes": lambda d: ArticleStore(d).changes(0, 10),
    "articles.passage_count": lambda d: ArticleStore(d).passage_count(),
    "articles.sample": lambda d: ArticleStore(d).sample(5),
    "articles.unencoded": lambda d: ArticleStore(d).unencoded("mini", 5),
    "articles.sources_like": lambda d: ArticleStore(d).sources_like("times"),
    "articles.vectors": lambda d: ArticleStore(d).vectors("mini", [PassageId(1)]),
    "feeds.list": lambda d: FeedStore(d).list(ADA),
    "feeds.due": lambda d: FeedStore(d).due(EPOCH),
    "feeds.known": lambda d: FeedStore(d).known(),
    "dialogues.history": lambda d: DialogueStore(d).history(ConversationId("c"), 5),
    "inbox.pending": lambda d: InboxStore(d).pending(5),
    "inbox.get": lambda d: InboxStore(d).get(1),
    "outbox.pending": lambda d: OutboxStore(d).pending("k"),
    "outbox.first_of_each": lambda d: OutboxStore(d).first_of_each("k"),
    "outbox.get": lambda d: OutboxStore(d).get("k"),
}


@pytest.fixture
async def impatient(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A database in `tidings.db` that does not wait for a lock."""
    shutil.copy(sqlite_template, tmp_path / "tidings.db")
    database = Database(f"sqlite:///{tmp_path / 'tidings.db'}", lock_timeout=0)
    yield database
    await database.close()


def damage(file: Path) -> None:
    """Overwrite all but the first page, by whose header a database is known."""
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


async def rows(database: Database) -> int:
    async with database.reading() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM conversations")) or 0)


async def add_row(database: Database, name: str) -> None:
    await DialogueStore(database).record(ConversationId(name), ADA, TURN)


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_every_write_to_a_locked_database_says_that_it_is_locked(
    impatient: Database, tmp_path: Path, write: Callable[[Database], Awaitable[object]]
) -> None:
    other = sqlite3.connect(tmp_path / "tidings.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageBusy, match=r"tidings\.db: is locked by another process; try again"):
        await write(impatient)

    other.close()
    await write(impatient)


async def test_reading_goes_on_while_another_process_writes(impatient: Database, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "tidings.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    for read in READS.values():
        await read(impatient)

    other.close()


@pytest.mark.parametrize("use", [*WRITES.values(), *READS.values()], ids=[*WRITES, *READS])
async def test_every_use_of_a_file_that_is_no_database_says_so(
    tmp_path: Path, use: Callable[[Database], Awaitable[object]]
) -> None:
    file = tmp_path / "garbage.db"
    file.write_bytes(b"This is not a database. " * 400)
    database = Database(f"sqlite:///{file}")

    with pytest.raises(StorageError, match=r"garbage\.db: is not a database; move the file away"):
        await use(database)

    await database.close()
    assert file.read_bytes() == b"This is not a database. " * 400


async def test_a_damaged_database_is_told_apart(sqlite_template: Path, tmp_path: Path) -> None:
    file = shutil.copy(sqlite_template, tmp_path / "tidings.db")
    damage(file)
    database = Database(f"sqlite:///{file}")

    with pytest.raises(StorageError, match=r"tidings\.db: is damaged; move the file away, or put a backup"):
        await ArticleStore(database).counts()

    await database.close()


async def test_a_missing_folder_is_named_with_what_to_do(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'missing' / 'tidings.db'}")

    with pytest.raises(StorageError, match=r"missing/tidings\.db: cannot be opened; check that its folder exists"):
        await database.migrate()

    await database.close()


async def test_no_thread_outlives_a_closed_database(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    database = Database(f"sqlite:///{tmp_path / 'tidings.db'}")
    opening = [asyncio.create_task(database.migrate()) for _ in range(4)]
    await asyncio.sleep(0)
    for task in opening:
        task.cancel()
    await asyncio.gather(*opening, return_exceptions=True)
    missing = Database(f"sqlite:///{tmp_path / 'missing' / 'tidings.db'}")
    with pytest.raises(StorageError):
        await missing.migrate()

    await database.close()
    await missing.close()

    assert not [left for left in set(threading.enumerate()) - before if "connection_worker" in left.name]


async def test_a_database_that_may_not_be_written_says_so(sqlite_template: Path, tmp_path: Path) -> None:
    file = shutil.copy(sqlite_template, tmp_path / "tidings.db")
    database = Database(f"sqlite:///file:{file}?mode=ro&uri=true")

    with pytest.raises(StorageError, match="may not be written; check the permissions"):
        await add_row(database, "ada")

    await database.close()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "cannot be read"),
        ("no url at all", "cannot be read"),
        ("postgresql://user:secret@host:port/name", "cannot be read"),
        ("mysql://user:secret@host/name", "mysql is not supported; use sqlite or postgresql"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_its_password(url: str, reason: str) -> None:
    with pytest.raises(StorageError, match=reason) as refusal:
        Database(url)

    assert "secret" not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
async def test_a_server_that_is_not_there_is_named_without_the_password(scheme: str) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        database = Database(f"{scheme}://ada:secret@127.0.0.1:{port}/news?password=secret")

        with pytest.raises(StorageError, match="cannot be reached") as failure:
            await database.migrate()

    assert f"postgresql://ada@127.0.0.1:{port}/news" in str(failure.value)
    assert "secret" not in f"{failure.value} {failure.value.__cause__}"


async def test_a_database_the_server_does_not_have_is_named(postgres: str) -> None:
    database = Database(f"{postgres}/nothing")

    with pytest.raises(StorageError, match='database "nothing" does not exist'):
        await database.migrate()


async def test_rows_another_process_holds_on_a_server_are_waited_for_and_given_up(empty_postgres: str) -> None:
    database = Database(empty_postgres, lock_timeout=0.05)
    await database.migrate()
    other = psycopg.connect(empty_postgres)
    other.execute("SELECT * FROM counters FOR UPDATE")

    with pytest.raises(StorageBusy, match="is locked by another process"):
        await ArticleStore(database).save([prepared("a")])

    other.close()
    assert (await ArticleStore(database).save([prepared("a")])).new == 1
    await database.close()


async def test_what_a_transaction_that_fails_wrote_is_undone(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as transaction:
            await OutboxStore(database).enqueue([MESSAGE], within=transaction)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()

    assert await OutboxStore(database).pending() == ()


async def test_all_that_is_read_at_once_is_of_one_moment(database_url: str, database: Database) -> None:
    other, count = Database(database_url), text("SELECT count(*) FROM turns")
    try:
        async with database.reading() as connection:
            before = await connection.scalar(count)
            await DialogueStore(other).record(ConversationId("c"), ADA, TURN)
            meanwhile = await connection.scalar(count)
        async with database.reading() as connection:
            after = await connection.scalar(count)
    finally:
        await other.close()

    assert (before, meanwhile, after) == (0, 0, 1)


async def test_a_mistake_of_ours_is_not_dressed_up_and_shows_no_data(database: Database) -> None:
    async def insert_twice() -> None:
        statement = text("INSERT INTO conversations (id, reader_id) VALUES (:id, :reader)")
        async with database.transaction() as transaction:
            for _ in range(2):
                await transaction.execute(statement, {"id": "c", "reader": "private words"})

    with pytest.raises(exc.IntegrityError) as mistake:
        await insert_twice()

    assert "private words" not in str(mistake.value)


async def test_writers_of_two_databases_on_one_file_wait_for_each_other(database_url: str) -> None:
    databases = [Database(database_url), Database(database_url)]

    async def write(number: int) -> None:
        store = ArticleStore(databases[number % 2])
        await store.save([prepared(f"a{number}")])
        await store.passage_count()

    await asyncio.gather(*(write(number) for number in range(40)))

    changes = await ArticleStore(databases[0]).changes(0, 1000)
    assert changes.revision == 40
    assert len(changes.added) == 80
    for database in databases:
        await database.close()


async def test_a_cancelled_writer_leaves_nothing_and_stands_in_nobodys_way(database: Database) -> None:
    inside = asyncio.Event()

    async def stuck() -> None:
        async with database.transaction() as transaction:
            await OutboxStore(database).enqueue([MESSAGE], within=transaction)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await inside.wait()
    waiting = asyncio.create_task(add_row(database, "ada"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await waiting

    assert await OutboxStore(database).pending() == ()
    assert await rows(database) == 1


async def test_writers_cancelled_anywhere_never_leave_the_database_locked(database: Database) -> None:
    store = ArticleStore(database)
    await store.save([prepared("first")])

    for turns in range(0, 60, 3):
        task = asyncio.create_task(store.save([prepared(f"a{turns}")]))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert (await store.save([prepared("last")])).new == 1
    counts = await store.counts()
    assert counts.passages == 2 * counts.articles


async def test_a_commit_is_durable_and_forgotten_words_are_overwritten(sqlite_template: Path, tmp_path: Path) -> None:
    file = shutil.copy(sqlite_template, tmp_path / "tidings.db")
    database = Database(f"sqlite:///{file}")

    async with database.reading() as connection:
        found = {
            pragma: await connection.scalar(text(f"PRAGMA {pragma}"))
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    await database.close()

    full = 2
    assert found == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 10_000,
    }


async def test_a_path_may_hold_any_letters(tmp_path: Path) -> None:
    folder = tmp_path / "Ada's 新闻 50% + more"
    folder.mkdir()
    database = Database(f"sqlite:///{folder / 'tidings.db'}")

    await database.migrate()

    await database.close()
    assert (folder / "tidings.db").is_file()


async def test_a_new_file_that_another_process_holds_is_waited_for_and_given_up(tmp_path: Path) -> None:
    file = tmp_path / "tidings.db"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    database = Database(f"sqlite:///{file}", lock_timeout=0.1)

    with pytest.raises(StorageBusy, match="is locked by another process"):
        await database.migrate()

    other.close()
    await database.migrate()
    assert await rows(database) == 0
    await database.close()


async def test_more_readers_than_connections_are_told_to_try_again(impatient: Database) -> None:
    async def read(depth: int) -> None:
        async with impatient.reading():
            if depth:
                await read(depth - 1)

    with pytest.raises(StorageBusy, match=r"tidings\.db: every connection is in use; try again"):
        await read(100)

    assert await rows(impatient) == 0


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(exc.StatementError, match="needs a time zone"):
        await FeedStore(database).due(EPOCH.replace(tzinfo=None))


def test_chunks_hold_everything_in_order() -> None:
    assert [list(chunk) for chunk in chunks(range(5), 2)] == [[0, 1], [2, 3], [4]]
    assert list(chunks([])) == []


async def test_the_room_of_what_was_deleted_on_a_server_is_free_to_be_taken(empty_postgres: str) -> None:
    database = Database(empty_postgres)
    await database.migrate()
    many = "INSERT INTO conversations SELECT 'c' || number, 'telegram:7' FROM generate_series(1, 400) AS number"
    for statement in (many, "DELETE FROM conversations"):
        async with database.transaction() as connection:
            await connection.execute(text(statement))

    async def dead() -> int:
        with psycopg.connect(empty_postgres, autocommit=True) as connection:
            connection.execute("ANALYZE conversations")
            connection.execute("SELECT pg_stat_force_next_flush()")
            found = connection.execute("SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'conversations'")
            return int((found.fetchone() or (0,))[0])

    before = await dead()
    done = await database.purge()

    assert (before, done, await dead()) == (400, True, 0)
    await database.close()


async def test_what_somebody_still_sees_on_a_server_is_not_said_to_be_gone(empty_postgres: str) -> None:
    database = Database(empty_postgres, lock_timeout=0.3)
    await database.migrate()
    async with database.transaction() as connection:
        await connection.execute(text("INSERT INTO conversations VALUES ('c', 'telegram:7')"))

    async with database.reading() as backup:
        await backup.execute(text("SELECT count(*) FROM conversations"))
        async with database.transaction() as connection:
            await connection.execute(text("DELETE FROM conversations"))
        while_it_reads = await database.purge()

    assert (while_it_reads, await database.purge()) == (False, True)
    await database.close()
