"""Waits out a database that cannot be used. That passes and is no fault of what was being done, so it never counts."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from storage.errors import StorageError

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
_LONGEST_SECONDS = 30.0


def pause(before: int) -> float:
    """Seconds to wait after so many waits before: ever more up to half a minute, and never in step with others."""
    return min(2.0 ** min(before, 10), _LONGEST_SECONDS) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret


async def patiently(act: Callable[[], Awaitable[T]], *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> T:
    """What `act` gives, called again for as long as it raises `StorageError`."""
    waits = 0
    while True:
        try:
            return await act()
        except StorageError as error:
            _LOG.error("database not usable, trying again", extra={"error": str(error)})
        await sleep(pause(waits))
        waits += 1
