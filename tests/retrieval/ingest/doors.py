"""A door to open on loopback, and resolvers and connectors that stand in for the network behind it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpcore

from retrieval.ingest.fetch import HttpDoor

FEED = b"<rss><channel><title>News</title></channel></rss>"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TRUST = ssl.create_default_context()


def open_door(**settings: Any) -> HttpDoor:
    """A door for a loopback server; TLS authorities are read once for all tests."""
    defaults: dict[str, Any] = {"allow_private": True, "ssl_context": TRUST, "clock": lambda: NOW}
    return HttpDoor(user_agent="Tidings/test", **(defaults | settings))


@asynccontextmanager
async def door(**settings: Any) -> AsyncIterator[HttpDoor]:
    opened = open_door(**settings)
    try:
        yield opened
    finally:
        await opened.aclose()


class NoConnections(httpcore.AsyncNetworkBackend):
    """A connector that only writes down where it was asked to connect."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.asked.append(f"{host}:{port}")
        raise httpcore.ConnectError("written down")


class Names:
    """A resolver that knows what it is told: each look-up takes the next answer, the last one for ever."""

    def __init__(self, answers: dict[str, list[Sequence[str]]]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    async def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        if host not in self._answers:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        answers = self._answers[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]


class SystemLike:
    """Answers for every name with a public address, so that only the judgement of the name itself can refuse."""

    async def __call__(self, _host: str) -> Sequence[str]:
        return ["93.184.215.14"]


class Detour(httpcore.AsyncNetworkBackend):
    """A connector that leads every connection to a port on loopback, and writes down what was meant."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._real = httpcore.AnyIOBackend()
        self.asked: list[str] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.asked.append(host)
        return await self._real.connect_tcp("127.0.0.1", self._port, timeout, local_address, socket_options)
