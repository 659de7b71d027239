"""The Telegram side as a real process that is stopped, killed and started again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import signal
import sqlite3
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.bot.test_serve import free_port
from tests.bot_api.server import TOKEN, FakeBotApi

ROOT = Path(__file__).resolve().parents[2]


class Bot:
    """A running process and what it wrote to standard error."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process, self._log = process, log

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    async def alive_until(self, api: FakeBotApi, claim: Callable[[], bool]) -> None:
        """Wait until `claim` holds; it must not end before."""
        await api.until(lambda: claim() or self.process.returncode is not None, seconds=60)
        assert self.process.returncode is None, self.log

    async def end(self, number: signal.Signals) -> int:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        return await self.process.wait()


@contextlib.asynccontextmanager
async def running(folder: Path, api: FakeBotApi, *given: str) -> AsyncIterator[Bot]:
    log = folder / "log.txt"
    with log.open("ab") as file:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bot.process", str(folder), api.url, *given, cwd=ROOT, stderr=file
        )
    bot = Bot(process, log)
    try:
        yield bot
    finally:
        await bot.end(signal.SIGKILL)


def questions_answered(api: FakeBotApi) -> Counter[int]:
    found = (re.search(r"question (\d+)\.", call.shown.text) for call in api.sent)
    return Counter(int(match[1]) for match in found if match)


def states(folder: Path, table: str) -> Counter[str]:
    with contextlib.closing(sqlite3.connect(folder / "tidings.db")) as database:
        return Counter(row[0] for row in database.execute(f"SELECT state FROM {table}"))  # noqa: S608 - ours


async def all_done(folder: Path, number: int) -> None:
    def done() -> bool:
        return states(folder, "inbox") == {"done": number} and not set(states(folder, "outbox")) - {"sent", "unknown"}

    async with asyncio.timeout(120):
        while not done():  # noqa: ASYNC110 - another process sees to it
            await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    ("mode", "updates", "kills"),
    [
        ("polling", 150, 6),
        ("webhook", 45, 2),
        pytest.param("polling", 1000, 40, marks=pytest.mark.slow),
        pytest.param("webhook", 1000, 40, marks=pytest.mark.slow),
    ],
)
async def test_kills_lose_no_update_and_repeat_no_answer(tmp_path: Path, mode: str, updates: int, kills: int) -> None:
    port = free_port()
    given = (
        [f"http_port={port}", f"webhook_url=http://127.0.0.1:{port}", "webhook_secret=s3"] if mode == "webhook" else []
    )
    async with FakeBotApi() as api:
        for number in range(updates):
            api.say(f"question {number}", chat=1 + number % (updates // 3))

        for kill in range(1, kills + 1):
            async with running(tmp_path, api, *given) as bot:
                await bot.alive_until(api, lambda: len(api.sent) >= kill * updates // (kills + 2))  # noqa: B023
        async with running(tmp_path, api, *given) as bot:
            await all_done(tmp_path, updates)
            status = await bot.end(signal.SIGTERM)

        answered = questions_answered(api)
    outbox = states(tmp_path, "outbox")
    assert status == 0
    assert sum(outbox.values()) == updates
    assert max(answered.values()) == 1
    assert outbox["sent"] <= len(answered) <= updates
    assert updates - outbox["unknown"] <= len(answered)
    assert outbox["unknown"] <= kills * 64
    assert TOKEN not in bot.log
    assert "question" not in bot.log


async def test_it_ends_within_ten_seconds_and_answers_what_it_had_begun(tmp_path: Path) -> None:
    async with FakeBotApi() as api, running(tmp_path, api) as bot:
        api.say("question 1")
        await api.replies(1, seconds=60)

        start = time.monotonic()
        status = await bot.end(signal.SIGTERM)

        assert status == 0
        assert time.monotonic() - start < 10


async def test_it_tells_whether_it_is_alive_and_ready(tmp_path: Path) -> None:
    port = free_port()

    def get(path: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            return response.status, response.read().decode()

    async with FakeBotApi() as api, running(tmp_path, api, f"http_port={port}"):
        await api.until(lambda: api.polling, seconds=60)

        assert await asyncio.to_thread(get, "/healthz") == (200, "ok\n")
        status, body = await asyncio.to_thread(get, "/readyz")

    assert status == 200
    assert json.loads(body) == {"ready": True, "parts": {"database": "up", "telegram": "up"}}


async def test_a_wrong_token_is_one_clear_line_and_status_1(tmp_path: Path) -> None:
    async with FakeBotApi() as api, running(tmp_path, api, "token=999:wrong", "log_level=WARNING") as bot:
        status = await bot.process.wait()

    assert status == 1
    assert bot.log == "TELEGRAM_BOT_TOKEN: Telegram does not know this token\n"


async def test_of_two_pollers_one_ends_with_one_clear_line_and_status_1(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    async with FakeBotApi() as api, running(tmp_path / "one", api, "log_level=ERROR") as one:
        await api.until(lambda: api.polling, seconds=60)
        async with running(tmp_path / "two", api) as two:
            status = await one.process.wait()
            api.say("question 5")
            await api.replies(1, seconds=60)

            assert two.process.returncode is None

    assert status == 1
    assert one.log == "TELEGRAM_BOT_TOKEN: another process receives this bot's updates; only one may\n"
