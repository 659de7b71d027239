from __future__ import annotations

import json
from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from storage.access import AccessStore
from storage.broadcasts import BroadcastStore, key
from storage.database import Database, insert
from storage.digests import DigestStore
from storage.domain.access import Judged, Verdict
from storage.domain.broadcasts import Begun, Broadcast, BroadcastId, BroadcastState, Cancelled, Declined, Drafted
from storage.domain.changes import Spoken, Wished
from storage.domain.deliveries import BROADCAST, OutboxMessage, OutboxState
from storage.domain.digests import DigestSettings, QuietHours, Timetable
from storage.domain.people import ReaderId
from storage.outbox import OutboxStore
from storage.reader_settings import ReaderSettingsStore
from storage.readers import ReaderStore
from storage.schema import broadcasts as rows
from storage.schema import conversations, outbox
from storage.shut_out import DECLINED
from tests.storage.examples import EPOCH, lose

ID = BroadcastId(9)
DRAFT = Broadcast(id=ID, text="We move on Sunday.", made_at=EPOCH)


def telling(
    broadcast: Broadcast, reader: ReaderId, settings: DigestSettings | None, language: str | None
) -> OutboxMessage:
    text = f"{broadcast.text} {'' if settings is None else settings.timetable.quiet} {language}"
    return OutboxMessage(
        key=f"{key(broadcast.id)}{reader}",
        chat_id=int(reader.removeprefix("telegram:")),
        method="sendMessage",
        payload=json.dumps({"text": text}),
        created_at=EPOCH,
    )


@pytest.fixture
async def broadcasts(database: Database) -> BroadcastStore:
    """Readers 1 to 6, of whom 5 is lost and 6 blocked; a group, somebody met in one alone, and one at a terminal."""
    readers = ReaderSettingsStore(database)
    for number in (1, 2, 3, 5, 6):
        await readers.speak(Spoken(reader=ReaderId(f"telegram:{number}"), language="en"))
    await readers.speak(Spoken(reader=ReaderId("telegram:-5"), language="en"))
    await readers.speak(Spoken(reader=ReaderId("terminal:ada"), language="en"))
    quiet = Timetable(quiet=QuietHours(since=time(22), until=time(7)))
    settings = DigestSettings(reader=ReaderId("telegram:3"), since=EPOCH, timetable=quiet)
    await DigestStore(database).wish(Wished(settings=settings, at=EPOCH, wake_at=None))
    async with database.transaction() as connection:
        rows = [{"id": "telegram:4", "reader_id": "telegram:4"}, {"id": "telegram:-5", "reader_id": "telegram:77"}]
        await connection.execute(insert(connection, conversations), rows)
    await lose(database, 5)
    await AccessStore(database).admit(Judged(who="telegram:6", verdict=Verdict.BLOCKED, at=EPOCH))
    return BroadcastStore(database)


async def chats(database: Database) -> list[int]:
    async with database.reading() as connection:
        told = select(outbox.c.chat_id).where(outbox.c.key.startswith(BROADCAST)).order_by(outbox.c.chat_id)
        return list(await connection.scalars(told))


async def spread(broadcasts: BroadcastStore) -> list[int | None]:
    found = []
    while (enqueued := await broadcasts.spread(telling)) is not None:
        found.append(enqueued)
    return found


async def test_a_draft_goes_to_nobody_and_once_begun_to_everybody_who_talks_in_private(
    broadcasts: BroadcastStore, database: Database
) -> None:
    await broadcasts.change(Drafted(broadcast=DRAFT))
    kept, before = await broadcasts.get(ID), await spread(broadcasts)
    await broadcasts.change(Begun(id=ID))

    after = await spread(broadcasts)

    assert kept == DRAFT
    assert (await broadcasts.count(), before, after) == (4, [], [4, 0])
    assert await chats(database) == [1, 2, 3, 4]
    done = await broadcasts.get(ID)
    assert done is not None
    assert (done.state, done.text) == (BroadcastState.DONE, "")


async def test_each_is_told_with_how_they_want_to_be_told_things(
    broadcasts: BroadcastStore, database: Database
) -> None:
    await broadcasts.change(Drafted(broadcast=DRAFT))
    await broadcasts.change(Begun(id=ID))
    await spread(broadcasts)

    told = await OutboxStore(database).pending(key(ID))

    assert ["QuietHours" in each.payload for each in told] == [False, False, True, False]
    assert [" en" in each.payload for each in told] == [True, True, True, False]


