"""Works through the inbox: the updates of a chat one after another, different chats side by side.

The inbox is the truth. What is held here is only which of its rows are being worked on.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.ports import Inbox
from storage.domain.deliveries import InboxUpdate
from storage.errors import StorageError

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is worked on.

    Args:
        at_once: Chats that are answered at the same time.
        window: Pending updates looked at; a chat that sent more than that makes others wait.
        attempts: How often an update is tried again when its handling fails as a whole, as on a full disk.
    """

    at_once: int = 64
    window: int = 2_000
    attempts: int = 5


class Lanes:
    """Hands each pending update to `handle`, in order within its chat.

    Args:
        handle: Deals with an update; called with its id and which attempt this is, from 0. Its errors are logged by
            name and the update is tried again later; after the last attempt it is set aside.
        arrived: Set by whoever puts something into the inbox.
    """

    def __init__(
        self,
        *,
        inbox: Inbox,
        handle: Callable[[int, int], Awaitable[None]],
        arrived: asyncio.Event,
        limits: Limits | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._inbox, self._handle, self._arrived, self._sleep = inbox, handle, arrived, sleep
        self._limits = limits or Limits()
        self._slots = asyncio.Semaphore(self._limits.at_once)
        self._queues: dict[int, deque[int]] = {}
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

    async def _pending(self) -> Sequence[InboxUpdate]:
        while not self._stopping:
            try:
                return await self._inbox.pending(self._limits.window)
            except StorageError as error:
                _LOG.error("inbox not readable", extra={"error": str(error)})
                await self._sleep(1.0)
        return ()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping = True
        self._arrived.set()

    def _take(self, update: InboxUpdate, tasks: asyncio.TaskGroup) -> None:
        if update.update_id in self._held or self._stopping:
            return
        self._held.add(update.update_id)
        lane = update.chat_id if update.chat_id is not None else 0
        queue = self._queues.get(lane)
        if queue is not None:
            queue.append(update.update_id)
            return
        self._queues[lane] = deque([update.update_id])
        tasks.create_task(self._drive(lane), name=f"lane-{lane}")

    async def _drive(self, lane: int) -> None:
        queue = self._queues[lane]
        while queue and not self._stopping:
            async with self._slots:
                if not self._stopping:
                    await self._deal(queue[0])
            self._held.discard(queue.popleft())
            if self._more and len(self._held) < self._limits.window // 2:
                self._arrived.set()
        self._held.difference_update(queue)
        del self._queues[lane]

    async def _deal(self, update_id: int) -> None:
        for attempt in range(self._limits.attempts):
            try:
                await self._handle(update_id, attempt)
            except Exception as error:  # noqa: BLE001 - one update's failure is not the others'; the next try may work
                _LOG.error("update not handled", extra={"update": update_id, "error": type(error).__name__})
                if self._stopping:
                    return
                await self._sleep(min(2.0**attempt, 30.0) * random.uniform(0.5, 1.0))  # noqa: S311 - jitter
            else:
                return
        await self._set_aside(update_id)

    async def _set_aside(self, update_id: int) -> None:
        try:
            await self._inbox.quarantine(update_id, "handling it failed again and again")
        except Exception as error:  # noqa: BLE001 - it is still pending, so it is found again
            _LOG.error("update not set aside", extra={"update": update_id, "error": type(error).__name__})
