"""Works through the inbox: the updates of a chat one after another, different chats side by side.

What somebody types behind the bot's name is apart from what they say to it: each keystroke is an update, and only the
newest of those that wait is dealt with; the others are superseded, and done with.

The inbox is the truth. What is held here is only which of its rows are being worked on.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.messenger.ports import Inbox
from bot.messenger.wire.leases import Alone, Leasing
from bot.patience import pause
from storage.domain.deliveries import Waiting
from storage.domain.leases import of_chat
from storage.errors import StorageError

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is worked on.

    Args:
        at_once: Chats that are answered at the same time.
        window: Pending updates looked at; a chat that sent more than that makes others wait.
        attempts: How often an update is tried whose handling fails as a whole. A database or a journal that cannot be
            used is waited for instead, however long.
        starts: After so many processes that ended while it may have been under way, an update is taken for what ends
            them.
    """

    at_once: int = 64
    window: int = 2_000
    attempts: int = 5
    starts: int = 20


@dataclass(frozen=True, slots=True)
class _Lane:
    """Whose updates come one after another. `newest` is whether the newest of them makes those before it void."""

    chat: int | None
    newest: bool


class Lanes:
    """Hands each pending update to `handle`, in order within its chat.

    Args:
        handle: Deals with an update. Its errors are logged by name and the update is tried again later.
        give_up: Sets an update aside whose attempts all failed, and says so to whoever sent it.
        arrived: Set by whoever puts something into the inbox.
        leases: Says which chats are this process's; those of others are looked at again with whatever arrives next.
        owner: What this process is called, where there are several.
    """

    def __init__(
        self,
        *,
        inbox: Inbox,
        handle: Callable[[int], Awaitable[None]],
        give_up: Callable[[int], Awaitable[None]],
        arrived: asyncio.Event,
        leases: Leasing | None = None,
        owner: str | None = None,
        limits: Limits | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._inbox, self._arrived, self._sleep = inbox, arrived, sleep
        self._handle, self._give_up = handle, give_up
        self._leases, self._owner = leases or Alone(), owner
        self._limits = limits or Limits()
        self._slots = asyncio.Semaphore(self._limits.at_once)
        self._queues: dict[_Lane, deque[Waiting]] = {}
        self._held: set[int] = set()
        self._stopping = False
        self._more = False

    async def run(self) -> None:
        """Work until `stop`, then finish what has begun and return."""
        async with asyncio.TaskGroup() as tasks:
            while not self._stopping:
                self._arrived.clear()
                pending = await self._pending()
                for update in pending:
                    self._take(update, tasks)
                self._more = len(pending) >= self._limits.window
                await self._arrived.wait()

    async def _pending(self) -> Sequence[Waiting]:
        while not self._stopping:
            try:
                return await self._inbox.pending(self._limits.window, self._owner)
            except StorageError as error:
                _LOG.error("inbox not readable", extra={"error": str(error)})
                await self._sleep(1.0)
        return ()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping = True
        self._arrived.set()

    def _take(self, update: Waiting, tasks: asyncio.TaskGroup) -> None:
        if update.update_id in self._held or self._stopping:
            return
        self._held.add(update.update_id)
        lane = _Lane(update.chat_id, update.typed)
        queue = self._queues.get(lane)
        if queue is not None:
            queue.append(update)
            return
        self._queues[lane] = deque([update])
        tasks.create_task(self._drive(lane), name=f"lane-{lane.chat}")

    async def _drive(self, lane: _Lane) -> None:
        queue = self._queues[lane]
        mine = True
        while queue and mine and not self._stopping:
            async with self._slots:
                mine = await self._go_on(lane, queue)
            if mine:
                self._held.discard(queue.popleft().update_id)
            if self._more and len(self._held) < self._limits.window // 2:
                self._arrived.set()
        self._held.difference_update(each.update_id for each in queue)
        del self._queues[lane]

    async def _go_on(self, lane: _Lane, queue: deque[Waiting]) -> bool:
        """Deal with the first that waits, if the chat is this process's; whether it is."""
        try:
            async with self._leases.of(of_chat(lane.chat)) as lease:
                while lease.held and lane.newest and len(queue) > 1 and not self._stopping:
                    await self._deal(queue[0].update_id, self._inbox.done)
                    self._held.discard(queue.popleft().update_id)
                if lease.held and not self._stopping:
                    hopeless = queue[0].starts > self._limits.starts
                    await self._deal(queue[0].update_id, self._give_up if hopeless else self._handle)
                return lease.held
        except StorageError as error:
            _LOG.error("chat not to be had", extra={"error": str(error)})
            return False

    async def _deal(self, update_id: int, handle: Callable[[int], Awaitable[None]]) -> None:
        failures = waits = 0
        while True:
            try:
                await (handle if failures < self._limits.attempts else self._give_up)(update_id)
            except StorageError as error:
                _LOG.error("database not usable, trying again", extra={"update": update_id, "error": str(error)})
            except Exception as error:  # noqa: BLE001 - one update's failure is not the others'; the next try may work
                _LOG.error("update not handled", extra={"update": update_id, "error": type(error).__name__})
                failures += 1
            else:
                return
            # One that could not even be set aside is still pending, so it is found again.
            if failures > self._limits.attempts or self._stopping:
                return
            await self._sleep(pause(waits))
            waits += 1
