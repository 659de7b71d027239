"""Work that may take its time, with a sign of life meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from bot.console import SpokenProgress
from bot.terminal.greeting import progress_line
from bot.terminal.screen import Screen
from storage.domain.progress import LastTold

if TYPE_CHECKING:
    from rich.status import Status

T = TypeVar("T")

TOLD_EVERY_SECONDS = 0.5
PATIENCE_SECONDS = 0.3
"""Work that is done sooner shows no sign of being under way."""


async def patiently(
    screen: Screen,
    work: Coroutine[Any, Any, T],
    *,
    sign: str = "chat_thinking",
    tell: Callable[[Status], None] | None = None,
) -> T:
    """The result of `work`, with a sign of life while it takes its time; `tell` says now and then how far it is."""
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait([task], timeout=PATIENCE_SECONDS)
        if not done:
            with screen.busy(sign) as status:
                while not task.done():
                    if tell is not None:
                        tell(status)
                    await asyncio.wait([task], timeout=None if tell is None else TOLD_EVERY_SECONDS)
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
    return task.result()


async def begun(screen: Screen, ready: asyncio.Future[None] | None, filling: LastTold) -> None:
    """Wait until what the first answer needs is there; how far that is stands in sight, off a terminal now and then."""
    if ready is None:
        return
    spoken = SpokenProgress()

    def tell(status: Status) -> None:
        if filling.told is not None:
            if screen.console.is_terminal:
                status.update(progress_line(screen, *filling.told))
            else:
                spoken(*filling.told)

    await patiently(screen, _finished(ready), sign="chat_loading", tell=tell)


async def _finished(work: asyncio.Future[None]) -> None:
    # Shielded: Ctrl-C gives up the question, not the work.
    await asyncio.shield(work)
