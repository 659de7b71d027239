"""Fixtures of the bot's tests."""

from __future__ import annotations

import contextlib
import logging
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.__main__ import run
from bot.drawing.pictures import Pictures
from bot.flows.feedback import Feedback
from bot.serve import Rooms, Serving
from tests.bot.flows import NOW, Echo, Finder, Lists, Newest, Shelf, some_article
from tests.bot.program import ARTICLES, Program, jsonl
from tests.bot.stores import MemoryInbox, MemoryReaders, MemoryShown
from tests.bot_api.server import TOKEN, FakeBotApi
from tests.conftest import leave_own_alone
from tests.digests import FixedDigests
from tests.feedback import GivenEvidence
from tests.given import summarize
from tests.hot import Follows, HotList, OnePage
from tests.interests import Learner
from tests.operating import operating
from tests.own_data import FixedOwnData
from tests.panels import panels


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

    async def forget(_now: datetime) -> None:
        return

    return Rooms(
        converse=Echo(),
        latest=Newest(),
        hot=HotList(),
        find=Finder(),
        briefs=OnePage(),
        digests=FixedDigests(),
        follows=Follows(),
        learn=Learner(),
        sources=Shelf(),
        lists=Lists(),
        feedback=Feedback(shelf=GivenEvidence(), clock=lambda: NOW),
        panels=panels(),
        own_data=FixedOwnData(),
        summarize=summarize(),
        article=some_article,
        ingest=ingest,
        notify=nobody,
        alert=nobody,
        digest=nobody,
        forget_shown=forget,
        inbox=inbox,
        outbox=inbox.outbox,
        shown=MemoryShown(inbox.outbox),
        readers=MemoryReaders(inbox),
        operating=operating(),
        draw=Pictures(deadline_seconds=60),
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


@contextlib.contextmanager
def log_as_it_is() -> Iterator[None]:
    """What a program sets up for its log within ends there."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """A program's log ends with the test, whose standard error it writes to."""
    with log_as_it_is():
        yield


@pytest.fixture
def tidings(capsys: pytest.CaptureFixture[str]) -> Program:
    """The program."""
    return Program(capsys)


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """The folder of an instance with some news; copying it takes a hundredth of what making it does."""
    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as environment, log_as_it_is():
        leave_own_alone(environment, folder / "home", cache)
        assert run(["ingest", "--jsonl", str(jsonl(folder / "news.jsonl", ARTICLES))]) == 0
    return folder / "home"


@pytest.fixture
def filled(tidings: Program, home: Path, filled_home: Path) -> Program:
    shutil.copytree(filled_home, home)
    return tidings


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"
