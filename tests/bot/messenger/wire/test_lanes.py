from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.messenger.wire.lanes import Lanes, Limits
from bot.messenger.wire.updates import kept
from storage.domain.deliveries import InboxState, InboxUpdate, Waiting
from storage.errors import StorageBusy
from tests.bot.flows import NOW
from tests.bot.stores import MemoryInbox


def updates(*chats: int | None) -> list[InboxUpdate]:
    return [
        InboxUpdate(update_id=number, payload="{}", received_at=NOW, chat_id=chat)
        for number, chat in enumerate(chats, start=1)
    ]


def typed(*numbers: int, who: int = 1) -> list[InboxUpdate]:
    """What somebody types behind the bot's name, a keystroke each."""
    found = [
        kept(
            {"update_id": n, "inline_query": {"id": str(n), "from": {"id": who}, "query": "q" * n, "offset": ""}},
            lambda: NOW,
        )
        for n in numbers
    ]
    return [each for each in found if each is not None]


async def no_sleep(_seconds: float) -> None:
    await asyncio.sleep(0)


async def work(
    inbox: MemoryInbox,
    handle: Callable[[int], Awaitable[None]],
    until: Callable[[], bool],
    limits: Limits | None = None,
) -> None:
    async def give_up(update_id: int) -> None:
        await inbox.quarantine(update_id, "given up")

    lanes = Lanes(inbox=inbox, handle=handle, give_up=give_up, arrived=asyncio.Event(), limits=limits, sleep=no_sleep)
    task = asyncio.create_task(lanes.run())
    async with asyncio.timeout(10):
        while not until():  # noqa: ASYNC110 - the claim may be about anything
            await asyncio.sleep(0)
    lanes.stop()
    await task


def none_pending(inbox: MemoryInbox) -> bool:
    return all(row.state is not InboxState.PENDING for row in inbox.rows.values())


async def test_a_chat_is_worked_through_in_order_and_chats_side_by_side() -> None:
    inbox = MemoryInbox()
    await inbox.accept(updates(1, 1, 2, 2, None, 1))
    order: list[int] = []
    together = 0
    under_way = 0

    async def handle(update_id: int) -> None:
        nonlocal together, under_way
        under_way += 1
        together = max(together, under_way)
        for _ in range(5):
            await asyncio.sleep(0)
        order.append(update_id)
        under_way -= 1
        await inbox.done(update_id)

    await work(inbox, handle, lambda: none_pending(inbox))

    assert [n for n in order if n in {1, 2, 6}] == [1, 2, 6]
    assert [n for n in order if n in {3, 4}] == [3, 4]
    assert together == 3


async def test_what_is_typed_waits_for_nothing_that_is_said_and_only_the_newest_of_it_is_answered() -> None:
    inbox = MemoryInbox()
    await inbox.accept([*updates(1), *typed(*range(10, 60)), *typed(60, 61, who=2)])
    said, first, handled = asyncio.Event(), asyncio.Event(), list[int]()

    async def handle(update_id: int) -> None:
        handled.append(update_id)
        if update_id == 1:
            await said.wait()
        if update_id == 59:
            await inbox.accept(typed(100, 101, 102))
            lanes_arrived.set()
            await first.wait()
        await inbox.done(update_id)

    lanes_arrived = asyncio.Event()
    lanes = Lanes(inbox=inbox, handle=handle, give_up=handle, arrived=lanes_arrived, sleep=no_sleep)
    task = asyncio.create_task(lanes.run())
    async with asyncio.timeout(10):
        while 61 not in handled or inbox.rows[61].state is InboxState.PENDING:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)
        first.set()
        while 102 not in handled or inbox.rows[102].state is InboxState.PENDING:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)
        said.set()
        while not none_pending(inbox):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)
    lanes.stop()
    await task

    assert handled == [1, 59, 61, 102]
    assert {row.state for row in inbox.rows.values()} == {InboxState.DONE}


