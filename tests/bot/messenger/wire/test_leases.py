from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

import bot.messenger.wire.leases
import bot.messenger.wire.receiving
from bot.messenger.wire.bot_api import BotApi
from bot.messenger.wire.lanes import Lanes
from bot.messenger.wire.leases import AGAIN_SECONDS, TRUSTED_SECONDS, Leases, alone
from bot.messenger.wire.pace import Rates, SharedPace
from bot.messenger.wire.receiving import Receiving
from storage.domain.deliveries import InboxUpdate
from storage.domain.leases import Lease, of_chat
from storage.domain.pacing import Bounds, Line, Turn, turn
from storage.errors import StorageBusy
from tests.bot.flows import NOW
from tests.bot.stores import MemoryInbox
from tests.bot_api.server import TOKEN, FakeBotApi


@dataclass
class Shelf:
    """What is another's, and what was taken and given back here."""

    others: dict[str, Lease] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    believed: bool = True
    away: bool = False

    async def beat(self) -> bool:
        await asyncio.sleep(0)
        if self.away:
            raise StorageBusy("database: busy")
        return self.believed

    async def leave(self) -> None:
        self.told.append("leave")

    async def take(self, name: str) -> Lease:
        await asyncio.sleep(0)
        self.told.append(f"take {name}")
        return self.others.get(name, Lease.MINE)

    async def give_back(self, name: str) -> None:
        await asyncio.sleep(0)
        self.told.append(f"give back {name}")


async def test_what_several_use_here_is_taken_once_and_given_back_by_the_last() -> None:
    shelf = Shelf()
    leases = Leases(shelf)
    await leases.begin()
    found: list[Lease] = []

    async def use(times: int) -> None:
        async with leases.of("x") as lease:
            found.append(lease)
            for _ in range(times):
                await asyncio.sleep(0)

    await asyncio.gather(use(1), use(9), use(30))
    await use(1)

    assert set(found) == {Lease.MINE}
    assert shelf.told == ["take x", "give back x"] * 2
    assert leases._held == {}


async def test_what_is_elsewhere_is_asked_for_again_after_a_while_and_never_given_back() -> None:
    now = 0.0
    shelf = Shelf(others={"x": Lease.ELSEWHERE})
    leases = Leases(shelf, monotonic=lambda: now)
    await leases.begin()

    for _ in range(4):
        async with leases.of("x") as lease:
            assert not lease.held
        now += AGAIN_SECONDS / 2

    assert shelf.told == ["take x", "take x"]
    assert leases._held == {}


async def test_who_could_not_say_in_time_that_they_are_there_has_nothing() -> None:
    now = 0.0
    shelf = Shelf()
    leases = Leases(shelf, monotonic=lambda: now)
    await leases.begin()

    async with leases.of("x") as before:
        now += TRUSTED_SECONDS
        async with leases.of("x") as after:
            pass

    assert (before, after) == (Lease.MINE, Lease.ELSEWHERE)


