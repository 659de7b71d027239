"""A search that says so where much of what is stored cannot be found yet, as after a restore."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.flows.ports import Search
from storage.domain.news import Part, SearchRequest, SearchResult
from storage.errors import IndexUnavailable

_SHARE = 0.05
"""Less of what is stored is what has just come in."""
_OF_INDEXES = frozenset((Part.MEANING, Part.WORDS))
_LOOKED = timedelta(seconds=5)
"""For so long what was known holds: it is not counted with every question."""


@dataclass(slots=True, kw_only=True)
class Level:
    """Searches, and adds to what the search went without.

    Args:
        search_in: Which.
        behind: How many articles are stored and cannot be found yet; raises `IndexUnavailable`.
        stored: How many there are.
        seconds: A clock that never goes back.
    """

    search_in: Search
    behind: Callable[[], Awaitable[int]]
    stored: Callable[[], Awaitable[int]]
    seconds: Callable[[], float] = time.monotonic
    _until: float = field(default=float("-inf"), init=False)
    _lacks: bool = field(default=False, init=False)

    async def search(self, request: SearchRequest) -> SearchResult:
        """As the search finds them."""
        found = await self.search_in.search(request)
        if not _OF_INDEXES.isdisjoint(found.without):
            # One of them cannot be used now, and whoever counts what it lacks might wait for it as long again.
            return found
        if self.seconds() >= self._until:
            self._lacks = await self._much_is_missing()
            self._until = self.seconds() + _LOOKED.total_seconds()
        return replace(found, without=found.without | {Part.INDEX}) if self._lacks else found

    async def _much_is_missing(self) -> bool:
        try:
            behind = await self.behind()
        except IndexUnavailable:
            # Which of them that is, the search says itself.
            return False
        return behind > 0 and behind >= _SHARE * await self.stored()
