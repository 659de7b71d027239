"""Updates that no hand wrote, on the way that all go: see `fuzzed` for what each passes through."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.messenger.operators import menu
from bot.messenger.operators.commands import COMMANDS as OPERATORS
from tests.bot.messenger.fuzzed import WARM, run
from tests.bot.test_process import Bot, running, states
from tests.bot_api.fuzz import Fuzz, Kind
from tests.bot_api.record import Call
from tests.bot_api.server import FakeBotApi
from tests.bot_api.specification import Specification

MEMORY_MB = 50.0
ROOT = Path(__file__).resolve().parents[3]
_TALKED = frozenset(("sendMessage", "answerCallbackQuery", "answerInlineQuery"))


@pytest.fixture
def specification(shared: Path) -> Specification:
    found = Specification.load(shared / "telegram" / "bot-api.json")
    assert found is not None
    return found


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder of which nothing is written to a disk, where the system has such."""
    shm = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    with tempfile.TemporaryDirectory(dir=shm if os.access(shm, os.W_OK) else None) as folder:
        yield Path(folder)


async def test_no_update_breaks_or_holds_up_the_bot(tmp_path: Path, specification: Specification) -> None:
    played = await run(tmp_path, specification, 1_000, seed=5)

    assert played.failures[:5] == []
    assert set(played.kinds) == set(Kind)
    assert played.ends["done"] > played.given / 2
    assert played.told["calls"].keys() >= _TALKED


@pytest.mark.slow
async def test_nor_does_one_of_a_million_nor_do_they_make_it_grow(in_memory: Path) -> None:
    """In a process of its own: tests keep all that is logged, and all that is written."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot.messenger.fuzzed", "1000000", str(in_memory), cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await process.communicate()
    told = json.loads(said)

    assert told["first_failures"] == []
    assert told["given"] == 1_000_000 > WARM
    assert told["ends"]["done"] > told["given"] / 2
    assert told["grown_mb"] < MEMORY_MB


@pytest.mark.slow
async def test_nor_does_one_of_some_thousands_that_come_over_http_to_a_process(
    in_memory: Path, specification: Specification
) -> None:
    """Every call that is answered is checked by the server as it ends; nothing it was asked is left undone."""
    fuzz = Fuzz(specification, 1, (*menu.COMMANDS, *OPERATORS))
    async with FakeBotApi() as api, running(in_memory, api, "full=yes", "rate=1000", "log_level=WARNING") as bot:
        memory = []
        for _ in range(10):
            for _ in range(300):
                api.add_raw(lambda number: fuzz.update(number).text)
            await bot.alive_until(api, lambda: api.waiting == 0 and _at_rest(in_memory), seconds=600)
            memory.append(_memory_mb(bot))
            fuzz.data = [
                (call.chat_id, call.place[1], data) for call in api.sent[-200:] for data in _buttons(api, call)
            ]

        assert {call.method for call in api.calls} >= _TALKED
        assert set(states(in_memory, "inbox")) == {"done", "quarantined"}
        assert max(memory) - memory[2] < MEMORY_MB


def _at_rest(folder: Path) -> bool:
    unsettled = {"pending", "sending"}
    return not unsettled & (states(folder, "inbox") + states(folder, "outbox")).keys()


def _buttons(api: FakeBotApi, call: Call) -> list[str]:
    return [each["callback_data"] for row in api._keyboard(call) for each in row if "callback_data" in each]


def _memory_mb(bot: Bot) -> float:
    pages = Path(f"/proc/{bot.process.pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1024**2
