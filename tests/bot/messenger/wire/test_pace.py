from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messenger.wire.pace import Pace, Rates


class Time:
    def __init__(self) -> None:
        self.now = 1_000.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def leave(chats: list[int], rates: Rates | None = None) -> list[float]:
    time = Time()
    pace = Pace(rates, clock=lambda: time.now, sleep=time.sleep)
    times = []
    for chat in chats:
        await pace.turn(chat)
        times.append(time.now - 1_000.0)
    return times


async def test_a_quiet_chat_may_get_a_burst_and_then_one_a_second() -> None:
    times = await leave([7] * 6, Rates(overall=1_000))

    assert [round(time, 2) for time in times[3:]] == [1.0, 2.0, 3.0]
    assert times[2] < 0.01


async def test_a_group_gets_twenty_a_minute() -> None:
    times = await leave([-7] * 23, Rates(overall=1_000))

    assert times[-1] == 60.0


@settings(deadline=None)
@given(st.lists(st.integers(1, 500), min_size=40, max_size=200))
def test_never_more_than_the_overall_rate_in_any_second(chats: list[int]) -> None:
    times = asyncio.run(leave(chats))

    assert max(Counter(int(time * 1_000) // 1_000 for time in times).values()) <= 26


async def test_a_halt_holds_whatever_the_chat_and_halves_the_rate_once() -> None:
    time = Time()
    pace = Pace(clock=lambda: time.now, sleep=time.sleep)
    await pace.turn(1)
    pace.halt(timedelta(seconds=30))
    pace.halt(timedelta(seconds=2))

    await pace.turn(2)

    assert time.now >= 1_030.0
    assert pace.rate == 25.0 / 2
    pace.halt(timedelta(seconds=2))
    assert pace.rate == 25.0 / 4


async def test_the_rate_recovers_as_messages_are_taken() -> None:
    pace = Pace(clock=lambda: 0.0)
    pace.halt(timedelta(0))

    for _ in range(100):
        pace.went()

    assert pace.rate == 25.0


async def test_chats_long_quiet_are_forgotten() -> None:
    time = Time()
    pace = Pace(Rates(overall=1e9), clock=lambda: time.now, sleep=time.sleep)
    for chat in range(10_000):
        await pace.turn(chat)
    time.now += 60

    await pace.turn(20_000)

    assert len(pace._chats) == 1


async def test_what_somebody_waits_for_goes_before_whatever_else_is_waiting() -> None:
    pace = Pace(Rates(overall=50.0))
    left: list[str] = []

    async def leave_as(name: str, chat: int, *, unasked: bool) -> None:
        await pace.turn(chat, unasked=unasked)
        left.append(name)

    digests = [asyncio.create_task(leave_as("digest", chat, unasked=True)) for chat in range(1, 9)]
    await asyncio.sleep(0.03)
    before = len(left)
    replies = [asyncio.create_task(leave_as("reply", chat, unasked=False)) for chat in range(11, 15)]
    await asyncio.gather(*digests, *replies)

    # One that had begun to take its turn keeps it.
    assert left[before:].index("reply") <= 1
    assert left[before + 1 : before + 5].count("reply") >= 3
    assert len(left) == 12


async def test_one_who_waits_for_their_own_chat_holds_nobody_up() -> None:
    pace = Pace(Rates(overall=1_000, chat=0.5))
    for _ in range(3):
        await pace.turn(7)
    waiting = asyncio.create_task(pace.turn(7))
    await asyncio.sleep(0)

    await asyncio.wait_for(pace.turn(8, unasked=True), 1)

    assert not waiting.done()
    waiting.cancel()
