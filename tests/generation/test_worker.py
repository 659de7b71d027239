from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

import pytest

from generation import worker as module
from generation.device import Device, Step
from generation.worker import Worker
from storage.errors import GenerationError, ModelBusy

SOON = 5.0


@dataclass
class Scripted:
    """A device that writes what it is told to, when it is told to."""

    running: int = 2
    alive: bool = True
    starved: bool = False
    heard: dict[str, Callable[[Step], None]] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)
    closed: bool = False

    def start(self, tokens: Sequence[int], most: int, heard: Callable[[Step], None]) -> str:
        name = f"{tokens[0]}"
        self.heard[name] = heard
        return name

    def cancel(self, reply: str) -> None:
        self.cancelled.append(reply)

    def close(self) -> bool:
        self.closed = True
        self.alive = False
        return self.starved

    def finish(self, name: str, tokens: Sequence[int] = (7,)) -> None:
        self.heard.pop(name)(Step(tokens=tokens, finished=True))

    def fail(self, reason: str) -> None:
        self.alive = False
        while self.heard:
            self.heard.popitem()[1](Step(failure=reason))


@dataclass
class Devices:
    """Opens devices, one after another, and remembers for how many replies."""

    devices: list[Scripted]
    opened: list[int] = field(default_factory=list)

    def __call__(self, running: int) -> Device:
        device = self.devices[len(self.opened)]
        self.opened.append(running)
        return device


@asynccontextmanager
async def working(
    devices: Callable[[int], Device], *, running: int = 2, waiting: int | None = None
) -> AsyncIterator[Worker]:
    worker = Worker("tiny", devices, running=running, waiting=waiting)
    try:
        yield worker
    finally:
        await worker.close()


async def reply(worker: Worker, name: int) -> Sequence[int]:
    """All that is written in a whole turn."""
    tokens: Sequence[int] = ()
    async with worker.turn() as device, aclosing(worker.write(device, [name], 9)) as steps:
        async for step in steps:
            tokens = step.tokens
    return tokens


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not true():  # noqa: ASYNC110 # whatever it is, it sets no event
            await asyncio.sleep(0.001)


async def started(worker: Worker, device: Scripted, *names: int) -> list[asyncio.Task[Sequence[int]]]:
    """Replies under way on a device, begun in this order."""
    tasks = []
    for name in names:
        tasks.append(asyncio.create_task(reply(worker, name)))
        await until(lambda name=name: f"{name}" in device.heard)  # type: ignore[misc] # bound on purpose
    return tasks


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_replies_beyond_those_written_at_once_wait_for_their_turn_in_order() -> None:
    device = Scripted()
    async with working(Devices([device]), waiting=2) as worker:
        writing = await started(worker, device, 1, 2)
        third, fourth = asyncio.create_task(reply(worker, 3)), asyncio.create_task(reply(worker, 4))
        await settle()

        before = set(device.heard)
        device.finish("2", [20, 21])
        await until(lambda: "3" in device.heard)
        between = set(device.heard)
        device.finish("1")
        await until(lambda: "4" in device.heard)
        device.finish("3")
        device.finish("4", [40])

        assert (before, between) == ({"1", "2"}, {"1", "3"})
        assert await writing[1] == [20, 21]
        assert await fourth == [40]
        await asyncio.gather(*writing, third)


@pytest.mark.parametrize(("running", "waiting"), [(1, 1), (2, 1), (3, 2)])
async def test_half_as_many_may_wait_as_are_written_at_once_and_one_at_least(running: int, waiting: int) -> None:
    device = Scripted(running=running)
    async with working(Devices([device]), running=running) as worker:
        writing = await started(worker, device, *range(running))
        others = [asyncio.create_task(reply(worker, running + n)) for n in range(waiting)]
        await settle()

        with pytest.raises(ModelBusy, match=f"{running} replies are being written and {waiting} wait"):
            await reply(worker, 99)

        for other in others:
            other.cancel()
        for name in range(running):
            device.finish(str(name))
        await asyncio.gather(*writing, *others, return_exceptions=True)


async def test_more_than_may_wait_are_told_at_once_that_the_model_is_busy() -> None:
    device = Scripted()
    async with working(Devices([device]), waiting=1) as worker:
        writing = await started(worker, device, 1, 2)
        waiting = asyncio.create_task(reply(worker, 3))
        await settle()

        with pytest.raises(ModelBusy, match="2 replies are being written and 1 wait"):
            await reply(worker, 4)

        for name in ("1", "2"):
            device.finish(name)
        await until(lambda: "3" in device.heard)
        device.finish("3")
        await asyncio.gather(*writing, waiting)


async def test_as_many_may_wait_as_are_written_unless_said_otherwise() -> None:
    device = Scripted()
    async with working(Devices([device])) as worker:
        tasks = await started(worker, device, 1, 2)
        tasks += [asyncio.create_task(reply(worker, name)) for name in (3, 4)]
        await settle()

        with pytest.raises(ModelBusy):
            await reply(worker, 5)

        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def test_who_stops_waiting_leaves_the_place_to_others() -> None:
    device = Scripted()
    async with working(Devices([device]), waiting=1) as worker:
        writing = await started(worker, device, 1, 2)
        leaving = asyncio.create_task(reply(worker, 3))
        await settle()

        leaving.cancel()
        await asyncio.wait([leaving])
        waiting = asyncio.create_task(reply(worker, 4))
        await settle()
        device.finish("1")
        await until(lambda: "4" in device.heard)

        assert "3" not in device.heard
        device.finish("2")
        device.finish("4")
        await asyncio.gather(*writing, waiting)


