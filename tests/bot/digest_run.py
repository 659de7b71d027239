"""A run of digests over real processes that are killed, and what became of each of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.messenger.paragraphs.notices import digest_messages
from bot.messenger.wire.outbox import IN_FLIGHT
from storage.database import Database, insert
from storage.digests import DigestStore
from storage.domain.changes import Listed, Wished
from storage.domain.digests import LONGEST, SHORTEST, Digest, DigestSettings, Outcome, Slot, Timetable
from storage.domain.people import ReaderId
from storage.schema import digest_slots
from tests.bot.process import ITEMS
from tests.bot.test_process import Bot, running
from tests.bot_api.server import FakeBotApi
from tests.bot_api.trouble import MOVED, Trouble

QUICK = "rate=1000"
"""What the processes are given to send as fast as they can."""
_DAY = timedelta(days=1)
_CUT_SHORT = "the process ended while sending"
_LINE_SECONDS = 0.5
"""What is on the line when Telegram asks to wait arrives within it, on a machine that is busy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Readers whose digests are due: those of chats 1 to n, every fourth of them with a digest of two messages."""

    folder: Path
    readers: int
    slot: Slot

    @classmethod
    async def prepared(cls, folder: Path, readers: int) -> Run:
        """An instance at which their digests of this hour are due, and those of yesterday were ignored."""
        at = (datetime.now(UTC) - timedelta(hours=1)).replace(second=0, microsecond=0)
        run = cls(folder=folder, readers=readers, slot=Slot(name=f"{at:%Y-%m-%dT%H:%M}", at=at))
        before = Slot(name=f"{at - _DAY:%Y-%m-%dT%H:%M}", at=at - _DAY)
        database = Database(f"sqlite:///{folder / 'tidings.db'}")
        await database.migrate()
        shelf = DigestStore(database)
        async with database.transaction() as connection:
            for chat in range(1, readers + 1):
                settings = run.settings(chat)
                await shelf.wish(Wished(settings=settings, at=settings.since, wake_at=at), within=connection)
                digest = replace(run.digest(chat), at=before.at, slot=before, items=ITEMS[:1])
                await shelf.show(Listed(digest=digest), within=connection)
                sent = {"slot": before.name, "outcome": Outcome.SENT, "settled_at": before.at}
                await connection.execute(insert(connection, digest_slots).values(reader_id=settings.reader, **sent))
        await database.close()
        return run

    def settings(self, chat: int) -> DigestSettings:
        return DigestSettings(
            reader=ReaderId(f"telegram:{chat}"),
            since=self.slot.at - timedelta(minutes=1),
            active=True,
            timetable=Timetable(times=(self.slot.at.time(),)),
            length=SHORTEST if chat % 4 else LONGEST,
        )

    def digest(self, chat: int) -> Digest:
        settings = self.settings(chat)
        items = ITEMS[: settings.length]
        return Digest(reader=settings.reader, at=self.slot.at, items=items, language="en", slot=self.slot)

    def texts(self, chat: int) -> list[str]:
        """What a reader is to get, in order."""
        messages = digest_messages(self.digest(chat), self.settings(chat))
        return [json.loads(message.payload)["text"] for message in messages]

    @property
    def messages(self) -> int:
        return self.readers + self.readers // 4

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with contextlib.closing(sqlite3.connect(self.folder / "tidings.db")) as database:
            return database.execute(query).fetchall()

    @property
    def states(self) -> Counter[str]:
        """How many messages are in each state of the outbox."""
        return Counter(str(state) for (state,) in self.rows("SELECT state FROM outbox"))

    def progress(self) -> int:
        """How much is done, of `readers + messages`."""
        (row,) = self.rows(
            f"SELECT (SELECT count(*) FROM digest_slots WHERE slot = '{self.slot.name}')"  # noqa: S608 - ours
            " + (SELECT count(*) FROM outbox WHERE state IN ('sent', 'unknown', 'failed'))"
        )
        return int(str(row[0]))

    def done(self) -> bool:
        return self.progress() == self.readers + self.messages

    async def through(self, api: FakeBotApi, trouble: Trouble, kills: Sequence[str | int], *given: str) -> Tally:
        """Run processes until everything is done, all but the last of them killed.

        Args:
            kills: Where each is: an option of the process, or how much is done by then. Before every fourth, if it is
                one of those, nothing listens for a while.
            given: Further options of every process.
        """
        began, ends, killed, outages = time.monotonic(), list[float](), 0, 0
        for number, kill in enumerate(kills):
            options = [kill] if isinstance(kill, str) else []
            async with running(self.folder, api, "log_level=INFO", *given, *options) as bot:
                await self._over(api, bot, kill, seconds=120)
                assert bot.process.returncode in {None, -signal.SIGKILL}, bot.log
                # A process that was to kill itself and did not come so far is ended below, with nothing left to do.
                killed += isinstance(kill, int) or bot.process.returncode is not None
                if isinstance(kill, int) and number % 4 == 0:
                    async with api.away():
                        await asyncio.sleep(0.2)
                    outages += 1
            ends.append(time.monotonic())
        async with running(self.folder, api, "log_level=INFO", *given) as bot:
            asked = len(api.accepted("getMe"))
            await self._over(api, bot, None, seconds=60 + self.readers)
            # Where everything was done before, it is there all the same, and does nothing of it again.
            await bot.alive_until(api, lambda: len(api.accepted("getMe")) > asked)
            status = await bot.end(signal.SIGTERM)
        assert status == 0, bot.log
        return Tally(
            run=self,
            api=api,
            trouble=trouble,
            killed=killed,
            outages=outages,
            ends=ends,
            seconds=time.monotonic() - began,
        )

    async def _over(self, api: FakeBotApi, bot: Bot, kill: str | int | None, *, seconds: float) -> None:
        try:
            await api.until(lambda: self._is_over(bot, kill), seconds=seconds)
        except TimeoutError:
            states = dict(self.states)
            pytest.fail(f"{self.progress()} of {self.readers + self.messages} done, outbox {states}, log:\n{bot.log}")

    def _is_over(self, bot: Bot, kill: str | int | None) -> bool:
        over = bot.process.returncode is not None or self.done()
        return over or (isinstance(kill, int) and self.progress() >= kill)


def chat_of(reader: object) -> int:
    """The chat that a reader had at first: what is kept of them moves with it."""
    chat = int(str(reader).removeprefix("telegram:"))
    return chat if chat > 0 else MOVED - chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of a run."""

    run: Run
    api: FakeBotApi
    trouble: Trouble
    killed: int
    outages: int
    ends: Sequence[float]
    seconds: float

    def check(self) -> None:
        """Nothing is lost without a word, doubled, out of order, or sent when that was not to be."""
        run, got = self.run, self.received()
        readers = range(1, run.readers + 1)
        slots = run.rows("SELECT reader_id, slot, outcome FROM digest_slots")
        now = [(chat_of(reader), outcome) for reader, slot, outcome in slots if slot == run.slot.name]
        assert sorted(now) == [(chat, "sent") for chat in readers]
        assert len(slots) == 2 * run.readers
        # Nobody is to be looked at again before their next hour.
        assert run.rows("SELECT reader_id FROM digest_settings WHERE wake_at <= datetime('now')") == []
        ignored = run.rows("SELECT reader_id FROM evidence WHERE kind = 'ignored'")
        assert sorted(chat_of(reader) for (reader,) in ignored) == list(readers)
        shown = run.rows(f"SELECT reader_id, place FROM shown_stories WHERE slot = '{run.slot.name}'")  # noqa: S608
        assert sorted((chat_of(reader), place) for reader, place in shown) == [
            (chat, place) for chat in readers for place in range(run.settings(chat).length)
        ]
        assert {chat: parts for chat, parts in got.items() if parts != sorted(set(parts))} == {}
        self._check_outbox(got)
        assert self.within_halts() == []
        assert run.rows("PRAGMA integrity_check") == [("ok",)]

    def _check_outbox(self, got: dict[int, list[int]]) -> None:
        run = self.run
        rows = run.rows("SELECT key, chat_id, state, coalesce(error, ''), payload FROM outbox")
        keys = {
            f"digest-telegram:{chat}-{run.slot.name}:{part}": (chat, part)
            for chat in range(1, run.readers + 1)
            for part in range(1, len(run.texts(chat)) + 1)
        }
        assert sorted(str(row[0]) for row in rows) == sorted(keys)
        for key, chat_id, state, error, payload in rows:
            chat, part = keys[str(key)]
            where = (key, state, error)
            assert payload == "", where
            assert chat_id in {chat, MOVED - chat}, where
            match state:
                case "sent":
                    assert part in got[chat], where
                    assert error == "", where
                case "failed":
                    assert part not in got[chat], where
                    assert self.trouble.blocked(chat), where
                    assert error in {"403 Forbidden: bot was blocked by the user", "the recipient is gone"}, where
                case _:
                    assert state == "unknown", where
                    assert error, where
        assert self.cut_short <= self.killed * IN_FLIGHT
        assert run.states["unknown"] - self.cut_short <= self.trouble.uncertain + self.outages * IN_FLIGHT

    def received(self) -> dict[int, list[int]]:
        """By the chat that a reader had, the numbers of the messages that arrived there, in the order they did."""
        texts = {length: self.run.texts(chat) for chat, length in ((1, SHORTEST), (4, LONGEST))}
        got: dict[int, list[int]] = defaultdict(list)
        for call in self.api.sent:
            chat = chat_of(f"telegram:{call.chat_id}")
            got[chat].append(texts[self.run.settings(chat).length].index(call.fields["text"]) + 1)
        return got

    @property
    def cut_short(self) -> int:
        """How many of the unknown were being sent when a process was killed."""
        return [error for (error,) in self.run.rows("SELECT error FROM outbox")].count(_CUT_SHORT)

    def within_halts(self) -> list[float]:
        """How far into a time in which it was asked to wait something was sent, in seconds.

        Not counted is what a process was asked that was killed before it could take that down.
        """
        return [
            call.at - since
            for call in self.api.calls
            if call.method == "sendMessage"
            for since, until in self.api.halts
            if since + _LINE_SECONDS < call.at < until
            and not any(since <= end < since + _LINE_SECONDS for end in self.ends)
        ]

    def __str__(self) -> str:
        got = [(call.chat_id, call.fields["text"]) for call in self.api.sent]
        return (
            f"readers {self.run.readers}, messages {self.run.messages}, kills {self.killed}, received {len(got)}, "
            f"doubled {len(got) - len(set(got))}, {dict(self.run.states)}, "
            f"of these cut short {self.cut_short}, outages {self.outages}, met {dict(self.trouble.met)}, "
            f"halts {len(self.api.halts)}, within them {len(self.within_halts())}, {self.seconds:.0f} s"
        )
