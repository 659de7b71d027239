"""One visit to one feed: fetched if it changed, its new entries gathered and stored, and what was found out noted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from retrieval.ingest.discover import FEED_TYPES
from retrieval.ingest.entries import EntryReader, gives_whole_article
from retrieval.ingest.misses import Misses
from retrieval.ingest.parsed import Entry, ParsedFeed
from retrieval.ingest.politeness import next_visit
from retrieval.ingest.prepare import Gathered, Preparing, article_line, article_text
from retrieval.ingest.reading import Reading
from retrieval.ingest.urls import canonical_url
from retrieval.ports import ArticleStore, Dropped, FeedStore, Fetched, HttpGet
from storage.columns import digest, storable
from storage.domain.news import (
    ArticleId,
    Feed,
    FeedStatus,
    FeedVisit,
    HeldArticle,
    IngestReport,
    SaveReport,
    SourceFailure,
)
from storage.domain.times import Clock
from storage.domain.why import Why
from storage.errors import FeedError, FetchError

# Entries gathered together and stored in one transaction: what is there can be asked about while the rest comes.
_BATCH = 20
# When more of a feed's entries than this share say that they changed since the last visit, the feed stamps them all.
_CREDIBLE_SHARE = 0.5
# What a feed did not have when it was read so long ago at most came out about when it is first seen.
_SOON = timedelta(days=1)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedVisitor:
    """Visits feeds, one a call; calls may overlap.

    Args:
        http: The door to the network.
        reading: Takes feeds apart.
        entries: Gathers the articles behind entries.
        preparing: Makes them ready.
        articles: Keeps articles.
        dropped: Tells which were let go, and are not to be gathered again.
        feeds: Keeps what visits found out.
        clock: The present.
        pages: Bounds how many entries are gathered at once over all visits.
        misses: Pages that lately gave nothing.
        interval: Between two visits to a healthy feed.
    """

    http: HttpGet
    reading: Reading
    entries: EntryReader
    preparing: Preparing
    articles: ArticleStore
    dropped: Dropped
    feeds: FeedStore
    clock: Clock
    pages: asyncio.Semaphore
    misses: Misses
    interval: timedelta

    async def visit(self, feed: Feed) -> IngestReport:
        """Read `feed` now. What fails of it is in the report, and kept with the feed."""
        try:
            answer = await self.http.get(feed.url, accept=FEED_TYPES, etag=feed.etag, last_modified=feed.last_modified)
            parsed = None
            if not answer.not_modified:
                parsed = await self.reading.feed(answer.body, url=answer.url, content_type=answer.content_type)
        except FeedError as error:
            return await self._failed(feed, error)
        report = await self._take(feed, parsed) if parsed else IngestReport()
        if parsed is not None and parsed.cut:
            # What came is kept, and no validator of it: the rest must not be answered by "not modified" the next time.
            reason = f"breaks off: only its {len(parsed.entries)} whole entries were read"
            return report + await self._failed(feed, FeedError(feed.url, reason, why=Why.CUT))
        # Only now: a visit that breaks off half-way must not be answered by "not modified" the next time.
        await self.feeds.record(self._success(feed, answer, parsed))
        return report

    async def note_failure(self, feed: Feed, reason: str) -> IngestReport:
        """Keep why `feed` could not be read, when it was not the feed's own doing."""
        return await self._failed(feed, FeedError(feed.url, reason, why=Why.OURS))

    async def _take(self, feed: Feed, parsed: ParsedFeed) -> IngestReport:
        for note in parsed.notes:
            _log.info("feed_cut", extra={"feed": feed.url, "note": note})
        known, unknown = await self._sort(feed, parsed.entries)
        fresh = await self._not_dropped(unknown, _audience(feed))
        old = len(known) + len(unknown) - len(fresh)
        if known:
            await self.articles.link(feed.url, known, _audience(feed))
        report = IngestReport(fetched=old, saved=SaveReport(duplicates=old))
        source = feed.title or parsed.title
        for batch in _batches(fresh):
            report += await self._store(feed, source, batch)
        return report

    async def _store(self, feed: Feed, source: str | None, batch: Sequence[_Fresh]) -> IngestReport:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._gather(one, feed, source)) for one in batch]
        gathered = [task.result() for task in tasks]
        found = [one for one in gathered if isinstance(one, Gathered)]
        failed = tuple(one for one in gathered if isinstance(one, SourceFailure))
        self.misses.note(feed.url, [failure.url for failure in failed])
        saved = (await self.preparing.store(found, _audience(feed))).report if found else SaveReport()
        return IngestReport(fetched=len(batch), saved=saved, failed=failed)

    async def _gather(self, fresh: _Fresh, feed: Feed, source: str | None) -> Gathered | SourceFailure:
        async with self.pages:
            found = await self.entries.gather(fresh.entry, feed, source)
        if isinstance(found, SourceFailure):
            return found
        return replace(found, id=fresh.held or found.id, live=self._is_live(feed))

    def _is_live(self, feed: Feed) -> bool:
        """Whether what the feed has now, and had not at the last visit, came out lately: not of one read long ago."""
        read = feed.fetched_at if feed.status is FeedStatus.OK else None
        return read is not None and self.clock() - read <= _SOON

    async def _sort(self, feed: Feed, entries: Sequence[Entry]) -> tuple[list[ArticleId], list[_Fresh]]:
        """Entries held and unchanged, as ids; and those to gather, once each, in the feed's order."""
        by_key = {canonical_url(entry.url) if entry.url else entry.text: entry for entry in reversed(entries)}
        ordered = {key: by_key[key] for key in reversed(by_key) if key is not None}
        audience = _audience(feed)
        held = await self.articles.held([key for key, entry in ordered.items() if entry.url], audience)
        # Another feed may word the same article differently for good; only the one that brought it may rewrite it.
        own = {key: one for key, one in held.items() if (one.feed_url, one.audience) == (feed.url, audience)}
        stamped = _credibly_updated(feed, ordered, own)
        known: list[ArticleId] = []
        fresh: list[_Fresh] = []
        for key, entry in ordered.items():
            if key not in held:
                if entry.url is None or not self.misses.recent(feed.url, entry.url):
                    fresh.append(_Fresh(key=key, entry=entry, held=None))
            elif key in stamped or (key in own and _changed(feed, entry, own[key])):
                fresh.append(_Fresh(key=key, entry=entry, held=held[key].id))
            else:
                known.append(held[key].id)
        return known, fresh

    async def _not_dropped(self, fresh: Sequence[_Fresh], audience: str | None) -> list[_Fresh]:
        """Those that were not let go by their age: a feed may list for years what it once had."""
        new = [one for one in fresh if one.held is None]
        known = {one.key: one.key if one.entry.url else article_text(one.key) for one in new}
        gone = await self.dropped.met(known, audience, self.clock()) if known else frozenset()
        return [one for one in fresh if one.key not in gone]

    async def _failed(self, feed: Feed, error: FeedError) -> IngestReport:
        now = self.clock()
        retry_after = error.retry_after if isinstance(error, FetchError) else None
        # One that breaks off brings news all the same, and is read as often as others.
        failures = 0 if error.why is Why.CUT else feed.failures + 1
        again = next_visit(feed.url, now=now, base=self.interval, failures=failures, retry_after=retry_after)
        await self.feeds.record(FeedVisit(url=feed.url, at=now, next_fetch_at=again, error=error.reason, why=error.why))
        _log.info("feed_failed", extra={"feed": feed.url, "reason": error.reason})
        return IngestReport(failed=(SourceFailure(url=feed.url, error=error.reason),))

    def _success(self, feed: Feed, answer: Fetched, parsed: ParsedFeed | None) -> FeedVisit:
        now = self.clock()
        return FeedVisit(
            url=feed.url,
            at=now,
            next_fetch_at=next_visit(feed.url, now=now, base=self.interval, max_age_seconds=answer.max_age_seconds),
            title=parsed.title if parsed else None,
            language=parsed.language if parsed else None,
            etag=answer.etag,
            last_modified=answer.last_modified,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fresh:
    """An entry to gather, and the article it replaces, where it is held; `key` is its canonical URL, else its text."""

    key: str
    entry: Entry
    held: ArticleId | None


def _audience(feed: Feed) -> str | None:
    """Whose the articles of `feed` are: everyone's where it is shared, otherwise its readers'."""
    return None if feed.shared else feed.url


def _changed(feed: Feed, entry: Entry, held: HeldArticle) -> bool:
    """Whether the feed now words the title, or the text it carries, differently."""
    title = article_line(entry.title)
    retitled = title is not None and storable(title) != held.title
    return retitled or (gives_whole_article(entry, feed) and digest(article_text(entry.text)) != held.digest)


def _credibly_updated(feed: Feed, entries: Mapping[str, Entry], held: Mapping[str, HeldArticle]) -> set[str]:
    """Keys of held entries that say they changed since the last visit."""
    if feed.fetched_at is None:
        return set()
    changed = {key for key in held if (updated := entries[key].updated) is not None and updated > feed.fetched_at}
    return changed if len(changed) <= _CREDIBLE_SHARE * len(held) else set()


def _batches(fresh: Sequence[_Fresh]) -> Iterator[Sequence[_Fresh]]:
    for start in range(0, len(fresh), _BATCH):
        yield fresh[start : start + _BATCH]
