from __future__ import annotations

import json
import tracemalloc
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.messenger.wire.bot_api import upload
from bot.personal.own_data import OwnData, pretty
from bot.terminal.history import history
from storage.articles import ArticleStore
from storage.budgets import BudgetStore
from storage.database import Database
from storage.domain.access import Budgets, Used, alias, day_of
from storage.domain.changes import Forgotten, Learned
from storage.domain.deliveries import OutboxMessage
from storage.domain.evidence import Evidence, EvidenceKind
from storage.domain.interests import Interests
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.errors import EncoderUnavailable
from storage.evidence import EvidenceStore
from storage.feeds import FeedStore
from storage.outbox import OutboxStore
from storage.readers import ReaderStore
from tests.interests import Learner
from tests.storage.examples import prepared

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
ADA, BEN = ReaderId("terminal:ada"), ReaderId("terminal:ben")


class Unavailable(Learner):
    async def show(self, reader: ReaderId) -> Interests:
        raise EncoderUnavailable("minilm", "cannot be loaded")


def own_data(
    database: Database, home: Path, learn: Learner | None = None, renew: Callable[[], Awaitable[bool]] | None = None
) -> OwnData:
    return OwnData(
        shelf=ReaderStore(database),
        learn=learn or Learner(),
        sources=FeedStore(database),
        home=home,
        clock=lambda: NOON,
        renew=renew or fail,
    )


async def fail() -> bool:
    pytest.fail("no index has to be rid of anything")


async def told(database: Database, reader: ReaderId) -> None:
    said = Evidence(reader=reader, kind=EvidenceKind.TOLD, at=NOON, key="text:1", text="ferries")
    await EvidenceStore(database).learn(Learned(evidence=(said,)))


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_files_are_named_and_dated_and_explained(database: Database, tmp_path: Path, language: str) -> None:
    await FeedStore(database).subscribe(ADA, Feed(url="https://own.example/rss", title="Own"))

    data, opml = await own_data(database, tmp_path).documents(ReaderId("terminal:../a b"), language)
    _, hers = await own_data(database, tmp_path).documents(ADA, language)

    assert (data.name, opml.name) == ("tidings-a-b-20261112-120000.json", "tidings-a-b-20261112-120000.opml")
    assert json.loads(data.content)["at"] == NOON.isoformat()
    assert b"own.example" not in data.content
    assert b"own.example" in hers.content


async def test_without_the_model_all_else_is_given(database: Database, tmp_path: Path) -> None:
    await told(database, ADA)

    given = await own_data(database, tmp_path, Unavailable()).export(ADA, "en")

    assert given["parts"]["interests"]["kept"] is None
    assert len(given["parts"]["evidence"]["kept"]) == 1


async def test_what_is_given_holds_no_file_that_was_given_before(database: Database, tmp_path: Path) -> None:
    payload = {"document": upload("all.json", b"everything"), "message_thread_id": 3}
    waiting = OutboxMessage(
        key="update-1:1", chat_id=7, method="sendDocument", payload=json.dumps(payload), created_at=NOON
    )
    await OutboxStore(database).enqueue([waiting])

    given = await own_data(database, tmp_path).export(ReaderId("telegram:7"), "en")

    assert [each["payload"] for each in given["parts"]["outbox"]["kept"]] == [
        {"document": "all.json", "message_thread_id": 3}
    ]


async def test_the_lines_of_who_is_forgotten_at_a_terminal_go_and_those_of_others_stay(
    database: Database, tmp_path: Path
) -> None:
    for reader in (ADA, BEN):
        await told(database, reader)
        history(tmp_path, reader).touch()

    await own_data(database, tmp_path).forget(ADA)
    first = await own_data(database, tmp_path).finish()
    again = await own_data(database, tmp_path).finish()

    assert (first, again) == (True, True)
    assert [history(tmp_path, reader).exists() for reader in (ADA, BEN)] == [False, True]


async def test_lines_that_a_kill_left_go_the_next_time(database: Database, tmp_path: Path) -> None:
    for reader in (ADA, BEN):
        await told(database, reader)
        history(tmp_path, reader).touch()
    await ReaderStore(database).forget(ADA)

    await own_data(database, tmp_path).finish()

    assert [history(tmp_path, reader).exists() for reader in (ADA, BEN)] == [False, True]
    assert not await ReaderStore(database).unfinished()


async def test_the_index_of_words_is_rid_of_articles_that_nobody_else_saw(database: Database, tmp_path: Path) -> None:
    feed = Feed(url="https://own.example/rss", title="Own", shared=False)
    await FeedStore(database).subscribe(ADA, feed)
    await ArticleStore(database).save([prepared("own", feed=feed.url, audience=feed.url)])
    # Another process has the index at first, then it is free.
    free = iter((False, True))

    async def renew() -> bool:
        return next(free)

    data = own_data(database, tmp_path, renew=renew)
    gone = await data.forget(ADA)
    done = [await data.finish() for _ in range(3)]

    assert gone["articles"] == 1
    assert done == [False, True, True]
    assert not await ReaderStore(database).unfinished()


def test_what_was_written_in_halves_of_characters_is_given_as_it_came() -> None:
    told = {"said": "half \ud83d of 😀"}

    assert json.loads(pretty(told)) == told
    assert "😀" in pretty(told).decode()


def test_writing_what_is_exported_takes_little_more_room_than_the_file() -> None:
    told = {"kept": [{"id": number, "text": "ferries", "at": None} for number in range(2_000)]}
    tracemalloc.start()

    try:
        written = pretty(told)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 3 * len(written)


async def test_what_the_forgotten_used_counts_on_by_an_alias_where_there_is_a_key(
    database: Database, tmp_path: Path
) -> None:
    reader, budgets, key = ReaderId("telegram:7"), BudgetStore(database, b"key"), b"key"
    plain, keyed = own_data(database, tmp_path), replace(own_data(database, tmp_path), key=key)
    bounds, used = Budgets(tokens=9), Used(reader=reader, day=day_of(NOON), tokens=4)

    await budgets.use(used)
    await plain.forget(reader)
    anew = await budgets.left(reader, NOON, bounds)
    await budgets.use(used)
    await keyed.forget(reader)

    assert (anew, await budgets.left(reader, NOON, bounds)) == (9, 5)
    assert plain.to_forget(reader) == Forgotten(reader=reader)
    assert keyed.to_forget(reader) == Forgotten(reader=reader, alias=alias(key, reader, NOON))
