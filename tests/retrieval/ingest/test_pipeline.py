from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from retrieval.ingest.pipeline import Gatherer
from retrieval.ingest.sandbox import Sandbox
from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.news import Article, Feed, FeedStatus, Filters, SaveReport
from storage.domain.people import ReaderId
from storage.domain.why import Why
from storage.errors import FetchError, ParseError, StorageFull
from storage.feeds import FeedStore
from tests.retrieval.ingest.web import NOW, InlineSandbox, Web, article, item, rss

FEED = "https://example.org/feed.xml"
BRIDGE = (
    "The new bridge over the river was opened on Sunday morning by the mayor, two years later than planned.\n"
    "Thousands of people walked across in the first hour, many of them with children and dogs, said the police.\n"
    "The builders had to stop twice when the water rose, and the price went up by a third to ninety million."
)
STRIKE = (
    "Train drivers in the north will stop work for two days next week, their union announced on Saturday night.\n"
    "The railway said that it would run every third train, and asked people to travel on Wednesday instead.\n"
    "Talks about pay broke down in January, when the union turned down four per cent as far below the prices."
)


def quiet(what: str, done: int, total: int | None) -> None:
    assert what
    assert total is None or done <= total


class Bench:
    """A gatherer over a web in memory and a real database."""

    def __init__(self, database: Database, sandbox: Sandbox | None = None) -> None:
        self.web = Web()
        self.articles = ArticleStore(database)
        self.feeds = FeedStore(database)
        self.now = NOW
        self.gatherer = Gatherer(
            http=self.web,
            articles=self.articles,
            feeds=self.feeds,
            clock=lambda: self.now,
            sandbox=sandbox or InlineSandbox(),
        )

    async def visit(self, url: str = FEED) -> Any:
        await self.feeds.add([Feed(url=url)])
        feeds = [feed for feed in await self.feeds.list() if feed.url == url]
        return await self.gatherer.feeds(feeds, quiet)

    async def feed(self, url: str = FEED) -> Feed:
        (feed,) = [feed for feed in await self.feeds.list() if feed.url == url]
        return feed

    async def stored(self) -> list[Article]:
        headlines = await self.articles.latest(1_000, Filters(), None)
        found = [await self.articles.get(headline.id) for headline in headlines]
        return [one for one in found if one is not None]


@pytest.fixture
async def bench(database: Database) -> AsyncIterator[Bench]:
    bench = Bench(database)
    yield bench
    await bench.gatherer.close()


async def test_a_feed_and_the_pages_behind_it_become_articles(bench: Bench) -> None:
    bench.web.put(FEED, rss(item("/bridge?utm_source=rss", "Bridge opens", "It is open.")), etag='"1"')
    bench.web.put("https://example.org/bridge?utm_source=rss", article("Bridge opens at last", BRIDGE))

    report = await bench.visit()

    (stored,) = await bench.stored()
    assert (report.fetched, report.saved, report.failed) == (1, SaveReport(new=1), ())
    assert stored.text == BRIDGE
    assert stored.headline.title == "Bridge opens"
    assert stored.headline.source == "The Example"
    assert stored.headline.published == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert stored.headline.language == "en"
    assert stored.headline.url == "https://example.org/bridge?utm_source=rss"
    assert stored.canonical_url == "https://example.org/bridge"
    feed = await bench.feed()
    assert (feed.status, feed.title, feed.etag, feed.articles) == (FeedStatus.OK, "The Example", '"1"', 1)
    assert feed.next_fetch_at == NOW + timedelta(minutes=15)


async def test_a_feed_that_did_not_change_is_not_read_again(bench: Bench) -> None:
    bench.web.put(FEED, rss(item("/bridge", "Bridge", BRIDGE)), etag='"1"')
    bench.web.put("https://example.org/bridge", article("Bridge", BRIDGE))
    await bench.visit()

    report = await bench.visit()

    assert (report.fetched, report.saved, report.failed) == (0, SaveReport(), ())
    assert bench.web.asked == [FEED, "https://example.org/bridge", FEED]


