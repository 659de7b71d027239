"""The door to the network: every request Tidings makes for news goes through here, and through nothing else.

Each hop is read by `parse_http`, connects through `CheckedBackend`, and the whole of a request, body included, has one
deadline and one size limit. Proxies, cookies and passwords from the environment are not used. Knows nothing of feeds.
"""

from __future__ import annotations

import asyncio
import email.utils
import errno
import os
import re
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from urllib.parse import urljoin

import httpcore

from retrieval.ingest.connect import CheckedBackend, ForbiddenAddress, Resolver, SystemResolver, Unreachable
from retrieval.ingest.decompress import Body, BodyRefused
from retrieval.ingest.urls import HttpAddress, masked, parse_http
from retrieval.ports import Fetched
from storage.domain.times import Clock
from storage.domain.why import Why
from storage.errors import AddressRefused, FetchError

MAX_REDIRECTS = 5
MAX_RETRY_AFTER = timedelta(days=7)
MAX_CONNECTIONS = 32
# Long enough for a feed and then its pages, short enough not to sit on a server.
KEEPALIVE_SECONDS = 10.0
# Validators are stored and sent back; a longer one is no validator.
MAX_VALIDATOR_CHARS = 512

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK, _NOT_MODIFIED = 200, 304
_REASONS = {
    401: ("the server asks for a login (401)", Why.LOGIN),
    403: ("the server refuses (403)", Why.REFUSED),
    404: ("there is nothing at this address (404)", Why.NOTHING_THERE),
    410: ("it is gone for good (410)", Why.GONE),
    429: ("the server asks for fewer requests (429)", Why.TOO_OFTEN),
    503: ("the server is not available now (503)", Why.OUT_OF_ORDER),
}
_SERVER_ERRORS = range(500, 600)
_NO_NETWORK = frozenset({errno.ENETUNREACH, errno.ENETDOWN})
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})")
_NO_CACHE = re.compile(r"(?:^|[\s,])no-(?:cache|store)(?:$|[\s,])")
_TRANSPORT_ERRORS = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    OSError,
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class HttpDoor:
    """Implements `retrieval.ports.HttpGet`. One pool of connections; use it in one event loop, and close it.

    Args:
        user_agent: Says who asks, with a way to learn more.
        total_timeout: For a whole request: look-up, redirects and body.
        max_body_bytes: For a body, decoded.
        allow_private: Lets requests into the intranet; metadata services and their like stay shut.
        resolver: Looks names up; the system's where not given.
        connector: Opens connections to addresses already judged.
        ssl_context: Whom to trust; the system's and certifi's authorities where not given.
        clock: For Retry-After given as a date.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        total_timeout: timedelta = timedelta(seconds=20),
        max_body_bytes: int = 15 * 1024 * 1024,
        allow_private: bool = False,
        resolver: Resolver | None = None,
        connector: httpcore.AsyncNetworkBackend | None = None,
        ssl_context: ssl.SSLContext | None = None,
        clock: Clock = _utc_now,
    ) -> None:
        self._user_agent = user_agent
        self._total_timeout = total_timeout
        self._max_body_bytes = max_body_bytes
        self._clock = clock
        self._ssl_context = ssl_context
        self._backend = CheckedBackend(
            resolver=resolver or SystemResolver(),
            connector=connector or httpcore.AnyIOBackend(),
            allow_private=allow_private,
        )

    async def get(
        self,
        url: str,
        *,
        accept: str = "*/*",
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Fetched:
        """Fetch `url`, following redirects by hand, each through the same checks.

        Raises:
            FetchError: No usable answer within the limits; `AddressRefused` where the address is forbidden. One line,
                naming `url` without any password.
        """
        headers = [("User-Agent", self._user_agent), ("Accept", accept), ("Accept-Encoding", "gzip, deflate")]
        known = [("If-None-Match", etag), ("If-Modified-Since", last_modified)]
        validators = [(name, value) for name, value in known if value and _is_sendable(value)]
        try:
            async with asyncio.timeout(self._total_timeout.total_seconds()):
                answer = await self._follow(url, headers + validators)
        except TimeoutError as error:
            seconds = self._total_timeout.total_seconds()
            reason = f"no complete answer within {seconds:g} s"
            raise FetchError(masked(url), reason, why=Why.NO_ANSWER) from error
        if answer.not_modified and not validators:
            reason = "the server says that nothing changed, but was not asked (304)"
            raise FetchError(masked(url), reason, why=Why.ODD_ANSWER, status=304)
        return answer

    async def aclose(self) -> None:
        """Close the connections."""
        if "_pool" in self.__dict__:
            await self._pool.aclose()

    @cached_property
    def _pool(self) -> httpcore.AsyncConnectionPool:
        # Reading the authorities takes tens of milliseconds, which a start without a request need not spend.
        return httpcore.AsyncConnectionPool(
            ssl_context=self._ssl_context or httpcore.default_ssl_context(),
            max_connections=MAX_CONNECTIONS,
            keepalive_expiry=KEEPALIVE_SECONDS,
            network_backend=self._backend,
        )

    async def _follow(self, url: str, headers: list[tuple[str, str]]) -> Fetched:
        trail = _Trail(start=masked(url))
        address = trail.parse(url)
        seen: set[str] = set()
        for _ in range(MAX_REDIRECTS + 1):
            if str(address) in seen:
                raise trail.error("the redirects go round in a circle", Why.ODD_ANSWER)
            seen.add(str(address))
            answer = await self._visit(address, headers, trail)
            if isinstance(answer, Fetched):
                return answer
            trail = _Trail(start=trail.start, hop=masked(answer))
            address = trail.parse(answer)
        raise trail.error(f"there are more than {MAX_REDIRECTS} redirects", Why.ODD_ANSWER)

    async def _visit(self, address: HttpAddress, headers: list[tuple[str, str]], trail: _Trail) -> Fetched | str:
        """The answer of one hop, or where it redirects to."""
        try:
            try:
                return await self._exchange(address, headers, trail)
            except _StaleConnection:
                return await self._exchange(address, headers, trail)
        except ForbiddenAddress as error:
            raise trail.error(str(error), error.why, AddressRefused) from error
        except (Unreachable, BodyRefused) as error:
            raise trail.error(str(error), error.why) from error
        except _TRANSPORT_ERRORS as error:
            raise trail.error(*_plain_reason(error)) from error

    async def _exchange(self, address: HttpAddress, headers: list[tuple[str, str]], trail: _Trail) -> Fetched | str:
        connected = False

        async def trace(event: str, _details: object) -> None:
            nonlocal connected
            connected = connected or event == "connection.connect_tcp.started"

        url = httpcore.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target)
        request = [("Host", address.authority), *headers]
        answered = False
        try:
            async with self._pool.stream("GET", url, headers=request, extensions={"trace": trace}) as response:
                answered = True
                return await self._read(address, response, trail)
        except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError) as error:
            # A kept connection may have been closed just as it was used again; that says nothing about the server.
            if connected or answered:
                raise
            raise _StaleConnection from error

    async def _read(self, address: HttpAddress, response: httpcore.Response, trail: _Trail) -> Fetched | str:
        headers = _Headers(response.headers)
        if response.status in _REDIRECTS:
            location = headers.get("location")
            if not location:
                reason = f"a redirect ({response.status}) that leads nowhere"
                raise trail.error(reason, Why.ODD_ANSWER, status=response.status)
            return _joined(str(address), location)
        if response.status not in {_OK, _NOT_MODIFIED}:
            raise self._status_error(response.status, headers, trail)
        unchanged = response.status == _NOT_MODIFIED
        return Fetched(
            url=str(address),
            body=b"" if unchanged else await self._body(response, headers),
            content_type=headers.get("content-type"),
            etag=_validator(headers.get("etag")),
            last_modified=_validator(headers.get("last-modified")),
            not_modified=unchanged,
            max_age_seconds=_max_age_seconds(headers.get("cache-control")),
        )

    async def _body(self, response: httpcore.Response, headers: _Headers) -> bytes:
        body = Body(headers.get("content-encoding"), limit=self._max_body_bytes)
        body.expect(headers.get("content-length"))
        async for chunk in response.aiter_stream():
            body.add(chunk)
        return body.finish()

    def _status_error(self, status: int, headers: _Headers, trail: _Trail) -> FetchError:
        other = Why.OUT_OF_ORDER if status in _SERVER_ERRORS else Why.ODD_ANSWER
        reason, why = _REASONS.get(status, (f"the server answered with HTTP status {status}", other))
        retry_after = _retry_after(headers.get("retry-after"), self._clock())
        return trail.error(reason, why, status=status, retry_after=retry_after)


class _StaleConnection(Exception):
    """A kept connection turned out to be closed before anything came back on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trail:
    """What was asked for and, after a redirect, where it led: what an error has to say. Both masked."""

    start: str
    hop: str | None = None

    def parse(self, url: str) -> HttpAddress:
        try:
            return parse_http(url)
        except ValueError as error:
            raise self.error(str(error), Why.NO_ADDRESS) from error

    def error(
        self,
        reason: str,
        why: Why,
        kind: type[FetchError] = FetchError,
        *,
        status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> FetchError:
        told = reason if self.hop is None else f"redirected to {self.hop}: {reason}"
        return kind(self.start, told, why=why, status=status, retry_after=retry_after)


class _Headers:
    """The first value of each header, by lower-case name."""

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self._values: dict[bytes, bytes] = {}
        for name, value in raw:
            self._values.setdefault(name.lower(), value.strip())

    def get(self, name: str) -> str | None:
        value = self._values.get(name.encode("ascii"))
        if value is None:
            return None
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return value.decode("latin-1")


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError:  # such as an unfinished bracket; `parse_http` says what is wrong with it
        return location


def _is_sendable(value: str) -> bool:
    return value.isascii() and value.isprintable()


def _validator(value: str | None) -> str | None:
    return value if value and len(value) <= MAX_VALIDATOR_CHARS and _is_sendable(value) else None


def _max_age_seconds(cache_control: str | None) -> int | None:
    if cache_control is None or _NO_CACHE.search(cache_control.lower()):
        return None
    match = _MAX_AGE.search(cache_control.lower())
    return int(match[1]) if match else None


def _retry_after(value: str | None, now: datetime) -> timedelta | None:
    if not value:
        return None
    if value.isascii() and value.isdecimal():
        # Nine digits are thirty years; more would only overflow.
        return min(timedelta(seconds=int(value[:9])), MAX_RETRY_AFTER)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta(0)), MAX_RETRY_AFTER)


