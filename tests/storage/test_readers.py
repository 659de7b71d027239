"""All that is kept of a reader: given whole, forgotten whole, and nothing of anybody else."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Boolean, Float, LargeBinary, func, select
from sqlalchemy.types import BigInteger, Integer, TypeEngine

from storage.articles import ArticleStore
from storage.columns import Moment
from storage.database import Database, Transaction, insert
from storage.dialogues import DialogueStore
from storage.digests import DigestStore
from storage.domain.changes import Forgotten, Wished
from storage.domain.deliveries import FAREWELL, InboxState, InboxUpdate, OutboxMessage
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.feedback import About, Thing
from storage.domain.news import ArticleId, Feed, Filters
from storage.domain.people import ReaderId
from storage.feeds import FeedStore
from storage.inbox import InboxStore
from storage.outbox import OutboxStore
from storage.readers import OWN, PARTS, ReaderStore
from storage.schema import conversations, inbox, metadata, outbox
from storage.sealed import opened, sealed
from tests.storage.examples import EPOCH, prepared
from tests.storage.test_digests import WHOLE, digest, item, settled

ADA, BEN, CLEO = ReaderId("telegram:7"), ReaderId("telegram:77"), ReaderId("terminal:cleo")
MARK = "Zwetschgendatschi"
TALK, GROUP = ConversationId("telegram:7"), ConversationId("telegram:-5")
OWN_FEED, SHARED = f"https://own.example/{MARK}", "https://shared.example/rss"

_NUMBERS = count(1_000)


@pytest.fixture
def readers(database: Database) -> ReaderStore:
    return ReaderStore(database)


def turn(words: str, n: int = 0) -> Turn:
    return Turn(
        question=f"{words}?",
        standalone=f"Understood: {words}?",
        answer=f"About {words}. [1]",
        cited=(ArticleId("public"),),
        at=EPOCH + timedelta(minutes=n),
    )


def update(number: int, text: str, *, chat: int = 7, sender: int = 7, **given: Any) -> InboxUpdate:
    message = {"message_id": number, "chat": {"id": chat}, "from": {"id": sender}, "text": text, **given}
    payload = json.dumps({"update_id": number, "message": message})
    return InboxUpdate(update_id=number, payload=payload, received_at=EPOCH, chat_id=chat)


def message(key: str, text: str = "words", *, chat: int = 7, about: ReaderId | None = None) -> OutboxMessage:
    told = None if about is None else About(ref=key, reader=about, language="en", things=(Thing(articles=(AN_ID,)),))
    return OutboxMessage(
        key=key, chat_id=chat, method="sendMessage", payload=json.dumps({"text": text}), created_at=EPOCH, about=told
    )


AN_ID = ArticleId("public")


async def fill(connection: Transaction, reader: ReaderId, words: str) -> None:
    """A row of the reader's in every table that names readers, whichever these are, with these words in it."""
    conversation = f"{reader}:{next(_NUMBERS)}"
    for table in OWN:
        values = {column.name: _value(column.type, words) for column in table.columns}
        # What refers to another row refers to the reader's own.
        values |= {"reader_id": reader, "conversation_id": conversation, "cited": "[]", "wishes": "{}"}
        if table is conversations:
            values["id"] = conversation
        if table.name == "follow_texts":
            values["follow_id"] = await connection.scalar(select(func.max(metadata.tables["follows"].c.id)))
        rows = await sealed(connection, table, [{c.name: values[c.name] for c in table.columns}])
        await connection.execute(insert(connection, table).on_conflict_do_nothing(), rows)


def _value(kind: TypeEngine[Any], words: str) -> object:
    if isinstance(kind, Moment):
        return EPOCH
    for kinds, value in {
        (Boolean,): True,
        (Integer, BigInteger): next(_NUMBERS),
        (Float,): 0.5,
        (LargeBinary,): words.encode(),
    }.items():
        if isinstance(kind, kinds):
            return value
    return f"{words} {next(_NUMBERS)}"


async def counts(database: Database, reader: ReaderId) -> dict[str, int]:
    async with database.reading() as connection:
        found = {}
        for table in metadata.tables.values():
            if "reader_id" in table.c:
                mine = select(func.count()).select_from(table).where(table.c.reader_id == reader)
                found[table.name] = int(await connection.scalar(mine) or 0)
        return found


