"""What an operator tells everybody, by a real process that is killed again and again: each reader gets it once.

The long proof prints its figures; `pytest -rP` shows them.
"""

from __future__ import annotations

import contextlib
import random
import signal
import sqlite3
import time
from collections import Counter
from pathlib import Path

import pytest

from bot.messenger.wire.outbox import IN_FLIGHT
from bot.texts import say
from storage.database import Database
from storage.domain.changes import Spoken
from storage.domain.people import ReaderId
from storage.reader_settings import ReaderSettingsStore
from tests.bot.digest_run import QUICK
from tests.bot.test_process import running
from tests.bot_api.server import Failure, FakeBotApi
from tests.bot_api.trouble import MOVED, Trouble

pytestmark = pytest.mark.early

ADMIN = 5_000_000
TEXT = "On Sunday I am away for an hour."
_CUT_SHORT = "the process ended while sending"


async def readers(folder: Path, number: int) -> None:
    """An instance with readers 1 to `number`."""
    database = Database(f"sqlite:///{folder / 'tidings.db'}")
    await database.migrate()
    store = ReaderSettingsStore(database)
    async with database.transaction() as connection:
        for reader in range(1, number + 1):
            await store.speak(Spoken(reader=ReaderId(f"telegram:{reader}"), language="en"), within=connection)
    await database.close()


def rows(folder: Path, query: str) -> list[tuple[str, ...]]:
    with contextlib.closing(sqlite3.connect(folder / "tidings.db")) as database:
        return database.execute(query).fetchall()


def over(folder: Path, number: int) -> bool:
    """Whether everybody was told, or it is known that they cannot be."""
    (row,) = rows(folder, "SELECT count(*) FROM outbox WHERE key LIKE 'broadcast-%' AND payload = ''")
    return int(row[0]) == number and rows(folder, "SELECT state FROM broadcasts") == [("done",)]


@pytest.mark.parametrize(
    ("number", "kills", "each"),
    [(40, 4, 0), pytest.param(1_000, 40, 10, marks=pytest.mark.slow)],
    ids=["short", "long"],
)
async def test_a_broadcast_that_is_killed_reaches_each_reader_once(
    tmp_path: Path, number: int, kills: int, each: int
) -> None:
    began, chance = time.monotonic(), random.Random(7)  # noqa: S311 - to be repeated
    trouble = Trouble(7, each=each, chats=20 if each else 0)
    await readers(tmp_path, number)
    killed = 0

    def fault(method: str, fields: dict[str, str]) -> Failure | None:
        return None if fields.get("chat_id") == str(ADMIN) else trouble(method, fields)

    async with FakeBotApi(fault=fault) as api:
        api.say(f"/broadcast {TEXT}", chat=ADMIN)
        tapped = False

        def shown() -> bool:
            return any(call.chat_id == ADMIN and "reply_markup" in call.fields for call in api.sent)

        for n in range(kills + 1):
            # Somewhere among those of starting, and of telling the share of readers that is told until the next kill.
            at = chance.randrange(15, 15 + 4 * number // kills)
            options = [] if n == kills else [f"kill_{chance.choice(('before', 'after'))}={at}"]
            async with running(tmp_path, api, "log_level=INFO", f"admins={ADMIN}", QUICK, *options) as bot:
                process = bot.process
                if not tapped:
                    await api.until(lambda: shown() or process.returncode is not None, seconds=120)  # noqa: B023
                    if shown():
                        (asked,) = [call for call in api.sent if "reply_markup" in call.fields]
                        api.tap(asked, say("en", "broadcast_send"))
                        tapped = True
                await api.until(
                    lambda: process.returncode is not None or (tapped and over(tmp_path, number)),  # noqa: B023
                    seconds=120 + number,
                )
                assert process.returncode in {None, -signal.SIGKILL}, bot.log
                killed += process.returncode == -signal.SIGKILL
                if n == kills:
                    assert await bot.end(signal.SIGTERM) == 0, bot.log

    got = Counter(
        call.chat_id if call.chat_id > 0 else MOVED - call.chat_id for call in api.sent if TEXT in call.fields["text"]
    )
    told = rows(tmp_path, "SELECT key, chat_id, state, coalesce(error, '') FROM outbox WHERE key LIKE 'broadcast-%'")
    states = Counter(state for _, _, state, _ in told)
    cut_short = sum(error == _CUT_SHORT for *_, error in told)
    print(  # noqa: T201
        f"readers {number}, kills {killed}, received {sum(got.values())}, doubled {sum(n > 1 for n in got.values())}, "
        f"{dict(states)}, of these cut short {cut_short}, met {dict(trouble.met)}, {time.monotonic() - began:.0f} s"
    )
    # The preview of whoever wrote it comes once, too.
    assert got.pop(ADMIN) == 1
    assert set(got.values()) == {1}
    assert len(told) == number
    by_reader = {int(key.rpartition(":")[2]): state for key, _, state, _ in told}
    assert {reader for reader, state in by_reader.items() if state == "sent"} <= set(got)
    assert not [reader for reader, state in by_reader.items() if state == "failed" and reader in got]
    assert all(state in {"sent", "unknown"} or trouble.blocked(reader) for reader, state in by_reader.items())
    assert set(got) <= set(by_reader)
    assert cut_short <= killed * IN_FLIGHT
    assert states["unknown"] - cut_short <= trouble.uncertain
    assert killed >= kills // 2
    assert rows(tmp_path, "SELECT state, text FROM broadcasts") == [("done", "")]
    lost = {int(reader.rpartition(":")[2]) for (reader,) in rows(tmp_path, "SELECT reader_id FROM unreachable")}
    assert lost == {reader for reader, state in by_reader.items() if state == "failed"}