def _plain_reason(error: BaseException) -> tuple[str, Why]:
    """What went wrong on the wire, in a few words: the deepest system error says it best."""
    for cause in reversed(_causes(error)):
        if told := _system_reason(cause):
            return told
    if isinstance(error, httpcore.TimeoutException | TimeoutError):
        return "the host does not answer", Why.NO_ANSWER
    if isinstance(error, httpcore.ProtocolError):
        detail = masked(str(error), 100).rstrip(".")
        if "closed connection" not in detail and "disconnected" not in detail:
            return f"the server does not speak proper HTTP ({detail})", Why.ODD_ANSWER
        return "the answer broke off", Why.BROKE_OFF
    return "the connection broke off", Why.BROKE_OFF


def _system_reason(cause: BaseException) -> tuple[str, Why] | None:
    """What TLS or the operating system says of the connection, `None` where `cause` is neither's."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"the certificate is not trusted ({cause.verify_message or 'unknown reason'})", Why.NOT_SECURE
    if isinstance(cause, ssl.SSLError):
        detail = (cause.reason or "TLS error").replace("_", " ").lower()
        return f"no secure connection could be made ({detail})", Why.NOT_SECURE
    if isinstance(cause, OSError) and cause.errno and not isinstance(cause, socket.gaierror):
        why = Why.NO_NETWORK if cause.errno in _NO_NETWORK else Why.NO_ANSWER
        return os.strerror(cause.errno).lower(), why
    return None


def _causes(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or current.__context__
    return chain
