"""What a message takes of the database, on which how many can be answered at once depends."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.benchmarks.counted import Counted
from bot.messenger.wire.pace import Rates
from bot.serve import Serving, serve
from storage.database import Database
from tests.bot.process import rooms
from tests.bot_api.server import FakeBotApi

MESSAGES = 5
MOST_STATEMENTS, MOST_COMMITS = 19, 4
"""For each; what it is at present, and a little of what the process does beside."""


@pytest.fixture
def counted() -> Iterator[Counted]:
    counts = Counted(name="tidings.db")
    counts.listen()
    yield counts
    counts.close()


async def sent(api: FakeBotApi, folder: Path, number: int) -> None:
    """Wait until so many replies came, and that they did is on record."""
    with contextlib.closing(sqlite3.connect(folder / "tidings.db")) as database:
        await api.until(
            lambda: database.execute("SELECT count(*) FROM outbox WHERE state = 'sent'").fetchone() == (number,)
        )


async def test_a_plain_question_takes_few_statements_and_four_waits_for_the_disk(
    serving: Serving, api: FakeBotApi, tmp_path: Path, counted: Counted
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'tidings.db'}")
    await database.migrate()
    stands_on = rooms(database, tmp_path)
    stop = asyncio.Event()
    task = asyncio.create_task(serve(replace(serving, rates=Rates(overall=1_000, chat=1_000)), stands_on, stop))
    api.say("What is new?", chat=1)
    await sent(api, tmp_path, 1)
    begun = replace(counted)

    for chat in range(2, 2 + MESSAGES):
        api.say("What is new?", chat=chat)
        await sent(api, tmp_path, chat)

    statements, commits = counted.statements - begun.statements, counted.commits - begun.commits
    stop.set()
    await task
    await database.close()
    assert 0 < statements <= MOST_STATEMENTS * MESSAGES
    assert 0 < commits <= MOST_COMMITS * MESSAGES
