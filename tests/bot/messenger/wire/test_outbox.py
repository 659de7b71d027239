from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.messenger.wire.bot_api import Json, NotSent, Outcome, Refused, Unknown
from bot.messenger.wire.outbox import IN_FLIGHT, Sender
from bot.messenger.wire.pace import Pace
from storage.domain.deliveries import OutboxMessage, OutboxState
from storage.errors import StorageBusy
from tests.bot.flows import NOW
from tests.bot.messenger.wire.sending import SENT, Script, Time, deliver, message
from tests.bot.stores import MemoryOutbox


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