async def test_words_that_look_like_what_is_typed_are_said_and_each_is_answered() -> None:
    inbox = MemoryInbox()
    hostile = '"inline_query": {"id": "1"}'
    rows = [kept({"update_id": n, "message": {"chat": {"id": 1}, "text": hostile}}, lambda: NOW) for n in (1, 2, 3)]
    await inbox.accept([row for row in rows if row is not None])
    handled: list[int] = []

    async def handle(update_id: int) -> None:
        handled.append(update_id)
        await inbox.done(update_id)

    await work(inbox, handle, lambda: none_pending(inbox))

    assert handled == [1, 2, 3]


async def test_no_more_chats_than_allowed_are_worked_on_at_once_and_the_window_moves() -> None:
    inbox = MemoryInbox()
    await inbox.accept(updates(*range(1, 101)))
    most = under_way = 0

    async def handle(update_id: int) -> None:
        nonlocal most, under_way
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        await inbox.done(update_id)

    await work(inbox, handle, lambda: none_pending(inbox), Limits(at_once=4, window=10))

    assert most == 4


async def test_a_failure_is_tried_again_and_then_given_up_and_the_chat_goes_on() -> None:
    inbox = MemoryInbox()
    await inbox.accept(updates(1, 1, 1))
    attempts: list[int] = []

    async def handle(update_id: int) -> None:
        attempts.append(update_id)
        if update_id == 2 or attempts == [1]:
            raise RuntimeError
        await inbox.done(update_id)

    await work(inbox, handle, lambda: none_pending(inbox), Limits(attempts=3))

    assert attempts == [1, 1, 2, 2, 2, 3]
    assert [row.state for row in inbox.rows.values()] == [InboxState.DONE, InboxState.QUARANTINED, InboxState.DONE]


async def test_what_ended_too_many_processes_is_given_up_untried_and_the_chat_goes_on() -> None:
    inbox = MemoryInbox()
    await inbox.accept(updates(1, 1))
    inbox.starts.update({1: 3, 2: 2})
    tried: list[int] = []

    async def handle(update_id: int) -> None:
        tried.append(update_id)
        await inbox.done(update_id)

    await work(inbox, handle, lambda: none_pending(inbox), Limits(starts=2))

    assert tried == [2]
    assert [row.state for row in inbox.rows.values()] == [InboxState.QUARANTINED, InboxState.DONE]


async def test_a_database_that_cannot_be_used_is_waited_for_however_long() -> None:
    inbox = MemoryInbox()
    await inbox.accept(updates(1, 1))
    attempts: list[int] = []

    async def handle(update_id: int) -> None:
        attempts.append(update_id)
        if len(attempts) <= 50:
            raise StorageBusy("database: busy")
        await inbox.done(update_id)

    await work(inbox, handle, lambda: none_pending(inbox), Limits(attempts=3))

    assert attempts == [1] * 51 + [2]
    assert [row.state for row in inbox.rows.values()] == [InboxState.DONE, InboxState.DONE]


async def test_an_inbox_that_cannot_be_read_for_a_moment_is_asked_again() -> None:
    class Busy(MemoryInbox):
        times = 2

        async def pending(self, limit: int, owner: str | None = None) -> Sequence[Waiting]:
            self.times -= 1
            if self.times >= 0:
                raise StorageBusy("database: busy")
            return await super().pending(limit, owner)

    inbox = Busy()
    await inbox.accept(updates(1))

    async def handle(update_id: int) -> None:
        await inbox.done(update_id)

    await work(inbox, handle, lambda: none_pending(inbox))


async def test_stopping_ends_what_has_begun_and_begins_nothing_more() -> None:
    inbox = MemoryInbox()
    await inbox.accept(updates(1, 1))
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def handle(update_id: int) -> None:
        begun.set()
        await go_on.wait()
        await inbox.done(update_id)

    lanes = Lanes(inbox=inbox, handle=handle, give_up=handle, arrived=asyncio.Event())
    task = asyncio.create_task(lanes.run())
    await begun.wait()
    lanes.stop()
    go_on.set()
    await task

    assert [row.state for row in inbox.rows.values()] == [InboxState.DONE, InboxState.PENDING]
