"""What stands in for the line to Telegram ends calls as that does over a server."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.messenger.wire.bot_api import Accepted, BotApi, Json, Refused
from tests.bot_api import line
from tests.bot_api.line import FILES, Line
from tests.bot_api.server import TOKEN, FakeBotApi
from tests.bot_api.specification import Specification

MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "hello"}


@pytest.fixture(params=["in the process", "over a server"])
async def caller(request: pytest.FixtureRequest, shared: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    """Two updates wait, and a file is there to be fetched; nothing goes wrong by chance."""
    monkeypatch.setattr(line, "_TROUBLED", 0)
    if request.param == "in the process":
        specification = Specification.load(shared / "telegram" / "bot-api.json")
        assert specification is not None
        there = Line(specification, seed=1)
        for number in (1, 2):
            there.give(number, json.dumps({"update_id": number, "message": MESSAGE}))
        yield there
        assert there.wrong == []
        return
    async with FakeBotApi() as server:
        for number in (1, 2):
            server.add_raw(lambda _, number=number: json.dumps({"update_id": number, "message": MESSAGE}))  # type: ignore[misc]
        server.chats.files["x"] = "x", FILES[0]
        api = BotApi(token=TOKEN, base_url=server.url)
        yield api
        await api.close()


async def numbers(caller: Any, **fields: Json) -> list[int]:
    outcome = await caller.call("getUpdates", {"limit": 100, "timeout": 0, **fields})
    assert isinstance(outcome, Accepted)
    return [each["update_id"] for each in outcome.result]  # type: ignore[union-attr, index, call-overload, misc]


async def test_updates_are_given_until_they_are_confirmed(caller: Any) -> None:
    assert await numbers(caller) == [1, 2]
    assert await numbers(caller, limit=1) == [1]
    assert await numbers(caller, offset=2) == [2]


async def test_each_message_has_a_number(caller: Any) -> None:
    sent = [await caller.call("sendMessage", {"chat_id": 7, "text": "x", "reply_parameters": None}) for _ in range(2)]

    first, second = (each.result["message_id"] for each in sent)
    assert second > first > 0


async def test_what_is_no_text_is_refused(caller: Any) -> None:
    outcome = await caller.call("answerInlineQuery", {"inline_query_id": "\ud83d", "results": []})

    assert outcome == Refused(code=400, description="Bad Request: no text in UTF-8")


async def test_a_file_is_written_where_it_is_wanted(caller: Any) -> None:
    told = await caller.call("getFile", {"file_id": "x"})
    to = io.BytesIO()

    written = await caller.download(told.result["file_path"], to, most=1_000)

    assert to.getvalue() in FILES
    assert written == len(to.getvalue())


def test_what_is_wrong_with_a_call_is_said(shared: Path) -> None:
    specification = Specification.load(shared / "telegram" / "bot-api.json")
    assert specification is not None
    fields: dict[str, Json] = {"chat_id": 7, "text": "<b>x", "parse_mode": "HTML"}

    assert "not closed" in line.violations(specification, "sendMessage", fields)[0]
    assert line.violations(specification, "sendMessage", {"chat_id": 7, "text": "x", "message_thread_id": True}) != []
    assert line.violations(specification, "sendMessage", {"chat_id": 7, "text": "\ud83d"}) != []
    assert line.violations(specification, "sendMessage", {**fields, "text": "x" * 4_097}) != []
    assert line.violations(specification, "sendMessage", {**fields, "text": "x"}) == []
