"""The Telegram side as a real process that is stopped, killed and started again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sqlite3
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

import pytest

from bot.messenger.wire.outbox import IN_FLIGHT
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.domain.dialogue import ConversationId
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.feeds import FeedStore
from tests.bot.test_serve import free_port
from tests.bot_api.record import Call
from tests.bot_api.server import TOKEN, FakeBotApi
from tests.canary import WATCH

pytestmark = pytest.mark.early

ROOT = Path(__file__).resolve().parents[2]


class Bot:
    """A running process and what it wrote to standard error."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process, self._log = process, log

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    async def alive_until(self, api: FakeBotApi, claim: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until `claim` holds; it must not end before."""
        await api.until(lambda: claim() or self.process.returncode is not None, seconds)
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
    assert WATCH.leaks_in(bot.log) == []


SHARED = [Feed(url=f"https://{name}.example/", title=name) for name in ("first", "second", "third")]
SAID = ("question {chat} before", "/remove 2", "/add https://own.example/", "/remove 1", "question {chat} after")
"""What every chat says; each of it changes something, and done twice it would change something else."""
ANSWERS = (" before.", "no longer read second", "now read Feed of", "no longer read first", " after.")


async def instance(folder: Path) -> None:
    """A database with three feeds that everyone sees."""
    database = Database(f"sqlite:///{folder / 'tidings.db'}")
    await database.migrate()
    await FeedStore(database).add(SHARED)
    await database.close()


def answers(calls: Iterable[Call], chats: Iterable[int]) -> dict[int, list[int]]:
    """Which of what each of the chats said was answered, in the order the answers came."""
    found: dict[int, list[int]] = {chat: [] for chat in chats}
    for call in calls:
        if call.chat_id in found:
            text = call.shown.text
            found[call.chat_id].append(next(n for n, answer in enumerate(ANSWERS) if answer in text))
    return found


async def remembered(folder: Path, chat: int) -> tuple[list[str], list[str | None]]:
    """The questions of the chat's turns, and the titles of its sources."""
    database = Database(f"sqlite:///{folder / 'tidings.db'}")
    turns = await DialogueStore(database).history(ConversationId(f"telegram:{chat}"), 100)
    feeds = await FeedStore(database).list(ReaderId(f"telegram:{chat}"))
    await database.close()
    return [turn.question for turn in turns], [feed.title for feed in feeds]


def states(folder: Path, table: str) -> Counter[str]:
    with contextlib.closing(sqlite3.connect(folder / "tidings.db")) as database:
        return Counter(row[0] for row in database.execute(f"SELECT state FROM {table}"))  # noqa: S608 - ours


async def all_done(folder: Path, number: int, seconds: float = 120) -> None:
    def done() -> bool:
        return states(folder, "inbox") == {"done": number} and not set(states(folder, "outbox")) - {"sent", "unknown"}

    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110 - another process sees to it
            await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    ("mode", "updates", "kills"),
    [
        ("polling", 100, 4),
        ("webhook", 45, 2),
        pytest.param("polling", 1000, 40, marks=pytest.mark.slow),
        pytest.param("webhook", 1000, 40, marks=pytest.mark.slow),
    ],
)
async def test_kills_lose_nothing_repeat_nothing_and_keep_the_order(
    tmp_path: Path, mode: str, updates: int, kills: int
) -> None:
    port = free_port()
    given = (
        [f"http_port={port}", f"webhook_url=http://127.0.0.1:{port}", "webhook_secret=s3"] if mode == "webhook" else []
    )
    chats = range(1, 1 + updates // len(SAID))
    await instance(tmp_path)
    async with FakeBotApi() as api:
        for text in SAID:
            for chat in chats:
                api.say(text.format(chat=chat), chat=chat)

        for kill in range(1, kills + 1):
            async with running(tmp_path, api, *given) as bot:
                await bot.alive_until(api, lambda: len(api.sent) >= kill * updates // (kills + 2))  # noqa: B023
        async with running(tmp_path, api, *given) as bot:
            await all_done(tmp_path, updates)
            status = await bot.end(signal.SIGTERM)

    answered = answers(api.sent, chats)
    outbox = states(tmp_path, "outbox")
    assert status == 0
    assert sum(outbox.values()) == updates
    assert [chat for chat in chats if answered[chat] != sorted(set(answered[chat]))] == []
    assert outbox["sent"] <= sum(map(len, answered.values()))
    assert outbox["unknown"] <= kills * IN_FLIGHT
    for chat in chats:
        assert await remembered(tmp_path, chat) == (
            [f"question {chat} before", f"question {chat} after"],
            ["third", "Feed of own.example/"],
        )
    assert TOKEN not in bot.log
    assert "question" not in bot.log


async def test_taps_and_reactions_count_for_what_was_sent_before_a_kill_and_only_once(tmp_path: Path) -> None:
    async with FakeBotApi() as api:
        async with running(tmp_path, api) as bot:
            api.say("question 1")
            api.say("question 2", chat=8)
            first, second = sorted(await api.replies(2, seconds=60), key=lambda reply: reply.chat_id)
            await bot.alive_until(api, lambda: states(tmp_path, "outbox") == {"sent": 2})
        api.tap(first, "👍")
        api.react(second, "👎")
        for _ in range(2):
            async with running(tmp_path, api) as bot:
                await bot.alive_until(
                    api, lambda: (states(tmp_path, "inbox"), states(tmp_path, "outbox")) == ({"done": 4}, {"sent": 4})
                )

        with contextlib.closing(sqlite3.connect(tmp_path / "tidings.db")) as database:
            rows = database.execute("SELECT reader_id, kind, key FROM evidence WHERE act IS NOT NULL").fetchall()
    assert sorted(rows) == [("telegram:7", "liked", "a1"), ("telegram:8", "disliked", "a1")]
    assert api.answers == ["Noted: you like this."]
    assert api.buttons(first)[0] == ["👍 ✓", "👎"]


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
    assert one.log.splitlines()[1:] == ["TELEGRAM_BOT_TOKEN: another process receives this bot's updates; only one may"]
