"""Several processes that serve one bot on one PostgreSQL, killed at random."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import signal
import sys
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from bot.messenger.wire.outbox import IN_FLIGHT
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.digests import DigestStore
from storage.domain.changes import Wished
from storage.domain.dialogue import ConversationId
from storage.domain.digests import SHORTEST, DigestSettings, Timetable
from storage.domain.people import ReaderId
from storage.feeds import FeedStore
from tests.bot.test_process import ROOT, SAID, SHARED, answers
from tests.bot.test_serve import free_port
from tests.bot_api.server import FakeBotApi

pytestmark = pytest.mark.early

RATE = 25.0
"""Messages a second that all processes may send together."""
READERS = 1_000_000
"""From this chat on they have digests, and say nothing."""


class Crew:
    """Processes by what they do."""

    def __init__(self, folder: Path, api: FakeBotApi, database: str) -> None:
        self._folder, self._api, self._database = folder, api, database
        self._processes: dict[int, asyncio.subprocess.Process] = {}
        self._given: dict[int, tuple[str, ...]] = {}

    def __len__(self) -> int:
        return len(self._given)

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


class Balancer:
    """What stands before receivers: hands each connection to the next of them that listens."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = itertools.cycle(ports)
        self._number = len(ports)
        self._under_way: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> str:
        self._server = await asyncio.start_server(self._hand_on, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_error: object) -> None:
        self._server.close()
        for under_way in self._under_way:
            under_way.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _hand_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._under_way.add(task)
        try:
            async with closed(writer):
                for _ in range(self._number):
                    with contextlib.suppress(ConnectionError):
                        from_it, to_it = await asyncio.open_connection("127.0.0.1", next(self._ports))
                        break
                else:
                    return
                async with closed(to_it):
                    try:
                        async with asyncio.TaskGroup() as both:
                            both.create_task(self._pass(reader, to_it))
                            both.create_task(self._pass(from_it, writer))
                    except* OSError:
                        pass  # Whichever was killed, what the other still says goes nowhere.
        finally:
            self._under_way.discard(task)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while some := await reader.read(65_536):
            writer.write(some)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


@contextlib.asynccontextmanager
async def closed(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """In the end it is closed, and gone."""
    try:
        yield
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def with_digests_due(database: Database, readers: int) -> datetime:
    """So many readers, from chat `READERS` on, whose digests of an hour ago are due; when that was."""
    at = (datetime.now(UTC) - timedelta(hours=1)).replace(second=0, microsecond=0)
    shelf = DigestStore(database)
    async with database.transaction() as within:
        for chat in range(READERS, READERS + readers):
            settings = DigestSettings(
                reader=ReaderId(f"telegram:{chat}"),
                since=at - timedelta(minutes=1),
                active=True,
                timetable=Timetable(times=(at.time(),)),
                length=SHORTEST,
            )
            await shelf.wish(Wished(settings=settings, at=settings.since, wake_at=at), within=within)
    return at


def states(database: str, table: str) -> Counter[str]:
    with psycopg.connect(database) as connection:
        rows = connection.execute(SQL("SELECT state FROM {}").format(Identifier(table)))
        return Counter(row[0] for row in rows)


def most_in_a_second(times: Sequence[float]) -> int:
    in_order = sorted(times)
    return max(bisect_left(in_order, at + 1) - bisect_left(in_order, at) for at in in_order)


async def until_done(database: str, updates: int, messages: int, seconds: float) -> None:
    def done() -> bool:
        sent = states(database, "outbox")
        return states(database, "inbox") == {"done": updates} and sent["sent"] + sent["unknown"] == messages

    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(done):  # noqa: ASYNC110 - other processes see to it
            await asyncio.sleep(0.2)


def say_all(api: FakeBotApi, chats: int) -> None:
    for text in SAID:
        for chat in range(1, chats + 1):
            api.say(text.format(chat=chat), chat=chat)


async def check(api: FakeBotApi, database: Database, url: str, *, chats: int, kills: int) -> None:
    """Nothing is lost without a record or done twice, every chat is told in its order, and the pace is kept."""
    answered = answers(api.sent, range(1, chats + 1))
    sent = states(url, "outbox")
    assert [chat for chat, given in answered.items() if given != sorted(set(given))] == []
    assert sent["sent"] <= len(api.sent)
    assert sent["unknown"] <= kills * IN_FLIGHT
    # What leaves at its turn is a little under way.
    assert most_in_a_second([call.at for call in api.calls if call.method == "sendMessage"]) <= 1.2 * RATE
    for chat in answered:
        turns = await DialogueStore(database).history(ConversationId(f"telegram:{chat}"), 100)
        assert [turn.question for turn in turns] == [f"question {chat} before", f"question {chat} after"]


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
        say_all(api, chats)
        for role in roles:
            await processes.start(f"role={role}")
        for kill, number in enumerate(chosen, start=1):
            await api.until(lambda: len(api.sent) >= kill * updates // (kills + 2), seconds=300)  # noqa: B023
            await processes.kill(number, replaced=replaced)
        await until_done(empty_postgres, updates, updates, seconds=600)
        ends = await processes.end(signal.SIGTERM)

    # One that was just started in place of another may not listen to signals yet.
    assert set(ends) <= ({0, -signal.SIGTERM} if replaced else {0}), processes.log
    assert sum(states(empty_postgres, "outbox").values()) == updates
    await check(api, database, empty_postgres, chats=chats, kills=kills)
    await database.close()


@pytest.mark.slow
@pytest.mark.parametrize(("chats", "readers", "kills"), [(400, 1_000, 20), (2_000, 5_000, 60)], ids=["fifth", "whole"])
async def test_webhooks_behind_a_balancer_and_digests_under_kills_of_any_process(
    tmp_path: Path, empty_postgres: str, chats: int, readers: int, kills: int
) -> None:
    database, chance = Database(empty_postgres), random.Random(8)  # noqa: S311 - to be repeated
    await database.migrate()
    await FeedStore(database).add(SHARED)
    await with_digests_due(database, readers)
    ports = [free_port(), free_port()]
    updates, began = chats * len(SAID), time.monotonic()
    everything = updates + readers
    async with (
        FakeBotApi() as api,
        Balancer(ports) as address,
        crew(tmp_path, api, empty_postgres) as processes,
    ):
        say_all(api, chats)
        for port in ports:
            hook = (f"http_port={port}", f"webhook_url={address}", "webhook_secret=s3")
            await processes.start("role=receiver", *hook)
        for role in ("worker", "worker", "worker", "ingest", "sender"):
            await processes.start(f"role={role}")
        for kill in range(1, kills + 1):
            await api.until(lambda: len(api.sent) >= kill * everything // (kills + 2), seconds=900)  # noqa: B023
            await processes.kill(chance.randrange(len(processes)), replaced=True)
        await until_done(empty_postgres, updates, everything, seconds=1_800)
        ends = await processes.end(signal.SIGTERM)

    digests = Counter(call.chat_id for call in api.sent if call.chat_id >= READERS)
    sent = states(empty_postgres, "outbox")
    took = time.monotonic() - began
    print(f"{updates} updates, {readers} digests, {kills} kills, {took:.0f} s: {dict(sent)}")  # noqa: T201
    assert set(ends) <= {0, -signal.SIGTERM}, processes.log
    assert sum(sent.values()) == everything
    assert set(digests.values()) <= {1}
    assert len(digests) >= readers - sent["unknown"]
    await check(api, database, empty_postgres, chats=chats, kills=kills)
    await database.close()
