from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.flows.ingest import Ingest
from bot.flows.news import SAMPLE_PREFIX, News
from bot.flows.retention import Retention
from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.news import (
    Article,
    ArticleId,
    Feed,
    Fingerprint,
    Headline,
    IngestReport,
    PassageDraft,
    PreparedArticle,
    SyncReport,
)
from storage.domain.progress import Progress
from storage.feeds import FeedStore
from storage.retention import RetentionStore
from tests.hot import Following

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
FEED = Feed(url="https://news.example/rss", next_fetch_at=datetime(2099, 1, 1, tzinfo=UTC))


def silent(_what: str, _done: int, _of: int | None) -> None:
    pass


def article(id_: str, first_seen: datetime = NOW) -> PreparedArticle:
    text = f"Something happened: {id_}."
    headline = Headline(id=ArticleId(id_), title=id_, first_seen=first_seen, group=ArticleId(id_), published=NOW)
    return PreparedArticle(
        article=Article(headline=headline, text=text),
        passages=(PassageDraft(position=0, start=0, end=len(text), text=text),),
        fingerprint=Fingerprint(signature=b"\0" * 8, bands=()),
    )


class Arrivals:
    """Gathers one article from each feed, when the wire is up, and the ids of a file's lines."""

    def __init__(self, articles: ArticleStore, *, up: bool) -> None:
        self.articles, self.up = articles, up
        self.visited: list[str] = []

    async def feeds(self, feeds: Sequence[Feed], progress: Progress) -> IngestReport:
        self.visited += [feed.url for feed in feeds]
        saved = await self.articles.save([article(feed.url) for feed in feeds] if self.up else [])
        return IngestReport(fetched=saved.new, saved=saved)

    async def jsonl(self, path: Path, progress: Progress) -> IngestReport:
        ids = [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]
        return IngestReport(saved=await self.articles.save([article(id_) for id_ in ids]))

    async def discover(self, url: str) -> Feed:
        return Feed(url=url)


class CountedSyncs:
    def __init__(self) -> None:
        self.syncs = 0

    async def sync(self, progress: Progress) -> SyncReport:
        self.syncs += 1
        return SyncReport()

    rebuild = sync

    async def behind(self) -> int:
        return 2


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample.jsonl"
    path.write_text("".join(json.dumps({"id": f"{SAMPLE_PREFIX}{n}"}) + "\n" for n in range(3)), encoding="utf-8")
    return path


def news(database: Database, sample: Path, *, up: bool, kept: timedelta | None = None) -> tuple[News, Arrivals]:
    articles, feeds = ArticleStore(database), FeedStore(database)
    gather = Arrivals(articles, up=up)
    ingest = Ingest(feeds=feeds, gather=gather, index=CountedSyncs(), stories=Following(), clock=lambda: NOW)
    retention = Retention(shelf=RetentionStore(database), clock=lambda: NOW, articles=kept)
    return News(ingest=ingest, shelf=articles, sample=sample, retention=retention), gather


async def test_a_new_instance_opens_on_the_sample_edition(database: Database, sample: Path) -> None:
    edition, _ = news(database, sample, up=False)

    await edition.open(silent)

    assert not await edition.empty()
    counts = await edition.counts()
    assert (counts.articles, counts.sample, counts.newest) == (3, True, NOW)


async def test_what_is_stored_and_not_indexed_is_counted(database: Database, sample: Path) -> None:
    edition, _ = news(database, sample, up=False)

    assert await edition.waiting() == 2


async def test_the_sample_edition_stays_while_nothing_can_be_read(database: Database, sample: Path) -> None:
    edition, gather = news(database, sample, up=False)
    await FeedStore(database).add([FEED])
    await edition.open(silent)

    await edition.round(silent)

    assert (await edition.counts()).sample
    assert gather.visited == [FEED.url], "with nothing else to show, a feed is tried again before it is due"


async def test_the_first_real_article_clears_the_sample_away(database: Database, sample: Path) -> None:
    edition, _ = news(database, sample, up=True)
    await FeedStore(database).add([FEED])
    await edition.open(silent)

    await edition.round(silent)

    counts = await edition.counts()
    assert (counts.articles, counts.sample) == (1, False)


async def test_an_operators_article_that_is_named_like_a_sample_stays(database: Database, sample: Path) -> None:
    edition, _ = news(database, sample, up=True)
    await FeedStore(database).add([FEED])
    await edition.open(silent)
    await ArticleStore(database).save([article(f"{SAMPLE_PREFIX}of-my-own")])

    await edition.round(silent)

    assert await ArticleStore(database).get(ArticleId(f"{SAMPLE_PREFIX}of-my-own")) is not None
    assert await ArticleStore(database).get(ArticleId(f"{SAMPLE_PREFIX}0")) is None


async def test_an_instance_with_news_never_sees_the_sample(database: Database, sample: Path) -> None:
    edition, _ = news(database, sample, up=True)
    await ArticleStore(database).save([article("real")])

    await edition.open(silent)

    counts = await edition.counts()
    assert (counts.articles, counts.sample) == (1, False)


async def test_an_empty_instance_has_no_newest_article(database: Database, sample: Path) -> None:
    edition, _ = news(database, sample, up=True)

    counts = await edition.counts()

    assert (counts.articles, counts.newest, counts.sample) == (0, None, False)


@pytest.mark.parametrize(("kept", "left"), [(timedelta(days=30), 2), (None, 3)])
async def test_a_round_lets_go_what_is_older_than_it_is_kept(
    database: Database, sample: Path, kept: timedelta | None, left: int
) -> None:
    edition, _ = news(database, sample, up=True, kept=kept)
    await FeedStore(database).add([FEED])
    await ArticleStore(database).save(
        [article("old", NOW - timedelta(days=32)), article("late", NOW - timedelta(days=1))]
    )

    await edition.ingest.visit([FEED], silent)
    await edition.round(silent)

    assert (await edition.counts()).articles == left


async def test_what_readers_asked_goes_by_the_clock_where_that_has_a_bound() -> None:
    dropped: list[datetime] = []

    class Shelf:
        async def drop_articles(self, kept: timedelta) -> int:
            raise AssertionError(kept)

        async def drop_talk(self, before: datetime) -> int:
            dropped.append(before)
            return 2

    bounded = Retention(shelf=Shelf(), clock=lambda: NOW, talk=timedelta(days=7))
    free = Retention(shelf=Shelf(), clock=lambda: NOW)

    assert [await bounded.drop_talk(), await free.drop_talk(), await bounded.drop_articles()] == [2, 0, 0]
    assert dropped == [NOW - timedelta(days=7)]
