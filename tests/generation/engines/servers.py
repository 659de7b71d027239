"""A chat server on loopback that follows a script: what it says, how it fails, and whether it saw its client leave."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

MODEL = "scripted"


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def sent(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


class Exchange:
    """One request, and the way to answer it."""

    def __init__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.request = request
        self._writer = writer

    async def send(self, block: bytes) -> None:
        self._writer.write(block)
        await self._writer.drain()

    async def begin(self, kind: str = "text/event-stream", **headers: str) -> None:
        """The head of an answer whose end is that of the connection."""
        extra = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        await self.send(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n{extra}\r\n".encode())


Script = Callable[[Exchange], Awaitable[None]]


class ChatServer:
    """Answers chat completions by `script`, and says by `models` which models it has.

    Args:
        script: Called with each chat completion asked for; cancelled as soon as its client is gone.
        models: What `/v1/models` answers with.
    """

    def __init__(self, script: Script, *, models: Script | None = None) -> None:
        self.script = script
        self.models = models or answers({"object": "list", "data": [{"id": MODEL, "object": "model"}]})
        self.requests: list[Request] = []
        self.asked = asyncio.Event()
        self.client_left = asyncio.Event()
        self._exchanges: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._exchange, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._exchanges:
            task.cancel()
        await asyncio.gather(*self._exchanges, return_exceptions=True)

    @property
    def host(self) -> str:
        assert self._server is not None
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/v1"

    @property
    def chats(self) -> list[Request]:
        return [request for request in self.requests if request.path.split("?")[0] == "/v1/chat/completions"]

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._exchanges.add(task)
        task.add_done_callback(self._exchanges.discard)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            request = await _read(reader)
            self.requests.append(request)
            self.asked.set()
            script = self.models if request.path.split("?")[0] == "/v1/models" else self.script
            answering = asyncio.ensure_future(script(Exchange(request, writer)))
            leaving = asyncio.ensure_future(reader.read(1))
            try:
                await asyncio.wait([answering, leaving], return_when=asyncio.FIRST_COMPLETED)
                if not answering.done() or isinstance(answering.exception(), ConnectionError):
                    self.client_left.set()
            finally:
                for side in (answering, leaving):
                    side.cancel()
                await asyncio.gather(answering, leaving, return_exceptions=True)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def _read(reader: asyncio.StreamReader) -> Request:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(path=first.split(" ")[1], headers=headers, body=body)


def event(content: object = None, *, finish: object = None, **delta: object) -> bytes:
    """One event of a stream, as servers write it."""
    choice = {"index": 0, "delta": {"content": content, **delta}, "finish_reason": finish}
    return data({"id": "1", "object": "chat.completion.chunk", "model": MODEL, "choices": [choice]})


def data(value: object) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()


DONE = b"data: [DONE]\n\n"


def says(*pieces: str, finish: str = "stop") -> Script:
    """A whole reply."""
    return streams(event("", role="assistant"), *map(event, pieces), event(finish=finish), DONE)


def streams(*blocks: bytes, then: Script | None = None) -> Script:
    """An event stream of these blocks, then the end of the connection, or `then`."""

    async def script(exchange: Exchange) -> None:
        await exchange.begin()
        for block in blocks:
            await exchange.send(block)
        if then is not None:
            await then(exchange)

    return script


def raw(block: bytes) -> Script:
    """These bytes, whatever they are, then the end of the connection."""

    async def script(exchange: Exchange) -> None:
        await exchange.send(block)

    return script


def answers(value: object, status: int = 200, **headers: str) -> Script:
    """JSON, with a length."""
    body = json.dumps(value).encode()
    extra = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n{extra}"
    return raw(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


async def hangs(_exchange: Exchange) -> None:
    """Keeps still until the client leaves."""
    await asyncio.Event().wait()


def endlessly(block: bytes) -> Script:
    """Sends the same for ever."""

    async def script(exchange: Exchange) -> None:
        while True:
            await exchange.send(block)

    return script


def in_turn(*scripts: Script) -> Script:
    """The first script for the first request, and so on; the last one for all that follow."""
    left = list(scripts)

    async def script(exchange: Exchange) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(exchange)

    return script
