"""From an address a person gives to the feed they mean: the address itself, or one that the page there names."""

from __future__ import annotations

import logging

from retrieval.ingest.parsed import ParsedFeed
from retrieval.ingest.reading import Reading
from retrieval.ports import Fetched, HttpGet
from storage.domain.news import Feed
from storage.domain.why import Why
from storage.errors import FeedError, ParseError

FEED_TYPES = (
    "application/atom+xml,application/rss+xml,application/feed+json,application/rdf+xml;q=0.9,"
    "application/xml;q=0.8,text/xml;q=0.8,application/json;q=0.7,*/*;q=0.5"
)
# A page names its feeds best first; one that names many dead ones is not worth more requests.
_MOST_TRIED = 4

_log = logging.getLogger(__name__)


class Discovery:
    """Finds feeds.

    Args:
        http: The door to the network.
        reading: Takes feeds and pages apart.
    """

    def __init__(self, http: HttpGet, reading: Reading) -> None:
        self._http = http
        self._reading = reading

    async def find(self, url: str) -> Feed:
        """The feed at `url`, or the first one that the page at `url` names and that can be read.

        Raises:
            FeedError: There is none, or it cannot be read; the text says which.
        """
        address = url.strip()
        if "://" not in address:
            address = f"https://{address}"
        answer = await self._http.get(address, accept=FEED_TYPES)
        try:
            return _feed(address, await self._parse(answer))
        except ParseError as error:
            no_feed = error
        for link in await self._named(answer):
            try:
                return _feed(link, await self._parse(await self._http.get(link, accept=FEED_TYPES)))
            except FeedError as error:
                _log.info("named_feed_failed", extra={"page": address, "feed": link, "reason": error.reason})
                no_feed = ParseError(address, f"the feed it names cannot be read: {error}", why=error.why)
        raise no_feed

    async def _parse(self, answer: Fetched) -> ParsedFeed:
        return await self._reading.feed(answer.body, url=answer.url, content_type=answer.content_type)

    async def _named(self, answer: Fetched) -> tuple[str, ...]:
        try:
            page = await self._reading.page(answer.body, url=answer.url, content_type=answer.content_type)
        except ParseError:
            return ()
        if not page.feeds:
            raise ParseError(answer.url, "is a page that names no feed", why=Why.NO_FEED)
        return page.feeds[:_MOST_TRIED]


def _feed(url: str, parsed: ParsedFeed) -> Feed:
    return Feed(url=url, title=parsed.title, language=parsed.language)
