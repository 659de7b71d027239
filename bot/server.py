"""The HTTP side: is it alive, is it ready, Telegram's webhook, and what an operator watches.

Whoever shows a wrong secret may try so and so often, and no browser may do anything with what is told. How ready it is
is looked at once a second at most, however many ask.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import math
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING, Any

from bot.callers import Callers
from bot.messenger.wire.updates import MAX_BODY_BYTES, Webhook
from storage.errors import SettingsError

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
Ready = Callable[[], Awaitable[Mapping[str, bool]]]

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_BODY_SECONDS = 20.0
_HEADER_SECONDS = 20.0
_READY_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """What is told to whoever has the token.

    Args:
        scrape: All figures as they are now, in the format that `content_type` names.
    """

    token: str = field(repr=False)
    scrape: Callable[[], Awaitable[bytes]]
    content_type: str

    def trusts(self, header: str | None) -> bool:
        """Whether a call carries the token, in a time that tells nothing about it."""
        scheme, _, token = (header or "").partition(" ")
        # Headers are decoded as Latin-1, whatever they are.
        given = token.strip().encode("latin-1", "replace")
        return hmac.compare_digest(given, self.token.encode()) and scheme.lower() == "bearer"


def application(
    *,
    ready: Ready,
    webhook: Webhook | None = None,
    webhook_path: str = "/telegram/webhook",
    metrics: Metrics | None = None,
    callers: Callers | None = None,
) -> Starlette:
    """The web application.

    Args:
        ready: What this instance stands on, by name, and whether each can be used now.
        webhook: Takes updates, where they come that way.
        webhook_path: Where Telegram posts them.
        metrics: What is told on /metrics, where anything is.
        callers: How often who shows a wrong secret, or none where one is needed, may call.
    """
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.routing import Route

    site = _Site(ready=ready, callers=callers or Callers())
    routes = [Route("/healthz", site.healthz), Route("/readyz", site.readyz)]
    if webhook is not None:
        routes.append(Route(webhook_path, partial(site.receive, webhook), methods=["POST"]))
    if metrics is not None:
        routes.append(Route("/metrics", partial(site.tell, metrics)))
    return Starlette(routes=routes, middleware=[Middleware(_Guarded)])


@dataclass(slots=True, kw_only=True)
class _Site:
    """What is answered at each path."""

    ready: Ready
    callers: Callers
    _seen: Mapping[str, bool] = field(default_factory=dict)
    _seen_at: float = -math.inf
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def healthz(self, _request: Request) -> Response:
        return _answer("ok\n", headers={"Content-Type": "text/plain; charset=utf-8"})

    async def readyz(self, _request: Request) -> Response:
        async with self._looking:
            if monotonic() - self._seen_at >= _READY_SECONDS:
                self._seen, self._seen_at = await self.ready(), monotonic()
        parts = self._seen
        status = HTTPStatus.OK if all(parts.values()) else HTTPStatus.SERVICE_UNAVAILABLE
        body = {"ready": status is HTTPStatus.OK, "parts": {name: "up" if up else "down" for name, up in parts.items()}}
        return _answer(json.dumps(body) + "\n", status, headers={"Content-Type": "application/json"})

    async def receive(self, webhook: Webhook, request: Request) -> Response:
        if not webhook.trusts(request.headers.get(SECRET_HEADER)):
            return self._turned_away(request) or _answer(status=HTTPStatus.UNAUTHORIZED)
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await _body(request)
        except TimeoutError:
            return _answer(status=HTTPStatus.REQUEST_TIMEOUT)
        return _answer(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE if body is None else await webhook.receive(body))

    async def tell(self, metrics: Metrics, request: Request) -> Response:
        if not metrics.trusts(request.headers.get("Authorization")):
            refused = _answer(status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
            return self._turned_away(request) or refused
        return _answer(await metrics.scrape(), headers={"Content-Type": metrics.content_type})

    def _turned_away(self, request: Request) -> Response | None:
        seconds = self.callers.wait(request.client.host if request.client else "")
        if not seconds:
            return None
        return _answer(status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(seconds)})


def _answer(
    content: str | bytes | None = None, status: int = HTTPStatus.OK, *, headers: Mapping[str, str] | None = None
) -> Response:
    from starlette.responses import Response

    return Response(content, status_code=status, headers=headers)


class _Guarded:
    """Every answer says that it is not to be kept, framed, run or guessed at."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", ()), *headers]}
            await send(message)

        await self._app(scope, receive, guarded)


async def _body(request: Request) -> bytes | None:
    """The request's body, read no further than it may be long."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)


class HttpServer:
    """Serves an application on one port.

    Args:
        host: Address to listen on.
        port: Its port; 0 picks a free one.

    Raises:
        SettingsError: The address cannot be had.
    """

    def __init__(self, app: Starlette, *, host: str, port: int) -> None:
        import uvicorn
        from uvicorn.protocols.http.auto import AutoHTTPProtocol

        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self._socket = socket.create_server((host, port), family=family)
        except OSError as error:
            raise SettingsError("TIDINGS_HTTP_PORT", f"cannot listen on {host}:{port}: {error.strerror}") from error

        class Impatient(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # chosen as it is imported
            """Hangs up on whoever begins no request for so long, or ends none that they began."""

            def connection_made(self, transport: asyncio.Transport) -> None:
                super().connection_made(transport)
                self._look_again(self.cycle)

            def _look_again(self, seen: Any) -> None:
                asyncio.get_running_loop().call_later(_HEADER_SECONDS, self._look, seen)

            def _look(self, seen: Any) -> None:
                if self.transport.is_closing():
                    return
                if self.cycle is seen and (self.cycle is None or self.cycle.response_complete):
                    self.transport.close()
                else:
                    self._look_again(self.cycle)

        config = uvicorn.Config(
            app,
            http=Impatient,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=5,
            server_header=False,
        )

        class Server(uvicorn.Server):
            """Leaves the signals to the process."""

            @contextlib.contextmanager
            def capture_signals(self) -> Iterator[None]:
                yield

        self._server = Server(config)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._socket.getsockname()[1])

    async def run(self) -> None:
        """Serve until `stop`."""
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            self._socket.close()

    def stop(self) -> None:
        """Finish the requests under way and end `run`."""
        self._server.should_exit = True
