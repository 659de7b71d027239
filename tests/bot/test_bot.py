"""The whole bot: `tidings serve`, as an operator starts it, over real news, against the Bot API's double."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.__main__ import run
from tests.bot.test_serve import free_port
from tests.bot_api.server import TOKEN, FakeBotApi

pytestmark = pytest.mark.early

ROOT = Path(__file__).resolve().parents[2]
NEWS = [
    {
        "id": "dam-1",
        "url": "https://courier.example/dam",
        "title": "Kestrel dam to be rebuilt",
        "text": "The Kestrel dam will be rebuilt by 2031, minister Ada Okoye said on Friday. "
        "The work will cost 48 million crowns. Farmers had asked for it since the flood of 2024.",
        "published": "2026-11-20T08:00:00Z",
        "source": "The Courier",
    },
    {"id": "zh-1", "text": "湖城市政府周五宣布，将投资三亿元重建东门大桥，工程预计在2028年完工。", "language": "zh"},
]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance with news and no feeds, so that nothing is read from outside."""
    feeds = tmp_path / "feeds.opml"
    feeds.write_text(
        '<opml version="2.0"><body><outline xmlUrl="http://nowhere.localhost/feed"/></body></opml>', encoding="utf-8"
    )
    monkeypatch.setenv("TIDINGS_FEEDS", str(feeds))
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    news = tmp_path / "news.jsonl"
    news.write_text("".join(json.dumps(row) + "\n" for row in NEWS), encoding="utf-8")
    assert run(["ingest", "--jsonl", str(news)]) == 0
    return tmp_path / "home"


@contextlib.asynccontextmanager
async def serving(log: Path, api: FakeBotApi, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {**os.environ, "TELEGRAM_API_BASE_URL": api.url, "TIDINGS_HTTP_PORT": "0", **settings}
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", cwd=ROOT, env=environment, stderr=errors
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def get(url: str, authorization: str = "") -> tuple[int, str]:
    def fetch() -> tuple[int, str]:
        request = urllib.request.Request(url, headers={"Authorization": authorization})  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - loopback
            return answer.status, answer.read().decode()

    return await asyncio.to_thread(fetch)


async def scraped(port: int, token: str) -> dict[tuple[str, ...], float]:
    """What /metrics tells: each value by its name and labels."""
    _, text = await get(f"http://127.0.0.1:{port}/metrics", f"Bearer {token}")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def scraped_once_sent(port: int, token: str, replies: int) -> dict[tuple[str, ...], float]:
    """The same once so many replies are recorded as sent, which they are a little after they arrive."""
    async with asyncio.timeout(10):
        while (found := await scraped(port, token))["tidings_sends_total", "reply", "sent"] < replies:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return found


@pytest.mark.parametrize("mode", ["polling", "webhook"])
@pytest.mark.usefixtures("home")
async def test_a_conversation_in_two_languages_with_a_follow_up_and_a_refusal(tmp_path: Path, mode: str) -> None:
    port = free_port()
    settings = {"TIDINGS_HTTP_PORT": str(port), "TIDINGS_METRICS_TOKEN": "watch-4-words"}
    if mode == "webhook":
        settings |= {"TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}", "TELEGRAM_WEBHOOK_SECRET": "hush"}
    log = tmp_path / "log.txt"
    asked = [
        "How much will the rebuilding of the Kestrel dam cost?",
        "And who said so?",
        "东门大桥什么时候完工？",
        "Who won the chess world championship in Reykjavik?",
    ]
    async with FakeBotApi() as api, serving(log, api, TIDINGS_LOG_LEVEL="DEBUG", **settings) as process:
        for text in asked:
            api.say(text, chat=70_001)
        cost, who, bridge, refusal = await api.replies(len(asked), seconds=90)
        health = await get(f"http://127.0.0.1:{port}/healthz")
        readiness = await get(f"http://127.0.0.1:{port}/readyz")
        with pytest.raises(urllib.error.HTTPError, match="401"):
            await get(f"http://127.0.0.1:{port}/metrics", "Bearer watch-4-word")
        metrics = await scraped_once_sent(port, "watch-4-words", len(asked))
        process.send_signal(signal.SIGTERM)
        status = await asyncio.wait_for(process.wait(), 15)

    assert "48 million crowns" in cost.shown.text
    assert "https://courier.example/dam" in cost.shown.links
    assert "Ada Okoye" in who.shown.text
    assert "2028年" in bridge.shown.text
    assert "My sources don't say" in refusal.shown.text
    assert (health[0], readiness[0]) == (200, 200)
    assert [metrics["tidings_updates_total", each] for each in ("accepted", "handled", "quarantined")] == [4, 4, 0]
    assert [metrics["tidings_questions_total", each] for each in ("answer", "refusal")] == [3, 1]
    assert metrics["tidings_update_answered_seconds_count",] == len(asked)
    assert 0 < metrics["tidings_answer_seconds_sum", "whole"] < metrics["tidings_update_answered_seconds_sum",]
    assert metrics["tidings_encoder_seconds_count", "query"] >= len(asked)
    assert (metrics["tidings_database_up",], metrics["tidings_oldest_update_seconds",]) == (1, 0)
    assert sum(metrics["tidings_feeds", each] for each in ("new", "ok", "failing")) == 1
    seen = " ".join(word for key in metrics for word in key)
    for told in (TOKEN, "watch-4-words", "hush", "Kestrel", "dam", "东门", "Reykjavik", "courier", "nowhere", "70001"):
        assert told not in seen
    assert status == 0
    written = log.read_text(encoding="utf-8")
    assert TOKEN not in written
    assert "Kestrel" not in written


@pytest.mark.usefixtures("home")
async def test_an_update_with_an_absurd_date_does_not_keep_the_others_waiting(tmp_path: Path) -> None:
    async with FakeBotApi() as api, serving(tmp_path / "log.txt", api):
        api.add_raw(
            lambda number: (
                f'{{"update_id": {number}, "message": {{"message_id": 1, "date": {10**20}, '
                '"chat": {"id": 1, "type": "private"}, "text": "poison"}}}'
            )
        )
        api.say("How much will the Kestrel dam cost?")
        (reply,) = await api.replies(1, seconds=90)

    assert "48 million crowns" in reply.shown.text


@pytest.mark.usefixtures("home")
async def test_a_wrong_token_is_one_clear_line(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    async with FakeBotApi() as api, serving(log, api, TELEGRAM_BOT_TOKEN="123:wrong") as process:  # noqa: S106 - wrong
        status = await asyncio.wait_for(process.wait(), 60)

    assert status == 2
    last = log.read_text(encoding="utf-8").splitlines()[-1]
    assert last == "tidings: TELEGRAM_BOT_TOKEN: Telegram does not know this token"
