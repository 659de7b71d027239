"""A reader's sources as a file that feed readers exchange, given and taken. Decides; changes nothing.

What a list names is not read before it is taken: it is read as all sources are, with the same guards, and what cannot
be is listed as failing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.flows.pacing import staggered
from bot.flows.ports import Feeds
from storage.domain.news import Feed, SourceFailure
from storage.domain.people import ReaderId
from storage.domain.times import Clock
from storage.errors import InputError

MOST = 300
"""Sources of a reader's own; a newspaper reader's list has some dozens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a list adds to a reader's sources, and how many of it it does not.

    Args:
        feeds: Those that are added.
        known: Those that are among them already.
        unusable: Those that are no addresses.
        left: Those that there is no room for.
        waiting: Those of `feeds` that are not read at once.
        minutes: Until the last of them is.
    """

    feeds: tuple[Feed, ...]
    known: int
    unusable: int
    left: int
    waiting: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLists:
    """Gives and takes lists.

    Args:
        read: The feeds that a file lists, and what of it cannot be used.
        write: The file that lists feeds.
    """

    feeds: Feeds
    read: Callable[[bytes, str], tuple[Sequence[Feed], Sequence[SourceFailure]]]
    write: Callable[[Iterable[Feed]], bytes]
    clock: Clock

    async def given(self, reader: ReaderId) -> bytes:
        """All that is read for a reader."""
        return self.write(await self.feeds.list(reader))

    async def to_take(self, reader: ReaderId, content: bytes, name: str) -> Taken:
        """What taking a file's list adds.

        Raises:
            InputError: It is no list of feeds, or none of it can be used.
        """
        # It takes seconds where it is large.
        listed, failed = await asyncio.to_thread(self.read, content, name)
        if not listed:
            reason = failed[0].error if failed else "there is no feed in this list"
            raise InputError(name, reason, key="opml_unreadable", name=name)
        held = await self.feeds.list(reader)
        known = {feed.url for feed in held}
        new = [feed for feed in listed if feed.url not in known]
        room = max(0, MOST - sum(not feed.shared for feed in held))
        now = self.clock()
        # What a feed is called all who read it are told: that it says of itself, and not a reader's file.
        feeds = staggered((Feed(url=feed.url, shared=False) for feed in new[:room]), now)
        later = [feed.next_fetch_at for feed in feeds if feed.next_fetch_at is not None]
        return Taken(
            feeds=feeds,
            known=len(listed) - len(new),
            unusable=len(failed),
            left=len(new[room:]),
            waiting=len(later),
            minutes=round((max(later, default=now) - now).total_seconds() / 60),
        )
