from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from bot.flows.ingest import Ingest
from bot.flows.ports import Feeds
from storage.domain.news import Feed, FeedStatus, IngestReport, SaveReport, SyncReport
from storage.domain.people import ReaderId
from storage.domain.progress import Progress
from storage.domain.why import Why
from storage.errors import EncoderUnavailable, IndexUnavailable, InputError
from tests.hot import Following

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def silent(_what: str, _done: int, _of: int | None) -> None:
    pass


class CountingIndex:
    def __init__(self, error: Exception | None = None, report: SyncReport | None = None) -> None:
        self.error, self.report = error, report or SyncReport()
        self.syncs = 0
        self.followed = asyncio.Event()

    async def sync(self, progress: Progress) -> SyncReport:
        self.syncs += 1
        self.followed.set()
        if self.error:
            raise self.error
        return self.report

    rebuild = sync

    async def behind(self) -> int:
        return 0


class DueFeeds:
    def __init__(self, *feeds: Feed) -> None:
        self.feeds = feeds
        self.asked: list[datetime] = []

    async def due(self, now: datetime) -> Sequence[Feed]:
        self.asked.append(now)
        return self.feeds


class Sources:
    """Feeds in memory, with what visits find: those in `readable` stand well afterwards, the others fail for `why`."""

    def __init__(self, *feeds: Feed, readable: frozenset[str] = frozenset(), why: Why | None = None) -> None:
        self.kept = {feed.url: feed for feed in feeds}
        self.readable = readable
        self.why = why

    async def list(self, reader: ReaderId | None = None) -> Sequence[Feed]:
        return tuple(self.kept.values())

    async def add(self, feeds: Sequence[Feed]) -> int:
        statuses = {feed.url: FeedStatus.OK if feed.url in self.readable else FeedStatus.FAILING for feed in feeds}
        self.kept = {
            url: Feed(url=url, status=status, last_why=self.why) for url, status in statuses.items()
        } | self.kept
        return len(feeds)

    async def withdraw(self, urls: Sequence[str]) -> None:
        self.kept = {url: feed for url, feed in self.kept.items() if url not in urls}


class ScriptedGather:
    def __init__(self, wait_for: asyncio.Event | None = None, error: Exception | None = None) -> None:
        self.wait_for, self.error = wait_for, error
        self.cancelled = False
        self.done = 0

    async def feeds(self, feeds: Sequence[Feed], progress: Progress) -> IngestReport:
        return await self._report(len(feeds))

    async def jsonl(self, path: Path, progress: Progress) -> IngestReport:
        return await self._report(1)

    async def discover(self, url: str) -> Feed:
        return Feed(url=url)

    async def _report(self, n: int) -> IngestReport:
        try:
            if self.wait_for:
                await self.wait_for.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        if self.error:
            raise self.error
        self.done += 1
        return IngestReport(fetched=n, saved=SaveReport(new=n))


def flow(
    gather: ScriptedGather,
    index: CountingIndex,
    feeds: DueFeeds | Sources | None = None,
    every: float = 60,
    stories: Following | None = None,
) -> Ingest:
    return Ingest(
        feeds=cast(Feeds, feeds or DueFeeds()),
        gather=gather,
        index=index,
        stories=stories or Following(),
        clock=lambda: NOW,
        follow_every=timedelta(seconds=every),
    )


async def test_a_round_reads_the_due_feeds_and_leaves_the_index_level() -> None:
    index, feeds = CountingIndex(), DueFeeds(Feed(url="https://a.example/"), Feed(url="https://b.example/"))

    report = await flow(ScriptedGather(), index, feeds).round(silent)

    assert report.saved.new == 2
    assert feeds.asked == [NOW]
    assert index.syncs == 1


async def test_the_index_follows_while_gathering_goes_on() -> None:
    index = CountingIndex()

    await asyncio.wait_for(flow(ScriptedGather(wait_for=index.followed), index, every=0.001).visit([], silent), 5)

    assert index.syncs >= 2


