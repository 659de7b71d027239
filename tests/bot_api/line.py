"""The other end of what a bot calls, in the process itself: hands over updates, and answers as Telegram would.

No byte goes over a wire; the updates are read from the text that one would have carried.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import IO, Any

from bot.messenger.wire.bot_api import Accepted, Json, NotSent, Outcome, Refused, Unknown, outcome_of
from tests.bot_api import telegram_html
from tests.bot_api.specification import Specification

FILES = (
    b"<opml version='2.0'><body><outline xmlUrl='https://own.example/rss'/></body></opml>", b"<opml", b"",
    "The council of Lake Oster voted 31 to 18 to buy six ferries. 渡轮将于四月交付。".encode(),
    b"\xff\xfe\x00", b"%PDF-1.7",
)  # fmt: skip
"""What is in the files that people sent."""
TROUBLE: Mapping[str, Callable[[], Outcome]] = {
    "blocked": lambda: Refused(code=403, description="Forbidden: bot was blocked by the user"),
    "no such chat": lambda: Refused(code=400, description="Bad Request: chat not found"),
    "wrong": lambda: Refused(code=400, description="Bad Request: message can't be edited"),
    "unchanged": lambda: Refused(code=400, description="Bad Request: message is not modified: as it was"),
    "lost": lambda: Unknown(reason="ReadTimeout"),
    "dropped": lambda: NotSent(reason="ConnectError"),
}
"""What goes wrong with a call now and then; a request to wait is none, which would be waited for."""
_TROUBLED = 0.01


class Line:
    """What stands where `BotApi` does.

    Args:
        seed: What it is decided by how each call ends.

    Attributes:
        asked: Below which number every update was taken.
        calls: How many there were of each method.
        keyboards: The buttons under what was sent: the chat, the message and what each carries.
        wrong: What was wrong with calls, one line each.
    """

    def __init__(self, specification: Specification, seed: int) -> None:
        self._specification, self._random = specification, random.Random(seed)  # noqa: S311 - to be repeated
        self._texts: deque[tuple[int, str]] = deque()
        self._more = asyncio.Event()
        self._messages = 0
        self.asked = 0
        self.calls: Counter[str] = Counter()
        self.keyboards: deque[tuple[int, int, str]] = deque(maxlen=300)
        self.wrong: list[str] = []

    def give(self, number: int, text: str) -> None:
        """There is this update to be had."""
        self._texts.append((number, text))
        self._more.set()

    async def call(self, method: str, fields: Mapping[str, Json] | None = None, *, read_timeout: float = 0) -> Outcome:
        if method == "getUpdates":
            return await self._updates(fields or {})
        self.calls[method] += 1
        self.wrong += violations(self._specification, method, fields or {})
        if not all(_is_whole(value) for value in (fields or {}).values() if isinstance(value, str)):
            return Refused(code=400, description="Bad Request: no text in UTF-8")
        if self._random.random() < _TROUBLED:
            return TROUBLE[self._random.choice(tuple(TROUBLE))]()
        result = self._result(method, fields or {})
        self._offer(fields or {}, result)
        return Accepted(result=result)

    async def download(self, path: str, to: IO[bytes], *, most: int, read_timeout: float = 0) -> int | Outcome:
        """What a file holds."""
        written = to.write(self._random.choice(FILES))
        to.flush()
        return written

    def _result(self, method: str, fields: Mapping[str, Json]) -> Json:
        match method:
            case "getFile":
                return {"file_id": "x", "file_unique_id": "x", "file_size": 9, "file_path": "documents/x"}
            case "getChatMember":
                return {"status": self._random.choice(("member", "administrator", "creator", "left"))}
            case "sendMessage" | "sendDocument" | "sendPhoto":
                self._messages += 1
                return {"message_id": self._messages}
            case _:
                return True

    def _offer(self, fields: Mapping[str, Any], result: Any) -> None:
        """Buttons under what was sent or changed may be tapped from now on."""
        number = (
            result["message_id"] if isinstance(result, dict) and "message_id" in result else fields.get("message_id")
        )
        rows = (fields.get("reply_markup") or {}).get("inline_keyboard", [])
        data = [each["callback_data"] for row in rows for each in row if "callback_data" in each]
        self.keyboards += [(fields["chat_id"], number, each) for each in data]

    async def _updates(self, fields: Mapping[str, Json]) -> Outcome:
        offset, most = fields.get("offset") or 0, fields["limit"]
        assert isinstance(offset, int)
        assert isinstance(most, int)
        self.asked = max(self.asked, offset)
        while self._texts and self._texts[0][0] < offset:
            self._texts.popleft()
        while not self._texts:
            self._more.clear()
            await self._more.wait()
        texts = [text for _, text in list(self._texts)[:most]]
        return outcome_of(200, f'{{"ok":true,"result":[{",".join(texts)}]}}'.encode("utf-8", "surrogatepass"))


def violations(specification: Specification, method: str, fields: Mapping[str, Json]) -> list[str]:
    """What is wrong with a call, as it would come over the wire."""
    given = {name: value for name, value in fields.items() if value is not None}
    files = {name for name, value in given.items() if isinstance(value, dict) and "file" in value}
    wire = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in given.items()
        if name not in files
    }
    wrong = specification.violations(method, wire, frozenset(files))
    # What a query or a file is called is said again as it came.
    halves = [name for name, value in wire.items() if not _is_whole(value) and not name.endswith("_id")]
    wrong += [f"{method}.{name}: no text in UTF-8" for name in halves]
    if given.get("parse_mode") == "HTML":
        try:
            shown = telegram_html.parse(str(given["text"]))
        except telegram_html.MarkupError as error:
            return [*wrong, f"{error}: {given['text']!r}"]
        if not 0 < telegram_html.units(shown.text.strip()) <= telegram_html.MAX_UNITS:
            wrong.append(f"{method}: a text of {telegram_html.units(shown.text)} units")
    return wrong


def _is_whole(text: str) -> bool:
    """Whether no character of it is half of one."""
    return not any("\ud800" <= each <= "\udfff" for each in text)
