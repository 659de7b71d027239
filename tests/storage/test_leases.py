from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

import storage.leases
from storage.database import Database
from storage.domain.deliveries import InboxUpdate, OutboxMessage, OutboxState
from storage.domain.leases import Lease, of_chat
from storage.domain.pacing import Bounds
from storage.inbox import InboxStore
from storage.leases import LASTS, LeaseStore
from storage.outbox import OutboxStore
from storage.paces import PaceStore
from storage.schema import leases, paces
from tests import postgres as server
from tests.storage.examples import EPOCH


class House:
    """Two processes on one database, by a clock that is set."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = EPOCH
        self.ada, self.ben = LeaseStore(database, "ada"), LeaseStore(database, "ben")

        async def present(_connection: object) -> datetime:
            return self.now

        monkeypatch.setattr(storage.leases, "present", present)


@pytest.fixture
def house(database: Database, monkeypatch: pytest.MonkeyPatch) -> House:
    return House(database, monkeypatch)


async def test_what_one_has_no_other_gets_until_it_is_given_back(house: House) -> None:
    for each in (house.ada, house.ben):
        await each.beat()

    assert await house.ada.take("x") is Lease.MINE
    assert await house.ben.take("x") is Lease.ELSEWHERE
    assert await house.ben.take("y") is Lease.MINE
    await house.ben.give_back("x")
    assert await house.ben.take("x") is Lease.ELSEWHERE
    await house.ada.give_back("x")
    assert await house.ben.take("x") is Lease.MINE


async def test_what_one_had_who_says_nothing_any_more_is_inherited_once(house: House) -> None:
    await house.ada.beat()
    await house.ben.beat()
    await house.ada.take("x")

    house.now += LASTS - timedelta(seconds=1)
    await house.ben.beat()
    before = await house.ben.take("x")
    house.now += timedelta(seconds=1)

    assert before is Lease.ELSEWHERE
    assert await house.ben.take("x") is Lease.INHERITED
    await house.ada.beat()
    assert await house.ada.take("x") is Lease.ELSEWHERE
    await house.ben.leave()
    assert await house.ada.take("x") is Lease.MINE


async def test_who_says_again_that_they_are_there_hears_whether_others_believed_it(house: House) -> None:
    heard = []
    for seconds in (0, 1, 14, 15, 1, 200_000):
        house.now += timedelta(seconds=seconds)
        heard.append(await house.ada.beat())
        await house.ben.beat()

    assert heard == [False, True, True, False, True, False]


async def test_of_who_is_gone_for_a_day_nothing_is_kept(house: House, database: Database) -> None:
    await house.ada.beat()
    await house.ada.take(of_chat(7))
    house.now += timedelta(days=1, minutes=1)
    await house.ben.beat()
    await house.ben.take(of_chat(8))

    await house.ben.beat()

    async with database.reading() as connection:
        kept = (await connection.scalars(select(leases.c.name))).all()
    assert kept == ["chat:8"]


async def test_of_many_who_ask_at_once_one_gets_it(database: Database) -> None:
    stores = [LeaseStore(database, f"p{number}") for number in range(8)]
    await asyncio.gather(*(store.beat() for store in stores))

    taken = await asyncio.gather(*(store.take("x") for store in stores))

    assert sorted(taken) == [Lease.ELSEWHERE] * 7 + [Lease.MINE]


async def test_what_is_being_sent_is_unknown_once_who_sends_it_is_no_more(house: House, database: Database) -> None:
    outbox = OutboxStore(database)
    messages = [
        OutboxMessage(key=f"k{chat}", chat_id=chat, method="sendMessage", payload="{}", created_at=EPOCH)
        for chat in (7, -8, 9)
    ]
    await outbox.enqueue(messages)
    await house.ada.beat()
    await house.ada.take(of_chat(7))
    await house.ada.take(of_chat(-8))
    for message in messages:
        await outbox.claim(message.key)

    swept = await outbox.sweep()
    states = [(await outbox.get(message.key)).state for message in messages]  # type: ignore[union-attr]
    house.now += LASTS

    assert (swept, states) == (1, [OutboxState.SENDING, OutboxState.SENDING, OutboxState.UNKNOWN])
    assert await outbox.sweep() == 2


async def test_what_became_unknown_as_a_chat_was_taken_over_is_told_once_with_what_is_swept(
    house: House, database: Database
) -> None:
    outbox = OutboxStore(database)
    message = OutboxMessage(key="k", chat_id=7, method="sendMessage", payload="{}", created_at=EPOCH)
    await outbox.enqueue([message])
    await house.ada.beat()
    await house.ada.take(of_chat(7))
    await outbox.claim("k")
    house.now += LASTS

    assert await house.ben.take(of_chat(7)) is Lease.INHERITED
    assert [await outbox.sweep(), await outbox.sweep()] == [1, 0]


@pytest.mark.parametrize("chat", [7, None])
async def test_of_a_chat_that_is_inherited_what_was_begun_is_counted_whoever_inherits_it(
    house: House, database: Database, chat: int | None
) -> None:
    inbox, outbox = InboxStore(database), OutboxStore(database)
    await inbox.accept(
        [
            InboxUpdate(update_id=n, payload="{}", received_at=EPOCH, chat_id=whose)
            for n, whose in ((1, chat), (2, 8), (3, chat))
        ]
    )
    sending = OutboxMessage(
        key="k", chat_id=7, method="sendMessage", payload="{}", created_at=EPOCH, state=OutboxState.SENDING
    )
    await outbox.enqueue([sending])
    await house.ada.beat()
    await house.ada.take(of_chat(chat))
    house.now += LASTS
    await house.ben.beat()

    assert await house.ben.take(of_chat(chat)) is Lease.INHERITED

    assert [(each.update_id, each.starts) for each in await inbox.pending(9)] == [(1, 1), (2, 0), (3, 0)]
    kept = await outbox.get("k")
    assert kept is not None
    assert kept.state is (OutboxState.SENDING if chat is None else OutboxState.UNKNOWN)


async def test_what_waits_in_chats_of_others_is_not_looked_at(house: House, database: Database) -> None:
    inbox = InboxStore(database)
    await inbox.accept(
        [
            InboxUpdate(update_id=n, payload="{}", received_at=EPOCH, chat_id=chat)
            for n, chat in ((1, 7), (2, None), (3, -8), (4, 9))
        ]
    )
    await house.ada.beat()
    await house.ben.beat()
    for chat in (7, None):
        await house.ada.take(of_chat(chat))
    await house.ben.take(of_chat(-8))

    async def seen(by: str | None) -> list[int]:
        return [each.update_id for each in await inbox.pending(2, by)]

    before = [await seen("ben"), await seen("ada"), await seen(None)]
    house.now += LASTS

    assert before == [[3, 4], [1, 2], [1, 2]]
    assert await seen("ben") == [1, 2]


async def test_a_busy_process_says_that_it_is_there_without_waiting_for_who_writes_or_sends(
    postgres_tables: str,
) -> None:
    server.empty(postgres_tables)
    database, heart = (Database(postgres_tables, lock_timeout=5) for _ in range(2))
    ada = LeaseStore(database, "ada", heart)
    await PaceStore(database).turn(7, Bounds(overall=25.0, slowest=1.0, interval=1.0, burst=3))
    async with AsyncExitStack() as busy:
        writers = [await busy.enter_async_context(database.transaction()) for _ in range(5)]
        # One of them has the line in which all who send ask for their turn.
        await writers[0].execute(select(paces).with_for_update())

        async with asyncio.timeout(2):
            await ada.beat()
            believed = await ada.beat()

    assert believed
    await heart.close()
    await database.close()