async def test_who_stops_waiting_in_the_moment_of_their_turn_gives_it_back() -> None:
    device = Scripted(running=1)
    async with working(Devices([device]), running=1) as worker:
        (writing,) = await started(worker, device, 1)
        leaving = asyncio.create_task(reply(worker, 2))
        await settle()

        device.finish("1")
        await writing
        leaving.cancel()
        await asyncio.wait([leaving])

        (next_one,) = await started(worker, device, 3)
        device.finish("3", [30])
        assert await next_one == [30]


async def first_step(worker: Worker, name: int) -> Sequence[int]:
    """The first tokens of a reply, which is then closed."""
    async with worker.turn() as device, aclosing(worker.write(device, [name], 9)) as steps:
        return (await anext(steps)).tokens


async def test_a_reply_that_is_closed_is_ended_on_the_device_and_the_next_one_begins() -> None:
    device = Scripted(running=1)
    async with working(Devices([device]), running=1) as worker:
        closing = asyncio.create_task(first_step(worker, 1))
        await until(lambda: "1" in device.heard)
        waiting = asyncio.create_task(reply(worker, 2))
        await settle()

        device.heard["1"](Step(tokens=[10]))
        await until(lambda: "2" in device.heard)

        assert await closing == [10]
        assert device.cancelled == ["1"]
        device.finish("2", [5])
        assert await waiting == [5]
        assert device.cancelled == ["1"]


async def test_a_reply_whose_reader_is_cancelled_is_ended_on_the_device_and_the_next_one_begins() -> None:
    device = Scripted(running=1)
    async with working(Devices([device]), running=1) as worker:
        (writing,) = await started(worker, device, 1)
        waiting = asyncio.create_task(reply(worker, 2))
        await settle()

        writing.cancel()
        await until(lambda: "2" in device.heard)

        assert device.cancelled == ["1"]
        device.finish("2", [5])
        assert await waiting == [5]


async def test_a_reader_slower_than_the_device_still_has_every_token() -> None:
    device = Scripted()
    async with (
        working(Devices([device])) as worker,
        worker.turn() as opened,
        aclosing(worker.write(opened, [1], 9)) as steps,
    ):
        first = asyncio.create_task(anext(steps))
        await settle()
        device.heard["1"](Step(tokens=[1]))
        seen = [(await first).tokens]
        for step in (Step(tokens=[1, 2]), Step(tokens=[1, 2, 3]), Step(tokens=[1, 2, 3, 4], finished=True)):
            device.heard["1"](step)
        seen += [step.tokens async for step in steps]

    assert seen == [[1], [1, 2, 3, 4]]


async def test_closing_ends_what_is_written_and_what_waits() -> None:
    device = Scripted()
    async with working(Devices([device])) as worker:
        tasks = await started(worker, device, 1, 2)
        tasks.append(asyncio.create_task(reply(worker, 3)))
        await settle()

        await worker.close()
        results = await asyncio.gather(*tasks, return_exceptions=True)

        assert [str(result) for result in results] == ["engine tiny: was closed"] * 3
        assert device.closed
        with pytest.raises(GenerationError, match="was closed"):
            await reply(worker, 4)


async def test_closing_before_anything_was_asked_opens_nothing() -> None:
    devices = Devices([])
    async with working(devices) as worker:
        await worker.close()
        await worker.close()

    assert devices.opened == []


async def test_closing_does_not_wait_for_what_takes_long_to_open_and_closes_that_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_CLOSE_SECONDS", 0.05)
    opening, loaded = threading.Event(), threading.Event()
    device = Scripted()

    def slow(_running: int) -> Device:
        opening.set()
        loaded.wait(10 * SOON)
        return device

    async with working(slow) as worker:
        waiting = [asyncio.create_task(reply(worker, name)) for name in (1, 2, 3)]
        await until(opening.is_set)

        async with asyncio.timeout(SOON):
            await worker.close()
            results = await asyncio.gather(*waiting, return_exceptions=True)
        before = device.closed
        loaded.set()
        await until(lambda: device.closed)

    assert [str(result) for result in results] == ["engine tiny: was closed"] * 3
    assert not before


def test_a_program_ends_while_a_device_is_being_opened() -> None:
    program = """
import asyncio, contextlib, time
from generation import worker
from storage.errors import GenerationError

async def main():
    model = worker.Worker("tiny", lambda running: time.sleep(300), running=1)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(model.ready(), 0.1)
    await model.close()
    with contextlib.suppress(GenerationError):
        await model.ready()

worker._CLOSE_SECONDS = 0.1
asyncio.run(main())
print("ended")
"""

    ended = subprocess.run([sys.executable, "-c", program], timeout=60, check=False, capture_output=True, text=True)

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "ended\n", "")
