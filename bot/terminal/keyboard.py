"""Where lines come from, and the pipe as one such place. The other is `prompt`."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from typing import IO, Protocol

MAX_LINE_BYTES = 1 << 20
"""A pipe without line breaks is read in pieces of this size instead of into memory."""


class Key(Enum):
    """What came instead of a line: Ctrl-C at the prompt, or the end of the input."""

    CANCEL = "cancel"
    LEAVE = "leave"


class Keyboard(Protocol):
    """Gives lines one after another. `attended` says whether a person is there to see and to interrupt."""

    attended: bool

    async def line(self) -> str | Key: ...

    def show_status(self, status: str | None) -> None:
        """Keep `status` in sight while a line is awaited. From any thread."""
        ...

    def forget(self) -> None:
        """Offer none of the lines again that were typed so far."""
        ...


class Pipe:
    """Lines of a file or a pipe, decoded leniently.

    Args:
        stream: Read by its descriptor; nothing may have been read from it before.
    """

    def __init__(self, stream: IO[str]) -> None:
        self.attended = False
        self._descriptor = stream.fileno()
        self._lines = self._read()

    async def line(self) -> str | Key:
        """The next line."""
        return await anext(self._lines, Key.LEAVE)

    def show_status(self, status: str | None) -> None:
        """Nobody watches a pipe."""

    def forget(self) -> None:
        """No line of a pipe comes again."""

    async def _read(self) -> AsyncIterator[str]:
        rest = b""
        while chunk := await self._chunk():
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > MAX_LINE_BYTES:
                lines, rest = [*lines, rest], b""
            for line in lines:
                yield line.decode("utf-8", "replace")
        if rest:
            yield rest.decode("utf-8", "replace")

    async def _chunk(self) -> bytes:
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        try:
            loop.add_reader(self._descriptor, _settle, ready)
        except PermissionError:  # a regular file is always ready, and cannot be watched
            return os.read(self._descriptor, 1 << 16)
        try:
            await ready
        finally:
            loop.remove_reader(self._descriptor)
        return os.read(self._descriptor, 1 << 16)


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


@contextmanager
def interrupts(cancel: Callable[[], object]) -> Iterator[None]:
    """Ctrl-C calls `cancel` meanwhile, where signals can be had: in the main thread of a POSIX system."""
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGINT)
    try:
        loop.add_signal_handler(signal.SIGINT, cancel)
    except (NotImplementedError, RuntimeError, ValueError):
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)


@contextmanager
def keys_kept(stream: IO[str]) -> Iterator[None]:
    """Between prompts, keys are neither written into an answer nor lost: the next prompt gets them, Ctrl-D too."""
    try:
        import termios

        descriptor = stream.fileno()
        before = termios.tcgetattr(descriptor)
    except (ImportError, OSError, ValueError, termios.error):
        yield
        return
    kept = [*before[:3], before[3] & ~(termios.ECHO | termios.ICANON), *before[4:]]
    termios.tcsetattr(descriptor, termios.TCSANOW, kept)
    try:
        yield
    finally:
        with suppress(termios.error):
            termios.tcsetattr(descriptor, termios.TCSANOW, before)
