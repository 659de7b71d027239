from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from generation.engines.aside import Aside
from generation.engines.extractive import ExtractiveEngine
from storage.domain.dialogue import Answer, Question
from storage.domain.news import Hit
from storage.errors import GenerationError

BRIDGE = (
    "The new Halverton harbour bridge opened to traffic on Monday after six years of building. "
    "The bridge cost 310 million euros, twice what was planned."
)
ORPHANED = """
import asyncio, os, signal
from generation.engines.aside import Aside

async def main():
    await Aside().begin()
    print("ready", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    asyncio.run(main())
"""
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}


@pytest.fixture
async def aside() -> AsyncIterator[Aside]:
    opened = Aside()
    yield opened
    await opened.close()
    assert multiprocessing.active_children() == []


def child() -> BaseProcess:
    (only,) = multiprocessing.active_children()
    return only


async def quoted(question: Question, hits: Sequence[Hit], aside: Aside | None = None) -> Answer:
    return await ExtractiveEngine(elsewhere=aside).quoted(question, hits)


async def test_what_is_written_aside_is_what_is_written_here_and_is_whoever_ends_the_child(
    aside: Aside, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [hit(BRIDGE, title="Halverton opens its bridge", source="Halverton Post")]
    asked = [question(each) for each in ("What did the Halverton bridge cost?", "Who designed the Halverton tunnel?")]
    here = [await quoted(each, hits) for each in asked]
    assert [answer.refused for answer in here] == [False, True]

    assert [await quoted(each, hits, aside) for each in asked] == here
    before = child()
    # What is sent to a whole group of processes is its parent's to handle.
    for each in (signal.SIGINT, signal.SIGTERM):
        os.kill(before.pid or 0, each)
    assert await quoted(asked[0], hits, aside) == here[0]
    assert child() is before

    before.kill()
    before.join()
    assert [await quoted(asked[0], hits, aside) for _ in range(2)] == [here[0]] * 2
    assert child() is not before


def breaks(*_asked: object) -> None:
    """As a child ends that took too long."""
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    signal.pause()


async def test_what_breaks_one_child_after_another_is_not_tried_here(
    aside: Aside, hit: Callable[..., Hit], question: Callable[..., Question], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, hits = question("What did the Halverton bridge cost?"), [hit(BRIDGE)]

    with monkeypatch.context() as broken:
        broken.setattr("generation.engines.aside._write", breaks)
        with pytest.raises(GenerationError):
            await quoted(asked, hits, aside)

    assert not (await quoted(asked, hits, aside)).refused


def test_the_child_ends_with_its_parent_however_that_ends() -> None:
    # What both write to is theirs: it ends for us when both have ended, or never.
    run = subprocess.run(
        [sys.executable, "-c", ORPHANED], stdout=subprocess.PIPE, timeout=60, check=False, env=ENVIRONMENT
    )

    assert run.stdout == b"ready\n"
    assert run.returncode == -signal.SIGKILL
