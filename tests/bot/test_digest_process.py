"""Digests by a real process that is killed, over a line on which everything goes wrong: nothing is lost or doubled.

The long proofs print their figures; `pytest -rP` shows them.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bot.digest_run import QUICK, Run, Tally
from tests.bot.test_process import running
from tests.bot.test_serve import free_port
from tests.bot_api.server import FakeBotApi
from tests.bot_api.trouble import Trouble

pytestmark = pytest.mark.early

_PARTS = 12
"""Of the proof that kills at every commit, each of them some minutes long and to be run by itself."""
_AT_ONCE = 4
"""Runs side by side: most of their time they wait for the disk, or for another to start."""


async def test_a_run_that_is_killed_at_commits_gives_each_reader_one_digest(tmp_path: Path) -> None:
    run, trouble = await Run.prepared(tmp_path, 30), Trouble(1, each=0, chats=0)
    kills = [f"kill_{'before' if place % 2 else 'after'}={n}" for place, n in enumerate((1, 9, 20, 30, 45))]
    async with FakeBotApi(fault=trouble) as api:
        tally = await run.through(api, trouble, kills, QUICK)

    assert tally.killed == len(kills)
    tally.check()


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1, _PARTS + 1))
async def test_a_run_that_is_killed_at_any_commit_gives_each_reader_one_digest(tmp_path: Path, first: int) -> None:
    (tmp_path / "due").mkdir()
    due = await Run.prepared(tmp_path / "due", 50)
    points = (f"kill_{when}={number}" for number in itertools.count(first, _PARTS) for when in ("before", "after"))
    unknown: list[int] = []

    async def some() -> None:
        for point in points:
            run, trouble = replace(due, folder=tmp_path / point), Trouble(1, each=0, chats=0)
            shutil.copytree(due.folder, run.folder)
            async with FakeBotApi(fault=trouble) as api:
                tally = await run.through(api, trouble, [point], QUICK)
            tally.check()
            # It ended before it came so far.
            if not tally.killed:
                return
            unknown.append(tally.run.states["unknown"])
            shutil.rmtree(run.folder)

    await asyncio.gather(*(some() for _ in range(_AT_ONCE)))

    points_of = f"commits {first}, {first + _PARTS}, ..."
    print(f"{points_of}: {len(unknown)} points, {sum(unknown)} unknown, at most {max(unknown)}")  # noqa: T201
    assert _PARTS * len(unknown) > 2 * (due.readers + 2 * due.messages)


@pytest.mark.parametrize(
    ("readers", "kills"), [(60, 5), pytest.param(2_000, 200, marks=pytest.mark.slow)], ids=["short", "long"]
)
async def test_random_kills_and_a_failing_line_lose_nothing_and_double_nothing(
    tmp_path: Path, readers: int, kills: int
) -> None:
    run, trouble, chance = await Run.prepared(tmp_path, readers), Trouble(4), random.Random(4)  # noqa: S311
    share = (readers + run.messages) // (kills + 1)
    places: list[str | int] = [
        f"kill_{chance.choice(('before', 'after'))}={chance.randrange(1, 2 * share)}"
        if n % 2
        else n * share + chance.randrange(share)
        for n in range(kills)
    ]
    async with FakeBotApi(fault=trouble) as api:
        tally = await run.through(api, trouble, places, QUICK)

    print(tally)  # noqa: T201
    tally.check()


async def test_two_processes_that_decide_on_the_same_digests_send_each_once(tmp_path: Path) -> None:
    run, trouble = await Run.prepared(tmp_path, 40), Trouble(1, each=0, chats=0)
    go = tmp_path / "go"
    async with FakeBotApi(fault=trouble) as api, contextlib.AsyncExitStack() as bots:
        for port in (free_port(), free_port()):
            given = (f"http_port={port}", f"webhook_url=http://127.0.0.1:{port}", "webhook_secret=s3")
            bot = await bots.enter_async_context(running(tmp_path, api, QUICK, f"wait_for={go}", *given))
        await bot.alive_until(api, lambda: len(list(tmp_path.glob("decided-*"))) == 2)
        go.touch()
        await bot.alive_until(api, run.done)
        tally = Tally(run=run, api=api, trouble=trouble, killed=0, outages=0, ends=[], seconds=0)

    tally.check()


async def test_it_sends_at_the_polite_pace_and_leaves_nothing_unknown_when_it_is_stopped(tmp_path: Path) -> None:
    run, trouble = await Run.prepared(tmp_path, 60), Trouble(1, each=0, chats=0, late_seconds=0.6)
    async with FakeBotApi(fault=trouble) as api:
        async with running(tmp_path, api) as bot:
            await bot.alive_until(api, lambda: len(api.sent) >= 30)
            status = await bot.end(signal.SIGTERM)
        tally = await run.through(api, trouble, [])

    tally.check()
    times = sorted(call.at for call in api.sent)
    assert status == 0
    assert tally.run.states == {"sent": run.messages}
    assert max(sum(start <= at < start + 1 for at in times) for start in times) <= 26 + 8
    # One after another they would take a third of a second each.
    assert times[29] - times[0] < 5
