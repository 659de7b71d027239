from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from storage.database import Database
from storage.domain.deliveries import OutboxMessage, OutboxState
from storage.outbox import OutboxStore
from tests.storage.examples import EPOCH

if TYPE_CHECKING:
    import bot.messenger.ports

GROUP = -1_002_003_004_005


@pytest.fixture
def outbox(database: Database) -> OutboxStore:
    port: bot.messenger.ports.Outbox = (made := OutboxStore(database))
    assert port is made
    return made


def message(key: str, chat_id: int = 1) -> OutboxMessage:
    return OutboxMessage(
        key=key, chat_id=chat_id, method="sendMessage", payload=f'{{"text":"{key}"}}', created_at=EPOCH
    )


async def keys(outbox: OutboxStore, prefix: str = "") -> list[str]:
    return [one.key for one in await outbox.pending(prefix)]


async def test_messages_are_pending_in_the_order_they_were_enqueued(outbox: OutboxStore) -> None:
    added = await outbox.enqueue([message("b"), message("a", chat_id=GROUP)])

    assert added == 2
    assert await outbox.pending() == (message("b"), message("a", chat_id=GROUP))


async def test_a_replayed_cause_adds_nothing(outbox: OutboxStore) -> None:
    await outbox.enqueue([message("a")])

    added = await outbox.enqueue([message("a"), message("b"), message("b")])

    assert added == 1
    assert await keys(outbox) == ["a", "b"]


async def test_what_is_kept_is_added_or_told_as_it_is_known(outbox: OutboxStore) -> None:
    sending = replace(message("a"), state=OutboxState.SENDING)

    assert [await outbox.keep(sending), await outbox.keep(sending)] == [None, sending]
    await outbox.sent("a", 9)

    known = await outbox.keep(sending)
    assert known is not None
    assert known.message_id == 9


async def test_pending_is_bound_by_the_exact_beginning_of_the_key_and_a_limit(outbox: OutboxStore) -> None:
    await outbox.enqueue(
        [message(key) for key in ("update-1:0", "update-10:0", "UPDATE-1:0", "update_1:0", "update-1:1")]
    )

    assert await keys(outbox, "update-1:") == ["update-1:0", "update-1:1"]
    assert [one.key for one in await outbox.pending(limit=1)] == ["update-1:0"]
    assert [one.key for one in await outbox.first_of_each("update-1:")] == ["update-1:0"]
    assert await outbox.first_of_each("update-1:", leave=[GROUP, message("a").chat_id]) == ()


async def test_a_message_is_claimed_once_however_many_try(outbox: OutboxStore) -> None:
    await outbox.enqueue([message("a")])

    claims = await asyncio.gather(*(outbox.claim("a") for _ in range(8)))

    won = [claim for claim in claims if claim is not None]
    assert won == [replace(message("a"), state=OutboxState.SENDING, attempts=1)]
    assert await keys(outbox) == []


async def test_what_is_not_there_cannot_be_claimed(outbox: OutboxStore) -> None:
    assert await outbox.claim("nothing") is None


async def test_a_sent_message_keeps_its_number_and_none_of_its_words(outbox: OutboxStore) -> None:
    await outbox.enqueue([message("a")])
    await outbox.claim("a")

    await outbox.sent("a", 77)

    kept = await outbox.get("a")
    assert kept == replace(message("a"), state=OutboxState.SENT, attempts=1, message_id=77, payload="")


async def test_a_released_message_is_first_in_line_again(outbox: OutboxStore) -> None:
    await outbox.enqueue([message("a"), message("b")])
    await outbox.claim("a")

    await outbox.release("a", "no connection")

    assert await keys(outbox) == ["a", "b"]
    again = await outbox.claim("a")
    assert again is not None
    assert (again.attempts, again.error, again.payload) == (2, "no connection", message("a").payload)


@pytest.mark.parametrize("state", [OutboxState.UNKNOWN, OutboxState.FAILED])
async def test_a_settled_message_says_why_and_is_never_claimed_again(outbox: OutboxStore, state: OutboxState) -> None:
    await outbox.enqueue([message("a")])
    await outbox.claim("a")

    await (outbox.unknown if state is OutboxState.UNKNOWN else outbox.failed)("a", "why")

    await outbox.release("a", "late")
    kept = await outbox.get("a")
    assert kept is not None
    assert (kept.state, kept.error, kept.payload) == (state, "why", "")
    assert await outbox.claim("a") is None


async def test_only_what_is_being_sent_can_be_settled(outbox: OutboxStore) -> None:
    await outbox.enqueue([message("a")])

    await outbox.sent("a", 1)

    assert await outbox.pending() == (message("a"),)


async def test_what_a_killed_process_was_sending_is_unknown_after_the_sweep(outbox: OutboxStore) -> None:
    await outbox.enqueue([message("a"), message("b"), message("c")])
    await outbox.claim("a")
    await outbox.claim("b")
    await outbox.sent("b", 2)

    swept = await outbox.sweep()

    states = {}
    for key in ("a", "b", "c"):
        kept = await outbox.get(key)
        assert kept is not None
        states[key] = kept.state
    assert swept == 1
    assert states == {"a": OutboxState.UNKNOWN, "b": OutboxState.SENT, "c": OutboxState.PENDING}
    assert await outbox.claim("a") is None


async def test_what_is_still_to_be_sent_follows_a_chat_that_moved(outbox: OutboxStore) -> None:
    await outbox.enqueue([message("a"), message("b"), message("c", chat_id=2)])
    await outbox.claim("a")

    await outbox.move(1, to=GROUP)

    assert [(await outbox.get(key)).chat_id for key in "abc"] == [GROUP, GROUP, 2]  # type: ignore[union-attr]


async def test_only_what_is_settled_and_old_is_pruned(outbox: OutboxStore) -> None:
    fresh = replace(message("fresh"), created_at=EPOCH + timedelta(days=1))
    await outbox.enqueue([message("old"), message("waiting"), fresh])
    for key in ("old", "fresh"):
        await outbox.claim(key)
        await outbox.sent(key, None)

    pruned = await outbox.prune(EPOCH + timedelta(hours=1))

    assert pruned == 1
    assert await outbox.get("old") is None
    assert await outbox.get("fresh") is not None
    assert await keys(outbox) == ["waiting"]


async def test_more_messages_than_one_statement_takes_keep_their_order(outbox: OutboxStore) -> None:
    many = [message(f"m{i}") for i in range(250)]

    added = await outbox.enqueue(many)

    assert added == 250
    assert list(await outbox.pending(limit=1000)) == many
