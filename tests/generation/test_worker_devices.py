"""A device that fails, dies or cannot be opened, and who waits for it."""

from __future__ import annotations

import asyncio

import pytest

from generation import worker as module
from generation.device import Device
from storage.errors import GenerationError
from tests.generation.test_worker import SOON, Devices, Scripted, reply, settle, started, until, working


async def test_a_failing_device_fails_its_replies_in_one_line_and_another_serves_those_who_wait() -> None:
    first, second = Scripted(), Scripted()
    devices = Devices([first, second])
    async with working(devices) as worker:
        writing = await started(worker, first, 1, 2)
        waiting = asyncio.create_task(reply(worker, 3))
        await settle()

        first.fail("it burnt\nand here is how")
        results = await asyncio.gather(*writing, return_exceptions=True)
        await until(lambda: "3" in second.heard)
        second.finish("3", [30])

        assert [str(result) for result in results] == ["engine tiny: it burnt"] * 2
        assert await waiting == [30]
        assert first.closed
        assert devices.opened == [2, 2]


async def test_too_little_memory_halves_what_is_written_at_once_down_to_one() -> None:
    starving = [Scripted(running=4, starved=True) for _ in range(3)]
    devices = Devices([*starving, Scripted(running=4)])
    async with working(devices, running=4) as worker:
        for device in starving:
            (writing,) = await started(worker, device, 1)
            device.fail("out of memory")
            with pytest.raises(GenerationError, match="out of memory"):
                await writing
            await worker.ready()

        assert devices.opened == [4, 2, 1, 1]
        assert worker.running == 1


async def test_a_device_that_dies_without_a_word_leaves_nobody_waiting() -> None:
    first, second = Scripted(), Scripted()
    async with working(Devices([first, second])) as worker:
        (writing,) = await started(worker, first, 1)

        first.alive = False
        async with asyncio.timeout(SOON):
            with pytest.raises(GenerationError, match="its worker died"):
                await writing

        (next_one,) = await started(worker, second, 2)
        second.finish("2", [5])
        assert await next_one == [5]


async def test_a_device_found_dead_is_replaced_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK_SECONDS", 60.0)
    first, second = Scripted(), Scripted()
    async with working(Devices([first, second])) as worker:
        await worker.ready()

        first.alive = False
        with pytest.raises(GenerationError, match="its worker is gone"):
            await reply(worker, 1)

        (next_one,) = await started(worker, second, 2)
        second.finish("2")
        await next_one


async def test_a_device_that_is_dead_on_opening_is_replaced_once_and_then_only_tried_again_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    devices = Devices([Scripted(alive=False) for _ in range(9)])
    async with working(devices) as worker:
        await worker.ready()
        await until(lambda: len(devices.opened) == 2)
        await asyncio.sleep(0.1)

        for name in (1, 2):
            with pytest.raises(GenerationError, match="its worker died"):
                await reply(worker, name)
        assert len(devices.opened) == 2

        monkeypatch.setattr(worker, "_try_again", 0.0)
        await worker.ready()
        await asyncio.sleep(0.1)
        with pytest.raises(GenerationError, match="its worker died"):
            await reply(worker, 3)
        assert len(devices.opened) == 3
    assert [device.closed for device in devices.devices] == [True] * 3 + [False] * 6


async def test_a_device_that_dies_again_and_again_between_replies_is_replaced_at_once_each_time() -> None:
    devices = Devices([Scripted() for _ in range(5)])
    async with working(devices) as worker:
        for n, device in enumerate(devices.devices[:4]):
            (writing,) = await started(worker, device, n)
            device.finish(f"{n}")
            await writing
            device.alive = False
            await until(lambda n=n: len(devices.opened) == n + 2)  # type: ignore[misc] # bound on purpose

        (writing,) = await started(worker, devices.devices[4], 9)
        devices.devices[4].finish("9", [90])
        assert await writing == [90]


async def test_a_device_that_dies_long_after_it_was_opened_is_replaced_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TRY_AGAIN_SECONDS", 0.0)
    devices = Devices([*(Scripted(alive=False) for _ in range(4)), Scripted()])
    async with working(devices) as worker:
        await worker.ready()

        await until(lambda: len(devices.opened) == 5)

        (writing,) = await started(worker, devices.devices[4], 1)
        devices.devices[4].finish("1", [10])
        assert await writing == [10]


async def test_a_device_that_cannot_be_opened_fails_all_at_once_and_is_tried_again_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries = 0
    device = Scripted()

    def broken(_running: int) -> Device:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise OSError("no such disk\nor so it seems")
        return device

    async with working(broken) as worker:
        both = await asyncio.gather(reply(worker, 1), reply(worker, 2), return_exceptions=True)
        with pytest.raises(GenerationError, match="no such disk"):
            await reply(worker, 3)
        assert [str(result) for result in both] == ["engine tiny: no such disk"] * 2
        assert tries == 1

        monkeypatch.setattr(worker, "_try_again", 0.0)
        (writing,) = await started(worker, device, 4)
        device.finish("4", [5])
        assert await writing == [5]


async def test_a_device_that_writes_fewer_at_once_has_the_last_word() -> None:
    device = Scripted(running=1)
    async with working(Devices([device]), running=8) as worker:
        (writing,) = await started(worker, device, 1)
        waiting = asyncio.create_task(reply(worker, 2))
        await settle()

        assert set(device.heard) == {"1"}
        assert worker.running == 1
        device.finish("1")
        await until(lambda: "2" in device.heard)
        device.finish("2")
        await asyncio.gather(writing, waiting)
