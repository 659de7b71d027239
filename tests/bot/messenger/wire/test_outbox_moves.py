"""Chats that move, and people who are gone."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.messenger.wire.bot_api import Accepted, Json, Outcome, Refused
from bot.messenger.wire.leases import Alone
from bot.messenger.wire.outbox import Sender
from bot.messenger.wire.pace import Pace, Rates
from storage.domain.deliveries import OutboxState
from storage.domain.leases import Lease, of_chat
from storage.errors import StorageBusy
from tests.bot.messenger.wire.sending import SENT, Script, Time, deliver, message
from tests.bot.stores import MemoryOutbox


@pytest.mark.parametrize(
    ("key", "chat", "name"),
    [
        ("digest-a:1", {"id": 7, "username": "Ada_L"}, "@ada_l"),
        ("digest-a:1", {"id": 7}, None),
        ("digest-a:1", {"id": 7, "username": 5}, None),
        ("digest-a:1", "odd", None),
        ("update-1:1", {"id": 7, "username": "Ada_L"}, None),
    ],
)
async def test_of_what_nobody_asked_for_it_is_taken_down_which_name_its_chat_has(
    key: str, chat: Json, name: str | None
) -> None:
    names: list[str | None] = []

    class Naming(MemoryOutbox):
        async def sent(self, key: str, message_id: int | None, name: str | None = None) -> None:
            names.append(name)
            await super().sent(key, message_id, name)

    outbox, api = Naming(), Script(Accepted(result={"message_id": 3, "chat": chat}), time=Time())
    outbox.enqueue([message(key)])

    await Sender(outbox=outbox, api=api, pace=Pace()).deliver()

    assert names == [name]


@pytest.mark.parametrize(
    "refusal",
    [
        Refused(code=403, description="Forbidden: bot was blocked by the user"),
        Refused(code=403, description="Forbidden: user is deactivated"),
        Refused(code=403, description="Forbidden: bot was kicked from the supergroup chat"),
        Refused(code=400, description="Bad Request: chat not found"),
        Refused(code=400, description="Bad Request: PEER_ID_INVALID"),
    ],
)
async def test_a_recipient_who_is_gone_is_asked_once(refusal: Refused) -> None:
    messages = [message("a:1"), message("a:2"), message("b:1", chat_id=8)]

    api, outbox = await deliver(refusal, messages=messages)

    assert [call["chat_id"] for call in api.calls] == [7, 8]
    assert outbox.states() == {"a:1": OutboxState.FAILED, "a:2": OutboxState.FAILED, "b:1": OutboxState.SENT}
    assert list(outbox.unreachable) == [7]


async def test_a_group_that_moved_is_followed() -> None:
    moved = Refused(code=400, description="upgraded", migrate_to_chat_id=-100_500)

    api, outbox = await deliver(moved, messages=[message("a:1", -5), message("a:2", -5)])

    assert [call["chat_id"] for call in api.calls] == [-5, -100_500, -100_500]
    assert set(outbox.states().values()) == {OutboxState.SENT}


@pytest.mark.parametrize("lease", [Lease.MINE, Lease.ELSEWHERE])
async def test_the_chat_that_a_group_became_is_had_until_what_was_sent_there_is_recorded_or_left_to_whose_it_is(
    lease: Lease,
) -> None:
    had: list[str] = []
    without: list[str] = []

    class Shared(Alone):
        @contextlib.asynccontextmanager
        async def of(self, name: str) -> AsyncIterator[Lease]:
            had.append(name)
            yield lease if name == of_chat(-100_500) else Lease.MINE
            had.remove(name)

    class Recording(MemoryOutbox):
        async def sent(self, key: str, message_id: int | None, name: str | None = None) -> None:
            if of_chat(self.rows[key].chat_id) not in had:
                without.append(key)
            await super().sent(key, message_id, name)

    time, outbox = Time(), Recording()
    outbox.enqueue([message("a:1", -5), message("a:2", -5)])
    api = Script(Refused(code=400, description="upgraded", migrate_to_chat_id=-100_500), time=time)
    pace = Pace(clock=lambda: time.now, sleep=time.sleep)
    sender = Sender(outbox=outbox, api=api, pace=pace, leases=Shared(), sleep=time.sleep)

    await asyncio.wait_for(sender.deliver("a:", whole=True), 5)

    mine = lease is Lease.MINE
    assert [call["chat_id"] for call in api.calls] == [-5, -100_500, -100_500][: 3 if mine else 1]
    assert set(outbox.states().values()) == {OutboxState.SENT if mine else OutboxState.PENDING}
    assert {row.chat_id for row in outbox.rows.values()} == {-100_500}
    assert (without, had) == ([], [])


async def test_the_messages_of_a_chat_that_moves_keep_their_order_whoever_delivers() -> None:
    time, outbox = Time(), MemoryOutbox()
    outbox.enqueue([replace(message(f"a:{n}", -5), payload=json.dumps({"text": str(n)})) for n in (1, 2)])
    came: list[tuple[object, object]] = []

    class Moving:
        async def call(
            self, method: str, fields: Mapping[str, Json] | None = None, *, read_timeout: float = 20.0
        ) -> Outcome:
            given = dict(fields or {})
            if given["chat_id"] == -5:
                return Refused(code=400, description="upgraded", migrate_to_chat_id=-100_500)
            if given["text"] == "1":
                others.append(asyncio.create_task(sender.deliver()))
                for _ in range(100):
                    await asyncio.sleep(0)
            came.append((given["chat_id"], given["text"]))
            return SENT

    others: list[asyncio.Task[None]] = []
    pace = Pace(Rates(overall=1_000, chat=1_000, group=1_000), clock=lambda: time.now, sleep=time.sleep)
    sender = Sender(outbox=outbox, api=Moving(), pace=pace, sleep=time.sleep)

    await sender.deliver()
    await asyncio.gather(*others)

    assert came == [(-100_500, "1"), (-100_500, "2")]


async def test_a_tap_that_cannot_be_answered_loses_nobody() -> None:
    answer = replace(message(), method="answerCallbackQuery")

    _, outbox = await deliver(Refused(code=403, description="Forbidden"), messages=[answer, message("a:2")])

    assert outbox.states() == {"a:1": OutboxState.FAILED, "a:2": OutboxState.SENT}
    assert outbox.unreachable == {}


async def test_any_other_refusal_loses_nobody() -> None:
    refusals = (Refused(code=400, description=f"Bad Request: {why}") for why in ("message is too long", "TOPIC_CLOSED"))

    for refusal in refusals:
        _, outbox = await deliver(refusal)
        assert outbox.unreachable == {}


async def test_what_was_refused_is_sent_though_the_database_was_busy_as_its_chat_moved() -> None:
    class Busy(MemoryOutbox):
        async def move(self, chat_id: int, to: int) -> None:
            moves.append(to)
            if len(moves) == 1:
                raise StorageBusy("busy")
            await super().move(chat_id, to)

    moves: list[int] = []
    moved = Refused(code=400, description="upgraded", migrate_to_chat_id=-100_500)
    time, outbox, api = Time(), Busy(), Script(moved, moved, time=Time())
    outbox.enqueue([message("a:1", -5)])

    await Sender(outbox=outbox, api=api, pace=Pace(), sleep=time.sleep).deliver()

    assert outbox.states() == {"a:1": OutboxState.SENT}
    assert moves == [-100_500] * 2


async def test_whoever_was_held_up_until_others_took_the_chat_sends_no_more_there() -> None:
    leases = Alone()

    class Losing(Script):
        async def call(self, *given: Any, **named: Any) -> Outcome:
            leases.lost.set()
            return await super().call(*given, **named)

    outbox, api = MemoryOutbox(), Losing(time=Time())
    outbox.enqueue([message(f"a:{number}") for number in range(1, 4)])

    await Sender(outbox=outbox, api=api, pace=Pace(), leases=leases).deliver("a:", whole=True)

    assert outbox.states() == {"a:1": OutboxState.SENT, "a:2": OutboxState.PENDING, "a:3": OutboxState.PENDING}
