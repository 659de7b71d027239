"""Real pages behind feeds of four kinds, over real HTTP on loopback, into a real database."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from retrieval.evaluation.extraction import combine, score_page
from retrieval.ingest.fetch import HttpDoor
from retrieval.ingest.pipeline import Gatherer
from retrieval.ingest.politeness import PoliteGet
from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.news import Feed, FeedStatus, Filters, SaveReport
from storage.feeds import FeedStore
from storage.retention import RetentionStore
from tests.retrieval.ingest.servers import LoopbackServer, Reply, Route
from tests.retrieval.ingest.web import NOW, item, rss

# Pages of one kind of feed; four kinds make forty pages.
SHARE = 10


def atom(links: list[str]) -> bytes:
    entries = "".join(
        f"<entry><title>Story {i}</title><link href='{link}'/><updated>2026-02-28T0{i}:00:00Z</updated></entry>"
        for i, link in enumerate(links)
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Atom</title>{entries}</feed>".encode()


def rdf(links: list[str]) -> bytes:
    items = "".join(
        f"<item rdf:about='{link}'><title>Tale {link[-6:]}</title><link>{link}</link></item>" for link in links
    )
    return (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
        f"<channel rdf:about='/'><title>RDF</title></channel>{items}</rdf:RDF>"
    ).encode()


def json_feed(links: list[str]) -> bytes:
    items = [{"id": link, "url": link, "title": f"Note {link[-6:]}"} for link in links]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "JSON", "items": items}).encode()


def conditional(body: bytes) -> Route:
    """A feed that its server sends only to those who do not have it."""
    return lambda request: (
        Reply(status=304)
        if request.headers.get("if-none-match") == '"1"'
        else Reply(body=body, headers={"ETag": '"1"'})
    )


def feeds_over(pages: list[str]) -> dict[str, Route]:
    quarters = [pages[i * SHARE : (i + 1) * SHARE] for i in range(4)]
    bodies = {
        "/rss": rss(*(item(link, f"Report {link[-6:]}") for link in quarters[0])).encode(),
        "/atom": atom(quarters[1]),
        "/rdf": rdf(quarters[2]),
        "/json": json_feed(quarters[3]),
    }
    return {path: conditional(body) for path, body in bodies.items()}


async def test_feeds_of_four_kinds_over_real_pages_become_articles(shared: Path, database: Database) -> None:
    truth: dict[str, Any] = json.loads((shared / "extraction" / "ground-truth.json").read_text())
    names = sorted(truth)[: 4 * SHARE]
    routes = {
        f"/pages/{name}": Reply(
            body=gzip.decompress((shared / "extraction" / "html" / f"{name}.html.gz").read_bytes()),
            headers={"Content-Type": "text/html"},
        )
        for name in names
    }
    store, feeds = ArticleStore(database), FeedStore(database)
    door = HttpDoor(user_agent="Tidings-tests", allow_private=True)
    gatherer = Gatherer(
        http=PoliteGet(door), articles=store, dropped=RetentionStore(database), feeds=feeds, clock=lambda: NOW
    )
    async with LoopbackServer() as server:
        server.routes = {
            **routes,
            **feeds_over([server.url(path) for path in routes]),
            "/broken": Reply(body=b"<html>"),
        }
        await feeds.add([Feed(url=server.url(path)) for path in ("/rss", "/broken", "/atom", "/rdf", "/json")])

        report = await gatherer.feeds(await feeds.list(), lambda *_: None)
        again = await gatherer.feeds(await feeds.list(), lambda *_: None)

        await gatherer.close()
        await door.aclose()
        broken = server.url("/broken")
    articles = {
        headline.url.rsplit("/", 1)[1]: await store.get(headline.id)
        for headline in await store.latest(100, Filters(), None)
        if headline.url
    }
    scores = [score_page(truth[name]["articleBody"], found.text) for name in names if (found := articles[name])]
    statuses = {feed.url: feed.status for feed in await feeds.list()}
    assert report.saved == SaveReport(new=len(names))
    assert [failure.url for failure in report.failed] == [broken]
    assert (again.fetched, again.saved) == (0, SaveReport())
    assert statuses.pop(broken) is FeedStatus.FAILING
    assert set(statuses.values()) == {FeedStatus.OK}
    assert combine(scores)[0] >= 0.95
    first = articles[names[0]]
    assert first is not None
    assert first.headline.published == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert {found.headline.source for found in articles.values() if found} == {"The Example", "Atom", "RDF", "JSON"}
