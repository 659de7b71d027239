"""A Bot API server on loopback: stores what it is told, checks every request, and fails on demand.

In a test: `async with FakeBotApi() as api: … api.url, api.say("hello"), await api.replies(1)`. As a process:
`python -m tests.bot_api.server --port 8081 --record calls.jsonl`. What it keeps is in `chats`, what waits for the bot
in `updates`, what people do in `people`, what a bot can have done in `methods`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlencode

from tests.bot_api.chats import BOT, Chats, Json
from tests.bot_api.http import HangUp, HttpServer, Request, answer, refuse
from tests.bot_api.messages import Refusal
from tests.bot_api.methods import Methods
from tests.bot_api.people import People
from tests.bot_api.record import Call
from tests.bot_api.specification import Specification
from tests.bot_api.updates import Updates

__all__ = ["BOT", "TOKEN", "Call", "Failure", "FakeBotApi", "Fault"]

TOKEN = "123456:test-token_ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # noqa: S105 - of no bot

Fault = Callable[[str, dict[str, str]], "Failure | None"]


@dataclass(frozen=True)
class Failure:
    """What goes wrong with one call.

    Args:
        status: Answered with this error; 0 cuts the connection instead; 200 is none, where only the answer is late.
        done: Whether the call was carried out all the same; with 200 it is.
        seconds: How long the server keeps still before it answers.
    """

    status: int = 0
    description: str = "Failed on demand"
    parameters: dict[str, Any] = field(default_factory=dict)
    done: bool = False
    seconds: float = 0.0


class FakeBotApi(Updates, People):
    """The server.

    Args:
        fault: Asked before each call what shall go wrong with it.
        record: A file that every call is appended to, as JSON lines.

    Attributes:
        calls: As they were dealt with.
        violations: What a bot did that no bot may do, one line each.
        halts: Since when and until when it asked to wait, in monotonic seconds.
    """

    def __init__(self, *, fault: Fault | None = None, record: Path | None = None, port: int = 0) -> None:
        super().__init__()
        self.fault = fault
        self.chats = Chats()
        self.calls: list[Call] = []
        self.halts: list[tuple[float, float]] = []
        self._record, self._port = record, port
        self._specification = Specification.load()
        self._methods = Methods(
            self.chats, [], frozenset() if self._specification is None else self._specification.emojis
        )
        self._server = HttpServer(self._handle)

    async def __aenter__(self) -> Self:
        await self._server.start(self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pushing is not None:
            self._pushing.cancel()
        await self._server.close()
        if kind is None:
            assert not self.violations, self.violations

    @property
    def violations(self) -> list[str]:
        return self._methods.violations

    @violations.setter
    def violations(self, violations: list[str]) -> None:
        self._methods.violations = violations

    @contextlib.asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """Nothing listens: what is under way is cut off, and no request reaches it."""
        port = self._server.port
        await self._server.close()
        yield
        await self._server.start(port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    async def call(self, method: str, fields: dict[str, str]) -> tuple[int, bytes]:
        """A call as another process would make it."""
        return await self._handle(Request(path=f"/bot{TOKEN}/{method}", headers={}, body=urlencode(fields).encode()))

    def accepted(self, method: str) -> list[Call]:
        """The calls of a method that were carried out."""
        return [call for call in self.calls if call.method == method and call.status == HTTPStatus.OK]

    @property
    def sent(self) -> list[Call]:
        """The messages a phone would have got."""
        return self.accepted("sendMessage")

    @property
    def drafts(self) -> list[Call]:
        """What a phone showed while it was being written."""
        return self.accepted("sendMessageDraft")

    @property
    def photos(self) -> list[Call]:
        """The pictures a phone would have got."""
        return self.accepted("sendPhoto")

    @property
    def documents(self) -> list[bytes]:
        """The files a phone would have got."""
        return [call.files["document"] for call in self.accepted("sendDocument") if call.files]

    @property
    def answers(self) -> list[str]:
        """What was shown to those who tapped."""
        return [call.fields.get("text", "") for call in self.accepted("answerCallbackQuery")]

    async def cards(self, query: str, seconds: float = 20.0) -> Sequence[Json]:
        """What is shown to whoever typed behind the bot's name, once there is something."""
        kept = self.chats.cards.values
        await self.until(lambda: any(each.query == query for each in kept()), seconds)
        return next(each.results for each in kept() if each.query == query)

    async def until(self, claim: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait until `claim` holds, about this server or about what talks to it.

        Raises:
            TimeoutError: It does not in that time.
        """
        async with asyncio.timeout(seconds):
            while not claim():  # noqa: ASYNC110 - the claim may be about anything
                await asyncio.sleep(0.01)

    async def replies(self, number: int, seconds: float = 20.0) -> list[Call]:
        """The messages, once there are so many."""
        await self.until(lambda: len(self.sent) >= number, seconds)
        return self.sent

    async def _handle(self, request: Request) -> tuple[int, bytes]:
        came = time.monotonic()
        _, first, *rest = request.path.split("/")
        if first == "file":
            return self._download(rest)
        if first != f"bot{TOKEN}":
            return refuse(401, "Unauthorized")
        method = "/".join(rest)
        fields, files = request.fields()
        wrong = () if self._specification is None else self._specification.violations(method, fields, frozenset(files))
        if wrong:
            self.violations += wrong
            known = self._specification is not None and self._specification.knows(method)
            status, body = refuse(400, f"Bad Request: {wrong[0]}") if known else refuse(404, "Not Found")
            self._keep(method, fields, came, status)
            return status, body
        failure = self.fault(method, fields) if self.fault else None
        late = failure is not None and failure.status == HTTPStatus.OK
        if failure is None or failure.done or late:
            status, body = await self._carry_out(method, fields, files)
            self._keep(method, fields, came, status, body, files)
        if failure is not None and failure.seconds:
            await asyncio.sleep(failure.seconds)
        if failure is not None and not late:
            status, body = refuse(failure.status or 500, failure.description, **failure.parameters)
            if not failure.done:
                self._keep(method, fields, came, failure.status)
            if "retry_after" in failure.parameters:
                self.halts.append((time.monotonic(), time.monotonic() + failure.parameters["retry_after"]))
        await self._notify()
        if failure is not None and failure.status == 0:
            raise HangUp
        return status, body

    def _download(self, path: Sequence[str]) -> tuple[int, bytes]:
        """A file that `getFile` told the path of."""
        token, kind, file_id, *_ = (*path, "", "", "")
        if token != f"bot{TOKEN}" or kind != "documents" or unquote(file_id) not in self.chats.files:
            return refuse(404, "Not Found")
        return HTTPStatus.OK, self.chats.files[unquote(file_id)][1]

    def _keep(
        self,
        method: str,
        fields: dict[str, str],
        came: float,
        status: int,
        body: bytes = b"{}",
        files: dict[str, bytes] | None = None,
    ) -> None:
        # What is queued may be no JSON.
        result = json.loads(body).get("result") if method != "getUpdates" else None
        message_id = result.get("message_id") if isinstance(result, dict) else None
        call = Call(method=method, fields=fields, status=status, at=came, message_id=message_id, files=files or {})
        self.calls.append(call)
        if self._record is not None:
            with self._record.open("a", encoding="utf-8") as file:
                sizes = {name: len(content) for name, content in call.files.items()}
                file.write(json.dumps({**vars(call), "files": sizes}) + "\n")

    async def _carry_out(self, method: str, fields: dict[str, str], files: dict[str, bytes]) -> tuple[int, bytes]:
        try:
            if (received := await self._received(method, fields)) is not None:
                return received
            result = self._methods.carry_out(method, fields, files)
        except Refusal as refusal:
            return refuse(refusal.code, refusal.description, **refusal.parameters)
        if self._specification is not None:
            self.violations += [f"this server's own: {line}" for line in self._specification.wrong(method, result)]
        return answer(result)


async def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="A Bot API server that keeps to itself.")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--record", type=Path)
    given = parser.parse_args()
    async with FakeBotApi(record=given.record, port=given.port) as api:
        print(f"TELEGRAM_API_BASE_URL={api.url} TELEGRAM_BOT_TOKEN={TOKEN}", flush=True)  # noqa: T201 - its output
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