async def words_in(database: Database, words: str) -> dict[str, int]:
    """In how many rows of which tables the words stand, sealed or not."""
    found: dict[str, int] = {}
    async with database.reading() as connection:
        for table in metadata.tables.values():
            for row in await opened(connection, await connection.execute(select(table)), table, lost=""):
                held = [getattr(row, column.name) for column in table.c]
                if any(
                    words in (each.decode(errors="ignore") if isinstance(each, bytes) else str(each)) for each in held
                ):
                    found[table.name] = found.get(table.name, 0) + 1
    return found


async def lived_in(database: Database, *, words: str = MARK) -> None:
    """An instance in which Ada has done everything, and Ben and Cleo something."""
    async with database.transaction() as connection:
        await fill(connection, ADA, words)
        await fill(connection, BEN, "of Ben")
        await fill(connection, CLEO, "of Cleo")
    feeds, articles = FeedStore(database), ArticleStore(database)
    await feeds.add([Feed(url=SHARED, title="Shared")])
    await feeds.subscribe(ADA, Feed(url=OWN_FEED, title="Own"))
    await articles.save(
        [
            prepared("public", "Everybody reads this. And that.", feed=SHARED),
            prepared("own", f"Only Ada reads {words}. And that.", feed=OWN_FEED, audience=OWN_FEED),
        ]
    )
    dialogues = DialogueStore(database)
    await dialogues.record(TALK, ADA, turn(words))
    await InboxStore(database).accept(
        [update(1, words), update(2, words, chat=-5), update(3, "by Ben", chat=77, sender=77)]
    )
    outbox_ = OutboxStore(database)
    await outbox_.enqueue([message("a:1", words), message("b:1", "to Ben", chat=77)])
    await outbox_.enqueue([message("c:1", words, chat=-5, about=ADA), message("d:1", chat=-5, about=BEN)])


def test_every_table_that_names_readers_is_given_and_forgotten() -> None:
    naming = {name for name, table in metadata.tables.items() if "reader_id" in table.c}

    assert {table.name for table in OWN} == naming
    assert naming | {"inbox", "outbox", "articles"} == set(PARTS)


async def test_nothing_is_left_of_who_is_forgotten_and_everything_of_the_others(
    database: Database, readers: ReaderStore
) -> None:
    await lived_in(database)
    before = {reader: await counts(database, reader) for reader in (ADA, BEN, CLEO)}

    gone = await readers.forget(ADA)

    assert all(before[ADA].values())
    assert not any((await counts(database, ADA)).values())
    assert {reader: await counts(database, reader) for reader in (BEN, CLEO)} == {
        BEN: before[BEN],
        CLEO: before[CLEO],
    }
    assert await words_in(database, MARK) == {}
    assert gone["evidence"] == gone["articles"] == gone["feeds"] == 1
    assert (gone["turns"], gone["outbox"], gone["inbox"]) == (2, 2, 2)
    assert [each.key for each in await OutboxStore(database).pending()] == ["b:1", "d:1"]
    assert [each.update_id for each in await InboxStore(database).pending(9)] == [3]


async def test_forgetting_again_finds_nothing(database: Database, readers: ReaderStore) -> None:
    await lived_in(database)
    await readers.forget(ADA)

    assert await readers.forget(ADA) == {}
    assert await readers.forget(ReaderId("terminal:nobody")) == {}
    assert not await readers.known(ADA)
    assert await readers.known(BEN)


async def test_what_is_given_is_all_of_the_reader_and_nothing_of_the_others(
    database: Database, readers: ReaderStore
) -> None:
    await lived_in(database)

    kept = await readers.export(ADA)

    assert tuple(kept) == PARTS
    text = json.dumps(kept)
    assert "Ben" not in text
    assert "Cleo" not in text
    assert all(kept[part] for part in PARTS)
    assert {table: len(kept[table]) for table in await counts(database, ADA)} == await counts(database, ADA)
    assert base64.b64decode(str(kept["profiles"][0]["data"])) == MARK.encode()
    assert kept["articles"] == [{"id": "public", "title": "A title", "url": None, "source": None, "published": None}]
    assert [each["update_id"] for each in kept["inbox"]] == [1, 2]
    assert [each["payload"] for each in kept["outbox"]] == [{"text": MARK}, {"text": MARK}]


