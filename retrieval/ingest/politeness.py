"""Being a good guest: how many requests a host gets at once and how often, and when a feed is visited again.

`PoliteGet` spaces requests out within one process; `next_visit` decides, from values alone, when to come back.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from retrieval.ingest.addresses import literal
from retrieval.ingest.urls import masked, parse_http
from retrieval.ports import Fetched, HttpGet
from storage.domain.why import Why
from storage.errors import FetchError

LONGEST_WAIT = timedelta(hours=24)
# For a server that asks for fewer requests without saying when.
UNSAID_WAIT = timedelta(minutes=1)
# Up to this share of a wait is taken off by the feed's own jitter, so that feeds that fail together part company.
JITTER = 0.2
MAX_DOUBLINGS = 16
_HOSTS_REMEMBERED = 512


def next_visit(
    url: str,
    *,
    now: datetime,
    base: timedelta = timedelta(minutes=15),
    failures: int = 0,
    max_age_seconds: int | None = None,
    retry_after: timedelta | None = None,
) -> datetime:
    """When to look at a feed again.

    After a success that is `base` from now, or as long as the server lets its answer be kept. After failures the wait
    doubles with each, less a jitter that the URL decides. Never sooner than `base`, never later than a day.

    Args:
        url: The feed; the same one always gets the same jitter.
        now: The moment of the visit, aware.
        base: The interval of a healthy feed.
        failures: Visits that failed in a row, this one included.
        max_age_seconds: From Cache-Control.
        retry_after: What the server asked for.
    """
    longest = max(base, LONGEST_WAIT)
    if failures:
        wait = min(base * (1 << min(failures, MAX_DOUBLINGS)), longest)
        wait *= 1 - JITTER * _share(f"{failures} {url}")
    else:
        wait = min(timedelta(seconds=max_age_seconds or 0), longest)
    return now + min(max(wait, retry_after or timedelta(0), base), longest)


class PoliteGet:
    """An `HttpGet` that asks `door` no more often than a host likes.

    A host that answers with Retry-After is left alone that long: a request that would have to wait longer than
    `patience` fails at once with what is left of it. The machine's own addresses get no spacing. Redirects to other
    hosts are the door's and are not spaced.

    Args:
        door: What really fetches.
        per_host: Requests under way at one host.
        overall: Requests under way at all hosts.
        gap: From the start of one request to the start of the next at the same host.
        patience: How long a request waits for a host that asked to be left alone.
        monotonic: A clock in seconds that never goes back.
        sleep: Waits that many seconds.
    """

    def __init__(
        self,
        door: HttpGet,
        *,
        per_host: int = 2,
        overall: int = 12,
        gap: timedelta = timedelta(seconds=0.5),
        patience: timedelta = timedelta(seconds=10),
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._door = door
        self._per_host = per_host
        self._overall = asyncio.Semaphore(overall)
        self._gap = gap.total_seconds()
        self._patience = patience.total_seconds()
        self._monotonic = monotonic
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    async def get(
        self,
        url: str,
        *,
        accept: str = "*/*",
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Fetched:
        """As `HttpGet.get`, in turn.

        Raises:
            FetchError: As the door, or because the host asked to be left alone.
        """
        name = _host_of(url)
        if name is None:
            async with self._overall:
                return await self._door.get(url, accept=accept, etag=etag, last_modified=last_modified)
        async with self._turn(name, url) as host:
            try:
                return await self._door.get(url, accept=accept, etag=etag, last_modified=last_modified)
            except FetchError as error:
                self._heed(host, error)
                raise

    @asynccontextmanager
    async def _turn(self, name: str, url: str) -> AsyncIterator[_Host]:
        """Wait until it is this request's turn. The host's slot comes first, so waiting for one holds up no other."""
        host = self._hosts.setdefault(name, _Host(slots=asyncio.Semaphore(self._per_host)))
        host.users += 1
        try:
            async with host.slots:
                await self._keep_distance(host, name, url)
                async with self._overall:
                    yield host
        finally:
            host.users -= 1
            self._forget_idle()

    async def _keep_distance(self, host: _Host, name: str, url: str) -> None:
        now = self._monotonic()
        left = host.closed_until - now
        if left > self._patience:
            reason = f"{name} asked to be left alone, for another {left:.0f} s"
            raise FetchError(masked(url), reason, why=Why.TOO_OFTEN, retry_after=timedelta(seconds=left))
        start = max(now, host.next_start, host.closed_until)
        host.next_start = start + self._gap
        if start > now:
            await self._sleep(start - now)

    def _heed(self, host: _Host, error: FetchError) -> None:
        wait = error.retry_after
        if wait is None and error.status == HTTPStatus.TOO_MANY_REQUESTS:
            wait = UNSAID_WAIT
        if wait is not None:
            until = self._monotonic() + min(wait, LONGEST_WAIT).total_seconds()
            host.closed_until = max(host.closed_until, until)

    def _forget_idle(self) -> None:
        if len(self._hosts) > _HOSTS_REMEMBERED:
            now = self._monotonic()
            self._hosts = {
                name: host
                for name, host in self._hosts.items()
                if host.users or max(host.next_start, host.closed_until) > now
            }


@dataclass(slots=True, kw_only=True)
class _Host:
    """What is remembered of a host: its free slots, who uses or waits for them, and when it may be asked again."""

    slots: asyncio.Semaphore
    users: int = 0
    next_start: float = 0.0
    closed_until: float = 0.0


def _host_of(url: str) -> str | None:
    """The host to be polite to; `None` for this machine itself, and for what the door will refuse anyway."""
    try:
        host = parse_http(url).host
    except ValueError:
        return None
    address = literal(host)
    own = host == "localhost" or (address is not None and address.is_loopback)
    return None if own else host


def _share(text: str) -> float:
    """A number in [0, 1) that the text decides, spread evenly."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:6], "big") / 2**48
