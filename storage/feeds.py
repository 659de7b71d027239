"""The feeds, the instance's and each reader's own, with what the last visit to each left.

A feed that nobody wants any more stays as a row, unlisted and unvisited. Who sees an article is settled when it comes
in: nothing that is done to a feed later shows the articles of a reader's own feed to another, and only readers
themselves put articles out of their sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update

from storage.counters import counter
from storage.database import AnyRow, Database, Transaction, chunks, insert
from storage.domain.news import Feed, FeedStatus, FeedVisit
from storage.domain.people import ReaderId
from storage.domain.why import Why
from storage.headlines import ADDED, LEFT, REMOVED
from storage.schema import article_feeds, feeds, subscriptions

FEEDS_KNOWN = "feeds_known"
"""The counter that says there were feeds, where their rows are dropped with who had them."""


class FeedStore:
    """What `bot.flows.ports.Feeds` and `retrieval.ports.FeedStore` ask for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list(self, reader: ReaderId | None = None) -> Sequence[Feed]:
        """All feeds, or those `reader` sees: the shared ones not removed and the ones they added, oldest first."""
        return await self._read(wanted() if reader is None else _seen(reader), feeds.c.id)

    async def known(self) -> bool:
        """Whether there ever was a feed, even if all were removed: an instance that has none by choice is not new."""
        async with self._database.reading() as connection:
            held = await connection.scalar(select(feeds.c.id).limit(1)) is not None
            return held or await counter(connection, FEEDS_KNOWN) > 0

    async def due(self, now: datetime) -> Sequence[Feed]:
        """Those that want a visit, longest waiting first; one never visited has waited longest."""
        ripe = or_(feeds.c.next_fetch_at.is_(None), feeds.c.next_fetch_at <= now)
        return await self._read(and_(wanted(), ripe), feeds.c.next_fetch_at.asc().nulls_first(), feeds.c.id)

    async def add(self, feeds_: Sequence[Feed]) -> int:
        """Add what is not there yet; returns how many were. A reader's own feed that the instance adds is shared."""
        added = 0
        async with self._database.transaction() as connection:
            for feed in feeds_:
                added += await _insert(connection, feed) or (feed.shared and await _share(connection, feed))
        return added

    async def remove(self, url: str) -> bool:
        """Take a feed from everyone, whoever added it; `False` where there is none. Its articles stay."""
        async with self._database.transaction() as connection:
            there = await connection.scalar(select(feeds.c.id).where(feeds.c.url == url, wanted()))
            await connection.execute(update(feeds).where(feeds.c.url == url).values(shared=False))
            await connection.execute(
                update(subscriptions)
                .where(subscriptions.c.feed_url == url, subscriptions.c.state == ADDED)
                .values(state=LEFT)
            )
        return there is not None

    async def withdraw(self, urls: Sequence[str]) -> None:
        """Undo `add` of feeds that turned out not to be readable: what was never read leaves no trace.

        Those that were once read, or that a reader has, go back to not being shared.
        """
        these = feeds.c.url.in_(set(urls))
        anyone = exists().where(subscriptions.c.feed_url == feeds.c.url)
        brought = exists().where(article_feeds.c.feed_url == feeds.c.url)
        never_read = and_(feeds.c.status != FeedStatus.OK, feeds.c.etag.is_(None), feeds.c.last_modified.is_(None))
        async with self._database.transaction() as connection:
            await connection.execute(update(feeds).where(these).values(shared=False))
            await connection.execute(delete(feeds).where(these, never_read, ~anyone, ~brought))

    async def record(self, visit: FeedVisit) -> None:
        """Keep what a visit found out. Names the feed has are kept, as are validators a visit did not bring."""
        read = {
            "status": FeedStatus.OK,
            "failures": 0,
            "last_error": None,
            "last_why": None,
            "title": func.coalesce(feeds.c.title, visit.title),
            "language": func.coalesce(feeds.c.language, visit.language),
            "etag": func.coalesce(visit.etag, feeds.c.etag),
            "last_modified": func.coalesce(visit.last_modified, feeds.c.last_modified),
        }
        failed = {
            "status": FeedStatus.FAILING,
            "failures": feeds.c.failures + 1,
            "last_error": visit.error,
            "last_why": visit.why,
        }
        found = read if visit.error is None else failed
        async with self._database.transaction() as connection:
            await connection.execute(
                update(feeds)
                .where(feeds.c.url == visit.url)
                .values(fetched_at=visit.at, next_fetch_at=visit.next_fetch_at, **found)
            )

    async def views(self, readers: Sequence[ReaderId]) -> dict[ReaderId, frozenset[tuple[str, str]]]:
        """By what each of these readers sees other articles than those who changed nothing; equal ones see the same."""
        found: dict[ReaderId, set[tuple[str, str]]] = {reader: set() for reader in readers}
        async with self._database.reading() as connection:
            for chunk in chunks(readers):
                rows = await connection.execute(select(subscriptions).where(subscriptions.c.reader_id.in_(chunk)))
                for row in rows:
                    found[ReaderId(row.reader_id)].add((row.feed_url, row.state))
        return {reader: frozenset(each) for reader, each in found.items()}

    async def subscribe(self, reader: ReaderId, feed: Feed, *, within: Transaction | None = None) -> bool:
        """Make the feed one of `reader`'s; `False` where it was. One that is new stays theirs alone.

        See `Database.transaction` for `within`.
        """
        async with self._database.transaction(within) as connection:
            await _insert(connection, feed, shared=False)
            shared = await connection.scalar(select(feeds.c.shared).where(feeds.c.url == feed.url))
            state = await _state(connection, reader, feed.url)
            if state == ADDED or (shared and state != REMOVED):
                return False
            if shared:
                await _unset(connection, reader, feed.url)
            else:
                await _set(connection, reader, feed.url, ADDED)
        return True

    async def unsubscribe(self, reader: ReaderId, url: str, *, within: Transaction | None = None) -> bool:
        """Take the feed from `reader` alone; `False` where it was not theirs. See `Database.transaction`."""
        async with self._database.transaction(within) as connection:
            shared = await connection.scalar(select(feeds.c.shared).where(feeds.c.url == url))
            state = await _state(connection, reader, url)
            if state == REMOVED or (state != ADDED and not shared):
                return False
            if shared:
                await _set(connection, reader, url, REMOVED)
            else:
                await _unset(connection, reader, url)
        return True

    async def _read(self, condition: ColumnElement[bool], *order: ColumnElement[object]) -> Sequence[Feed]:
        counted = (
            select(func.count())
            .where(article_feeds.c.feed_url == feeds.c.url)
            .correlate(feeds)
            .scalar_subquery()
            .label("articles")
        )
        async with self._database.reading() as connection:
            rows = await connection.execute(select(feeds, counted).where(condition).order_by(*order))
            return tuple(_feed(row) for row in rows)