async def test_whoever_goes_on_from_page_to_page_tells_nobody_twice(
    broadcasts: BroadcastStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.broadcasts._PAGE", 3)
    await broadcasts.change(Drafted(broadcast=DRAFT))
    await broadcasts.change(Begun(id=ID))
    await broadcasts.spread(telling)
    await broadcasts.change(Drafted(broadcast=DRAFT))
    await broadcasts.change(Begun(id=ID))

    assert await spread(broadcasts) == [1, 0]
    assert await chats(database) == [1, 2, 3, 4]


async def test_what_fails_in_the_middle_of_a_page_is_as_if_it_had_not_begun(
    broadcasts: BroadcastStore, database: Database
) -> None:
    await broadcasts.change(Drafted(broadcast=DRAFT))
    await broadcasts.change(Begun(id=ID))

    def failing(
        broadcast: Broadcast, reader: ReaderId, settings: DigestSettings | None, language: str | None
    ) -> OutboxMessage:
        if reader == "telegram:3":
            raise ValueError("no")
        return telling(broadcast, reader, settings, language)

    with pytest.raises(ValueError, match="no"):
        await broadcasts.spread(failing)

    assert await chats(database) == []
    assert await spread(broadcasts) == [4, 0]


async def test_nobody_who_was_forgotten_stands_for_how_far_it_has_come(
    database: Database, broadcasts: BroadcastStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def upto() -> str:
        async with database.reading() as connection:
            return str(await connection.scalar(select(rows.c.upto)))

    monkeypatch.setattr("storage.broadcasts._PAGE", 2)
    await broadcasts.change(Drafted(broadcast=DRAFT))
    await broadcasts.change(Begun(id=ID))
    await broadcasts.spread(telling)

    before = await upto()
    await ReaderStore(database).forget(ReaderId(before))
    forgotten = await upto()
    await spread(broadcasts)

    assert (before, forgotten, await upto()) == ("telegram:2", "", "")
    assert await chats(database) == [1, 3, 4]


async def test_what_is_cancelled_goes_to_nobody_more(
    broadcasts: BroadcastStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.broadcasts._PAGE", 2)
    await broadcasts.change(Drafted(broadcast=DRAFT))
    await broadcasts.change(Begun(id=ID))
    await broadcasts.spread(telling)
    sent = OutboxStore(database)
    await sent.claim(f"{key(ID)}telegram:1")
    await sent.sent(f"{key(ID)}telegram:1", 5)

    await broadcasts.change(Cancelled(id=ID))

    assert await spread(broadcasts) == []
    rows = [await sent.get(f"{key(ID)}telegram:{number}") for number in (1, 2, 3)]
    assert [row and row.state for row in rows] == [OutboxState.SENT, OutboxState.FAILED, None]
    assert [row.payload for row in rows if row] == ["", ""]
    await broadcasts.change(Begun(id=ID))
    assert await spread(broadcasts) == []


async def test_old_drafts_are_dropped_and_one_that_is_being_sent_is_not(
    broadcasts: BroadcastStore, database: Database
) -> None:
    for number in (1, 2):
        await broadcasts.change(Drafted(broadcast=Broadcast(id=BroadcastId(number), text="x", made_at=EPOCH)))
    await broadcasts.change(Begun(id=BroadcastId(2)))

    assert await broadcasts.prune(EPOCH + timedelta(seconds=1)) == 1
    assert await broadcasts.get(BroadcastId(2)) is not None
    assert await chats(database) == []


async def test_whoever_declined_is_not_told_until_they_want_it_again(
    broadcasts: BroadcastStore, database: Database
) -> None:
    for declined in (True, True, False, True):
        await broadcasts.change(Declined(reader=ReaderId("telegram:1"), declined=declined))
    await broadcasts.change(Declined(reader=ReaderId("telegram:2"), declined=True))
    await broadcasts.change(Declined(reader=ReaderId("telegram:2"), declined=False))
    await broadcasts.change(Drafted(broadcast=DRAFT))
    await broadcasts.change(Begun(id=ID))

    count = await broadcasts.count()
    await spread(broadcasts)

    assert count == 3
    assert await chats(database) == [2, 3, 4]


async def test_what_is_held_for_somebody_is_cancelled_with_the_rest(
    broadcasts: BroadcastStore, database: Database
) -> None:
    def held(
        broadcast: Broadcast, reader: ReaderId, settings: DigestSettings | None, language: str | None
    ) -> OutboxMessage:
        later = EPOCH + timedelta(hours=1)
        return replace(telling(broadcast, reader, settings, language), state=OutboxState.HELD, not_before=later)

    sent = OutboxStore(database)
    await broadcasts.change(Drafted(broadcast=DRAFT))
    await broadcasts.change(Begun(id=ID))
    await broadcasts.spread(held)
    waiting = await sent.pending(key(ID))

    await broadcasts.change(Cancelled(id=ID))

    assert waiting == ()
    assert await sent.wake(EPOCH + timedelta(hours=2)) == 0
    assert await sent.pending(key(ID)) == ()


async def test_what_waits_of_it_for_somebody_who_wants_none_any_more_is_dropped(
    broadcasts: BroadcastStore, database: Database
) -> None:
    await broadcasts.change(Drafted(broadcast=DRAFT))
    await broadcasts.change(Begun(id=ID))
    await broadcasts.spread(telling)
    sent = OutboxStore(database)

    await broadcasts.change(Declined(reader=ReaderId("telegram:1"), declined=True))

    dropped = await sent.get(f"{key(ID)}telegram:1")
    assert dropped is not None
    assert (dropped.state, dropped.error, dropped.payload) == (OutboxState.FAILED, DECLINED, "")
    assert [each.chat_id for each in await sent.pending(key(ID))] == [2, 3, 4]
