from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from retrieval.ingest.sandbox import Sandbox
from storage.database import Database
from storage.domain.news import Feed, FeedStatus, SaveReport
from storage.domain.why import Why
from storage.errors import FetchError, ParseError
from tests.retrieval.ingest.gathering import BRIDGE, FEED, STRIKE, Bench, atom, quiet
from tests.retrieval.ingest.web import NOW, article, item, rss


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


async def test_of_a_feed_that_breaks_off_what_is_whole_is_stored_and_that_it_does_is_kept(bench: Bench) -> None:
    bench.web.put("https://example.org/bridge", article("Bridge", BRIDGE))
    bench.web.put("https://example.org/strike", article("Strike", STRIKE))
    whole = rss(item("/bridge", "Bridge"), item("/strike", "Strike"))
    bench.web.put(FEED, whole[: whole.rindex("</title>")], etag='"1"')

    cut = await bench.visit()
    broken = await bench.feed()
    bench.web.put(FEED, whole, etag='"1"')
    again = await bench.visit()
    mended = await bench.feed()

    assert (cut.saved, [each.url for each in cut.failed]) == (SaveReport(new=1), [FEED])
    assert (broken.status, broken.last_why, broken.etag) == (FeedStatus.FAILING, Why.CUT, None)
    assert broken.next_fetch_at == NOW + timedelta(minutes=15)
    assert (again.saved, again.failed) == (SaveReport(new=1, duplicates=1), ())
    assert (mended.status, mended.last_why, mended.etag) == (FeedStatus.OK, None, '"1"')


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


async def test_what_was_dropped_by_its_age_is_neither_fetched_nor_stored_again(bench: Bench) -> None:
    bench.web.put("https://example.org/bridge?utm_source=rss", article("Bridge", BRIDGE))
    bench.web.put("https://example.org/strike", article("Strike", STRIKE))
    note = "<item><title>A note</title><description>It rained on the first day of spring.</description></item>"
    bench.web.put(FEED, rss(item("/bridge?utm_source=rss", "Bridge"), note))
    await bench.visit()
    bench.now += timedelta(days=40)
    bench.web.put(FEED, rss(item("/strike", "Strike"), item("/bridge?utm_source=rss", "Bridge"), note))
    await bench.visit()
    bench.now += timedelta(days=1)
    bench.web.put("https://example.org/fair", article("Fair", BRIDGE))
    listed = [item(f"/{each.lower()}", each) for each in ("Fair", "Strike")]
    bench.web.put(FEED, rss(*listed, item("/bridge?utm_source=rss", "Bridge"), note))
    await bench.visit()
    gone = await bench.dropped.drop_articles(timedelta(days=30))
    bench.web.asked.clear()

    report = await bench.visit()

    assert (gone, report.fetched, report.saved) == (2, 4, SaveReport(duplicates=4))
    assert bench.web.asked == [FEED]
    assert {one.headline.title for one in await bench.stored()} == {"Fair", "Strike"}


@pytest.mark.parametrize(("hours", "live"), [(1, True), (30, False)])
async def test_what_a_feed_had_not_when_it_was_read_a_little_before_came_out_since(
    bench: Bench, hours: int, live: bool
) -> None:
    for name, text in (("bridge", BRIDGE), ("strike", STRIKE)):
        bench.web.put(f"https://example.org/{name}", article(name, text))
    bench.web.put(FEED, rss(item("/bridge", "Bridge", date="")))
    await bench.visit()
    bench.now += timedelta(hours=hours)
    bench.web.put(FEED, rss(item("/strike", "Strike", date=""), item("/bridge", "Bridge again", date="")))

    await bench.visit()

    stored = {one.headline.title: one for one in await bench.stored()}
    assert {title: one.live for title, one in stored.items()} == {"Bridge again": False, "Strike": live}
    assert stored["Strike"].headline.published is None


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


async def test_the_real_sandbox_reads_a_feed_and_its_pages(database: Database) -> None:
    bench = Bench(database, Sandbox())
    bench.web.put(FEED, rss(item("/bridge", "Bridge opens"), item("/strike", "Strike")))
    bench.web.put("https://example.org/bridge", article("Bridge opens", BRIDGE))
    bench.web.put("https://example.org/strike", article("Strike", STRIKE))

    report = await bench.visit()

    assert report.saved == SaveReport(new=2)
    assert {one.text for one in await bench.stored()} == {BRIDGE, STRIKE}
    await bench.gatherer.close()