def _feed(row: AnyRow) -> Feed:
    return Feed(
        url=row.url,
        title=row.title,
        category=row.category,
        language=row.language,
        shared=row.shared,
        status=FeedStatus(row.status),
        last_error=row.last_error,
        last_why=Why(row.last_why) if row.last_why else None,
        etag=row.etag,
        last_modified=row.last_modified,
        fetched_at=row.fetched_at,
        next_fetch_at=row.next_fetch_at,
        failures=row.failures,
        articles=row.articles,
    )


def wanted() -> ColumnElement[bool]:
    """The instance, or at least one reader, has the feed."""
    added = select(subscriptions.c.reader_id).where(
        subscriptions.c.feed_url == feeds.c.url, subscriptions.c.state == ADDED
    )
    return or_(feeds.c.shared, added.correlate(feeds).exists())


def _seen(reader: ReaderId) -> ColumnElement[bool]:
    state = (
        select(subscriptions.c.state)
        .where(subscriptions.c.feed_url == feeds.c.url, subscriptions.c.reader_id == reader)
        .correlate(feeds)
        .scalar_subquery()
    )
    return or_(state == ADDED, and_(feeds.c.shared, func.coalesce(state, LEFT) == LEFT))


async def _insert(connection: Transaction, feed: Feed, *, shared: bool | None = None) -> bool:
    """Whether the feed was not there and now is."""
    added = await connection.execute(
        insert(connection, feeds)
        .values(
            url=feed.url,
            title=feed.title,
            category=feed.category,
            language=feed.language,
            shared=feed.shared if shared is None else shared,
            status=feed.status,
            last_error=feed.last_error,
            last_why=feed.last_why,
            etag=feed.etag,
            last_modified=feed.last_modified,
            fetched_at=feed.fetched_at,
            next_fetch_at=feed.next_fetch_at,
            failures=feed.failures,
        )
        .on_conflict_do_nothing(index_elements=[feeds.c.url])
        .returning(feeds.c.id)
    )
    return added.first() is not None


async def _share(connection: Transaction, feed: Feed) -> bool:
    """Whether the feed was there, not shared, and now is."""
    shared = await connection.execute(
        update(feeds)
        .where(feeds.c.url == feed.url, ~feeds.c.shared)
        .values(
            shared=True,
            title=func.coalesce(feed.title, feeds.c.title),
            category=func.coalesce(feed.category, feeds.c.category),
        )
    )
    return shared.rowcount > 0


async def _state(connection: Transaction, reader: ReaderId, url: str) -> str | None:
    state = await connection.scalar(
        select(subscriptions.c.state).where(subscriptions.c.reader_id == reader, subscriptions.c.feed_url == url)
    )
    return None if state is None else str(state)


async def _unset(connection: Transaction, reader: ReaderId, url: str) -> None:
    await connection.execute(
        delete(subscriptions).where(subscriptions.c.reader_id == reader, subscriptions.c.feed_url == url)
    )


async def _set(connection: Transaction, reader: ReaderId, url: str, state: str) -> None:
    upsert = insert(connection, subscriptions).values(reader_id=reader, feed_url=url, state=state)
    await connection.execute(
        upsert.on_conflict_do_update(
            index_elements=[subscriptions.c.reader_id, subscriptions.c.feed_url], set_={"state": state}
        )
    )
