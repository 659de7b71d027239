"""Feeds in, searchable news out: a round of reading, a file, a single feed.

While gathering goes on the indexes follow every few seconds, so that what came in can be asked about at once. The
database is the truth and fills whatever state they are in: what is wrong with them is said once the articles are in.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from bot.flows.pacing import of_a_round
from bot.flows.ports import Feeds, FollowStories, Gather, Index
from storage.domain.news import Feed, FeedStatus, IngestReport, SyncReport
from storage.domain.progress import Progress
from storage.domain.times import Clock
from storage.domain.why import Why
from storage.errors import EncoderUnavailable, IndexUnavailable, TidingsError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingest:
    """Brings news in.

    What brings news in raises `IndexUnavailable` or `EncoderUnavailable` only after all of it is stored, where the
    indexes could not be made level at the end.

    Args:
        follow_every: How often the indexes catch up while a long gathering runs.
    """

    feeds: Feeds
    gather: Gather
    index: Index
    stories: FollowStories
    clock: Clock
    follow_every: timedelta = timedelta(seconds=5)

    async def round(self, progress: Progress) -> IngestReport:
        """Read the feeds that are due, of readers' own as many as are read at once."""
        return await self.visit(of_a_round(await self.feeds.due(self.clock())), progress)

    async def visit(self, feeds: Sequence[Feed], progress: Progress) -> IngestReport:
        """Read these feeds now, due or not."""
        return await self._followed(self.gather.feeds(feeds, progress), progress)

    async def named(self, feeds: Sequence[Feed], progress: Progress) -> IngestReport:
        """Read these feeds now, and keep as sources of the instance those that can be read.

        One that cannot be read now but was a source before stays.
        """
        urls = {feed.url for feed in feeds}
        before = {feed.url for feed in await self.feeds.list() if feed.shared}
        await self.feeds.add(feeds)
        stored = [feed for feed in await self.feeds.list() if feed.url in urls]
        try:
            report = await self.visit(stored, progress)
        finally:
            failing = {feed.url for feed in await self.feeds.list() if not _brings_news(feed)}
            await self.feeds.withdraw(sorted((urls - before) & failing))
        return report

    async def files(self, paths: Sequence[Path], progress: Progress) -> IngestReport:
        """Import JSON Lines files, gzipped or not.

        Raises:
            InputError: A file cannot be read at all; those before it are in.
        """
        return await self._followed(self._read(paths, progress), progress)

    async def level(self, progress: Progress) -> SyncReport:
        """Bring the indexes level now, and the stories; the report says whether another process will do it instead."""
        report = await self.index.sync(progress)
        try:
            await self.stories.follow(progress)
        except TidingsError as error:
            # What came in can be asked about all the same, and is put into stories with the next round.
            logger.warning("stories_not_level", extra={"reason": str(error)})
        return report

    async def _read(self, paths: Sequence[Path], progress: Progress) -> IngestReport:
        report = IngestReport()
        for path in paths:
            report += await self.gather.jsonl(path, progress)
        return report

    async def _followed(self, gathering: Awaitable[IngestReport], progress: Progress) -> IngestReport:
        """The report of `gathering`; the indexes follow meanwhile and stand level at its end."""
        start = time.perf_counter()
        try:
            report = await self._gathered(gathering, progress)
        except TidingsError:
            # What came in before is to be found all the same; the first error is the one to tell.
            await self._follow(progress)
            raise
        await self.level(progress)
        return replace(report, took=timedelta(seconds=time.perf_counter() - start))

    async def _gathered(self, gathering: Awaitable[IngestReport], progress: Progress) -> IngestReport:
        task = asyncio.ensure_future(gathering)
        wrong: str | None = None
        try:
            while not (await asyncio.wait([task], timeout=self.follow_every.total_seconds()))[0]:
                wrong = await self._follow(progress, wrong)
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _follow(self, progress: Progress, told: str | None = None) -> str | None:
        """Level for now, or what is wrong, logged unless `told` says the same: gathering goes on."""
        try:
            await self.level(progress)
        except (IndexUnavailable, EncoderUnavailable) as error:
            if str(error) != told:
                logger.warning("index_not_level", extra={"reason": str(error)})
            return str(error)
        return None


def _brings_news(feed: Feed) -> bool:
    """Whether it could be read, be it in part."""
    return feed.status is FeedStatus.OK or feed.last_why is Why.CUT
