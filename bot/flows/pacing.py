"""How much of readers' own sources is read at once: of one list, of one host, and of all of them. Pure.

What the instance reads for everybody its operator chose, and is not held back. A reader's list may name hundreds of
feeds that nobody has ever read, perhaps all at one host: they are read some at a time, and the host is left in peace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from storage.domain.news import Feed
from storage.domain.sources import host_of

EVERY = timedelta(minutes=15)
"""As often as rounds of reading are."""
OF_A_LIST, OF_A_LIST_AT_ONE_HOST = 20, 4
"""So many of a list are read for the first time in a round."""
AT_ONE_HOST = 30
"""So many feeds of readers' own are read at a host in a round, whoever has them."""
FIRSTS, OWN = 100, 2_000
"""So many of them are read for the first time in a round, and so many at all."""


def staggered(feeds: Iterable[Feed], now: datetime) -> tuple[Feed, ...]:
    """Feeds that nobody has read yet, each with when it is to be read: the first of them at once."""
    rounds: list[Counter[str]] = []
    found: list[Feed] = []
    for feed in feeds:
        host = _host(feed)
        at = next((n for n, held in enumerate(rounds) if _has_room(held, host)), len(rounds))
        if at == len(rounds):
            rounds.append(Counter())
        rounds[at][host] += 1
        found.append(replace(feed, next_fetch_at=now + at * EVERY if at else None))
    return tuple(found)


def of_a_round(due: Sequence[Feed]) -> tuple[Feed, ...]:
    """Those of the feeds that are due, the longest waiting first, that are read now; the others stay due."""
    at_hosts: Counter[str] = Counter()
    found: list[Feed] = []
    firsts = own = 0
    for feed in due:
        if not feed.shared:
            host, first = _host(feed), feed.fetched_at is None
            if at_hosts[host] >= AT_ONE_HOST or own >= OWN or (first and firsts >= FIRSTS):
                continue
            at_hosts[host] += 1
            own += 1
            firsts += first
        found.append(feed)
    return tuple(found)


def _has_room(held: Counter[str], host: str) -> bool:
    return held.total() < OF_A_LIST and held[host] < OF_A_LIST_AT_ONE_HOST


def _host(feed: Feed) -> str:
    return (host_of(feed.url) or "").removeprefix("www.")
