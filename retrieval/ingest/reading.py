"""Bytes into feeds and articles, safely: the sandbox seen from the parent, in this package's values."""

from __future__ import annotations

from retrieval.ingest.parsed import ExtractedPage, ParsedFeed, feed_from_plain, page_from_plain
from retrieval.ingest.sandbox import Sandbox


class Reading:
    """Reads what came from outside, in a child process.

    Args:
        sandbox: Where the work is done; whoever made it closes it.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def feed(self, body: bytes, *, url: str, content_type: str | None = None) -> ParsedFeed:
        """RSS, RDF, Atom or JSON Feed.

        Raises:
            ParseError: It is no feed, or cannot be read within the limits.
        """
        fields = await self._sandbox.run("feed", url, {"url": url, "content_type": content_type}, body)
        return feed_from_plain(fields)

    async def page(self, body: bytes, *, url: str, content_type: str | None = None) -> ExtractedPage:
        """The article on a page; its text is empty where there is none.

        Raises:
            ParseError: It is no page, or cannot be read within the limits.
        """
        fields = await self._sandbox.run("page", url, {"url": url, "content_type": content_type}, body)
        return page_from_plain(fields)
