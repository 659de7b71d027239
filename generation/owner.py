"""A thread that does one thing after another, and that a program need not wait for at its end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

R = TypeVar("R")

_Work = Callable[[], None]


class Owner:
    """Started with the first thing it is given to do.

    The standard library's executors are waited for at the end of the program, however long what they do takes.

    Args:
        name: Of the thread.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._work: SimpleQueue[_Work | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    async def run(self, function: Callable[..., R], /, *arguments: object) -> R:
        """The result of a function, or what it raises. Who is cancelled waits no longer; the function goes on."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._do_all, name=self._name, daemon=True)
            self._thread.start()
        done: Future[R] = Future()
        self._work.put(lambda: _do(done, function, *arguments))
        return await asyncio.wrap_future(done)

    def end(self) -> None:
        """Do no more than was given before. Returns at once."""
        self._work.put(None)

    def _do_all(self) -> None:
        while _done(self._work.get()):
            pass


def _done(work: _Work | None) -> bool:
    """Whether there was anything to do. Nothing of it is held once it is done: it may hold on to a model."""
    if work is None:
        return False
    work()
    return True


def _do(done: Future[R], function: Callable[..., R], *arguments: object) -> None:
    if not done.set_running_or_notify_cancel():
        return
    try:
        done.set_result(function(*arguments))
    except BaseException as error:  # noqa: BLE001 # it is raised where it is waited for
        done.set_exception(error)
