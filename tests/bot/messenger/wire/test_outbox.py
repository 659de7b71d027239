from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.messenger.wire.bot_api import Accepted, Json, NotSent, Outcome, Refused, Unknown
from bot.messenger.wire.outbox import AT_ONCE, IN_FLIGHT, Sender
from bot.messenger.wire.pace import Pace, Rates
from storage.domain.deliveries import OutboxMessage, OutboxState
from storage.domain.leases import Lease, of_chat
from storage.errors import StorageBusy, StorageError
from tests.bot.flows import NOW
from tests.bot.stores import MemoryOutbox

SENT = Accepted(result={"message_id": 41})


class Script:
    """A Bot API that answers from a list, then with success; remembers what it was asked, and when."""

    def __init__(self, *outcomes: Outcome, time: Time) -> None:
        self.outcomes, self.calls, self._time = list(outcomes), [], time
        self.at: list[float] = []

    calls: list[dict[str, Json]]

    async def call(
        self, method: str, fields: Mapping[str, Json] | None = None, *, read_timeout: float = 20.0
    ) -> Outcome:
        self.calls.append(dict(fields or {}))
        self.at.append(self._time.now)
        await asyncio.sleep(0)
        return self.outcomes.pop(0) if self.outcomes else SENT


class Time:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


def message(key: str = "a:1", chat_id: int = 7) -> OutboxMessage:
    payload = {"text": "<b>1 &lt; 2</b>", "parse_mode": "HTML"}
    return OutboxMessage(key=key, chat_id=chat_id, method="sendMessage", payload=json.dumps(payload), created_at=NOW)


async def deliver(*outcomes: Outcome, messages: Sequence[OutboxMessage] = (message(),)) -> tuple[Script, MemoryOutbox]:
    time = Time()
    outbox = MemoryOutbox()
    outbox.enqueue(messages)
    api = Script(*outcomes, time=time)
    pace = Pace(Rates(overall=1_000, chat=1_000, group=1_000), clock=lambda: time.now, sleep=time.sleep)
    await Sender(outbox=outbox, api=api, pace=pace, sleep=time.sleep).deliver()
    return api, outbox


async def test_a_message_is_sent_once_and_its_number_kept() -> None:
    api, outbox = await deliver()

    assert [call["chat_id"] for call in api.calls] == [7]
    assert outbox.rows["a:1"].state is OutboxState.SENT
    assert outbox.rows["a:1"].message_id == 41


@pytest.mark.parametrize(
    ("outcomes", "calls", "state"),
    [
        ([SENT], 1, OutboxState.SENT),
        ([Unknown(reason="cut")], 1, OutboxState.UNKNOWN),
        ([Refused(code=403, description="Forbidden: bot was blocked by the user")], 1, OutboxState.FAILED),
        ([NotSent(reason="refused"), SENT], 2, OutboxState.SENT),
    ],
)
async def test_what_became_of_a_message_is_recorded_however_long_the_database_is_busy(
    outcomes: list[Outcome], calls: int, state: OutboxState
) -> None:
    class Busy(MemoryOutbox):
        left = 0

        def _refuse(self) -> None:
            self.left -= 1
            if self.left >= 0:
                raise StorageBusy("database: held")

        async def claim(self, key: str) -> OutboxMessage | None:
            self.left = 5
            return await super().claim(key)

        async def sent(self, key: str, message_id: int | None, name: str | None = None) -> None:
            self._refuse()
            await super().sent(key, message_id, name)

        async def unknown(self, key: str, reason: str) -> None:
            self._refuse()
            await super().unknown(key, reason)

        async def failed(self, key: str, reason: str, lost_at: datetime | None = None) -> None:
            self._refuse()
            await super().failed(key, reason, lost_at)

        async def release(self, key: str, reason: str) -> None:
            self._refuse()
            await super().release(key, reason)

    time, outbox = Time(), Busy()
    outbox.enqueue([message()])
    api = Script(*outcomes, time=time)

    await Sender(outbox=outbox, api=api, pace=Pace(), sleep=time.sleep).deliver()

    assert (len(api.calls), outbox.rows["a:1"].state) == (calls, state)


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
    ("seconds", "state"), [(1, OutboxState.SENT), (0, OutboxState.FAILED), (-3_600, OutboxState.FAILED)]
)
async def test_what_is_too_late_is_not_sent_and_recorded_as_that(seconds: int, state: OutboxState) -> None:
    outbox, api = MemoryOutbox(), Script(time=Time())
    outbox.enqueue([replace(message(), expires_at=NOW + timedelta(seconds=seconds))])

    await Sender(outbox=outbox, api=api, pace=Pace(), clock=lambda: NOW).deliver()

    assert outbox.rows["a:1"].state is state
    assert len(api.calls) == (state is OutboxState.SENT)


