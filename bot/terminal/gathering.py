"""Reads the feeds while the chat goes on: once at the start, then at intervals, and what was just added at once.

Knows nothing of how that is shown.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.terminal.ports import News
from storage.domain.news import Feed, IngestReport
from storage.domain.progress import Progress
from storage.errors import TidingsError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """How a reading ended: with a report, or with the error that ended it.

    `asked` says whether the reader awaits it: the first round and what they added, not the rounds at intervals.
    """

    asked: bool
    report: IngestReport = field(default_factory=IngestReport)
    error: TidingsError | None = None


@dataclass(kw_only=True)
class Gathering:
    """The readings of one chat, one at a time.

    Args:
        news: Reads.
        every: From the end of one round to the begin of the next.
        progress: Told how far a reading is.
        done: Told how each ended, and awaited before the next.
    """

    news: News
    every: timedelta
    progress: Progress
    done: Callable[[Gathered], Awaitable[None]]
    added: asyncio.Queue[Feed] = field(default_factory=asyncio.Queue)
    under_way: bool = False

    async def run(self) -> None:
        """Read until cancelled."""
        await self.once()
        while True:
            try:
                async with asyncio.timeout(self.every.total_seconds()):
                    feed = await self.added.get()
            except TimeoutError:
                await self.done(await self._outcome(self.news.round(self.progress), asked=False))
            else:
                await self._visit(feed)

    async def once(self) -> None:
        """Read the feeds that are due, and say how it went."""
        await self.done(await self._outcome(self.news.round(self.progress), asked=True))

    async def read_added(self) -> None:
        """Read what was added meanwhile, where `run` does not."""
        while not self.added.empty():
            await self._visit(self.added.get_nowait())

    async def _visit(self, feed: Feed) -> None:
        await self.done(await self._outcome(self.news.visit([feed], self.progress), asked=True))

    async def _outcome(self, reading: Awaitable[IngestReport], *, asked: bool) -> Gathered:
        self.under_way = True
        try:
            return Gathered(asked=asked, report=await reading)
        except TidingsError as error:
            return Gathered(asked=asked, error=error)
        except Exception as error:
            log.warning(
                "reading_failed", extra={"error": type(error).__name__}, exc_info=log.isEnabledFor(logging.DEBUG)
            )
            return Gathered(asked=asked, error=TidingsError(f"{type(error).__name__}: {error}"))
        finally:
            self.under_way = False
