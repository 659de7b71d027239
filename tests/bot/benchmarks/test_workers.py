from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import run
from bot.benchmarks import workers
from bot.benchmarks.invented import InventedArticle, invented_articles
from bot.benchmarks.workers import figures, run_bench
from storage.errors import InputError
from tests.bot_api.flood import flood
from tests.bot_api.server import FakeBotApi

ONE, TWO, THREE = (replace(each, answer=f"answer {at}") for at, each in enumerate(invented_articles(3)))
ASKED: dict[int, tuple[InventedArticle, ...]] = {7: (ONE, TWO, THREE), 8: (THREE, ONE, TWO)}


def told(*texts: tuple[int, float, str]) -> dict[str, object]:
    replies: dict[str, list[list[object]]] = {}
    for chat, at, text in texts:
        replies.setdefault(str(chat), []).append([at, text])
    return {"replies": replies, "wrong": []}


def test_replies_count_by_what_they_tell_and_chats_by_their_order() -> None:
    of_7 = [(7, 1.0, "answer 0"), (7, 2.0, "My sources don't say."), (7, 3.0, "answer 2")]
    of_8 = [(8, 1.0, "answer 2"), (8, 2.0, "answer 1"), (8, 4.0, "answer 0")]

    found = figures(ASKED, told(*of_7, *of_8))

    assert (found["answered"], found["right"], found["in_order"]) == (1.0, 0.5, 0.5)
    assert (found["a_second"], found["reply_p50_ms"]) == (1.5, 2000.0)


def test_a_reply_that_is_missing_is_no_order() -> None:
    found = figures(ASKED, told((7, 1.0, "answer 0"), (7, 2.0, "answer 1")))

    assert (found["answered"], found["in_order"]) == (round(2 / 6, 3), 0.0)


def test_where_nobody_was_answered_there_is_no_figure() -> None:
    with pytest.raises(InputError, match="no message was answered"):
        figures(ASKED, told())


async def test_what_is_said_at_once_is_told_with_its_replies_and_not_with_earlier_ones() -> None:
    async with FakeBotApi() as api:
        await api.call("getUpdates", {"timeout": "0"})
        await api.call("sendMessage", {"chat_id": "1", "text": "of before"})
        rounds: list[Any] = []
        for words in ("one", "two"):
            played = asyncio.create_task(flood(api, [(1, words)]))
            await api.until(lambda: api.waiting >= len(rounds) + 1)
            await api.call("sendMessage", {"chat_id": "1", "text": f"answer {words}"})
            rounds.append((await played)["replies"])

    assert [[text for _, text in each[1]] for each in rounds] == [["answer one"], ["answer two"]]


def test_without_the_tests_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(workers, "ROOT", tmp_path)

    with pytest.raises(InputError, match="are measured in a checkout only"):
        run_bench(workers=(1,), articles=100, chats=1, progress=lambda *_: None)


@pytest.mark.slow
def test_two_workers_answer_every_chat_in_its_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bench", "workers", "--workers", "2", "--articles", "100", "--chats", "6", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)["metrics"]["workers"]["2"]
    assert (found["answered"], found["right"], found["in_order"], found["violations"]) == (1.0, 1.0, 1.0, 0)
    assert found["a_second"] > 0
