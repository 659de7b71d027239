"""Feeds in, searchable news out: a round of reading, a file, a single feed.

While gathering goes on the indexes follow every few seconds, so that what came in can be asked about at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from bot.flows.ports import Feeds, Gather, Index, Progress
from storage.domain.news import Feed, IngestReport
from storage.domain.times import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingest:
    """Brings news in.

    Args:
        follow_every: How often the indexes catch up while a long gathering runs.
    """

    feeds: Feeds
    gather: Gather
    index: Index
    clock: Clock
    follow_every: timedelta = timedelta(seconds=5)

    async def round(self, progress: Progress) -> IngestReport:
        """Read every feed that is due."""
        return await self.visit(await self.feeds.due(self.clock()), progress)

    async def visit(self, feeds: Sequence[Feed], progress: Progress) -> IngestReport:
        """Read these feeds now, due or not."""
        return await self._followed(self.gather.feeds(feeds, progress), progress)

    async def files(self, paths: Sequence[Path], progress: Progress) -> IngestReport:
        """Import JSON Lines files, gzipped or not.

        Raises:
            InputError: A file cannot be read at all; those before it are in.
        """
        report = IngestReport()
        for path in paths:
            report += await self._followed(self.gather.jsonl(path, progress), progress)
        return report

    async def _followed(self, gathering: Awaitable[IngestReport], progress: Progress) -> IngestReport:
        """The report of `gathering`; the indexes follow meanwhile and stand level at its end."""
        start = time.perf_counter()
        task = asyncio.ensure_future(gathering)
        try:
            while not (await asyncio.wait([task], timeout=self.follow_every.total_seconds()))[0]:
                await self.index.sync(progress)
            report = task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await self.index.sync(progress)
        return replace(report, took=timedelta(seconds=time.perf_counter() - start))
