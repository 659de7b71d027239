"""One owner of a device that writes: who writes now, who waits, and who is told at once that there is no room.

Knows nothing of models. All of this runs on the event loop; the device works in a thread of its own, and is opened and
closed in another. Half as many may wait as write: whoever is let in has waited for a reply, and is to have their own
within twice the usual time.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

from generation.device import Device, Step
from generation.owner import Owner
from storage.errors import GenerationError, ModelBusy

R = TypeVar("R")

_log = logging.getLogger(__name__)

_CLOSED = "was closed"
_LOOK_SECONDS = 0.2
TRY_AGAIN_SECONDS = 60.0
"""A disk, a hub or memory that failed may be back."""
# What is still being loaded then, perhaps over a network, is left to itself.
_CLOSE_SECONDS = 3.0
_LONGEST_REASON = 200


class Worker:
    """Lets a bounded number of replies onto a device, first come, first served, and opens another where one fails.

    The device is opened when the first reply wants it. When it fails, the replies under way fail with it, and another
    is opened at once, for half as many replies where memory ran out. When that one dies soon, too, and not a reply was
    finished between, none is opened for a minute, and then only for who asks.

    Args:
        name: The engine's, which errors name.
        open_device: Opens a device for this many replies at once. Runs in a thread.
        running: How many replies are written at once.
        waiting: How many may wait for their turn; half as many as are written at once where `None`, and at least one.
    """

    def __init__(
        self, name: str, open_device: Callable[[int], Device], *, running: int, waiting: int | None = None
    ) -> None:
        self._name = name
        self._open_device = open_device
        self._running = running
        self._waiting = waiting
        self._writing = 0
        self._queue: deque[asyncio.Future[None]] = deque()
        self._replies: set[_Reply] = set()
        self._device: Device | None = None
        self._opening: asyncio.Task[Device] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._try_again = self._opened_at = 0.0
        # Devices in a row that died soon after they were opened.
        self._deaths = 0
        self._closed = False
        self._owner = Owner("chat-model")

    @property
    def running(self) -> int:
        """How many replies are written at once, by now."""
        return self._running

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Device]:
        """A turn at the device, once there is one. As long as it is held, it counts among those that write.

        Raises:
            ModelBusy: As many wait as may.
            GenerationError: The device cannot be opened, or the worker was closed.
        """
        self._admit()
        await self._place()
        try:
            yield await self.ready()
        finally:
            self._leave()

    async def write(self, device: Device, tokens: Sequence[int], most: int) -> AsyncGenerator[Step]:
        """What is written after these tokens, as it grows, up to `most`. Within a turn, and to be closed.

        Raises:
            GenerationError: The device failed.
        """
        reply = _Reply()
        self._replies.add(reply)
        name = device.start(tokens, most, reply.hear) if device.alive else None
        if name is None:
            reply.hear(Step(failure="its worker is gone"))
        step = Step()
        try:
            while not step.finished:
                step = await reply.next()
                if step.failure is not None:
                    self._fail(device, step.failure)
                    raise GenerationError(self._name, _one_line(step.failure))
                if step.finished:
                    self._deaths = 0
                yield step
        finally:
            self._replies.discard(reply)
            if name is not None and not step.finished:
                device.cancel(name)

    async def ready(self) -> Device:
        """The device, opened where it is not yet.

        Raises:
            GenerationError: It cannot be opened, or keeps dying; who asks within a minute is told so at once.
        """
        if self._closed:
            raise GenerationError(self._name, _CLOSED)
        opening = self._opening
        if opening is None or (_failed(opening) and time.monotonic() >= self._try_again):
            opening = self._open()
        return await asyncio.shield(opening)

    async def run(self, function: Callable[..., R], /, *arguments: object) -> R:
        """The result of a function, run in the thread that opens the device.

        Raises:
            GenerationError: The worker was closed.
        """
        if self._closed:
            raise GenerationError(self._name, _CLOSED)
        return await self._owner.run(function, *arguments)

    async def close(self) -> None:
        """Let go of the device; replies under way fail, as do those that wait.

        What is being opened is waited for a few seconds only. It is closed as soon as it is there.
        """
        if self._closed:
            return
        self._closed = True
        for place in self._queue:
            if not place.done():
                place.set_exception(GenerationError(self._name, _CLOSED))
        self._queue.clear()
        self._end_replies(_CLOSED)
        if self._opening is not None:
            _, late = await asyncio.wait([self._opening], timeout=_CLOSE_SECONDS)
            if late:
                self._opening.cancel()
                await asyncio.wait(late)
        if self._watching is not None:
            self._watching.cancel()
        if self._device is not None:
            await self._owner.run(self._device.close)
            self._device = None
        self._owner.end()

    def _admit(self) -> None:
        if self._closed:
            raise GenerationError(self._name, _CLOSED)
        most = -(-self._running // 2) if self._waiting is None else self._waiting
        if self._writing >= self._running and len(self._queue) >= most:
            raise ModelBusy(self._name, f"is busy: {self._writing} replies are being written and {most} wait")

    async def _place(self) -> None:
        if self._writing < self._running:
            self._writing += 1
            return
        place = asyncio.get_running_loop().create_future()
        self._queue.append(place)
        try:
            await place
        except asyncio.CancelledError:
            with suppress(ValueError):
                self._queue.remove(place)
            if not place.cancelled() and place.exception() is None:
                # The turn came in the same moment.
                self._leave()
            raise

    def _leave(self) -> None:
        self._writing -= 1
        while self._queue and self._writing < self._running:
            place = self._queue.popleft()
            if not place.done():
                self._writing += 1
                place.set_result(None)

    def _fail(self, device: Device, reason: str) -> None:
        """End the replies under way of a device that failed, and open another in its place; once."""
        if self._device is device and not self._closed:
            self._device = None
            self._end_replies(reason)
            self._open(device, reason)

    def _end_replies(self, reason: str) -> None:
        for reply in self._replies:
            reply.hear(Step(failure=reason))

    def _open(self, failed: Device | None = None, reason: str = "") -> asyncio.Task[Device]:
        self._opening = asyncio.create_task(self._opened(failed, reason))
        # Whoever waits for it learns of its failure, and that may be nobody.
        self._opening.add_done_callback(_failed)
        return self._opening

    async def _opened(self, failed: Device | None, reason: str) -> Device:
        try:
            if failed is not None:
                await self._let_go(failed, reason)
            device = await self._owner.run(self._open_here, self._running)
        except asyncio.CancelledError:
            if self._closed:
                raise GenerationError(self._name, _CLOSED) from None
            raise
        except Exception as error:
            # Of any kind: libraries, and the device below them, fail each in their own way.
            self._try_again = time.monotonic() + TRY_AGAIN_SECONDS
            if isinstance(error, GenerationError):
                raise
            raise GenerationError(self._name, reason_of(error)) from error
        self._running = min(self._running, device.running)
        self._device, self._opened_at = device, time.monotonic()
        self._watching = asyncio.create_task(self._watch(device))
        return device

    def _open_here(self, running: int) -> Device:
        """In the owner's thread, which may be at it when nobody waits any more."""
        device = self._open_device(running)
        if self._closed:
            device.close()
            raise GenerationError(self._name, _CLOSED)
        return device

    async def _let_go(self, failed: Device, reason: str) -> None:
        """Close a device that failed, before another is opened.

        Raises:
            GenerationError: No other is to be opened for now: it would die like the last ones.
        """
        soon = time.monotonic() < self._opened_at + TRY_AGAIN_SECONDS
        self._deaths = self._deaths + 1 if soon else 0
        if await self._owner.run(failed.close) and self._running > 1:
            self._running //= 2
            self._deaths = 0
        told = {"engine": self._name, "running": self._running}
        if self._deaths > 1:
            _log.warning("chat_model_rests", extra=told | {"reason": _one_line(reason)})
            raise GenerationError(self._name, _one_line(reason))
        _log.warning("chat_model_reopened", extra=told)

    async def _watch(self, device: Device) -> None:
        """Notice when a device dies without a word."""
        while device.alive:  # noqa: ASYNC110 # a thread that is gone sets no event
            await asyncio.sleep(_LOOK_SECONDS)
        self._fail(device, "its worker died")


class _Reply:
    """One reply as its reader follows it, who hears of the latest step only: a slow one skips, and none pile up."""

    def __init__(self) -> None:
        self._latest = Step()
        self._news = asyncio.Event()

    def hear(self, step: Step) -> None:
        if not self._latest.finished and self._latest.failure is None:
            self._latest = step
            self._news.set()

    async def next(self) -> Step:
        await self._news.wait()
        self._news.clear()
        return self._latest


def _failed(opening: asyncio.Task[Device]) -> bool:
    return opening.done() and (opening.cancelled() or opening.exception() is not None)


def reason_of(error: Exception) -> str:
    """Why something failed, in a line: the first of what a library says."""
    return error.reason if isinstance(error, GenerationError) else _one_line(str(error) or type(error).__name__)


def _one_line(text: str) -> str:
    line = next(iter(text.strip().splitlines()), "failed")
    return line if len(line) <= _LONGEST_REASON else line[:_LONGEST_REASON] + "…"
