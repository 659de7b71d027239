"""Chroma, embedded and as a server, that is killed while it writes, and what is answered when it starts again."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import random
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from retrieval.index import chroma as graph
from storage.errors import IndexUnavailable
from tests import chroma
from tests.retrieval.index.writing import Start, desk, eager, write

PROCESSES = multiprocessing.get_context("forkserver")
A_FOLDER = 10
"""Kills that one folder outlives before the next is begun, so that what is searched stays small."""
EAGER = 10
"""Half of the graphs go to the disk after so few vectors, so that nearly every kill meets them doing so."""
SECONDS = 600.0
"""A process is given up that says nothing for so long, on however busy a machine."""


def killed_while_writing(folder: Path, every: int, number: int, chance: random.Random) -> Start:
    """What a process that starts over the folder says, before it is killed in the middle of writing to it."""
    ours, theirs = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=write, args=(folder, every, number, theirs), daemon=True)
    process.start()
    theirs.close()

    def said() -> Any:
        assert ours.poll(SECONDS), f"it said nothing in round {number}"
        return ours.recv()

    try:
        start: Start = said()
        assert said() == "writing"
        began, steps = time.monotonic(), chance.randrange(3)
        for _ in range(steps):
            said()
        # At any moment of the next step, which takes about as long as those before it.
        step = (time.monotonic() - began) / steps if steps else 0.05
        time.sleep(chance.random() * step)
    finally:
        process.kill()
        process.join()
        ours.close()
    return start


def prove_embedded(folder: Path, kills: int) -> list[Start]:
    """What was answered at each start of so many killed processes, and at a last one over each folder."""
    PROCESSES.set_forkserver_preload(["chromadb", "tests.retrieval.index.writing"])
    chance = random.Random(31)  # noqa: S311 - repeatable on purpose
    starts: list[Start] = []
    for first in range(0, kills, A_FOLDER):
        house, every = folder / str(first), 0 if first // A_FOLDER % 2 else EAGER
        house.mkdir()
        numbers = range(first, min(first + A_FOLDER, kills))
        for number in numbers:
            note(starts, killed_while_writing(house, every, number, chance))
        note(starts, asyncio.run(started(house, kills + first)))
    return starts


async def started(folder: Path, number: int) -> Start:
    async with desk(folder, number) as here:
        return await here.start()


async def prove_server(folder: Path, kills: int) -> list[Start]:
    """The same of a server that is killed, while who writes to it lives on."""
    chance, port, second = random.Random(32), chroma.free_port(), 0.3  # noqa: S311 - repeatable on purpose
    starts: list[Start] = []
    for first in range(0, kills, A_FOLDER):
        house = folder / str(first)
        (house / "server").mkdir(parents=True)
        async with desk(house, first, place=f"http://127.0.0.1:{port}") as here:
            for _ in range(min(A_FOLDER, kills - first)):
                with chroma.running(house / "server", port):
                    note(starts, await here.start())
                    await here.news()
                    began = time.monotonic()
                    writing = asyncio.create_task(here.write(lambda _done: None))
                    await asyncio.wait([writing], timeout=chance.random() * second)
                    whole = writing.done()
                with contextlib.suppress(IndexUnavailable):
                    await writing
                if whole:
                    second = time.monotonic() - began
            with chroma.running(house / "server", port):
                note(starts, await here.start())
    return starts


def note(starts: list[Start], start: Start) -> None:
    """Each start is right, and says so where the long proofs are watched (`-s`)."""
    assert start.right, f"after {len(starts)} starts: {start}"
    starts.append(start)
    behind, rebuilt = sum(each.behind for each in starts), sum(each.rebuilt for each in starts)
    sys.stdout.write(f"{len(starts)} starts: {behind} behind the database, {rebuilt} made anew\n")


def check(starts: list[Start], kills: int) -> None:
    """Most kills came in the middle of writing."""
    assert sum(each.behind for each in starts) >= kills // 2


def test_a_process_that_is_killed_while_it_writes_answers_rightly_when_it_starts_again(tmp_path: Path) -> None:
    check(prove_embedded(tmp_path, kills=2), kills=2)


async def test_a_server_that_is_killed_while_it_writes_answers_rightly_when_it_starts_again(tmp_path: Path) -> None:
    check(await prove_server(tmp_path, kills=2), kills=2)


@pytest.mark.slow
def test_two_hundred_killed_processes_leave_right_answers(tmp_path: Path) -> None:
    check(prove_embedded(tmp_path, kills=200), kills=200)


@pytest.mark.slow
async def test_two_hundred_kills_of_a_server_leave_right_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(await prove_server(tmp_path / "usual", kills=100), kills=100)
    monkeypatch.setattr(graph, "_GRAPH", graph._GRAPH)
    eager(EAGER)
    check(await prove_server(tmp_path / "eager", kills=100), kills=100)
