"""Many messages, many chats, and several who deliver at once."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.messenger.wire.bot_api import Json, Outcome, Refused
from bot.messenger.wire.leases import Alone
from bot.messenger.wire.outbox import AT_ONCE, IN_FLIGHT, Sender
from bot.messenger.wire.pace import Pace, Rates
from storage.domain.deliveries import OutboxMessage, OutboxState
from storage.domain.leases import Lease, of_chat
from storage.errors import StorageError
from tests.bot.flows import NOW
from tests.bot.messenger.wire.sending import Script, Time, message
from tests.bot.stores import MemoryOutbox


async def test_two_who_deliver_at_once_send_each_message_once_and_in_order() -> None:
    time, outbox = Time(), MemoryOutbox()
    outbox.enqueue([message(f"a:{n}") for n in range(1, 30)])
    api = Script(time=time)
    sender = Sender(outbox=outbox, api=api, pace=Pace(clock=lambda: time.now, sleep=time.sleep), sleep=time.sleep)

    await asyncio.gather(sender.deliver("a:"), sender.deliver(), sender.deliver())

    assert len(api.calls) == 29
    assert set(outbox.states().values()) == {OutboxState.SENT}


async def test_what_waits_for_a_chat_from_before_goes_first_whoever_delivers() -> None:
    time, outbox = Time(), MemoryOutbox()
    keys = ["1:1", "1:2", "1:3", "2:1", "2:2"]
    outbox.enqueue([replace(message(key), payload=json.dumps({"text": key})) for key in keys])
    api = Script(time=time)
    sender = Sender(outbox=outbox, api=api, pace=Pace(clock=lambda: time.now, sleep=time.sleep), sleep=time.sleep)

    await asyncio.gather(sender.deliver("2:"), sender.deliver("1:"), sender.deliver())

    assert [call["text"] for call in api.calls] == keys


async def test_no_more_is_on_its_way_at_once_than_a_kill_may_leave_unknown() -> None:
    time, outbox = Time(), MemoryOutbox()
    outbox.enqueue([message(f"{chat}:1", chat_id=chat) for chat in range(1, 51)])
    most = 0

    class Slow(Script):
        async def call(
            self, method: str, fields: Mapping[str, Json] | None = None, *, read_timeout: float = 20.0
        ) -> Outcome:
            nonlocal most
            most = max(most, list(outbox.states().values()).count(OutboxState.SENDING))
            for _ in range(100):
                await asyncio.sleep(0)
            return await super().call(method, fields, read_timeout=read_timeout)

    pace = Pace(Rates(overall=1_000, chat=1_000, group=1_000), clock=lambda: time.now, sleep=time.sleep)
    sender = Sender(outbox=outbox, api=Slow(time=time), pace=pace, sleep=time.sleep)

    await asyncio.gather(*(sender.deliver(f"{chat}:") for chat in range(1, 51)))

    assert most == IN_FLIGHT
    assert set(outbox.states().values()) == {OutboxState.SENT}


async def test_chats_are_sent_to_side_by_side_and_the_messages_of_one_in_order() -> None:
    time, outbox = Time(), MemoryOutbox()
    outbox.enqueue([message(f"{chat}:{part}", chat_id=chat) for part in (1, 2) for chat in range(1, 21)])
    under_way: list[str] = []
    most = 0

    class Slow(Script):
        async def call(
            self, method: str, fields: Mapping[str, Json] | None = None, *, read_timeout: float = 20.0
        ) -> Outcome:
            nonlocal most
            chat = str((fields or {})["chat_id"])
            assert chat not in under_way
            under_way.append(chat)
            most = max(most, len(under_way))
            for _ in range(100):
                await asyncio.sleep(0)
            under_way.remove(chat)
            return await super().call(method, fields, read_timeout=read_timeout)

    pace = Pace(Rates(overall=1_000, chat=1_000, group=1_000), clock=lambda: time.now, sleep=time.sleep)
    await Sender(outbox=outbox, api=Slow(time=time), pace=pace, sleep=time.sleep).deliver()

    assert most == IN_FLIGHT
    assert set(outbox.states().values()) == {OutboxState.SENT}


class Others(Alone):
    """Some chats are another process's."""

    def __init__(self, *chats: int) -> None:
        super().__init__()
        self._names = {of_chat(chat) for chat in chats}

    @contextlib.asynccontextmanager
    async def of(self, name: str) -> AsyncIterator[Lease]:
        yield Lease.ELSEWHERE if name in self._names else Lease.MINE


async def test_many_messages_of_one_chat_hold_up_no_other_whoever_has_it() -> None:
    many = [message(f"a:{n}", chat_id=-5) for n in range(2 * AT_ONCE)]

    async def sent(others: Others) -> list[Json]:
        time, outbox = Time(), MemoryOutbox()
        outbox.enqueue([*many, message("b:1"), message("b:2")])
        api = Script(time=time)
        pace = Pace(Rates(overall=1_000, chat=1_000, group=1_000), clock=lambda: time.now, sleep=time.sleep)
        await Sender(outbox=outbox, api=api, pace=pace, leases=others, sleep=time.sleep).deliver()
        return [call["chat_id"] for call in api.calls]

    alone = await sent(Others())

    assert await sent(Others(-5)) == [7, 7]
    assert sorted(map(str, alone[:4])) == ["-5", "-5", "7", "7"]
    assert len(alone) == 2 * AT_ONCE + 2


