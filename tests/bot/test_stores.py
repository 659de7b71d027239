"""One suite for the stores in memory and those in a real database: what the Telegram side is tested on is true."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.messenger.ports import Inbox, Outbox
from storage.database import Database
from storage.domain.deliveries import InboxState, InboxUpdate, OutboxMessage, OutboxState
from storage.inbox import InboxStore
from storage.outbox import OutboxStore
from tests.bot.flows import NOW
from tests.bot.stores import MemoryInbox

Stores = tuple[Inbox, Outbox]


@pytest.fixture(params=["memory", "database"])
async def stores(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stores]:
    if request.param == "memory":
        inbox = MemoryInbox()
        yield inbox, inbox.outbox
        return
    database = Database(f"sqlite:///{tmp_path / 'tidings.db'}")
    await database.migrate()
    yield InboxStore(database), OutboxStore(database)
    await database.close()


def an_update(number: int, state: InboxState = InboxState.PENDING) -> InboxUpdate:
    return InboxUpdate(update_id=number, payload="{}", received_at=NOW, chat_id=7, state=state)


def a_reply(key: str, chat_id: int = 7) -> OutboxMessage:
    return OutboxMessage(key=key, chat_id=chat_id, method="sendMessage", payload="{}", created_at=NOW)


async def keys(outbox: Outbox, prefix: str = "") -> list[str]:
    return [message.key for message in await outbox.pending(prefix)]


async def test_updates_are_kept_once_in_the_order_they_came(stores: Stores) -> None:
    inbox, _ = stores

    kept = [await inbox.accept([an_update(9), an_update(3)]), await inbox.accept([an_update(3), an_update(5)])]

    assert kept == [2, 1]
    assert [update.update_id for update in await inbox.pending(10)] == [9, 3, 5]
    assert [update.update_id for update in await inbox.pending(2)] == [9, 3]


async def test_one_that_comes_set_aside_stays_aside(stores: Stores) -> None:
    inbox, _ = stores

    await inbox.accept([an_update(1, InboxState.QUARANTINED)])

    assert list(await inbox.pending(10)) == []
    update = await inbox.get(1)
    assert update is not None
    assert update.state is InboxState.QUARANTINED


async def test_an_update_is_settled_with_its_replies_and_only_once(stores: Stores) -> None:
    inbox, outbox = stores
    await inbox.accept([an_update(1), an_update(2)])

    await inbox.done(1, [a_reply("1:1"), a_reply("1:2")])
    await inbox.done(1, [a_reply("1:3")])
    await inbox.quarantine(1, "too late")
    await inbox.quarantine(2, "why", [a_reply("2:1")])

    assert await keys(outbox) == ["1:1", "1:2", "2:1"]
    assert await keys(outbox, "1:") == ["1:1", "1:2"]
    first, second = await inbox.get(1), await inbox.get(2)
    assert first is not None
    assert second is not None
    assert (first.state, second.state, second.error) == (InboxState.DONE, InboxState.QUARANTINED, "why")
    assert await inbox.get(3) is None


async def test_a_message_is_claimed_by_one_only_and_what_was_settled_by_none(stores: Stores) -> None:
    inbox, outbox = stores
    await inbox.accept([an_update(1)])
    await inbox.done(1, [a_reply(f"1:{n}") for n in range(1, 5)])

    claims = [await outbox.claim(key) for key in ("1:1", "1:1", "1:2", "1:3")]
    await outbox.sent("1:1", 41)
    await outbox.unknown("1:2", "ReadTimeout")
    await outbox.failed("1:3", "403")

    assert [claim is not None for claim in claims] == [True, False, True, True]
    assert claims[0] is not None
    assert claims[0].attempts == 1
    assert await keys(outbox) == ["1:4"]
    assert [await outbox.claim(key) for key in ("1:1", "1:2", "1:3")] == [None] * 3


async def test_of_each_chat_the_first_that_may_be_claimed_is_found_but_of_those_to_be_left(stores: Stores) -> None:
    inbox, outbox = stores
    await inbox.accept([an_update(1)])
    chats = [7, 7, 8, 7, -9, 8, 10]
    await inbox.done(1, [a_reply(f"1:{n}", chat) for n, chat in enumerate(chats)] + [a_reply("2:1", 7)])
    await outbox.claim("1:0")

    async def firsts(*given: str | int, leave: tuple[int, ...] = ()) -> list[str]:
        return [message.key for message in await outbox.first_of_each(*given, leave=leave)]  # type: ignore[arg-type]

    assert await firsts() == ["1:1", "1:2", "1:4", "1:6"]
    assert await firsts("", 2) == ["1:1", "1:2"]
    assert await firsts("", 2, leave=(7, 10)) == ["1:2", "1:4"]
    assert await firsts("2:") == ["2:1"]
    assert await firsts(leave=(7, 8, -9, 10)) == []


async def test_what_goes_before_a_message_is_what_waits_for_its_chat(stores: Stores) -> None:
    inbox, outbox = stores
    await inbox.accept([an_update(1)])
    await inbox.done(1, [a_reply("1:1"), a_reply("1:2"), a_reply("1:3", 8), a_reply("2:1"), a_reply("2:2")])
    await outbox.claim("1:1")

    assert [message.key for message in await outbox.up_to("2:1")] == ["1:2", "2:1"]
    assert [message.key for message in await outbox.up_to("1:3")] == ["1:3"]
    assert list(await outbox.up_to("1:1")) == []


async def test_a_released_message_is_back_in_its_place(stores: Stores) -> None:
    inbox, outbox = stores
    await inbox.accept([an_update(1)])
    await inbox.done(1, [a_reply("1:1"), a_reply("1:2")])

    await outbox.claim("1:1")
    await outbox.release("1:1", "ConnectError")

    assert await keys(outbox) == ["1:1", "1:2"]


async def test_what_was_being_sent_at_the_end_is_unknown_at_the_start(stores: Stores) -> None:
    inbox, outbox = stores
    await inbox.accept([an_update(1)])
    await inbox.done(1, [a_reply("1:1"), a_reply("1:2")])
    await outbox.claim("1:1")

    assert [await outbox.sweep(), await outbox.sweep()] == [1, 0]
    assert await keys(outbox) == ["1:2"]


async def test_how_long_it_was_asked_to_wait_at_most_is_kept(stores: Stores) -> None:
    _, outbox = stores
    before = await outbox.halted_for()

    await outbox.halt(timedelta(seconds=1900))
    await outbox.halt(timedelta(seconds=30))

    assert before <= timedelta(0)
    assert timedelta(seconds=1800) < await outbox.halted_for() <= timedelta(seconds=1901)


async def test_what_is_for_a_chat_that_moved_goes_to_the_new_one(stores: Stores) -> None:
    inbox, outbox = stores
    await inbox.accept([an_update(1)])
    await inbox.done(1, [a_reply("1:1", -5), a_reply("1:2", 8)])

    await outbox.move(-5, -100_500)

    assert [message.chat_id for message in await outbox.pending()] == [-100_500, 8]


async def test_what_is_finished_and_old_is_dropped_and_the_rest_kept(stores: Stores) -> None:
    inbox, outbox = stores
    await inbox.accept([an_update(1), an_update(2), an_update(3)])
    await inbox.done(1, [a_reply("1:1"), a_reply("1:2")])
    await outbox.claim("1:1")
    await outbox.sent("1:1", 1)

    too_early = await inbox.prune(NOW), await outbox.prune(NOW)
    dropped = await inbox.prune(NOW + timedelta(1)), await outbox.prune(NOW + timedelta(1))

    assert (too_early, dropped) == ((0, 0), (1, 1))
    assert await inbox.get(1) is None
    assert [update.update_id for update in await inbox.pending(9)] == [2, 3]
    assert await keys(outbox) == ["1:2"]


async def test_what_is_held_cannot_be_claimed_until_its_time(stores: Stores) -> None:
    inbox, outbox = stores
    held = replace(a_reply("held"), state=OutboxState.HELD, not_before=NOW + timedelta(hours=1))
    await inbox.accept([an_update(1)])
    await inbox.done(1, [held, a_reply("next")])

    before = (await outbox.wake(NOW), await keys(outbox), await outbox.claim("held"), await outbox.up_to("held"))
    woken = await outbox.wake(NOW + timedelta(hours=1))

    assert (before[0], before[1], before[2], list(before[3])) == (0, ["next"], None, [])
    assert (woken, await keys(outbox)) == (1, ["held", "next"])
    assert [each.key for each in await outbox.up_to("next")] == ["held", "next"]


async def test_only_what_may_have_been_begun_is_counted_and_not_where_the_process_ended_in_good_order(
    stores: Stores,
) -> None:
    inbox, _ = stores
    typed = replace(an_update(6), payload='{"inline_query": {}}')
    nowhere = [replace(an_update(n), chat_id=None) for n in (7, 8)]
    await inbox.accept([an_update(9), an_update(1), an_update(2), typed, *nowhere, replace(an_update(5), chat_id=8)])
    await inbox.done(9)

    begun = [sorted(await inbox.left(9)), sorted(await inbox.left(2))]
    await inbox.spared([6, 7])

    assert begun == [[1, 5, 6, 7], [1, 6]]
    waiting = await inbox.pending(9)
    assert [(each.update_id, each.starts) for each in waiting] == [(1, 2), (2, 0), (6, 1), (7, 0), (8, 0), (5, 1)]
    assert [each.update_id for each in waiting if each.typed] == [6]
