"""A small HTTP/1.1 server that can also misbehave: hang up before an answer, or after the work is done."""

from __future__ import annotations

import asyncio
import contextlib
import json
import urllib.request
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl


class Upload(bytes):
    """The content of a file that is part of a form, and what it is called there."""

    name: str


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]
    body: bytes
    query: str = ""

    def fields(self) -> tuple[dict[str, str], dict[str, bytes]]:
        """The fields of the address and of the form, and its files."""
        fields, files = self._form()
        return {**dict(parse_qsl(self.query, keep_blank_values=True)), **fields}, files

    def _form(self) -> tuple[dict[str, str], dict[str, bytes]]:
        kind = self.headers.get("content-type", "")
        if kind.startswith("application/json"):
            return {
                n: v if isinstance(v, str) else json.dumps(v) for n, v in json.loads(self.body or b"{}").items()
            }, {}
        if kind.startswith("multipart/form-data"):
            message = BytesParser(policy=HTTP).parsebytes(b"content-type: " + kind.encode() + b"\r\n\r\n" + self.body)
            fields: dict[str, str] = {}
            files: dict[str, bytes] = {}
            for part in message.iter_parts():
                name = str(part.get_param("name", header="content-disposition"))
                if part.get_filename():
                    content = Upload(part.get_payload(decode=True) or b"")
                    content.name = str(part.get_filename())
                    files[name] = content
                else:
                    fields[name] = part.get_payload(decode=True).decode()  # type: ignore[union-attr]
            return fields, files
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=bool(self.body))), {}


class HangUp(Exception):
    """Close the connection without a word."""


Handler = Callable[[Request], Awaitable[tuple[int, bytes]]]


class HttpServer:
    """Listens on loopback. A request whose client is gone is cancelled."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", port, limit=2**20)

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, HangUp, asyncio.CancelledError):
            while (request := await _read(reader)) is not None:
                status, body = await _unless_gone(self._handler(request), reader)
                head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)
                await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def _unless_gone(work: Awaitable[tuple[int, bytes]], reader: asyncio.StreamReader) -> tuple[int, bytes]:
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            await asyncio.wait([task], timeout=0.05)
            if reader.at_eof():
                raise HangUp
        return task.result()
    finally:
        task.cancel()


async def _read(reader: asyncio.StreamReader) -> Request | None:
    head = await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b""
    if not head:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    length = int(headers.get("content-length", "0"))
    path, _, query = first.split(" ")[1].partition("?")
    return Request(path=path, headers=headers, body=await reader.readexactly(length), query=query)


def answer(result: Any) -> tuple[int, bytes]:
    return 200, json.dumps({"ok": True, "result": result}).encode()


def refuse(code: int, description: str, **parameters: Any) -> tuple[int, bytes]:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return code, json.dumps(body).encode()


def post(url: str, text: str, secret: str) -> int:
    """Post an update to a webhook, as Telegram does; the status of the answer, 0 where there was none."""
    request = urllib.request.Request(url, data=text.encode(), method="POST")  # noqa: S310 - loopback
    request.add_header("Content-Type", "application/json")
    request.add_header("X-Telegram-Bot-Api-Secret-Token", secret)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            return int(response.status)
    except OSError:
        return 0
