"""A small HTTP server on loopback that answers what a test scripts, however wrong.

    async with LoopbackServer({"/feed": Reply(body=FEED, headers={"ETag": '"1"'})}) as server:
        fetched = await door.get(server.url("/feed"))
    assert server.requests[0].headers["user-agent"] == "..."

A route is a `Reply`, a function from the `Request` to one (for answers that depend on headers or change over time),
or a list of replies given one after another, the last one for ever. What has no route is answered with 404. Every
test has a server of its own on a free port; leaving the block stops it, also in the middle of an endless answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit

_TLS_HANDSHAKE = b"\x16"

Stream = Callable[[], AsyncIterator[bytes]]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What was asked. Header names are lower case; `path` is without the query."""

    method: str
    target: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        return urlsplit(self.target).path


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What to answer.

    Content-Length is right unless `headers` says otherwise (an empty value leaves it out) or the body is a stream.

    Args:
        body: The bytes, or a function that streams them, as slowly or endlessly as it likes.
        raw: The whole answer with status line and headers, in place of everything else; bytes or a stream, too.
        reset: Break the connection off with a TCP reset after whatever was sent.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Stream = b""
    raw: bytes | Stream | None = None
    reset: bool = False


def redirect(location: str, status: int = 302) -> Reply:
    """A redirect to `location`, written as it is."""
    return Reply(status=status, headers={"Location": location})


Route = Reply | list[Reply] | Callable[[Request], Reply]


class LoopbackServer:
    """See the module. `routes` may be changed while it runs; `requests` holds what was asked, in order.

    Args:
        routes: By path, without the query.
        tls: Makes it an https server.
        host: The loopback address to listen on.
    """

    def __init__(
        self, routes: Mapping[str, Route] | None = None, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ) -> None:
        self.routes: dict[str, Route] = dict(routes or {})
        self.requests: list[Request] = []
        self.connections = 0
        self._tls = tls
        self._host = host
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    def url(self, path: str = "/", *, host: str | None = None) -> str:
        """The address of `path` on this server, under another name of it where `host` is given."""
        scheme = "https" if self._tls else "http"
        return f"{scheme}://{host or self._host}:{self.port}{path}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self._host, 0, ssl=self._tls)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            while (request := await _read_request(reader)) is not None:
                self.requests.append(request)
                if not await _send(writer, self._reply(request)):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass  # the client went away, as hostile answers make it do
        except asyncio.CancelledError:
            pass  # the server is being stopped, and asyncio's stream callback would only log it
        finally:
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await asyncio.wait_for(writer.wait_closed(), 1)

    def _reply(self, request: Request) -> Reply:
        route = self.routes.get(request.path, Reply(status=404))
        if isinstance(route, list):
            return route.pop(0) if len(route) > 1 else route[0]
        return route if isinstance(route, Reply) else route(request)


async def _read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request; `None` at the end, and for what is not HTTP."""
    try:
        start = await reader.readexactly(1)
        if start == _TLS_HANDSHAKE:
            return None
        head = start + await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = (line.split(":", 1) for line in lines)
    return Request(method=method, target=target, headers={name.lower(): value.strip() for name, value in pairs})


async def _send(writer: asyncio.StreamWriter, reply: Reply) -> bool:
    """Send a reply; whether the connection may be kept."""
    content = reply.body if reply.raw is None else reply.raw
    if reply.raw is None:
        writer.write(_head(reply))
    if isinstance(content, bytes):
        writer.write(content)
    else:
        async for chunk in content():
            writer.write(chunk)
            await writer.drain()
    await writer.drain()
    if reply.reset:
        # A socket that does not linger is closed with a reset.
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    return reply.raw is None and isinstance(content, bytes) and not reply.reset


def _head(reply: Reply) -> bytes:
    headers = dict(reply.headers)
    if not isinstance(reply.body, bytes):
        headers.setdefault("Connection", "close")
    elif reply.status != HTTPStatus.NOT_MODIFIED:
        headers.setdefault("Content-Length", str(len(reply.body)))
    lines = [f"HTTP/1.1 {reply.status} Reply", *(f"{name}: {value}" for name, value in headers.items() if value)]
    return "\r\n".join([*lines, "", ""]).encode("utf-8")
