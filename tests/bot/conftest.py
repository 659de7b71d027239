"""Fixtures of the bot's tests."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.serve import Rooms, Serving
from tests.bot.flows import NOW, Echo, Newest, Shelf
from tests.bot.program import ARTICLES, Program, jsonl
from tests.bot.stores import MemoryInbox
from tests.bot_api.server import TOKEN, FakeBotApi
from tests.hot import Follows, HotList, OnePage
from tests.interests import Learner


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as server:
        yield server


@pytest.fixture
def inbox() -> MemoryInbox:
    return MemoryInbox()


@pytest.fixture
def rooms(inbox: MemoryInbox) -> Rooms:
    async def ingest() -> None:
        pass

    async def nobody() -> int:
        return 0

    async def ready() -> dict[str, bool]:
        return {"database": True}

    return Rooms(
        converse=Echo(),
        latest=Newest(),
        hot=HotList(),
        briefs=OnePage(),
        follows=Follows(),
        learn=Learner(),
        sources=Shelf(),
        ingest=ingest,
        notify=nobody,
        inbox=inbox,
        outbox=inbox.outbox,
        ready=ready,
        tell=[].append,
        clock=lambda: NOW,
    )


@pytest.fixture
def serving(api: FakeBotApi, tmp_path: Path) -> Serving:
    return Serving(
        token=TOKEN,
        api_base_url=api.url,
        journal_url=f"sqlite:///{tmp_path / 'jobs.db'}",
        ingest_every=15,
        http_host="127.0.0.1",
        http_port=0,
    )


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """What a program sets up for its log ends with the test, whose standard error it writes to."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def tidings(capsys: pytest.CaptureFixture[str]) -> Program:
    """The program."""
    return Program(capsys)


@pytest.fixture
def filled(tidings: Program, tmp_path: Path) -> Program:
    tidings.json("ingest", "--jsonl", str(jsonl(tmp_path / "news.jsonl", ARTICLES)))
    return tidings


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"
