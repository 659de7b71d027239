"""Shows a chat that an answer is being written, and how far it is, without holding the answer up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from bot.messenger.incoming.events import Origin
from bot.messenger.ports import Outbox
from bot.messenger.wire.bot_api import Caller, Refused
from bot.messenger.wire.drafts import Draft
from bot.messenger.wire.pace import Pace
from storage.domain.times import Clock

EVERY_SECONDS = 4.5
"""Telegram shows "typing" for five seconds."""
_DEADLINE_SECONDS = 5.0
SOON_SECONDS = 0.15
"""An answer that is there within this needs no sign before it: that would be one more call for each message."""


class Presence:
    """Sends chat actions and drafts. What becomes of one matters to nobody, except that a request to wait is heeded.

    Args:
        outbox: Where drafts are kept that stay until they are taken away.
        deliver: Sends what is pending under keys that begin like that.
    """

    def __init__(
        self, *, api: Caller, pace: Pace, outbox: Outbox, deliver: Callable[[str], Awaitable[None]], clock: Clock
    ) -> None:
        self._api, self._pace = api, pace
        self._outbox, self._deliver, self._clock = outbox, deliver, clock
        self._tasks: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def writing(self, origin: Origin) -> AsyncIterator[Draft]:
        """Show "typing", unless the block ends soon, until it ends, and what the draft is told to.

        The action is left to end by itself.
        """
        over = asyncio.Event()
        draft = Draft(
            api=self._api,
            pace=self._pace,
            origin=origin,
            outbox=self._outbox,
            deliver=self._deliver,
            clock=self._clock,
        )
        self._keep(asyncio.create_task(self._show(origin, over)))
        try:
            yield draft
        finally:
            over.set()
            if (late := await draft.end()) is not None:
                self._keep(late)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End what is left."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _show(self, origin: Origin, over: asyncio.Event) -> None:
        fields = {"chat_id": origin.chat_id, "message_thread_id": origin.thread_id, "action": "typing"}
        wait = SOON_SECONDS
        while not (await _is_over(over, wait) or self._pace.halted):
            wait = EVERY_SECONDS
            outcome = await self._api.call("sendChatAction", fields, read_timeout=_DEADLINE_SECONDS)
            if isinstance(outcome, Refused):
                if outcome.retry_after is not None:
                    self._pace.halt(outcome.retry_after)
                return


async def _is_over(over: asyncio.Event, seconds: float) -> bool:
    """Whether it is within so long."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), seconds)
    return over.is_set()
