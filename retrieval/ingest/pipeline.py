"""Gathering: feeds, files and single pages into stored articles. One that is broken never stops the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic

from retrieval.ingest.discover import Discovery
from retrieval.ingest.entries import EntryReader
from retrieval.ingest.jsonl import JsonLines
from retrieval.ingest.misses import Misses
from retrieval.ingest.prepare import Gathered, Preparing
from retrieval.ingest.reading import Reading
from retrieval.ingest.sandbox import Sandbox
from retrieval.ingest.visit import FeedVisitor
from retrieval.ports import ArticleStore, Dropped, FeedStore, HttpGet
from storage.domain.news import Article, Feed, IngestReport, SaveReport, SourceFailure
from storage.domain.progress import Progress
from storage.domain.times import Clock
from storage.domain.why import Why
from storage.errors import ParseError, StorageError

# Failures named in one report; a file of millions of bad lines must not become a report of millions.
_MOST_FAILURES = 1_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherLimits:
    """How much is done at once.

    Args:
        feeds: Feeds visited at once.
        pages: Pages gathered at once, over all feeds.
        interval: Between two visits to a healthy feed.
    """

    feeds: int = 8
    pages: int = 12
    interval: timedelta = timedelta(minutes=15)


class Gatherer:
    """Implements `bot.flows.ports.Gather`. Use it in one event loop, and close it.

    Args:
        http: The door to the network; whoever made it closes it.
        articles: Keeps articles.
        dropped: Tells which were let go by their age.
        feeds: Keeps what visits found out.
        clock: The present.
        sandbox: Where bytes are parsed; closed with the gatherer.
        limits: How much is done at once.
    """

    def __init__(
        self,
        *,
        http: HttpGet,
        articles: ArticleStore,
        dropped: Dropped,
        feeds: FeedStore,
        clock: Clock,
        sandbox: Sandbox | None = None,
        limits: GatherLimits | None = None,
    ) -> None:
        limits = limits or GatherLimits()
        self._sandbox = sandbox or Sandbox()
        reading = Reading(self._sandbox)
        self._entries = EntryReader(http, reading)
        self._preparing = Preparing(articles, clock)
        self._discovery = Discovery(http, reading)
        self._places = asyncio.Semaphore(limits.feeds)
        self._visitor = FeedVisitor(
            http=http,
            reading=reading,
            entries=self._entries,
            preparing=self._preparing,
            articles=articles,
            dropped=dropped,
            feeds=feeds,
            clock=clock,
            pages=asyncio.Semaphore(limits.pages),
            misses=Misses(clock),
            interval=limits.interval,
        )

    async def feeds(self, feeds: Sequence[Feed], progress: Progress) -> IngestReport:
        """Visit these feeds now. One that fails is reported; the rest go on.

        Raises:
            StorageError: The database cannot be used, which no other feed would escape.
        """
        start = monotonic()
        reports: list[IngestReport] = []

        async def visit(feed: Feed) -> None:
            async with self._places:
                reports.append(await self._visit(feed))
            progress(feed.title or feed.url, len(reports), len(feeds))

        try:
            async with asyncio.TaskGroup() as group:
                for feed in feeds:
                    group.create_task(visit(feed))
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None  # the first stopped the others; only it says why
        return sum(reports, _took(start))

    async def jsonl(self, path: Path, progress: Progress) -> IngestReport:
        """Import a JSON Lines file, gzipped or not; a line that cannot be read is reported and skipped.

        Raises:
            InputError: The file cannot be read; what came before the fault is in.
            StorageError: The database cannot be used.
        """
        start = monotonic()
        read = 0
        saved = SaveReport()
        failed: list[SourceFailure] = []
        unnamed = 0
        async with JsonLines(path) as lines:
            async for batch in lines.batches():
                found = [one for one in batch if isinstance(one, Gathered)]
                faults = [one for one in batch if isinstance(one, SourceFailure)]
                room = _MOST_FAILURES - len(failed)
                failed += faults[:room]
                unnamed += len(faults[room:])
                if found:
                    saved += (await self._preparing.store(found)).report
                read += len(found)
                progress(path.name, read, None)
        if unnamed:
            failed.append(
                SourceFailure(url=str(path), error=f"{unnamed:,} more lines could not be read", count=unnamed)
            )
        return IngestReport(fetched=read, saved=saved, failed=tuple(failed)) + _took(start)

    async def page(self, url: str) -> Article:
        """Gather the article at `url` and store it.

        Raises:
            FeedError: It cannot be had, or has no article.
            StorageError: The database cannot be used.
        """
        page = await self._entries.page(url)
        if not page.text:
            raise ParseError(url, "has no article text", why=Why.NO_ARTICLE)
        found = Gathered(
            text=page.text,
            url=url,
            title=page.title,
            author=page.author,
            source=page.site,
            published=page.published,
            language_hint=page.language,
        )
        stored = await self._preparing.store([found])
        return stored.articles[0].article

    async def discover(self, url: str) -> Feed:
        """The feed at `url`, or the one the page at `url` names.

        Raises:
            FeedError: There is none, or it cannot be read.
        """
        return await self._discovery.find(url)

    async def close(self) -> None:
        """End the children and the thread."""
        await self._sandbox.close()
        self._preparing.close()

    async def _visit(self, feed: Feed) -> IngestReport:
        try:
            return await self._visitor.visit(feed)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001
            # The boundary: a fault of ours that one feed brings out must not cost the others.
            _log.exception("feed_broke", extra={"feed": feed.url})
            return await self._visitor.note_failure(feed, "Tidings failed while reading it; the log has more")


def _took(start: float) -> IngestReport:
    return IngestReport(took=timedelta(seconds=monotonic() - start))
