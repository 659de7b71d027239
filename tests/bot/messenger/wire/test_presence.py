from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest

from bot.messenger.incoming.events import Origin
from bot.messenger.wire.bot_api import Accepted, Json, Outcome, Refused
from bot.messenger.wire.pace import Pace
from bot.messenger.wire.presence import Presence
from storage.domain.people import ReaderId
from tests.bot.flows import NOW
from tests.bot.stores import MemoryOutbox

ORIGIN = Origin(chat_id=-5, message_id=1, reader=ReaderId("telegram:7"), language="en", private=False, thread_id=12)


class Line:
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.calls: list[tuple[str, dict[str, Json]]] = []
        self.called = asyncio.Event()

    async def call(
        self, method: str, fields: Mapping[str, Json] | None = None, *, read_timeout: float = 20.0
    ) -> Outcome:
        self.calls.append((method, dict(fields or {})))
        self.called.set()
        return self.outcome


async def nothing(_prefix: str) -> None:
    """Nothing is to be delivered."""


def present(line: Line, pace: Pace | None = None) -> Presence:
    return Presence(api=line, pace=pace or Pace(), outbox=MemoryOutbox(), deliver=nothing, clock=lambda: NOW)


async def test_typing_is_shown_in_the_topic_while_an_answer_is_written() -> None:
    line = Line(Accepted(result=True))
    presence = present(line)

    async with presence.writing(ORIGIN):
        await line.called.wait()
    await presence.close()

    assert line.calls == [("sendChatAction", {"chat_id": -5, "message_thread_id": 12, "action": "typing"})]


async def test_an_answer_that_is_there_soon_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.messenger.wire.presence.SOON_SECONDS", 60.0)
    line = Line(Accepted(result=True))
    presence = present(line)

    async with presence.writing(ORIGIN):
        await asyncio.sleep(0.01)
    await presence.close()

    assert line.calls == []


async def test_a_request_to_wait_is_heeded_by_messages_too() -> None:
    line = Line(Refused(code=429, description="", retry_after=timedelta(seconds=9)))
    now, waited = 0.0, []

    async def sleep(seconds: float) -> None:
        nonlocal now
        waited.append(seconds)
        now += seconds

    pace = Pace(clock=lambda: now, sleep=sleep)
    presence = present(line, pace)
    async with presence.writing(ORIGIN):
        await line.called.wait()
        await asyncio.sleep(0)
        await pace.turn(7)
    await presence.close()

    assert waited[0] == 9.0
    assert len(line.calls) == 1


async def test_nothing_is_shown_while_telegram_asks_to_wait() -> None:
    line, pace = Line(Accepted(result=True)), Pace()
    pace.halt(timedelta(seconds=9))
    presence = present(line, pace)

    async with presence.writing(ORIGIN):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await presence.close()

    assert line.calls == []