async def test_only_what_is_new_is_fetched(bench: Bench) -> None:
    bench.web.put("https://example.org/bridge", article("Bridge", BRIDGE))
    bench.web.put("https://example.org/strike", article("Strike", STRIKE))
    bench.web.put(FEED, rss(item("/bridge", "Bridge")))
    await bench.visit()
    bench.web.put(FEED, rss(item("/strike", "Strike"), item("/bridge", "Bridge"), item("/bridge#top", "Bridge")))
    bench.web.asked.clear()

    report = await bench.visit()

    assert report.saved == SaveReport(new=1, duplicates=1)
    assert bench.web.asked == [FEED, "https://example.org/strike"]


async def test_an_entry_with_a_new_title_is_gathered_again(bench: Bench) -> None:
    bench.web.put("https://example.org/bridge", article("Bridge", BRIDGE))
    bench.web.put(FEED, rss(item("/bridge", "Bridge opens")))
    await bench.visit()
    bench.web.put(FEED, rss(item("/bridge", "Bridge closes again")))
    bench.web.put("https://example.org/bridge", article("Bridge", BRIDGE + "\nAt noon it was closed again."))

    report = await bench.visit()

    (stored,) = await bench.stored()
    assert report.saved == SaveReport(updated=1)
    assert stored.headline.title == "Bridge closes again"
    assert stored.text.endswith("At noon it was closed again.")


