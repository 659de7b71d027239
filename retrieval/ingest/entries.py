"""From a feed's entry to the article itself: the page behind it where there is one, otherwise what the feed gives."""

from __future__ import annotations

import logging
import re

from retrieval.ingest.parsed import Entry, ExtractedPage
from retrieval.ingest.prepare import Gathered
from retrieval.ingest.reading import Reading
from retrieval.ingest.sites import same_site
from retrieval.ports import HttpGet
from storage.domain.news import Feed, SourceFailure
from storage.errors import FeedError

PAGE_TYPES = "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.5,*/*;q=0.1"

# A feed that gives as much, and does not break off, gives the article; teasers are far shorter.
_WHOLE_ARTICLE = 1_000
_BREAKS_OFF = re.compile(r"(?:…|\.\.\.|\[[^\]]{1,3}\]|read more|continue reading|阅读全文|查看全文)\W*$", re.IGNORECASE)

_log = logging.getLogger(__name__)


def gives_whole_article(entry: Entry, feed: Feed) -> bool:
    """Whether the page need not be fetched: the feed of its own site carries the article, or there is no page."""
    if entry.url is None:
        return True
    whole = len(entry.text) >= _WHOLE_ARTICLE and not _BREAKS_OFF.search(entry.text)
    return whole and same_site(entry.url, feed.url)


class EntryReader:
    """Gathers the articles behind entries.

    Args:
        http: The door to the network.
        reading: Takes pages apart.
    """

    def __init__(self, http: HttpGet, reading: Reading) -> None:
        self._http = http
        self._reading = reading

    async def gather(self, entry: Entry, feed: Feed, source: str | None) -> Gathered | SourceFailure:
        """The article of `entry`; a page that fails is made up for by the feed's own text, if it has any.

        What a page says goes before the words of a feed of another site.

        Args:
            entry: What the feed says.
            feed: Where it stands.
            source: What to call the feed; without a name, the page's or its host's serves.
        """
        page: ExtractedPage | None = None
        reason = "neither the feed nor the page has text"
        if entry.url is not None and not gives_whole_article(entry, feed):
            try:
                page = await self.page(entry.url)
            except FeedError as error:
                reason = error.reason
                _log.info("page_failed", extra={"feed": feed.url, "page": entry.url, "reason": reason})
        if page is not None and len(page.text) < len(entry.text) and _may_speak_for(feed, entry, page):
            page = ExtractedPage(title=page.title, text=entry.text, author=page.author, published=page.published)
        text = page.text if page else entry.text
        if not text:
            return SourceFailure(url=entry.url or feed.url, error=reason)
        return Gathered(
            text=text,
            url=entry.url,
            title=entry.title or (page.title if page else None),
            author=entry.author or (page.author if page else None),
            source=source or (page.site if page else None),
            published=entry.published or (page.published if page else None),
            language_hint=entry.language or feed.language or (page.language if page else None),
            feed_url=feed.url,
        )

    async def page(self, url: str) -> ExtractedPage:
        """Fetch and extract a page.

        Raises:
            FeedError: It cannot be had, or is no page that can be read within the limits.
        """
        answer = await self._http.get(url, accept=PAGE_TYPES)
        return await self._reading.page(answer.body, url=answer.url, content_type=answer.content_type)


def _may_speak_for(feed: Feed, entry: Entry, page: ExtractedPage) -> bool:
    return not page.text or entry.url is None or same_site(entry.url, feed.url)
