"""One thread per resource that is not safe, or not wise, to use from several: an index, a model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class OwnerThread:
    """Runs blocking calls one after another, in the order they were asked for.

    Args:
        name: Shown in stack dumps, such as `chroma`.
    """

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """The result of `function`, run on the owner's thread.

        A cancelled call that has started still runs to its end there; one that has not is never run.
        """
        future = self._executor.submit(function, *args, **kwargs)
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Wait for the call under way, drop those not started, end the thread."""
        self._executor.shutdown(wait=True, cancel_futures=True)