async def test_what_is_given_of_a_group_is_ones_own_and_shows_nothing_of_what_others_asked(
    database: Database, readers: ReaderStore
) -> None:
    dialogues = DialogueStore(database)
    for asker, words in ((BEN, "Ben's secret"), (ADA, "ferries"), (BEN, "more")):
        await dialogues.record(GROUP, asker, turn(words))

    kept = await readers.export(ADA)

    assert [(row["question"], "standalone" in row) for row in kept["turns"]] == [("ferries?", False)]
    assert kept["conversations"] == []


async def test_who_goes_from_a_group_takes_what_was_asked_on_from_their_words(
    database: Database, readers: ReaderStore
) -> None:
    dialogues = DialogueStore(database)
    for asker, words in ((ADA, "first"), (BEN, "second")):
        await dialogues.record(GROUP, asker, turn(words))
    other = ConversationId("telegram:-6")
    for asker, words in ((BEN, "before"), (ADA, MARK), (CLEO, f"on {MARK}")):
        await dialogues.record(other, asker, turn(words))

    await readers.forget(ADA)

    assert await dialogues.history(GROUP, 9) == ()
    assert [each.question for each in await dialogues.history(other, 9)] == ["before?"]


async def test_a_group_that_someone_began_stays_with_those_who_asked_before_them(
    database: Database, readers: ReaderStore
) -> None:
    dialogues = DialogueStore(database)
    await dialogues.record(GROUP, BEN, turn("before"))
    async with database.transaction() as connection:
        await connection.execute(conversations.update().values(reader_id=ADA))

    await readers.forget(ADA)

    async with database.reading() as connection:
        assert list(await connection.scalars(select(conversations.c.reader_id))) == [BEN]
    assert len(await dialogues.history(GROUP, 9)) == 1


async def test_articles_and_feeds_that_others_have_too_stay(database: Database, readers: ReaderStore) -> None:
    feeds, articles = FeedStore(database), ArticleStore(database)
    both, left, once_shared = (f"https://{name}.example/" for name in ("both", "left", "once"))
    await feeds.add([Feed(url=once_shared)])
    for url in (both, left):
        for reader in (ADA, BEN):
            await feeds.subscribe(reader, Feed(url=url))
    await articles.save(
        [
            prepared("both", feed=both, audience=both),
            prepared("left", feed=left, audience=left),
            prepared("everyone", feed=once_shared),
        ]
    )
    await feeds.remove(left)
    await feeds.remove(once_shared)
    await feeds.subscribe(ADA, Feed(url=once_shared))
    await articles.save([prepared("late", feed=once_shared, audience=once_shared)])

    await readers.forget(ADA)

    held = {name for name in ("both", "left", "everyone", "late") if await articles.get(ArticleId(name))}
    assert held == {"both", "left", "everyone"}
    assert {str(each.id) for each in await articles.latest(9, Filters(), BEN)} == held
    assert [each.url for each in await feeds.list()] == [both]


async def test_a_feed_given_up_before_is_forgotten_too(database: Database, readers: ReaderStore) -> None:
    feeds = FeedStore(database)
    await feeds.subscribe(ADA, Feed(url=OWN_FEED))
    await ArticleStore(database).save([prepared("own", feed=OWN_FEED, audience=OWN_FEED)])
    await feeds.unsubscribe(ADA, OWN_FEED)

    await readers.forget(ADA)

    assert await words_in(database, MARK) == {}
    assert await ArticleStore(database).get(ArticleId("own")) is None
    assert await feeds.known()


async def test_updates_keep_their_numbers_so_that_none_is_dealt_with_twice(
    database: Database, readers: ReaderStore
) -> None:
    inbox_ = InboxStore(database)
    await inbox_.accept([update(1, MARK), update(2, MARK, chat=-5)])
    await inbox_.quarantine(1, "odd")

    await readers.forget(ADA)

    assert await inbox_.accept([update(1, MARK), update(2, MARK, chat=-5)]) == 0
    assert await inbox_.pending(9) == ()
    first, second = [await inbox_.get(number) for number in (1, 2)]
    assert first is not None
    assert second is not None
    assert (first.state, first.payload, first.chat_id) == (InboxState.QUARANTINED, "", None)
    assert (second.state, second.payload, second.chat_id) == (InboxState.DONE, "", None)