async def test_reports_of_several_files_add_up() -> None:
    report = await flow(ScriptedGather(), CountingIndex()).files([Path("a"), Path("b")], silent)

    assert (report.fetched, report.saved.new) == (2, 2)


async def test_an_unreadable_file_is_the_error_it_was() -> None:
    with pytest.raises(InputError, match=r"news\.jsonl"):
        await flow(ScriptedGather(error=InputError("news.jsonl", "no such file")), CountingIndex()).files(
            [Path("news.jsonl")], silent
        )


async def test_named_feeds_are_kept_where_they_can_be_read_or_were_sources_before() -> None:
    read, unread, held = "https://a.example/", "https://b.example/", "https://c.example/"
    sources = Sources(Feed(url=held, status=FeedStatus.FAILING), readable=frozenset({read}))

    report = await flow(ScriptedGather(), CountingIndex(), sources).named(
        [Feed(url=url) for url in (read, unread, held)], silent
    )

    assert report.fetched == 3
    assert set(sources.kept) == {read, held}


async def test_a_named_feed_that_breaks_off_brings_news_and_is_kept() -> None:
    sources = Sources(why=Why.CUT)

    await flow(ScriptedGather(), CountingIndex(), sources).named([Feed(url="https://a.example/")], silent)

    assert set(sources.kept) == {"https://a.example/"}


async def test_a_named_feed_is_not_kept_where_reading_it_breaks_off() -> None:
    sources = Sources()
    gather = ScriptedGather(error=InputError("x", "broke"))

    with pytest.raises(InputError):
        await flow(gather, CountingIndex(), sources).named([Feed(url="https://b.example/")], silent)

    assert sources.kept == {}


async def test_stopping_a_round_stops_the_gathering() -> None:
    gather = ScriptedGather(wait_for=asyncio.Event())
    running = asyncio.ensure_future(flow(gather, CountingIndex(), every=0.001).visit([], silent))
    await asyncio.sleep(0)

    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert gather.cancelled


INDEX_FAULTS = [IndexUnavailable("dense", "disk full"), EncoderUnavailable("minilm", "is not there")]


@pytest.mark.parametrize("fault", INDEX_FAULTS, ids=lambda fault: type(fault).__name__)
async def test_a_fault_of_an_index_does_not_stop_the_gathering_and_is_told_after_it(fault: Exception) -> None:
    index = CountingIndex(error=fault)
    gather = ScriptedGather(wait_for=index.followed)

    with pytest.raises(type(fault), match=str(fault)):
        await asyncio.wait_for(flow(gather, index, every=0.001).visit([], silent), 5)

    assert (gather.done, gather.cancelled) == (1, False)
    assert index.syncs >= 2


async def test_a_fault_of_an_index_leaves_no_file_unread() -> None:
    gather = ScriptedGather()

    with pytest.raises(IndexUnavailable):
        await flow(gather, CountingIndex(error=INDEX_FAULTS[0])).files([Path("a"), Path("b")], silent)

    assert gather.done == 2


async def test_what_came_in_before_an_unreadable_file_is_indexed() -> None:
    index = CountingIndex(error=INDEX_FAULTS[0])

    with pytest.raises(InputError):
        await flow(ScriptedGather(error=InputError("news.jsonl", "no such file")), index).files([Path("a")], silent)

    assert index.syncs == 1


async def test_it_is_known_whether_another_process_keeps_the_indexes() -> None:
    index = CountingIndex(report=SyncReport(held_elsewhere=True))

    assert (await flow(ScriptedGather(), index).level(silent)).held_elsewhere


async def test_what_came_in_is_put_into_stories_once_the_index_is_level() -> None:
    index, stories = CountingIndex(), Following()

    await flow(ScriptedGather(), index, stories=stories).round(silent)

    assert stories.times == index.syncs == 1
