"""All that is kept of a reader, asked for and forgotten in Telegram: what is said, and a real process."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.messenger.answers.own_data import OwnDataCommands
from bot.messenger.incoming.events import Commanded, Origin
from bot.texts import say
from storage.database import Database
from storage.domain.changes import Forgotten
from storage.domain.people import ReaderId
from storage.reader_settings import ReaderSettingsStore
from storage.readers import OWN, PARTS, ReaderStore
from tests.bot.messenger.handled import GROUP, ORIGIN, Bot, said
from tests.bot.test_process import instance, running
from tests.bot_api.server import Failure, FakeBotApi
from tests.own_data import FixedOwnData


@contextlib.asynccontextmanager
async def unseen(_origin: Origin) -> AsyncIterator[None]:
    yield


async def test_among_others_nothing_of_theirs_is_given() -> None:
    decision = await Bot().decision("export", GROUP)

    assert said(decision) == say("en", "own_data_private")
    assert (decision.documents, decision.changes) == ((), ())


async def test_a_group_is_forgotten_by_who_administers_it_and_none_of_its_members_is() -> None:
    asked, decision = await Bot().decision("forget", GROUP), await Bot().decision("forget everything", GROUP)

    assert said(asked).startswith("I would forget all I keep about this group")
    assert asked.changes == ()
    (forgotten,) = decision.changes
    assert isinstance(forgotten, Forgotten)
    assert forgotten.reader == GROUP.place


async def test_all_that_is_kept_comes_as_files() -> None:
    bot = Bot()

    decision = await bot.decision("export")

    assert said(decision) == say("en", "exported")
    assert [each.name for each in decision.documents] == ["all.json", "all.opml"]
    assert bot.own_data.asked == [(ORIGIN.reader, "en")]


@pytest.mark.parametrize("wrong", ["all", "yes", "everything I said about chips", "everythin", "全部吗", "1"])
async def test_what_does_not_confirm_in_full_changes_nothing(wrong: str) -> None:
    asked, answered = await Bot().decision("forget"), await Bot().decision(f"forget {wrong}")

    assert "/forget everything" in said(asked)
    assert said(answered) == say("en", "forget_unconfirmed")
    assert asked.changes == answered.changes == ()


@pytest.mark.parametrize("confirmation", ["everything", "Everything.", "“everything”", "全部", "全部。"])
async def test_who_confirms_in_full_is_forgotten(confirmation: str) -> None:
    decision = await Bot().decision(f"forget {confirmation}")

    assert said(decision) == say("en", "forgotten")
    assert decision.changes == (Forgotten(reader=ORIGIN.reader),)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_what_is_asked_for_in_a_language_confirms_in_it(language: str) -> None:
    commands = OwnDataCommands(own_data=FixedOwnData(), writing=unseen)
    origin = Origin(chat_id=7, message_id=1, reader=ORIGIN.reader, language=language, private=True)
    confirmation = say(language, "forget_confirm").rpartition("/forget ")[2]

    decision = await commands.forget(Commanded(origin=origin, command="forget", argument=confirmation))

    assert decision.changes == (Forgotten(reader=ORIGIN.reader),)


@pytest.mark.parametrize(("days", "told"), [(0, ""), (30, "\n\nWhat you ask and what I answer I keep for 30 days.")])
def test_it_is_told_for_how_long_talk_is_kept_where_that_has_an_end(days: int, told: str) -> None:
    commands = OwnDataCommands(own_data=FixedOwnData(talk_days=days), writing=unseen)

    assert said(commands.privacy("en")) == say("en", "privacy").rstrip() + told


MARK = "Zwetschgendatschi"


def held(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if ".db" in path.name)


def rows(folder: Path, number: int = 7) -> int:
    """How many rows name the reader, or go to them."""
    with contextlib.closing(sqlite3.connect(folder / "tidings.db")) as connection:
        naming = [f"SELECT count(*) FROM {table} WHERE reader_id = 'telegram:{number}'" for table in OWN]  # noqa: S608
        to_them = [f"SELECT count(*) FROM {table} WHERE chat_id = {number}" for table in ("inbox", "outbox")]  # noqa: S608
        return sum(connection.execute(each).fetchone()[0] for each in (*naming, *to_them))


async def test_a_reader_asks_for_all_that_is_kept_is_forgotten_and_is_new(tmp_path: Path, api: FakeBotApi) -> None:
    await instance(tmp_path)
    async with running(tmp_path, api) as bot:

        async def tell(text: str, claim: Callable[[], bool]) -> None:
            api.say(text)
            await bot.alive_until(api, claim)

        await tell(f"What of {MARK}?", lambda: len(api.sent) == 1)
        await tell(f"/add https://own.example/{MARK}", lambda: len(api.sent) == 2)
        await tell("/export", lambda: len(api.documents) == 2)
        await tell("/forget all", lambda: len(api.sent) == 4)
        before = rows(tmp_path)
        await tell("/forget everything", lambda: len(api.sent) == 5)
        await bot.alive_until(api, lambda: rows(tmp_path) == 0)
        await tell("And what is new?", lambda: len(api.sent) == 6)
        # Somebody else blocks the bot as soon as they asked to be forgotten.
        api.say(f"What of {MARK}?", chat=8)
        await bot.alive_until(api, lambda: len(api.sent) == 7)
        known = rows(tmp_path, 8)
        gone = Failure(403, "Forbidden: bot was blocked by the user")
        api.fault = lambda _method, fields: gone if fields.get("chat_id") == "8" else None
        api.say("/forget everything", chat=8)
        await bot.alive_until(api, lambda: rows(tmp_path, 8) == 0)

    database = Database(f"sqlite:///{tmp_path / 'tidings.db'}")
    readers = ReaderStore(database)
    new = await readers.export(ReaderId("telegram:7"))
    purged = await readers.purge()
    chosen = await ReaderSettingsStore(database).of(ReaderId("telegram:7"))
    await database.close()
    exported = json.loads(api.documents[0])["parts"]
    assert set(PARTS) < set(exported)
    assert [MARK in turn["question"] for turn in exported["turns"]["kept"]] == [True]
    assert exported["subscriptions"]["kept"] == [{"feed_url": f"https://own.example/{MARK}", "state": "added"}]
    assert MARK.encode() in api.documents[1]
    assert min(before, known) > 0
    assert rows(tmp_path, 8) == 0
    assert api.sent[4].shown.text == say("en", "forgotten")
    assert [turn["question"] for turn in new["turns"]] == ["And what is new?"]
    assert chosen.language is None
    assert purged
    assert MARK.encode() not in held(tmp_path)
