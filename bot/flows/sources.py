"""The sources a reader, or the operator, reads: listed, added, removed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.flows.ports import Feeds, Gather
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.errors import InputError

_MOST_NAMED = 5
"""Of several that may be meant."""
_MOST_DIGITS = 9
"""Of a number in a list."""


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

    async def remove(self, reader: ReaderId | None, which: str) -> Feed:
        """Remove a source by its address, its number in `list`, counted from 1, or its name or a part of it.

        Raises:
            InputError: There is no such source, or more than one.
        """
        feed = await self.to_remove(reader, which)
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

    async def to_remove(self, reader: ReaderId | None, which: str) -> Feed:
        """What `remove` removes, changing nothing.

        Raises:
            InputError: There is no such source, or more than one.
        """
        wanted = which.strip()
        if not wanted:
            raise InputError("source", "say which, by its number in the list, its name or address", key="remove_usage")
        found = _chosen(await self.list(reader), wanted)
        if not found:
            raise InputError(wanted, "is not among the sources", key="source_unknown", wanted=wanted)
        if len(found) > 1:
            names = ", ".join(
                f"{number} {feed.title or feed.url}" for number, feed in list(found.items())[:_MOST_NAMED]
            )
            raise InputError(wanted, f"may be any of these: {names}", key="source_which", wanted=wanted, names=names)
        return next(iter(found.values()))


def _chosen(feeds: Sequence[Feed], wanted: str) -> dict[int, Feed]:
    """Those that may be meant, by their numbers: by the first of these ways that names any."""
    numbered = dict(enumerate(feeds, start=1))
    said = wanted.casefold()
    # "All" is no part of "Wall".
    part = re.compile(rf"(?<![a-z0-9]){re.escape(said)}" if re.match("[a-z0-9]", said) else re.escape(said))
    ways: tuple[Callable[[int, Feed], bool], ...] = (
        lambda number, _: wanted.isdecimal() and len(wanted) <= _MOST_DIGITS and int(wanted) == number,
        lambda _, feed: feed.url.rstrip("/") == wanted.rstrip("/"),
        lambda _, feed: (feed.title or "").casefold() == said,
        lambda _, feed: part.search((feed.title or feed.url.partition("://")[2]).casefold()) is not None,
    )
    # A number that is none is no part of a name: whoever counts wrong removes nothing.
    tried = ways[:3] if wanted.isdecimal() else ways
    found = ({number: feed for number, feed in numbered.items() if way(number, feed)} for way in tried)
    return next(filter(None, found), {})
