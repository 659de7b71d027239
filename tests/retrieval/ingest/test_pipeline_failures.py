from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from retrieval.ingest.pipeline import Gatherer
from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.news import Feed, FeedStatus, SaveReport
from storage.domain.why import Why
from storage.errors import StorageFull
from storage.retention import RetentionStore
from tests.retrieval.ingest.gathering import BRIDGE, FEED, Bench, quiet
from tests.retrieval.ingest.web import NOW, InlineSandbox, item, rss


async def test_a_page_without_text_is_named_and_left_alone_for_a_while(bench: Bench) -> None:
    bench.web.put(FEED, rss(item("/video", "Video"), item("/bridge", "Bridge", BRIDGE)))
    bench.web.put("https://example.org/video", "<html><body></body></html>")

    report = await bench.visit()
    again = await bench.visit()
    bench.now += timedelta(hours=7)
    later = await bench.visit()

    assert [(failure.url, failure.error) for failure in report.failed] == [
        ("https://example.org/video", "neither the feed nor the page has text")
    ]
    assert report.saved == SaveReport(new=1)
    assert (again.failed, len(later.failed)) == ((), 1)
    assert (await bench.feed()).status is FeedStatus.OK


async def test_a_broken_feed_is_reported_and_the_rest_go_on(bench: Bench) -> None:
    bad, gone = "https://bad.example.org/feed", "https://gone.example.org/feed"
    bench.web.put(bad, "<!DOCTYPE x [<!ENTITY a 'b'>]><rss/>")
    bench.web.put(FEED, rss(item("/bridge", "Bridge", BRIDGE)))
    steps: list[tuple[str, int, int | None]] = []
    await bench.feeds.add([Feed(url=bad), Feed(url=gone), Feed(url=FEED)])

    report = await bench.gatherer.feeds(await bench.feeds.list(), lambda *step: steps.append(step))

    assert report.saved == SaveReport(new=1)
    assert {failure.url: failure.error for failure in report.failed} == {
        bad: "declares entities or a document type of its own, which is refused",
        gone: "there is nothing at this address (404)",
    }
    failing = await bench.feed(bad)
    assert (failing.status, failing.failures) == (FeedStatus.FAILING, 1)
    assert failing.last_error == "declares entities or a document type of its own, which is refused"
    assert [feed.last_why for feed in await bench.feeds.list()] == [Why.MALFORMED, Why.NOTHING_THERE, None]
    assert failing.next_fetch_at is not None
    assert failing.next_fetch_at > NOW + timedelta(minutes=15)
    assert sorted(step[1:] for step in steps) == [(1, 3), (2, 3), (3, 3)]


async def test_a_fault_of_ours_in_one_feed_costs_only_that_feed(bench: Bench) -> None:
    cursed = "https://cursed.example.org/feed"
    bench.web.answers[cursed] = ZeroDivisionError()
    bench.web.put(FEED, rss(item("/bridge", "Bridge", BRIDGE)))
    await bench.feeds.add([Feed(url=cursed), Feed(url=FEED)])

    report = await bench.gatherer.feeds(await bench.feeds.list(), quiet)

    assert report.saved == SaveReport(new=1)
    assert [failure.url for failure in report.failed] == [cursed]
    assert (await bench.feed(cursed)).status is FeedStatus.FAILING


class FullDisk(ArticleStore):
    async def save(self, prepared: Any) -> SaveReport:
        raise StorageFull("the disk is full")


async def test_a_full_disk_stops_the_round_with_its_own_error(database: Database) -> None:
    bench = Bench(database)
    bench.gatherer = Gatherer(
        http=bench.web,
        articles=FullDisk(database),
        dropped=RetentionStore(database),
        feeds=bench.feeds,
        clock=lambda: NOW,
        sandbox=InlineSandbox(),
    )
    bench.web.put(FEED, rss(item("/bridge", "Bridge", BRIDGE)), etag='"1"')
    await bench.feeds.add([Feed(url=FEED)])

    with pytest.raises(StorageFull):
        await bench.gatherer.feeds(await bench.feeds.list(), quiet)

    # Not noted as read: the next visit must not be answered by "not modified".
    assert (await bench.feed()).etag is None
    await bench.gatherer.close()


async def test_a_cancelled_round_leaves_whole_articles_and_a_feed_to_be_read_again(bench: Bench) -> None:
    bench.web.put(FEED, rss(*(item(f"/{i}", f"Title {i}", f"{i} {BRIDGE}") for i in range(60))), etag='"1"')
    reached = asyncio.Event()
    hold = asyncio.Event()
    get = bench.web.get

    async def slow(url: str, **more: Any) -> Any:
        if url == "https://example.org/45":
            reached.set()
            await hold.wait()
        return await get(url, **more)

    bench.web.get = slow  # type: ignore[method-assign]
    await bench.feeds.add([Feed(url=FEED)])
    visit = asyncio.ensure_future(bench.gatherer.feeds(await bench.feeds.list(), quiet))
    await reached.wait()

    visit.cancel()
    await asyncio.gather(visit, return_exceptions=True)

    assert visit.cancelled()
    assert (await bench.feed()).etag is None
    assert len(await bench.stored()) == 40
    hold.set()
    report = await bench.visit()
    assert report.saved == SaveReport(new=20, duplicates=40)
