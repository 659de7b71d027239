"""A bot that is given updates that no hand wrote, a million of them if need be, and what became of each.

`python -m tests.bot.messenger.fuzzed NUMBER FOLDER [SEED]` tells on standard error how far it is, and in the end as
JSON on standard output what came of it.

Each update goes from its JSON text through the decoding of a `getUpdates` answer, of 100 as Telegram gives them,
polling, inbox, lanes, reading, gate, handlers, rendering and outbox to the sender, by the classes that `serve` puts
together and over a real database, whose statements alone run in the loop's own thread. So do the flows of
conversations, digests, interests, follows, sources, feedback, summaries, panels and a reader's data, each over its real
store. What they stand on is the tests': see `echoing`. There is no HTTP and no journal of workflows; `test_fuzz.py`
sends some thousands by that way, too.

The clock goes on by ten seconds an update, and what `serve` drops daily is dropped as often.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import func, select

from bot.benchmarks.machine import memory_mb
from bot.messenger.incoming.events import Me
from bot.messenger.operators import menu
from bot.messenger.operators.commands import COMMANDS as OPERATORS
from bot.messenger.operators.gate import Rules
from bot.messenger.wire.bot_api import BotApi
from bot.messenger.wire.lanes import Lanes
from bot.messenger.wire.pace import Rates
from bot.messenger.wire.updates import Polling
from bot.serve import Serving, Talk
from storage.database import Database
from storage.domain.access import Budgets
from storage.domain.deliveries import InboxState
from storage.domain.people import ReaderId
from storage.schema import inbox, outbox
from tests.bot.echoing import echoing
from tests.bot_api.chats import BOT
from tests.bot_api.fuzz import PEOPLE, Fuzz, Kind, Made
from tests.bot_api.line import Line
from tests.bot_api.server import TOKEN
from tests.bot_api.specification import Specification
from tests.storage.at_once import AtOnce

BATCH = 500
WARM = 5_000
"""Updates until what is loaded once, when it is first needed, is loaded; of a short run, a quarter."""
STUCK_SECONDS = 120.0
OPERATOR = ReaderId(f"telegram:{PEOPLE[-1]}")
_BEGAN = datetime(2026, 11, 22, 9, tzinfo=UTC)
_EACH = timedelta(seconds=10)
_KEPT = timedelta(days=7)
"""As long as `serve` keeps what is dealt with."""
_ENDLESS = 1e9


class Clock:
    """The present, which goes on by the updates that were given."""

    def __init__(self) -> None:
        self.now = _BEGAN

    def __call__(self) -> datetime:
        return self.now


class Run:
    """A bot that is given updates, and what came of them."""

    def __init__(self, database: Database, talk: Talk, lanes: Lanes, line: Line, fuzz: Fuzz, clock: Clock) -> None:
        self._database, self._talk, self._lanes = database, talk, lanes
        self._line, self._fuzz, self._clock = line, fuzz, clock
        self.kinds: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()
        self.failures: list[str] = []
        self.memory: list[float] = []
        self._next = 1

    async def play(self, most: int, tell: Callable[[Run], None]) -> None:
        """Give so many updates."""
        while self._next <= most:
            made = {
                number: self._fuzz.update(number) for number in range(self._next, min(self._next + BATCH, most + 1))
            }
            self._next += len(made)
            for number, each in made.items():
                self.kinds[each.kind] += 1
                self._line.give(number, each.text)
            await self._settled(max(made))
            await self._talk.sender.deliver()
            await self._look(made)
            await self._go_on(len(made))
            if self._next > min(WARM, most // 4):
                self.memory.append(memory_mb())
            tell(self)

    async def _settled(self, last: int) -> None:
        """Wait until they are all there and none is pending.

        Raises:
            TimeoutError: Some are stuck: for so long nothing came to an end.
        """
        left, since = -1, time.monotonic()
        while left:
            await asyncio.sleep(0.005)
            if self._line.asked <= last or self._lanes._held:
                now = -1 - len(self._lanes._held)
            else:
                async with self._database.reading() as connection:
                    pending = select(func.count()).where(inbox.c.state == InboxState.PENDING)
                    now = (await connection.execute(pending)).scalar_one()
            if now != left:
                left, since = now, time.monotonic()
            elif time.monotonic() - since > STUCK_SECONDS:
                raise TimeoutError(f"stuck before {last}: {self._lanes._held}")

    async def _look(self, made: Mapping[int, Made]) -> None:
        """Count how they ended, and what is left to be sent, which is nothing."""
        async with self._database.reading() as connection:
            mine = inbox.c.update_id.between(min(made), max(made))
            rows = await connection.execute(select(inbox.c.update_id, inbox.c.state, inbox.c.error).where(mine))
            ended = {number: (str(state), str(error or "")) for number, state, error in rows}
            unsent = select(outbox.c.key, outbox.c.state).where(outbox.c.state.in_(("pending", "sending")))
            self.failures += [f"{key} is {state}" for key, state in await connection.execute(unsent)]
        for number, (state, error) in ended.items():
            self._ended(made[number], state, error)
        self.failures += [f"not kept: {made[number].text[:300]}" for number in made.keys() - ended.keys()]
        self.failures += self._line.wrong
        self._line.wrong.clear()
        self._fuzz.data = list(self._line.keyboards) or self._fuzz.data

    def _ended(self, made: Made, state: str, error: str) -> None:
        told = error.partition(" ")[2] if error.endswith("it") else error
        self.ends[f"{state} {told}".strip()] += 1
        unread = state == "quarantined" and (told == "while reading it" or "JSON" in error)
        if state != "done" and not (unread and made.kind in {Kind.MUTATED, Kind.UNREADABLE}):
            self.failures.append(f"{state}, {error}: {made.text[:1_000]}")

    async def _go_on(self, updates: int) -> None:
        """Time goes by, and once a day what was dealt with long ago is dropped."""
        before = self._clock.now
        self._clock.now += updates * _EACH
        if self._clock.now.date() > before.date():
            await self._talk.prune(_KEPT)

    @property
    def given(self) -> int:
        """How many updates were given and dealt with."""
        return self._next - 1

    @property
    def grown(self) -> float:
        """By how much the memory grew at most, in MB, from when what is loaded once was loaded."""
        return max(self.memory) - self.memory[0] if self.memory else 0.0

    @property
    def told(self) -> dict[str, Any]:
        """All that came of it, as it can be written as JSON."""
        return {
            "given": self.given,
            "kinds": self.kinds,
            "ends": self.ends,
            "calls": self._line.calls,
            "failures": len(self.failures),
            "first_failures": list(dict.fromkeys(self.failures))[:20],
            "memory_mb": self.memory[-1:],
            "grown_mb": round(self.grown, 1),
        }


async def run(
    folder: Path, specification: Specification, updates: int, seed: int, tell: Callable[[Run], None] = lambda _: None
) -> Run:
    """Play so many updates through a bot of an instance of its own."""
    file = folder / "tidings.db"
    made = Database(f"sqlite:///{file}")
    await made.migrate()
    await made.close()
    database = AtOnce(file)
    try:
        return await _run(database, folder, specification, updates, seed, tell)
    finally:
        await database.close()


async def _run(
    database: Database,
    folder: Path,
    specification: Specification,
    updates: int,
    seed: int,
    tell: Callable[[Run], None],
) -> Run:
    clock, line, arrived = Clock(), Line(specification, seed), asyncio.Event()
    here = echoing(database, folder, clock)
    rates = Rates(overall=_ENDLESS, slowest=_ENDLESS, chat=_ENDLESS, group=_ENDLESS)
    how = Serving(
        token=TOKEN, api_base_url="http://127.0.0.1:9", journal_url=f"sqlite:///{folder / 'jobs.db'}", ingest_every=15,
        http_host="127.0.0.1", http_port=0, rates=rates,
        rules=Rules(admins=frozenset((OPERATOR,)), budgets=Budgets(questions=20)),
    )  # fmt: skip
    me = Me(id=BOT["id"], username=BOT["username"])
    talk = Talk(how=how, rooms=here, api=cast(BotApi, line), me=me, arrived=arrived)
    talk.sender._sleep = _at_once
    composer = talk.composer
    lanes = Lanes(inbox=here.inbox, handle=composer.compose, give_up=composer.give_up, arrived=arrived)
    polling = Polling(api=line, inbox=here.inbox, clock=clock, arrived=arrived.set, sleep=_at_once)
    fuzz = Fuzz(specification, seed, (*menu.COMMANDS, *OPERATORS))
    played = Run(database, talk, lanes, line, fuzz, clock)
    try:
        async with asyncio.TaskGroup() as tasks:
            works = [tasks.create_task(polling.run()), tasks.create_task(lanes.run())]
            await played.play(updates, tell)
            for work in works:
                work.cancel()
    finally:
        await talk.presence.close()
    return played


def _at_once(_seconds: float) -> Awaitable[None]:
    return asyncio.sleep(0)


def main(given: Sequence[str]) -> int:
    """Play them, and tell."""
    updates, folder, seed = int(given[0]), Path(given[1]), int(given[2]) if len(given) > 2 else 1
    specification = Specification.load()
    if specification is None:
        sys.stderr.write("the specification of the Bot API is not beside this checkout\n")
        return 2
    logging.disable(logging.CRITICAL)
    began = time.monotonic()

    def tell(played: Run) -> None:
        if played.given == WARM:
            # What is loaded by now is here to stay, and need not be looked through again and again.
            gc.collect()
            gc.freeze()
        told = {"seconds": round(time.monotonic() - began), "cpu": round(time.process_time()), **played.told}
        sys.stderr.write(json.dumps(told, ensure_ascii=True) + "\n")

    played = asyncio.run(run(folder, specification, updates, seed, tell))
    sys.stdout.write(json.dumps(played.told) + "\n")
    return 1 if played.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
