"""Work that may take its time, with a sign of life meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.terminal.screen import Screen

T = TypeVar("T")

PATIENCE_SECONDS = 0.3
"""Work that is done sooner shows no sign of being under way."""


async def patiently(screen: Screen, work: Coroutine[Any, Any, T], *, sign: str = "chat_thinking") -> T:
    """The result of `work`, with a sign of life while it takes its time."""
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait([task], timeout=PATIENCE_SECONDS)
        if not done:
            with screen.busy(sign):
                await asyncio.wait([task])
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
    return task.result()


async def begun(screen: Screen, ready: asyncio.Future[None] | None) -> None:
    """Wait until what the first answer needs is there."""
    if ready is not None:
        await patiently(screen, _finished(ready), sign="chat_loading")


async def _finished(work: asyncio.Future[None]) -> None:
    # Shielded: Ctrl-C gives up the question, not the work.
    await asyncio.shield(work)
