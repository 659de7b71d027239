from __future__ import annotations

from datetime import timedelta
from typing import Any

from storage.domain.news import Feed, Filters, SaveReport
from storage.domain.people import ReaderId
from tests.retrieval.ingest.gathering import BRIDGE, FEED, STRIKE, Bench, atom, quiet
from tests.retrieval.ingest.web import article, item, rss

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


async def test_a_page_that_one_feed_asked_for_too_early_is_there_for_another(bench: Bench) -> None:
    bench.web.put(PRIVATE, rss(item("https://example.org/bridge", "Bridge")))
    bench.web.put(FEED, rss(item("/bridge", "Bridge")))
    early = await visit_private(bench)
    bench.web.put("https://example.org/bridge", article("Bridge", BRIDGE))

    report = await bench.visit()

    assert len(early.failed) == 1
    assert report.saved == SaveReport(new=1)
