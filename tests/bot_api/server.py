"""A Bot API server on loopback: stores what it is told, checks every request, and fails on demand.

In a test: `async with FakeBotApi() as api: … api.url, api.say("hello"), await api.replies(1)`. As a process:
`python -m tests.bot_api.server --port 8081 --record calls.jsonl`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import struct
import time
import urllib.request
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from tests.bot_api import telegram_html
from tests.bot_api.http import HangUp, HttpServer, Request, answer, refuse
from tests.bot_api.specification import Specification

TOKEN = "123456:test-token_ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # noqa: S105 - of no bot
BOT = {"id": 123456, "is_bot": True, "first_name": "Tidings", "username": "tidings_bot"}
MAX_UNITS = 4096
MAX_PHOTO_BYTES, MAX_PHOTO_SIDES, MAX_PHOTO_RATIO = 10 * 1024 * 1024, 10_000, 20
MAX_DOCUMENT_BYTES = 50 * 1024 * 1024
MAX_DATA_BYTES, MAX_ANSWER_UNITS = 64, 200


@dataclass(frozen=True)
class Call:
    """A request as it came, and the status it was answered with; 0 where the connection was cut.

    `at` is when it came, in monotonic seconds.
    """

    method: str
    fields: dict[str, str]
    status: int
    at: float
    message_id: int | None = None
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def chat_id(self) -> int:
        return int(self.fields["chat_id"])

    @property
    def shown(self) -> telegram_html.Parsed:
        """What a phone shows of a message."""
        if self.fields.get("parse_mode") == "HTML":
            return telegram_html.parse(self.fields["text"])
        return telegram_html.Parsed(text=self.fields["text"], entities=())


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


class FakeBotApi:
    """The server.

    Args:
        fault: Asked before each call what shall go wrong with it.
        record: A file that every call is appended to, as JSON lines.

    Attributes:
        calls: As they were dealt with.
        halts: Since when and until when it asked to wait, in monotonic seconds.
    """

    def __init__(self, *, fault: Fault | None = None, record: Path | None = None, port: int = 0) -> None:
        self.fault = fault
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.halts: list[tuple[float, float]] = []
        self.webhook: dict[str, str] = {}
        self._record, self._port = record, port
        self._queue: dict[int, str] = {}
        self._numbers = itertools.count(1)
        self._message_ids = itertools.count(1)
        self._texts: dict[tuple[int, int], str] = {}
        self._keyboards: dict[tuple[int, int], list[list[dict[str, Any]]]] = {}
        self._queries: set[str] = set()
        self._changed = asyncio.Condition()
        self._polls = 0
        self._specification = Specification.load()
        self._server = HttpServer(self._handle)
        self._pushing: asyncio.Task[None] | None = None

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

    @property
    def polling(self) -> bool:
        """Whether someone has asked for updates."""
        return self._polls > 0

    async def call(self, method: str, fields: dict[str, str]) -> tuple[int, bytes]:
        """A call as another process would make it."""
        return await self._handle(Request(path=f"/bot{TOKEN}/{method}", headers={}, body=urlencode(fields).encode()))

    @property
    def waiting(self) -> int:
        """How many updates are not confirmed yet."""
        return len(self._queue)

    @property
    def sent(self) -> list[Call]:
        """The messages a phone would have got."""
        return [call for call in self.calls if call.method == "sendMessage" and call.status == 200]

    def add(self, update: dict[str, Any]) -> int:
        """Queue an update; it gets its number here."""
        return self.add_raw(lambda number: json.dumps({"update_id": number, **update}))

    def add_raw(self, text: Callable[[int], str]) -> int:
        """Queue an update as the text that `text` makes with its number, readable or not."""
        number = next(self._numbers)
        self._queue[number] = text(number)
        asyncio.get_running_loop().create_task(self._notify())
        return number

    def say(self, text: str, **message: Any) -> int:
        """Queue a message to the bot; `chat`, `sender`, `language` and any field of Message may be given."""
        return self.add({"message": self.message(text=text, **message)})

    def message(
        self, *, chat: int = 7, sender: int | None = None, language: str = "en", **fields: Any
    ) -> dict[str, Any]:
        person = {"id": sender or abs(chat), "is_bot": False, "first_name": "Ada", "language_code": language}
        place = {"id": chat, "type": "private", "first_name": "Ada"} if chat > 0 else {
            "id": chat, "type": "supergroup", "title": "A group",
        }  # fmt: skip
        message = {"message_id": next(self._message_ids), "date": int(time.time()), "chat": place, "from": person}
        return {name: value for name, value in {**message, **fields}.items() if value is not None}

    def buttons(self, call: Call) -> list[list[str]]:
        """The labels of the buttons under a message by now, row by row."""
        return [[each["text"] for each in row] for row in self._keyboards.get(_place(call), [])]

    def text(self, call: Call) -> str:
        """What a message says by now."""
        return self._texts[_place(call)]

    def tap(self, call: Call, label: str, **tap: Any) -> int:
        """Queue a tap on a button under a message; `sender` and `language` may be given."""
        data = next(
            each["callback_data"] for row in self._keyboards[_place(call)] for each in row if each["text"] == label
        )
        return self.tap_data(call, data, **tap)

    def tap_data(self, call: Call, data: str, *, sender: int | None = None, language: str = "en") -> int:
        """Queue a tap that carries `data`, as a client of any kind could send it."""
        query = f"query-{next(self._message_ids)}"
        self._queries.add(query)
        message = self.message(chat=call.chat_id, text="what was sent", language=language)
        message |= {"message_id": call.message_id, "from": BOT}
        person = {"id": sender or abs(call.chat_id), "is_bot": False, "first_name": "Ada", "language_code": language}
        return self.add(
            {"callback_query": {"id": query, "from": person, "message": message, "chat_instance": "1", "data": data}}
        )

    def react(self, call: Call, *emojis: str, sender: int | None = None) -> int:
        """Queue that a person's reactions to a message are these from now on."""
        message = self.message(chat=call.chat_id, sender=sender)
        return self.add(
            {
                "message_reaction": {
                    "chat": message["chat"],
                    "message_id": call.message_id,
                    "user": message["from"],
                    "date": message["date"],
                    "old_reaction": [],
                    "new_reaction": [{"type": "emoji", "emoji": emoji} for emoji in emojis],
                }
            }
        )

    @property
    def photos(self) -> list[Call]:
        """The pictures a phone would have got."""
        return [call for call in self.calls if call.method == "sendPhoto" and call.status == 200]

    @property
    def documents(self) -> list[bytes]:
        """The files a phone would have got."""
        sent = [call for call in self.calls if call.method == "sendDocument" and call.status == 200]
        return [call.files["document"] for call in sent]

    @property
    def answers(self) -> list[str]:
        """What was shown to those who tapped."""
        calls = (call for call in self.calls if call.method == "answerCallbackQuery" and call.status == 200)
        return [call.fields.get("text", "") for call in calls]

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

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _handle(self, request: Request) -> tuple[int, bytes]:
        came = time.monotonic()
        _, token, method = request.path.split("/", 2)
        if token != f"bot{TOKEN}":
            return refuse(401, "Unauthorized")
        fields, files = request.fields()
        if self._specification is not None:
            self.violations += self._specification.violations(method, fields, frozenset(files))
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
        match method:
            case "sendPhoto":
                return self._photo(fields, files)
            case "sendDocument":
                return self._document(fields, files)
            case "getMe":
                return answer(BOT)
            case "getUpdates":
                return await self._get_updates(fields)
            case "setWebhook":
                self.webhook = fields
                self._pushing = asyncio.create_task(self._push())
            case "deleteWebhook":
                self.webhook = {}
            case "getWebhookInfo":
                return answer({"url": self.webhook.get("url", ""), "pending_update_count": self.waiting})
        shown = {
            "sendMessage": self._message,
            "editMessageText": self._edit_text,
            "editMessageReplyMarkup": self._edit_keyboard,
            "answerCallbackQuery": self._answer_query,
        }
        return shown[method](fields) if method in shown else answer(True)

    def _edit_text(self, fields: dict[str, str]) -> tuple[int, bytes]:
        place = int(fields["chat_id"]), int(fields["message_id"])
        if place not in self._texts:
            return refuse(400, "Bad Request: message to edit not found")
        before = self._texts[place], self._keyboards[place]
        status, body = self._message(fields)
        if status == HTTPStatus.OK and (self._texts[place], self._keyboards[place]) == before:
            return refuse(400, "Bad Request: message is not modified")
        return status, body

    def _edit_keyboard(self, fields: dict[str, str]) -> tuple[int, bytes]:
        place = int(fields["chat_id"]), int(fields["message_id"])
        if place not in self._keyboards:
            return refuse(400, "Bad Request: message to edit not found")
        before = self._keyboards[place]
        if self._set_keyboard(place, fields) == before:
            return refuse(400, "Bad Request: message is not modified")
        chat = {"id": place[0], "type": "private"}
        return answer({"message_id": place[1], "date": int(time.time()), "chat": chat, "from": BOT, "text": "…"})

    def _set_keyboard(self, place: tuple[int, int], fields: dict[str, str]) -> list[list[dict[str, Any]]]:
        keyboard: list[list[dict[str, Any]]] = json.loads(fields.get("reply_markup", "{}")).get("inline_keyboard", [])
        for button in (each for row in keyboard for each in row):
            if not 1 <= len(button.get("callback_data", "x").encode()) <= MAX_DATA_BYTES:
                self.violations.append(f"a button that carries {button['callback_data']!r}")
        self._keyboards[place] = keyboard
        return keyboard

    def _answer_query(self, fields: dict[str, str]) -> tuple[int, bytes]:
        if telegram_html.units(fields.get("text", "")) > MAX_ANSWER_UNITS:
            self.violations.append(f"an answer of {telegram_html.units(fields['text'])} units")
        if fields["callback_query_id"] not in self._queries:
            return refuse(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self._queries.remove(fields["callback_query_id"])
        return answer(True)

    def _photo(self, fields: dict[str, str], files: dict[str, bytes]) -> tuple[int, bytes]:
        """A picture that is uploaded; no other kind than PNG, as the bot draws none."""
        png = files.get("photo", b"")
        width, height = struct.unpack(">II", png[16:24]) if png.startswith(b"\x89PNG") and len(png) > 24 else (0, 0)
        if not min(width, height) or len(png) > MAX_PHOTO_BYTES:
            self.violations.append(f"a picture of {len(png)} bytes, {width} by {height}")
            return refuse(400, "Bad Request: IMAGE_PROCESS_FAILED")
        if width + height > MAX_PHOTO_SIDES or max(width, height) > MAX_PHOTO_RATIO * min(width, height):
            self.violations.append(f"a picture of {width} by {height}")
            return refuse(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
        chat = {"id": int(fields["chat_id"]), "type": "private"}
        size = {"file_id": "p", "file_unique_id": "p", "width": width, "height": height}
        message = {"message_id": next(self._message_ids), "date": int(time.time()), "chat": chat, "from": BOT}
        return answer({**message, "photo": [size]})

    def _document(self, fields: dict[str, str], files: dict[str, bytes]) -> tuple[int, bytes]:
        content = files.get("document", b"")
        if not 0 < len(content) <= MAX_DOCUMENT_BYTES:
            self.violations.append(f"a file of {len(content)} bytes")
            return refuse(400, "Bad Request: file must be non-empty")
        chat = {"id": int(fields["chat_id"]), "type": "private"}
        file = {"file_id": "d", "file_unique_id": "d", "file_size": len(content)}
        message = {"message_id": next(self._message_ids), "date": int(time.time()), "chat": chat, "from": BOT}
        return answer({**message, "document": file})

    def _message(self, fields: dict[str, str]) -> tuple[int, bytes]:
        text = fields["text"]
        if fields.get("parse_mode") == "HTML":
            try:
                text = telegram_html.parse(text).text
            except telegram_html.MarkupError as error:
                self.violations.append(f"{error}: {fields['text'][:200]!r}")
                return refuse(400, f"Bad Request: {error}")
        if not text.strip():
            self.violations.append("an empty message")
            return refuse(400, "Bad Request: message text is empty")
        if telegram_html.units(text) > MAX_UNITS:
            self.violations.append(f"a message of {telegram_html.units(text)} units")
            return refuse(400, "Bad Request: message is too long")
        chat = {"id": int(fields["chat_id"]), "type": "private"}
        message_id = int(fields["message_id"]) if "message_id" in fields else next(self._message_ids)
        self._set_keyboard((int(fields["chat_id"]), message_id), fields)
        self._texts[int(fields["chat_id"]), message_id] = text
        return answer({"message_id": message_id, "date": int(time.time()), "chat": chat, "from": BOT, "text": text})

    async def _get_updates(self, fields: dict[str, str]) -> tuple[int, bytes]:
        if self.webhook:
            return refuse(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(fields.get("offset", "0"))
        for number in [number for number in self._queue if number < offset]:
            del self._queue[number]
        self._polls += 1
        mine = self._polls
        async with self._changed:
            self._changed.notify_all()
            try:
                async with asyncio.timeout(float(fields.get("timeout", "0"))):
                    await self._changed.wait_for(lambda: bool(self._queue) or self._polls != mine)
            except TimeoutError:
                pass
        if self._polls != mine:
            return refuse(
                409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        texts = list(self._queue.values())[: int(fields.get("limit", "100"))]
        return 200, f'{{"ok":true,"result":[{",".join(texts)}]}}'.encode()

    async def _push(self) -> None:
        """Post what is queued to the webhook, one after another, again until it is taken."""
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: bool(self._queue))
            number, text = next(iter(self._queue.items()))
            status = await asyncio.to_thread(self._post, text)
            if status == 200:
                self._queue.pop(number, None)
            else:
                await asyncio.sleep(0.1)

    def _post(self, text: str) -> int:
        request = urllib.request.Request(self.webhook["url"], data=text.encode(), method="POST")  # noqa: S310 - loopback
        request.add_header("Content-Type", "application/json")
        request.add_header("X-Telegram-Bot-Api-Secret-Token", self.webhook.get("secret_token", ""))
        try:
            with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
                return int(response.status)
        except OSError:
            return 0


def _place(call: Call) -> tuple[int, int]:
    """Which message of which chat it made."""
    assert call.message_id is not None, call
    return call.chat_id, call.message_id


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