@contextlib.asynccontextmanager
async def beating(leases: Leases, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr(bot.messenger.wire.leases, "BEAT_SECONDS", 0.01)
    await leases.begin()
    task = asyncio.create_task(leases.run())
    try:
        yield
    finally:
        task.cancel()


@pytest.mark.parametrize("how", ["disbelieved", "late", "silent"])
async def test_what_is_ones_alone_ends_once_others_may_have_it_and_begins_again_when_it_is_had(
    monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    now, begun, ended = 0.0, asyncio.Semaphore(0), asyncio.Semaphore(0)
    shelf = Shelf()
    leases = Leases(shelf, monotonic=lambda: now)

    async def work() -> None:
        begun.release()
        try:
            await asyncio.Event().wait()
        finally:
            ended.release()

    if how == "silent":
        monkeypatch.setattr(bot.messenger.wire.leases, "TRUSTED_SECONDS", 0.05)
    async with asyncio.timeout(10), beating(leases, monkeypatch):
        task = asyncio.create_task(alone(leases, "x", work, again_in=0.01))
        await begun.acquire()
        if how == "late":
            now += TRUSTED_SECONDS
        shelf.believed, shelf.away = how != "disbelieved", how == "silent"
        await ended.acquire()
        shelf.believed, shelf.away = True, False
        await begun.acquire()
        task.cancel()
        await asyncio.wait([task])

    assert shelf.told.count("take x") >= 2
    assert shelf.told.count("give back x") == shelf.told.count("take x")
    assert leases._held == {}


async def test_what_was_lost_is_given_back_by_the_last_who_used_it_unless_it_is_used_here_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shelf = Shelf()
    leases = Leases(shelf)
    async with asyncio.timeout(10):
        async with beating(leases, monkeypatch), leases.of("x"), leases.of("y"):
            lost = leases.lost
            shelf.believed = False
            await lost.wait()
        async with leases.of("x"):
            before = list(shelf.told)
        await leases.begin()
        async with contextlib.AsyncExitStack() as first:
            await first.enter_async_context(leases.of("z"))
            leases._lose()
            async with leases.of("z"):
                await first.aclose()
                during = list(shelf.told)

    assert before == ["take x", "take y", "give back y", "give back x", "take x"]
    assert during[-2:] == ["take z", "take z"]
    assert shelf.told[-1] == "give back z"
    assert leases._held == {}


async def test_of_those_that_share_who_hears_that_another_receives_stands_by_and_takes_over_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bot.messenger.wire.receiving, "_STAND_BY_SECONDS", 0.01)
    shelf = Shelf()
    sharing = Leases(shelf)
    await sharing.begin()

    async with FakeBotApi() as api:
        line = BotApi(token=TOKEN, base_url=api.url)

        receiving = Receiving(
            api=line, inbox=MemoryInbox(), clock=lambda: NOW, arrived=lambda: None, leases=sharing, secret=None
        )
        task = asyncio.create_task(receiving.run(None))
        await api.until(lambda: api.polling)
        await api.call("getUpdates", {"timeout": "0"})
        await api.until(lambda: shelf.told.count("take polling") == 2 and api.polling)
        task.cancel()
        await asyncio.wait([task])
        await line.close()


async def test_a_chat_of_another_process_is_left_to_it() -> None:
    inbox = MemoryInbox()
    await inbox.accept([InboxUpdate(update_id=n, payload="{}", received_at=NOW, chat_id=n % 3) for n in range(1, 7)])
    shelf = Shelf(others={of_chat(1): Lease.ELSEWHERE, of_chat(2): Lease.INHERITED})
    now = 0.0
    leases, arrived = Leases(shelf, monotonic=lambda: now), asyncio.Event()
    handled: list[int] = []
    await leases.begin()

    async def handle(update_id: int) -> None:
        handled.append(update_id)
        await inbox.done(update_id)

    lanes = Lanes(inbox=inbox, handle=handle, give_up=handle, arrived=arrived, leases=leases)
    task = asyncio.create_task(lanes.run())
    async with asyncio.timeout(10):
        while len(handled) < 4:  # noqa: ASYNC110 - the claim is about what is handled
            await asyncio.sleep(0)
    first = sorted(handled)
    del shelf.others[of_chat(1)]
    now += AGAIN_SECONDS
    arrived.set()
    async with asyncio.timeout(10):
        while len(handled) < 6:  # noqa: ASYNC110
            await asyncio.sleep(0)
    lanes.stop()
    await task

    assert first == [2, 3, 5, 6]
    assert handled[4:] == [1, 4]


@dataclass
class OneLine:
    """The one line of all processes, in memory."""

    now: float = 1_000.0
    line: Line = field(default_factory=lambda: Line(next_at=0.0, rate=20.0))
    chats: dict[int, float] = field(default_factory=dict)

    async def turn(self, chat_id: int, bounds: Bounds, *, others: int = 0) -> Turn:
        given = turn(self.now, self.line, self.chats.get(chat_id, 0.0), bounds, others=others)
        self.line, self.chats[chat_id] = given.line, given.chat
        return given

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def test_processes_send_at_one_pace_and_make_up_for_what_went_without_a_turn() -> None:
    line = OneLine()
    paces = [
        SharedPace(line, Rates(overall=20.0, chat=100.0), clock=lambda: line.now, sleep=line.sleep) for _ in range(3)
    ]
    times = []
    for number in range(120):
        await paces[number % 3].turn(number)
        times.append(line.now)
    spared = paces[0].spare(5), paces[0].spare(6)
    before = line.now
    await paces[0].turn(500)
    await paces[1].turn(501)

    assert round(times[-1] - times[0], 6) == round(119 / 20, 6)
    assert spared == (True, True)
    # Until its own turn, and until that after three: of the first, and of the two that were spared one.
    assert 4 / 20 - 1e-6 <= line.now - before <= 5 / 20 + 1e-6
