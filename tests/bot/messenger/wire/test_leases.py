from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.messenger.wire.lanes import Lanes
from bot.messenger.wire.leases import AGAIN_SECONDS, TRUSTED_SECONDS, Leases
from bot.messenger.wire.pace import Rates, SharedPace
from storage.domain.deliveries import InboxUpdate
from storage.domain.leases import Lease, of_chat
from storage.domain.pacing import Bounds, Line, Turn, turn
from tests.bot.flows import NOW
from tests.bot.stores import MemoryInbox


@dataclass
class Shelf:
    """What is another's, and what was taken and given back here."""

    others: dict[str, Lease] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    async def beat(self) -> None:
        await asyncio.sleep(0)

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