async def test_what_may_have_been_sent_is_recorded_and_never_sent_again() -> None:
    api, outbox = await deliver(Unknown(reason="ReadTimeout"))

    assert len(api.calls) == 1
    assert outbox.rows["a:1"].state is OutboxState.UNKNOWN
    assert outbox.rows["a:1"].error == "ReadTimeout"


async def test_what_certainly_was_not_sent_is_tried_again_ever_more_slowly() -> None:
    api, outbox = await deliver(*[NotSent(reason="ConnectError")] * 4)

    gaps = [later - earlier for earlier, later in zip(api.at, api.at[1:], strict=False)]
    assert outbox.rows["a:1"].state is OutboxState.SENT
    assert outbox.rows["a:1"].attempts == 5
    assert [0.5 * 2**n <= gap <= 2**n + 0.1 for n, gap in enumerate(gaps)] == [True] * 4


async def test_a_request_to_wait_is_heeded_by_every_chat() -> None:
    messages = [message(f"{n}:1", chat_id=n) for n in range(1, 50)]

    api, outbox = await deliver(Refused(code=429, description="", retry_after=timedelta(seconds=30)), messages=messages)

    assert len([at for at in api.at if at < 30.0]) <= IN_FLIGHT
    assert len(api.at) == 50
    assert set(outbox.states().values()) == {OutboxState.SENT}


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

    class Shared:
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


async def test_markup_that_is_refused_goes_once_more_as_plain_text() -> None:
    refusal = Refused(code=400, description="Bad Request: can't parse entities: unsupported start tag")

    api, outbox = await deliver(refusal)

    assert api.calls[1] == {"chat_id": 7, "text": "1 < 2"}
    assert outbox.rows["a:1"].state is OutboxState.SENT


async def test_any_other_refusal_is_final_and_says_why() -> None:
    api, outbox = await deliver(Refused(code=400, description="Bad Request: message is too long"))

    assert len(api.calls) == 1
    assert outbox.rows["a:1"].state is OutboxState.FAILED
    assert outbox.rows["a:1"].error == "400 Bad Request: message is too long"


async def test_what_a_message_is_already_counts_as_made_so() -> None:
    api, outbox = await deliver(Refused(code=400, description="Bad Request: message is not modified: specified new"))

    assert len(api.calls) == 1
    assert (outbox.rows["a:1"].state, outbox.rows["a:1"].error) == (OutboxState.SENT, None)


async def test_an_unknown_part_does_not_keep_the_next_one_back() -> None:
    _, outbox = await deliver(Unknown(reason="HTTP 502"), messages=[message("a:1"), message("a:2")])

    assert list(outbox.states().values()) == [OutboxState.UNKNOWN, OutboxState.SENT]


async def test_what_answers_a_tap_names_no_chat_and_waits_for_no_turn_in_it() -> None:
    time, outbox = Time(), MemoryOutbox()
    answers = [replace(message(f"a:{n}"), method="answerCallbackQuery", payload='{"text":"ok"}') for n in range(9)]
    outbox.enqueue(answers)
    api = Script(Refused(code=429, description="", retry_after=timedelta(seconds=9)), time=time)
    sender = Sender(outbox=outbox, api=api, pace=Pace(clock=lambda: time.now, sleep=time.sleep), sleep=time.sleep)

    await sender.deliver()

    assert api.calls == [{"text": "ok"}] * 10
    assert api.at == [0.0] + [9.0] * 9


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


class Others:
    """Some chats are another process's."""

    def __init__(self, *chats: int) -> None:
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


@pytest.mark.parametrize(
    "refusal",
    [
        Refused(code=400, description="upgraded", migrate_to_chat_id=-100_500),
        Refused(code=400, description="Bad Request: can't parse entities: unsupported start tag"),
    ],
)
async def test_what_goes_once_more_differently_waits_where_telegram_asks_to(refusal: Refused) -> None:
    time, outbox = Time(), MemoryOutbox()
    outbox.enqueue([message(chat_id=-5)])
    pace = Pace(clock=lambda: time.now, sleep=time.sleep)

    class Asked(Script):
        async def call(
            self, method: str, fields: Mapping[str, Json] | None = None, *, read_timeout: float = 20.0
        ) -> Outcome:
            outcome = await super().call(method, fields, read_timeout=read_timeout)
            if outcome is refusal:
                pace.halt(timedelta(seconds=30))
            return outcome

    api = Asked(refusal, time=time)
    await Sender(outbox=outbox, api=api, pace=pace, sleep=time.sleep).deliver()

    assert [at >= 30.0 for at in api.at] == [False, True]


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
