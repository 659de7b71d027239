"""The HTTP side: is it alive, is it ready, Telegram's webhook, and what an operator watches."""

from __future__ import annotations

import contextlib
import hmac
import json
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from bot.messenger.wire.updates import MAX_BODY_BYTES, Webhook
from storage.errors import SettingsError

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
Ready = Callable[[], Awaitable[Mapping[str, bool]]]


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
) -> Starlette:
    """The web application.

    Args:
        ready: What this instance stands on, by name, and whether each can be used now.
        webhook: Takes updates, where they come that way.
        webhook_path: Where Telegram posts them.
        metrics: What is told on /metrics, where anything is.
    """
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse, Response
    from starlette.routing import Route

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_request: Request) -> Response:
        parts = await ready()
        status = HTTPStatus.OK if all(parts.values()) else HTTPStatus.SERVICE_UNAVAILABLE
        body = {"ready": status is HTTPStatus.OK, "parts": {name: "up" if up else "down" for name, up in parts.items()}}
        return Response(json.dumps(body) + "\n", status_code=status, media_type="application/json")

    async def receive(request: Request) -> Response:
        assert webhook is not None  # noqa: S101 - the route is there only with it
        if not webhook.trusts(request.headers.get(SECRET_HEADER)):
            return Response(status_code=HTTPStatus.UNAUTHORIZED)
        body = await _body(request)
        return Response(
            status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE if body is None else await webhook.receive(body)
        )

    async def tell(request: Request) -> Response:
        assert metrics is not None  # noqa: S101 - the route is there only with them
        if not metrics.trusts(request.headers.get("Authorization")):
            return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
        return Response(await metrics.scrape(), headers={"Content-Type": metrics.content_type})

    routes = [Route("/healthz", healthz), Route("/readyz", readyz)]
    if webhook is not None:
        routes.append(Route(webhook_path, receive, methods=["POST"]))
    if metrics is not None:
        routes.append(Route("/metrics", tell))
    return Starlette(routes=routes)


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

        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self._socket = socket.create_server((host, port), family=family)
        except OSError as error:
            raise SettingsError("TIDINGS_HTTP_PORT", f"cannot listen on {host}:{port}: {error.strerror}") from error
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=5, server_header=False
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