def atom(*entries: tuple[str, str]) -> str:
    inner = "".join(
        f"<entry><title>{link}</title><link href='https://example.org/{link}'/><updated>{updated}</updated></entry>"
        for link, updated in entries
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title>{inner}</feed>"


async def test_an_entry_updated_since_the_last_visit_is_gathered_again(bench: Bench) -> None:
    for name in ("a", "b", "c"):
        bench.web.put(f"https://example.org/{name}", article(name, f"{BRIDGE} {name}"))
    early, late = "2026-03-01T11:00:00Z", "2026-03-01T12:30:00Z"
    bench.web.put(FEED, atom(("a", early), ("b", early), ("c", early)))
    await bench.visit()
    bench.web.put(FEED, atom(("a", late), ("b", early), ("c", early)))
    bench.web.put("https://example.org/a", article("a", f"{STRIKE} a"))
    bench.now += timedelta(hours=1)

    report = await bench.visit()

    assert report.saved == SaveReport(updated=1, duplicates=2)


async def test_a_feed_that_stamps_all_its_entries_anew_is_not_believed(bench: Bench) -> None:
    for name in ("a", "b"):
        bench.web.put(f"https://example.org/{name}", article(name, f"{BRIDGE} {name}"))
    bench.web.put(FEED, atom(("a", "2026-03-01T11:00:00Z"), ("b", "2026-03-01T11:00:00Z")))
    await bench.visit()
    bench.web.put(FEED, atom(("a", "2026-03-01T12:30:00Z"), ("b", "2026-03-01T12:30:00Z")))
    bench.web.asked.clear()

    await bench.visit()

    assert bench.web.asked == [FEED]


async def test_two_feeds_that_word_a_title_differently_do_not_rewrite_each_other(bench: Bench) -> None:
    other = "https://zzz.example.net/feed.xml"
    bench.web.put("https://example.org/bridge", article("Bridge", BRIDGE))
    bench.web.put(FEED, rss(item("https://example.org/bridge", "Bridge opens")))
    bench.web.put(other, rss(item("https://example.org/bridge", "Look, a bridge"), title="Links"))
    await bench.visit()

    report = await bench.visit(other)

    (stored,) = await bench.stored()
    assert report.saved == SaveReport(duplicates=1)
    assert stored.headline.title == "Bridge opens"
    assert (await bench.feed(other)).articles == 1


@pytest.mark.parametrize(
    "page",
    [
        FetchError("https://example.org/bridge", "the server refuses (403)", status=403),
        "<html><body></body></html>",
        article("Bridge", "Please log in to read this."),
    ],
)
async def test_a_page_that_fails_or_says_less_is_made_up_for_by_the_feed(bench: Bench, page: Any) -> None:
    teaser = "The new bridge was opened on Sunday by the mayor, two years late."
    bench.web.put(FEED, rss(item("/bridge", "Bridge", f"<p>{teaser}</p>")))
    if isinstance(page, Exception):
        bench.web.answers["https://example.org/bridge"] = page
    else:
        bench.web.put("https://example.org/bridge", page)

    report = await bench.visit()

    (stored,) = await bench.stored()
    assert report.failed == ()
    assert stored.text == teaser


async def test_a_feed_that_carries_the_whole_article_saves_the_page_a_request(bench: Bench) -> None:
    text = "\n".join(f"{i}. {BRIDGE}" for i in range(4))
    bench.web.put(FEED, rss(item("/bridge", "Bridge", text.replace("\n", "<br>"))))

    await bench.visit()

    (stored,) = await bench.stored()
    assert stored.text == text
    assert bench.web.asked == [FEED]


async def test_a_page_that_one_feed_asked_for_too_early_is_there_for_another(bench: Bench) -> None:
    bench.web.put(PRIVATE, rss(item("https://example.org/bridge", "Bridge")))
    bench.web.put(FEED, rss(item("/bridge", "Bridge")))
    early = await visit_private(bench)
    bench.web.put("https://example.org/bridge", article("Bridge", BRIDGE))

    report = await bench.visit()

    assert len(early.failed) == 1
    assert report.saved == SaveReport(new=1)


ADA, BOB = ReaderId("terminal:ada"), ReaderId("terminal:bob")
PRIVATE = "https://ada.example.net/feed.xml"
LIES = "The bridge fell down on Sunday, said nobody, and the river took two hundred people with it. " * 20


async def seen(bench: Bench, reader: ReaderId) -> list[tuple[str, str]]:
    """Title and first line of what `reader` sees."""
    found = [await bench.articles.get(one.id, reader) for one in await bench.articles.latest(100, Filters(), reader)]
    return sorted((one.headline.title, one.text.split("\n")[0]) for one in found if one)


async def visit_private(bench: Bench) -> Any:
    await bench.feeds.subscribe(ADA, Feed(url=PRIVATE, shared=False))
    return await bench.gatherer.feeds([await bench.feed(PRIVATE)], quiet)


async def test_what_a_readers_own_feed_says_of_a_page_is_not_what_others_read(bench: Bench) -> None:
    bench.web.put(PRIVATE, rss(item("https://example.org/bridge", "Bridge falls", LIES)))
    bench.web.put(FEED, rss(item("/bridge", "Bridge opens")))
    bench.web.put("https://example.org/bridge", article("Bridge", BRIDGE))
    await visit_private(bench)
    before = await seen(bench, BOB)

    report = await bench.visit()

    assert (before, report.saved) == ([], SaveReport(new=1))
    assert await seen(bench, BOB) == [("Bridge opens", BRIDGE.split("\n", maxsplit=1)[0])]


async def test_two_readers_own_feeds_with_the_same_link_keep_apart(bench: Bench) -> None:
    other = "https://bob.example.net/feed.xml"
    bench.web.put(PRIVATE, rss(item(f"{PRIVATE}/1", "Paid", "For Ada alone. " * 100)))
    bench.web.put(other, rss(item(f"{PRIVATE}/1", "Found", "It costs money.")))
    await visit_private(bench)
    await bench.feeds.subscribe(BOB, Feed(url=other, shared=False))

    await bench.gatherer.feeds([await bench.feed(other)], quiet)

    assert await seen(bench, BOB) == [("Found", "It costs money.")]
    assert [title for title, _ in await seen(bench, ADA)] == ["Paid"]
    assert len({one.headline.group for one in await bench.stored()}) == 1


async def test_a_readers_own_feed_does_not_rewrite_what_everyone_reads(bench: Bench) -> None:
    for name, text in (("a", BRIDGE), ("b", STRIKE)):
        bench.web.put(f"https://example.org/{name}", article(name, text))
    bench.web.put(FEED, rss(item("/a", "a"), item("/b", "b")))
    await bench.visit()
    bench.web.put(PRIVATE, atom(("a", "2026-03-01T11:00:00Z"), ("b", "2026-03-01T11:00:00Z")))
    first = await visit_private(bench)
    before = await seen(bench, BOB)
    lie = f"<content>{LIES}</content></entry>"
    bench.web.put(PRIVATE, atom(("a", "2026-03-01T12:30:00Z"), ("b", "2026-03-01T11:00:00Z")).replace("</entry>", lie))
    bench.web.put("https://example.org/a", article("a", LIES))
    bench.now += timedelta(hours=1)
    bench.web.asked.clear()

    second = await visit_private(bench)

    assert bench.web.asked == [PRIVATE]
    assert first.saved == second.saved == SaveReport(duplicates=2)
    assert await seen(bench, BOB) == before


async def test_the_feed_that_brought_an_article_is_the_one_that_may_rewrite_it(bench: Bench) -> None:
    other = "https://aaa.example.net/feed.xml"  # first by the alphabet
    bench.web.put("https://example.org/bridge", article("Bridge", BRIDGE))
    bench.web.put(FEED, rss(item("/bridge", "Bridge opens")))
    bench.web.put(other, rss(item("https://example.org/bridge", "Look, a bridge")))
    await bench.visit()
    await bench.visit(other)
    bench.web.put(other, rss(item("https://example.org/bridge", "Look again")))
    bench.web.put(FEED, rss(item("/bridge", "Bridge closes")))

    reports = [(await bench.visit(other)).saved, (await bench.visit()).saved]

    (stored,) = await bench.stored()
    assert reports == [SaveReport(duplicates=1), SaveReport(updated=1)]
    assert (stored.headline.title, stored.feed_url) == ("Bridge closes", FEED)


async def test_a_feed_of_another_site_does_not_speak_for_a_page(bench: Bench) -> None:
    other = "https://links.example.net/feed.xml"
    bench.web.put("https://example.org/bridge", article("Bridge", BRIDGE))
    bench.web.put(other, rss(item("https://example.org/bridge", "Bridge", LIES)))

    await bench.visit(other)

    (stored,) = await bench.stored()
    assert stored.text == BRIDGE


async def test_what_a_feed_brought_before_it_was_shared_stays_its_readers(bench: Bench) -> None:
    whole = "\n".join(f"{i}. {BRIDGE}" for i in range(4)).replace("\n", "<br>")
    bench.web.put(PRIVATE, rss(item("/old", "For Ada", whole)))
    await visit_private(bench)
    await bench.feeds.add([Feed(url=PRIVATE)])
    bench.web.put(PRIVATE, rss(item("/new", "For all", whole.replace("bridge", "tunnel"))))
    between = await seen(bench, BOB)

    await bench.visit(PRIVATE)

    assert between == []
    assert [title for title, _ in await seen(bench, BOB)] == ["For all"]
    assert [title for title, _ in await seen(bench, ADA)] == ["For Ada", "For all"]


async def test_an_article_that_a_reader_has_twice_is_one_group(bench: Bench) -> None:
    bench.web.put("https://example.org/bridge", article("Bridge", BRIDGE))
    bench.web.put(PRIVATE, rss(item("https://example.org/bridge", "Bridge")))
    bench.web.put(FEED, rss(item("/bridge", "Bridge")))
    await visit_private(bench)

    await bench.visit()

    stored = await bench.stored()
    assert len(stored) == 2
    assert len({one.headline.group for one in stored}) == 1


async def test_an_article_that_was_cut_is_not_taken_for_changed(bench: Bench) -> None:
    endless = "It went on. " * 25_000
    bench.web.put(FEED, rss(item("/saga", "Saga " * 200, endless)))
    await bench.visit()

    report = await bench.visit()

    assert report.saved == SaveReport(duplicates=1)
    assert bench.web.asked == [FEED, FEED]


async def test_an_unchanged_feed_is_compared_with_one_question(bench: Bench) -> None:
    bench.web.put(FEED, rss(*(item(f"/{i}", f"Title {i}", f"{i}. {BRIDGE} " * 4) for i in range(50))))
    await bench.visit()
    asked: list[str] = []
    statement = "before_cursor_execute"

    @event.listens_for(Engine, statement)
    def note(_connection: Any, _cursor: Any, sql: str, *_more: Any) -> None:
        asked.append(sql)

    try:
        report = await bench.visit()
    finally:
        event.remove(Engine, statement, note)

    assert report.saved == SaveReport(duplicates=50)
    assert len([sql for sql in asked if "FROM articles" in sql and "canonical_url" in sql]) == 1
    assert len(asked) < 25


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
        http=bench.web, articles=FullDisk(database), feeds=bench.feeds, clock=lambda: NOW, sandbox=InlineSandbox()
    )
    bench.web.put(FEED, rss(item("/bridge", "Bridge", BRIDGE)), etag='"1"')
    await bench.feeds.add([Feed(url=FEED)])

    with pytest.raises(StorageFull):
        await bench.gatherer.feeds(await bench.feeds.list(), quiet)

    # Not noted as read: the next visit must not be answered by "not modified".
    assert (await bench.feed()).etag is None
    await bench.gatherer.close()


