from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from retrieval.index.lock import IndexLock
from retrieval.index.sync import IndexKeeper
from retrieval.ports import Vectors
from storage.domain.news import Changes
from storage.errors import IndexUnavailable
from tests.fakes import InMemoryCorpus, InMemoryDense, make_passage
from tests.retrieval.index.keeper import Room, ignore


class Telling(InMemoryDense):
    """Says when it took something over, and fails as often, and as badly, as it is told to."""

    def __init__(self, fault: Exception | None = None) -> None:
        super().__init__()
        self.applied = asyncio.Event()
        self.fault = fault or IndexUnavailable("dense", "busy")
        self.fails = 0

    async def apply(self, changes: Changes, vectors: Vectors) -> None:
        if self.fails:
            self.fails -= 1
            raise self.fault
        await super().apply(changes, vectors)
        self.applied.set()


@asynccontextmanager
async def following(keeper: IndexKeeper) -> AsyncIterator[asyncio.Task[object]]:
    task: asyncio.Task[object] = asyncio.create_task(keeper.follow(ignore, timedelta(0)))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_the_owner_takes_over_what_another_process_stored(tmp_path: Path) -> None:
    dense = Telling()
    room = Room(tmp_path, dense=dense)

    async with following(room.keeper), asyncio.timeout(10):
        await dense.applied.wait()
        dense.applied.clear()
        room.corpus.save(make_passage(9, "stored by another process"))
        await dense.applied.wait()

    assert await room.counts() == (6, 6)


async def test_following_reads_the_database_alone_while_nothing_changes(tmp_path: Path) -> None:
    class Quiet(InMemoryCorpus):
        turns = 0
        enough = asyncio.Event()

        async def changes(self, after: int, limit: int) -> Changes:
            self.turns += limit == 1
            if self.turns == 20:
                self.enough.set()
            return await super().changes(after, limit)

    class Asked(InMemoryDense):
        asked = 0

        async def revision(self) -> int:
            self.asked += 1
            return await super().revision()

    corpus, dense = Quiet([make_passage(1, "news")]), Asked()
    room = Room(tmp_path, corpus=corpus, dense=dense)

    async with following(room.keeper), asyncio.timeout(10):
        await corpus.enough.wait()

    # By the first sync, by the pruning after it, and to see where it came.
    assert dense.asked == 3


async def test_following_survives_an_index_that_fails_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    dense = Telling()
    dense.fails = 6
    room = Room(tmp_path, dense=dense)

    async with following(room.keeper), asyncio.timeout(10):
        await dense.applied.wait()

    warnings = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert warnings == ["index_not_level"]
    assert await room.counts() == (5, 5)


async def test_following_survives_whatever_goes_wrong_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    dense = Telling(RuntimeError("a library's own\nin many lines"))
    dense.fails = 6
    room = Room(tmp_path, dense=dense)

    async with following(room.keeper) as task, asyncio.timeout(10):
        await dense.applied.wait()
        alive = not task.done()

    told = [(record.message, record.__dict__["reason"]) for record in caplog.records if record.levelname == "ERROR"]
    assert alive
    assert task.cancelled(), "being cancelled ends it"
    assert told == [("index_not_level", "RuntimeError: a library's own")]
    assert await room.counts() == (5, 5)


async def test_following_takes_the_indexes_over_once_their_owner_ends(tmp_path: Path) -> None:
    dense = Telling()
    room = Room(tmp_path, dense=dense)
    other = IndexLock(tmp_path / "index.lock")
    assert other.acquire()

    async with following(room.keeper), asyncio.timeout(10):
        for _ in range(5):
            await asyncio.sleep(0)
        waited = not dense.applied.is_set()
        other.release()
        await dense.applied.wait()

    assert waited
    assert await room.counts() == (5, 5)
