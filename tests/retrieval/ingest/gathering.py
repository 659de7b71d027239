"""A gatherer over a web in memory and a real database."""

from __future__ import annotations

from typing import Any

from retrieval.ingest.pipeline import Gatherer
from retrieval.ingest.sandbox import Sandbox
from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.news import Article, Feed, Filters
from storage.feeds import FeedStore
from storage.retention import RetentionStore
from tests.retrieval.ingest.web import NOW, InlineSandbox, Web

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
        self.dropped = RetentionStore(database)
        self.now = NOW
        self.gatherer = Gatherer(
            http=self.web,
            articles=self.articles,
            dropped=self.dropped,
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


def atom(*entries: tuple[str, str]) -> str:
    inner = "".join(
        f"<entry><title>{link}</title><link href='https://example.org/{link}'/><updated>{updated}</updated></entry>"
        for link, updated in entries
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title>{inner}</feed>"