async def test_nearly_the_same_text_of_two_sources_is_one_group(bench: Bench) -> None:
    other = "https://other.example.net/feed"
    bench.web.put(FEED, rss(item("/bridge", "Bridge opens", BRIDGE)))
    bench.web.put(other, rss(item("https://other.example.net/1", "A bridge", f"{BRIDGE} Reuters."), title="Other"))
    await bench.feeds.add([Feed(url=FEED), Feed(url=other)])

    await bench.gatherer.feeds(await bench.feeds.list(), quiet)

    stored = await bench.stored()
    assert len(stored) == 2
    assert len({one.headline.group for one in stored}) == 1
    assert stored[0].headline.group in {one.headline.id for one in stored}


async def test_a_single_page_is_gathered_and_stored(bench: Bench) -> None:
    url = "https://example.org/2026/02/28/bridge"
    bench.web.put(url, article("Bridge", BRIDGE, '<meta property="og:site_name" content="Example Daily">'))

    found = await bench.gatherer.page(url)

    assert found.text == BRIDGE
    assert found.headline.source == "Example Daily"
    assert await bench.stored() == [found]


async def test_a_single_page_without_an_article_is_an_error(bench: Bench) -> None:
    bench.web.put("https://example.org/empty", "<html><body></body></html>")

    with pytest.raises(ParseError, match="has no article text"):
        await bench.gatherer.page("https://example.org/empty")


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


async def test_the_real_sandbox_reads_a_feed_and_its_pages(database: Database) -> None:
    bench = Bench(database, Sandbox())
    bench.web.put(FEED, rss(item("/bridge", "Bridge opens"), item("/strike", "Strike")))
    bench.web.put("https://example.org/bridge", article("Bridge opens", BRIDGE))
    bench.web.put("https://example.org/strike", article("Strike", STRIKE))

    report = await bench.visit()

    assert report.saved == SaveReport(new=2)
    assert {one.text for one in await bench.stored()} == {BRIDGE, STRIKE}
    await bench.gatherer.close()
