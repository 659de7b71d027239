"""Several processes that serve one bot on one PostgreSQL, killed at random."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from bot.messenger.wire.outbox import IN_FLIGHT
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.domain.dialogue import ConversationId
from storage.feeds import FeedStore
from tests.bot.test_process import ROOT, SAID, SHARED, answers
from tests.bot_api.server import FakeBotApi

pytestmark = pytest.mark.early

RATE = 25.0
"""Messages a second that all processes may send together."""


class Crew:
    """Processes by what they do."""

    def __init__(self, folder: Path, api: FakeBotApi, database: str) -> None:
        self._folder, self._api, self._database = folder, api, database
        self._processes: dict[int, asyncio.subprocess.Process] = {}
        self._given: dict[int, tuple[str, ...]] = {}

    @property
    def log(self) -> str:
        """What all of them wrote."""
        return "".join(path.read_text(encoding="utf-8") for path in self._folder.glob("log-*.txt"))

    async def start(self, *given: str) -> None:
        number = len(self._given)
        self._given[number] = given
        await self._start(number)

    async def _start(self, number: int) -> None:
        with (self._folder / f"log-{number}.txt").open("ab") as log:
            self._processes[number] = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.bot.process", str(self._folder), self._api.url),
                *(f"database={self._database}", f"rate={RATE}", "lasts=8", *self._given[number]),
                cwd=ROOT,
                stderr=log,
            )

    async def kill(self, number: int, *, replaced: bool) -> None:
        """As kill -9 does; another is started in its place, if one is to be."""
        process = self._processes.pop(number)
        assert process.returncode is None, self.log
        process.kill()
        await process.wait()
        if replaced:
            await self._start(number)

    async def end(self, number: signal.Signals) -> list[int]:
        for process in self._processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)
        return [await process.wait() for process in self._processes.values()]


@contextlib.asynccontextmanager
async def crew(folder: Path, api: FakeBotApi, database: str) -> AsyncIterator[Crew]:
    made = Crew(folder, api, database)
    try:
        yield made
    finally:
        await made.end(signal.SIGKILL)


def states(database: str, table: str) -> Counter[str]:
    with psycopg.connect(database) as connection:
        rows = connection.execute(SQL("SELECT state FROM {}").format(Identifier(table)))
        return Counter(row[0] for row in rows)


def most_in_a_second(times: Sequence[float]) -> int:
    return max(sum(at <= other < at + 1 for other in times) for at in times)


async def until_done(database: str, updates: int, seconds: float) -> None:
    def done() -> bool:
        return states(database, "inbox") == {"done": updates} and not set(states(database, "outbox")) - {
            "sent",
            "unknown",
        }

    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(done):  # noqa: ASYNC110 - other processes see to it
            await asyncio.sleep(0.2)


@pytest.mark.parametrize(
    ("roles", "chats", "kills"),
    [
        # The worker and the receiver are killed, and `all` inherits from both.
        (("worker", "receiver", "all"), 16, 2),
        pytest.param(
            ("receiver", "receiver", "worker", "worker", "worker", "sender", "sender", "all"),
            400,
            40,
            marks=pytest.mark.slow,
        ),
    ],
)
async def test_whichever_is_killed_nothing_is_lost_or_doubled_and_order_and_pace_are_kept(
    tmp_path: Path, empty_postgres: str, roles: tuple[str, ...], chats: int, kills: int
) -> None:
    database = Database(empty_postgres)
    await database.migrate()
    await FeedStore(database).add(SHARED)
    replaced = kills >= len(roles)
    chosen = [kill * 3 % len(roles) if replaced else kill for kill in range(kills)]
    updates = chats * len(SAID)
    async with FakeBotApi() as api, crew(tmp_path, api, empty_postgres) as processes:
        for text in SAID:
            for chat in range(1, chats + 1):
                api.say(text.format(chat=chat), chat=chat)
        for role in roles:
            await processes.start(f"role={role}")
        for kill, number in enumerate(chosen, start=1):
            await api.until(lambda: len(api.sent) >= kill * updates // (kills + 2), seconds=300)  # noqa: B023
            await processes.kill(number, replaced=replaced)
        await until_done(empty_postgres, updates, seconds=600)
        ends = await processes.end(signal.SIGTERM)

    answered = {chat: answers(api, chat) for chat in range(1, chats + 1)}
    sent = states(empty_postgres, "outbox")
    # One that was just started in place of another may not listen to signals yet.
    assert set(ends) <= ({0, -signal.SIGTERM} if replaced else {0}), processes.log
    assert sum(sent.values()) == updates
    assert [chat for chat, given in answered.items() if given != sorted(set(given))] == []
    assert sent["sent"] <= sum(map(len, answered.values()))
    assert sent["unknown"] <= kills * IN_FLIGHT
    # What leaves at its turn is a little under way.
    assert most_in_a_second([call.at for call in api.calls if call.method == "sendMessage"]) <= 1.2 * RATE
    for chat in answered:
        turns = await DialogueStore(database).history(ConversationId(f"telegram:{chat}"), 100)
        assert [turn.question for turn in turns] == [f"question {chat} before", f"question {chat} after"]
    await database.close()
