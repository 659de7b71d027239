"""The sources a reader, or the operator, reads: listed, added, removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.flows.ports import Feeds, Gather
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Feeds as people handle them. The operator (`reader` is `None`) keeps the feeds that everyone sees."""

    feeds: Feeds
    gather: Gather

    async def list(self, reader: ReaderId | None = None) -> Sequence[Feed]:
        """What `reader` sees, in the order the numbers of `remove` count."""
        return await self.feeds.list(reader)

    async def add(self, reader: ReaderId | None, url: str) -> Feed:
        """Add the feed at `url`, or the one the page there names.

        Raises:
            InputError: It is no address, or the feed is there already.
            FeedError: No feed could be read there.
        """
        feed = await self.to_add(reader, url)
        if reader is None:
            await self.feeds.add([feed])
        else:
            await self.feeds.subscribe(reader, feed)
        return feed

    async def remove(self, reader: ReaderId | None, url_or_number: str) -> Feed:
        """Remove a source by its address or its number in `list`, counted from 1.

        Raises:
            InputError: There is no such source.
        """
        feed = await self.to_remove(reader, url_or_number)
        if reader is None:
            await self.feeds.remove(feed.url)
        else:
            await self.feeds.unsubscribe(reader, feed.url)
        return feed

    async def to_add(self, reader: ReaderId | None, url: str) -> Feed:
        """What `add` adds, changing nothing.

        Raises:
            InputError: It is no address, or the feed is there already.
            FeedError: No feed could be read there.
        """
        address = url.strip()
        if not address:
            raise InputError("address", "give the link of a feed or of a site", key="address_missing")
        if "://" not in address:
            address = f"https://{address}"
        feed = await self.gather.discover(address)
        # A feed that only a reader added is not yet the operator's.
        if any(known.url == feed.url and (known.shared or reader is not None) for known in await self.list(reader)):
            raise InputError(feed.url, "is among the sources already", key="source_known", url=feed.url)
        return replace(feed, shared=reader is None)

    async def to_remove(self, reader: ReaderId | None, url_or_number: str) -> Feed:
        """What `remove` removes, changing nothing.

        Raises:
            InputError: There is no such source.
        """
        wanted = url_or_number.strip()
        if not wanted:
            raise InputError("source", "say which, by its number in the list or its address", key="remove_usage")
        feed = _chosen(await self.list(reader), wanted)
        if feed is None:
            raise InputError(wanted, "is not among the sources", key="source_unknown", wanted=wanted)
        return feed


def _chosen(feeds: Sequence[Feed], wanted: str) -> Feed | None:
    if wanted.isdecimal():
        number = int(wanted)
        return feeds[number - 1] if 1 <= number <= len(feeds) else None
    return next((feed for feed in feeds if feed.url.rstrip("/") == wanted.rstrip("/")), None)
