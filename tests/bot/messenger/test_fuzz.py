"""Updates that no hand wrote, on the way that all go: received, kept, read, answered, and what they made kept."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import delete, select, update

from bot.benchmarks.machine import memory_mb
from bot.messenger.bot_api import Accepted, BotApi, Json, Outcome, Refused, outcome_of
from bot.messenger.events import Me
from bot.messenger.lanes import Lanes
from bot.messenger.menu import COMMANDS
from bot.messenger.updates import Polling
from bot.serve import Rooms, Serving, _Talk
from storage.database import Database
from storage.domain.interests import Interests
from storage.domain.stories import Page
from storage.schema import inbox, outbox
from tests.bot.process import rooms
from tests.bot_api import telegram_html
from tests.bot_api.chats import BOT
from tests.bot_api.fuzz import Fuzz, Kind, Made
from tests.bot_api.server import TOKEN
from tests.bot_api.specification import Specification

BATCH = 500
WARM = 5_000
"""Updates until what is loaded once, when it is first needed, is loaded; of a short run, a quarter."""
STUCK_SECONDS = 120.0
MEMORY_MB = 50.0
_BUTTONS_KEPT = 300


class Line:
    """What the bot calls: gives it the updates there are, and holds all else it calls against the specification."""

    def __init__(self, specification: Specification) -> None:
        self._specification = specification
        self._texts: deque[tuple[int, str]] = deque()
        self._more = asyncio.Event()
        self.wrong: list[str] = []

    def give(self, number: int, text: str) -> None:
        self._texts.append((number, text))
        self._more.set()

    async def call(self, method: str, fields: Mapping[str, Json] | None = None, *, read_timeout: float = 0) -> Outcome:
        if method == "getUpdates":
            return await self._updates(fields or {})
        self.wrong += violations(self._specification, method, fields or {})
        return (
            Refused(code=400, description="Bad Request: wrong file_id")
            if method == "getFile"
            else Accepted(result=True)
        )

    async def _updates(self, fields: Mapping[str, Json]) -> Outcome:
        offset, most = fields.get("offset"), fields["limit"]
        assert isinstance(most, int)
        while self._texts and isinstance(offset, int) and self._texts[0][0] < offset:
            self._texts.popleft()
        while not self._texts:
            self._more.clear()
            await self._more.wait()
        texts = [text for _, text in list(self._texts)[:most]]
        return outcome_of(200, f'{{"ok":true,"result":[{",".join(texts)}]}}'.encode("utf-8", "surrogatepass"))


class NoPictures:
    """Draws nothing, of which there is a test of its own."""

    async def of_page(self, page: Page, language: str, zone: tzinfo) -> tuple[bytes, ...]:
        return ()

    async def of_interests(self, known: Interests, language: str) -> tuple[bytes, ...]:
        return ()


def violations(specification: Specification, method: str, fields: Mapping[str, Json]) -> list[str]:
    """What is wrong with a call, as it would come over the wire."""
    given = {name: value for name, value in fields.items() if value is not None}
    files = {name for name, value in given.items() if isinstance(value, dict) and value.keys() == {"file", "base64"}}
    wire = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in given.items()
        if name not in files
    }
    wrong = specification.violations(method, wire, frozenset(files))
    if given.get("parse_mode") == "HTML":
        try:
            shown = telegram_html.parse(str(given["text"]))
        except telegram_html.MarkupError as error:
            return [*wrong, f"{error}: {given['text']!r}"]
        if not 0 < telegram_html.units(shown.text.strip()) <= telegram_html.MAX_UNITS:
            wrong.append(f"{method}: a text of {telegram_html.units(shown.text)} units")
    return wrong


class Run:
    """A bot that is given updates, and what came of them."""

    def __init__(self, database: Database, talk: _Talk, line: Line, specification: Specification, seed: int) -> None:
        self._database, self._talk, self._line, self._specification = database, talk, line, specification
        self.fuzz = Fuzz(specification, seed, COMMANDS)
        self.kinds: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()
        self.replies: Counter[str] = Counter()
        self.failures: list[str] = []
        self.memory: list[float] = []
        self._next = 1

    async def play(self, most: int) -> None:
        """Give so many updates."""
        while self._next <= most:
            made = {number: self.fuzz.update(number) for number in range(self._next, min(self._next + BATCH, most + 1))}
            self._next += len(made)
            for number, each in made.items():
                self.kinds[each.kind] += 1
                self._line.give(number, each.text)
            await self._settled(max(made))
            await self._look(made)
            if self._next > min(WARM, most // 4):
                self.memory.append(memory_mb())

    async def _settled(self, last: int) -> None:
        """Wait until the last of them is there and none is pending.

        Raises:
            TimeoutError: Some are stuck.
        """
        async with asyncio.timeout(STUCK_SECONDS):
            while True:
                async with self._database.reading() as connection:
                    kept = (await connection.execute(select(inbox.c.update_id, inbox.c.state))).all()
                if any(number == last for number, _ in kept) and all(state != "pending" for _, state in kept):
                    return
                await asyncio.sleep(0.02)

    async def _look(self, made: Mapping[int, Made]) -> None:
        """Count how they ended, hold what is to be sent against the specification, and put both away."""
        async with self._database.transaction() as connection:
            ended = (await connection.execute(select(inbox.c.update_id, inbox.c.state, inbox.c.error))).all()
            made_of = select(outbox.c.chat_id, outbox.c.method, outbox.c.payload).where(outbox.c.state == "pending")
            sent = (await connection.execute(made_of)).all()
            await connection.execute(delete(inbox).where(inbox.c.update_id < max(made)))
            await connection.execute(update(outbox).values(state="sent"))
        for number, state, error in ended:
            if number in made:
                self._ended(made[number], str(state), str(error or ""))
        missing = made.keys() - {number for number, _, _ in ended}
        self.failures += [f"not kept: {made[number].text[:300]}" for number in missing]
        for chat, method, payload in sent:
            fields = json.loads(payload)
            self.replies[method] += 1
            self.failures += violations(self._specification, method, _whole(method, chat, fields))
            self._offer(chat, fields)
        self.failures += self._line.wrong
        self._line.wrong.clear()
        await self._forget_old()

    def _ended(self, made: Made, state: str, error: str) -> None:
        told = error.partition(" ")[2] if error.endswith("it") else error
        self.ends[f"{state} {told}".strip()] += 1
        unread = state == "quarantined" and (told == "while reading it" or "JSON" in error)
        if state != "done" and not (unread and made.kind in {Kind.MUTATED, Kind.UNREADABLE}):
            self.failures.append(f"{state}, {error}: {made.text[:1_000]}")

    def _offer(self, chat: int, fields: dict[str, Any]) -> None:
        """Buttons that were sent may be tapped from now on."""
        rows = fields.get("reply_markup", {}).get("inline_keyboard", [])
        self.fuzz.data += [(chat, 1, each["callback_data"]) for row in rows for each in row if "callback_data" in each]
        del self.fuzz.data[:-_BUTTONS_KEPT]

    async def _forget_old(self) -> None:
        """What was sent is kept as long as its buttons may be tapped."""
        async with self._database.transaction() as connection:
            newest = (await connection.scalar(select(outbox.c.id).order_by(outbox.c.id.desc()).limit(1))) or 0
            await connection.execute(delete(outbox).where(outbox.c.id < newest - 5 * BATCH))

    @property
    def grown(self) -> float:
        """By how much the memory grew at most, in MB, from when what is loaded once was loaded."""
        return max(self.memory) - self.memory[0]


def _whole(method: str, chat: int, fields: dict[str, Any]) -> dict[str, Any]:
    """A call with the chat that the outbox adds to it."""
    return fields if method.startswith("answer") else {"chat_id": chat, **fields}


async def run(folder: Path, specification: Specification, updates: int, seed: int) -> Run:
    """Play so many updates through a bot of an instance of its own."""
    database = Database(f"sqlite:///{folder / 'tidings.db'}")
    await database.migrate()
    line, arrived = Line(specification), asyncio.Event()
    here: Rooms = replace(rooms(database, folder), draw=NoPictures())
    how = Serving(
        token=TOKEN, api_base_url="http://127.0.0.1:9", journal_url=f"sqlite:///{folder / 'jobs.db'}", ingest_every=15,
        http_host="127.0.0.1", http_port=0,
    )  # fmt: skip
    me = Me(id=BOT["id"], username=BOT["username"])
    talk = _Talk(how=how, rooms=here, api=cast(BotApi, line), me=me, arrived=arrived)
    composer = talk._composer
    lanes = Lanes(inbox=here.inbox, handle=composer.compose, give_up=composer.give_up, arrived=arrived)
    polling = Polling(
        api=line, inbox=here.inbox, clock=here.clock, arrived=arrived.set, sleep=lambda _: asyncio.sleep(0)
    )
    played = Run(database, talk, line, specification, seed)
    try:
        async with asyncio.TaskGroup() as tasks:
            works = [tasks.create_task(polling.run()), tasks.create_task(lanes.run())]
            await played.play(updates)
            for work in works:
                work.cancel()
    finally:
        await talk._presence.close()
        await database.close()
    return played


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
@pytest.mark.parametrize(
    "updates",
    [2_000, pytest.param(1_000_000, marks=pytest.mark.slow)],
)
async def test_no_update_breaks_or_holds_up_the_bot_or_makes_it_grow(
    tmp_path: Path, shared: Path, updates: int, capsys: pytest.CaptureFixture[str]
) -> None:
    specification = Specification.load(shared / "telegram" / "bot-api.json")
    assert specification is not None

    played = await run(tmp_path, specification, updates, seed=updates)

    with capsys.disabled():
        if updates > WARM:
            print(f"\n{dict(played.kinds)}\n{dict(played.ends)}\n{dict(played.replies)}\n{played.grown:.1f} MB")  # noqa: T201 - a proof says what it did
    assert played.failures[:5] == []
    assert set(played.kinds) == set(Kind)
    assert played.ends["done"] > updates / 2
    assert {"sendMessage", "answerCallbackQuery", "editMessageText"} <= played.replies.keys()
    assert played.grown < MEMORY_MB
