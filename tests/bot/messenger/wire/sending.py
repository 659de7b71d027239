"""A Bot API that answers by a list, and what is delivered over it; for the tests of the outbox."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence

from bot.messenger.wire.bot_api import Accepted, Json, Outcome
from bot.messenger.wire.outbox import Sender
from bot.messenger.wire.pace import Pace, Rates
from storage.domain.deliveries import OutboxMessage
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
