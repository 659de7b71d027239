from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.__main__ import run
from bot.benchmarks import messages
from bot.benchmarks.messages import run_bench
from storage.errors import InputError
from tests.bot_api.load import play
from tests.bot_api.server import FakeBotApi


def test_messages_are_timed_to_their_first_sign_and_to_their_reply_beside_an_echo(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["bench", "telegram", "--articles", "100", "--messages", "3", "--rate", "5", "--json"]) == 0

    result = json.loads(capsys.readouterr().out)
    ours, echo = result["metrics"]["tidings"], result["metrics"]["echo"]
    assert (ours["answered"], ours["right"], ours["violations"]) == (1.0, 1.0, 0)
    assert 0 < ours["first_p50_ms"] <= ours["reply_p50_ms"]
    assert 0 < ours["commits"] < ours["statements"]
    assert ours["cpu_ms"] > 0
    assert 0 < ours["server_cpu_ms"] < 100
    assert echo["answered"] == 1.0
    assert echo["first_p50_ms"] == echo["reply_p50_ms"]


def test_without_the_tests_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(messages, "ROOT", tmp_path)

    with pytest.raises(InputError, match="is measured in a checkout only"):
        run_bench(articles=100, messages=3, rate=5, progress=lambda *_: None)


async def test_what_is_timed_is_from_a_message_to_what_its_chat_was_sent() -> None:
    async with FakeBotApi() as api:
        await api.call("getUpdates", {"timeout": "0"})

        async def answer() -> None:
            for chat in (1, 2, 3):
                await api.until(lambda: api.waiting >= chat)  # noqa: B023 - awaited here
                await api.call("sendChatAction", {"chat_id": str(chat), "action": "typing"})
                await api.call("sendMessage", {"chat_id": str(chat), "text": f"answer {chat}"})

        answering = asyncio.create_task(answer())
        played = await play(api, ["one", "two", "three"], rate=50, warm=1)
        await answering

    assert (played["asked"], played["drafts"]) == (2, 0)
    assert played["texts"] == {2: "answer 2", 3: "answer 3"}
    assert all(0 <= first <= reply for first, reply in zip(played["first"], played["reply"], strict=True))