async def test_what_is_being_sent_is_recorded_though_nobody_waits_for_it_any_more() -> None:
    outbox, sending, go_on = MemoryOutbox(), asyncio.Event(), asyncio.Event()
    outbox.enqueue([message("a:1"), message("b:1", chat_id=8)])

    class Held(Script):
        async def call(
            self, method: str, fields: Mapping[str, Json] | None = None, *, read_timeout: float = 20.0
        ) -> Outcome:
            sending.set()
            await go_on.wait()
            return await super().call(method, fields, read_timeout=read_timeout)

    sender = Sender(outbox=outbox, api=Held(time=Time()), pace=Pace(Rates(overall=1.0)))
    delivering = asyncio.create_task(sender.deliver())
    await sending.wait()
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)
    go_on.set()

    await sender.close(10.0)

    assert outbox.states() == {"a:1": OutboxState.SENT, "b:1": OutboxState.PENDING}


async def test_a_failing_outbox_lets_those_end_that_are_under_way_and_says_so() -> None:
    class Failing(MemoryOutbox):
        async def claim(self, key: str) -> OutboxMessage | None:
            if key == "a:1":
                raise StorageError("disk")
            return await super().claim(key)

    time, outbox = Time(), Failing()
    outbox.enqueue([message("a:1"), message("b:1", chat_id=8)])
    api = Script(time=time)
    sender = Sender(outbox=outbox, api=api, pace=Pace(clock=lambda: time.now, sleep=time.sleep), sleep=time.sleep)

    with pytest.raises(StorageError):
        await sender.deliver()

    assert outbox.states() == {"a:1": OutboxState.PENDING, "b:1": OutboxState.SENT}


@pytest.mark.parametrize(("hours_back", "waited"), [(0, 30.0), (-1, 0.0), (500, 3_600.0)])
async def test_who_starts_waits_for_what_an_earlier_one_was_asked_and_no_longer_than_an_hour(
    hours_back: int, waited: float
) -> None:
    time, outbox = Time(), MemoryOutbox()
    outbox.enqueue([message()])
    refusal = Refused(code=429, description="", retry_after=timedelta(seconds=30))
    for clock, api in (
        (lambda: NOW, Script(*[refusal], time=time)),
        (lambda: NOW - timedelta(hours=hours_back), Script(time=time)),
    ):
        pace = Pace(clock=lambda: time.now, sleep=time.sleep)
        outbox.clock = clock
        sender = Sender(outbox=outbox, api=api, pace=pace, sleep=time.sleep)
        await sender.resume()
        began = time.now
        if not api.outcomes:
            await pace.clear()
        else:
            await asyncio.wait_for(sender._once("a:1"), 5)

    assert time.now - began == pytest.approx(waited)


async def test_what_was_about_to_be_sent_when_telegram_asked_to_wait_waits_too() -> None:
    time, asked = Time(), asyncio.Event()

    class Slow(MemoryOutbox):
        async def claim(self, key: str) -> OutboxMessage | None:
            if key == "b:1":
                await asked.wait()
            return await super().claim(key)

        async def halt(self, wait: timedelta) -> None:
            asked.set()
            for _ in range(10):
                await asyncio.sleep(0)
            await super().halt(wait)

    outbox = Slow()
    outbox.enqueue([message("a:1"), message("b:1", chat_id=8)])
    api = Script(Refused(code=429, description="", retry_after=timedelta(seconds=30)), time=time)
    pace = Pace(Rates(overall=1_000, chat=1_000, group=1_000), clock=lambda: time.now, sleep=time.sleep)

    await Sender(outbox=outbox, api=api, pace=pace, sleep=time.sleep).deliver()

    assert [at >= 30.0 for at in api.at] == [False, True, True]
    assert set(outbox.states().values()) == {OutboxState.SENT}


async def test_a_reply_finds_room_however_slowly_digests_are_taken() -> None:
    outbox, held = MemoryOutbox(), asyncio.Event()
    outbox.enqueue([message(f"digest-{chat}", chat_id=chat) for chat in range(1, 31)])

    class Slow(Script):
        async def call(
            self, method: str, fields: Mapping[str, Json] | None = None, *, read_timeout: float = 20.0
        ) -> Outcome:
            if int(str((fields or {})["chat_id"])) < 100:
                await held.wait()
            return await super().call(method, fields, read_timeout=read_timeout)

    sender = Sender(outbox=outbox, api=Slow(time=Time()), pace=Pace(Rates(overall=1_000)))
    digests = asyncio.create_task(sender.deliver("digest-"))
    while list(outbox.states().values()).count(OutboxState.SENDING) < IN_FLIGHT - 2:  # noqa: ASYNC110 - its rows tell
        await asyncio.sleep(0.01)
    outbox.enqueue([message("update-1:1", chat_id=100)])

    await asyncio.wait_for(sender.deliver("update-1:"), 5)

    assert outbox.rows["update-1:1"].state is OutboxState.SENT
    held.set()
    await digests
    assert set(outbox.states().values()) == {OutboxState.SENT}