async def test_what_others_wrote_that_names_them_waits_to_be_answered_but_is_not_kept(
    database: Database, readers: ReaderStore
) -> None:
    inbox_ = InboxStore(database)
    answered = {"reply_to_message": {"from": {"id": 7}, "text": MARK}}
    unreadable = InboxUpdate(
        update_id=3,
        payload=json.dumps('{"update_id": 3, "message": {"from": {"id": 7}, ' + MARK),
        received_at=EPOCH,
        state=InboxState.QUARANTINED,
    )
    await inbox_.accept([update(n, "and?", chat=-5, sender=77, **answered) for n in (1, 2)])
    await inbox_.accept([unreadable, update(4, "id 7 of 77", sender=77, chat=77)])
    await inbox_.quarantine(1, "odd")

    await readers.forget(ADA)

    kept = {number: await inbox_.get(number) for number in (1, 2, 3, 4)}
    assert {number: bool(each and each.payload) for number, each in kept.items()} == {
        1: False,
        2: True,
        3: False,
        4: True,
    }
    assert [each.update_id for each in await inbox_.pending(9)] == [2, 4]


async def test_forgotten_in_their_chat_they_get_a_farewell_and_are_new_from_the_next_word_on(
    database: Database,
) -> None:
    inbox_, outbox_ = InboxStore(database), OutboxStore(database)
    await lived_in(database)
    await inbox_.accept([update(8, "/forget everything"), update(9, "hello again")])
    farewell = message(f"update-8:{FAREWELL}1", "Forgotten.")

    await inbox_.done(8, [farewell], [Forgotten(reader=ADA)])
    pending = [each.key for each in await outbox_.pending() if each.chat_id == 7]
    await outbox_.claim(farewell.key)
    await outbox_.sent(farewell.key, 5)

    assert pending == [farewell.key]
    assert not any((await counts(database, ADA)).values())
    # What waits in the chats of before and after is a new reader's.
    assert [each.update_id for each in await inbox_.pending(9) if each.chat_id == 7] == [1, 9]
    async with database.reading() as connection:
        assert await connection.scalar(select(func.count()).where(outbox.c.chat_id == 7)) == 0
        assert await connection.scalar(select(inbox.c.chat_id).where(inbox.c.update_id == 8)) is None


async def test_whoever_cannot_be_reached_by_their_farewell_or_is_forgotten_meanwhile_leaves_nothing(
    database: Database,
) -> None:
    inbox_, outbox_ = InboxStore(database), OutboxStore(database)
    await lived_in(database)
    await outbox_.enqueue([message("digest-1", "News.")])
    await outbox_.claim("digest-1")
    await inbox_.accept([update(8, "/forget everything")])
    farewell = message(f"update-8:{FAREWELL}1", "Forgotten.")
    await inbox_.done(8, [farewell], [Forgotten(reader=ADA)])
    await outbox_.claim(farewell.key)

    for key in ("digest-1", farewell.key):
        await outbox_.failed(key, "403 Forbidden: bot was blocked by the user", EPOCH)

    assert not any((await counts(database, ADA)).values())
    async with database.reading() as connection:
        assert await connection.scalar(select(func.count()).where(outbox.c.chat_id == 7)) == 0


async def test_no_farewell_is_left_by_a_process_that_ended_while_sending_it(database: Database) -> None:
    outbox_ = OutboxStore(database)
    keys = [f"update-8:{FAREWELL}1", "update-9:1"]
    await outbox_.enqueue([message(key) for key in keys])
    for key in keys:
        await outbox_.claim(key)

    await outbox_.sweep()

    assert [await outbox_.get(key) is None for key in keys] == [True, False]


async def test_a_digest_that_was_made_meanwhile_is_not_sent(database: Database, readers: ReaderStore) -> None:
    digests = DigestStore(database)
    await digests.wish(Wished(settings=WHOLE, at=EPOCH, wake_at=EPOCH))
    made = settled(digest(item()), "2025-12-31T08:00")
    await readers.forget(WHOLE.reader)

    assert not await digests.settle(made, [message("digest-1")])
    assert not await digests.alert(digest(item()), [message("breaking-1")])
    assert not any((await counts(database, WHOLE.reader)).values())
    assert await OutboxStore(database).pending() == ()
