from __future__ import annotations

import asyncio
import threading

import pytest

from retrieval.owner import OwnerThread


async def test_calls_run_in_order_on_one_thread() -> None:
    owner = OwnerThread("test")
    seen: list[tuple[int, str]] = []

    await asyncio.gather(*(owner.run(lambda i=i: seen.append((i, threading.current_thread().name))) for i in range(5)))
    owner.close()

    assert [i for i, _ in seen] == [0, 1, 2, 3, 4]
    assert len({name for _, name in seen}) == 1


async def test_an_error_reaches_the_caller() -> None:
    owner = OwnerThread("test")

    with pytest.raises(ZeroDivisionError):
        await owner.run(lambda: 1 // 0)
    owner.close()


async def test_a_cancelled_call_that_has_not_started_is_never_run() -> None:
    owner = OwnerThread("test")
    gate = threading.Event()
    ran: list[str] = []
    first = asyncio.ensure_future(owner.run(gate.wait))
    second = asyncio.ensure_future(owner.run(ran.append, "second"))
    await asyncio.sleep(0)

    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    gate.set()
    await first
    owner.close()

    assert ran == []
