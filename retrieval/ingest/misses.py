"""Pages that lately gave nothing, so that a feed's every visit does not ask for them again.

Each feed has its own: what one feed asks for too early, another may ask for in time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta

from storage.domain.times import Clock


class Misses:
    """Remembers pages for a while, in memory only: after a restart they get another chance.

    Args:
        clock: The present.
        keep: How long a page is left alone.
        most: How many are remembered, the newest.
    """

    def __init__(self, clock: Clock, keep: timedelta = timedelta(hours=6), most: int = 10_000) -> None:
        self._clock = clock
        self._keep = keep
        self._most = most
        self._missed: OrderedDict[tuple[str, str], datetime] = OrderedDict()

    def note(self, feed_url: str, urls: Iterable[str]) -> None:
        """These, asked for on behalf of a feed, gave nothing just now."""
        for url in urls:
            self._missed[feed_url, url] = self._clock()
            self._missed.move_to_end((feed_url, url))
        while len(self._missed) > self._most:
            self._missed.popitem(last=False)

    def recent(self, feed_url: str, url: str) -> bool:
        """Whether `url` gave this feed nothing a short while ago."""
        missed = self._missed.get((feed_url, url))
        return missed is not None and self._clock() - missed < self._keep
