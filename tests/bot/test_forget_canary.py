"""Words of a reader's own, planted wherever a real bot takes any, and looked for in every file afterwards."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
import tantivy

from retrieval.index import lexical
from storage.database import Database
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.feeds import FeedStore
from tests.bot.planted import READER, WORDS, Planting
from tests.bot.test_bot import home, serving
from tests.bot_api.server import FakeBotApi
from tests.retrieval.ingest.servers import LoopbackServer

pytestmark = pytest.mark.early

__all__ = ["home"]


def states(database: sqlite3.Connection, table: str) -> Counter[str]:
    return Counter(row[0] for row in database.execute(f"SELECT state FROM {table}"))  # noqa: S608 - ours


def found(folder: Path) -> Mapping[str, set[str]]:
    """In which files each word stands, by where it was planted."""
    holding: dict[str, set[str]] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            for place, word in WORDS.items():
                if word.encode() in content:
                    holding.setdefault(place, set()).add(path.name)
    return holding


def indexed(home_: Path) -> list[str]:
    """Which words the index of words holds, also where none finds them any more: its files have them squeezed."""
    stemmed = {place: lexical._stemming().analyze(word)[0] for place, word in WORDS.items()}
    held: list[str] = []
    for shelf in ("passages", "articles"):
        index = tantivy.Index(lexical._schema(), path=str(home_ / "lexical" / shelf))
        searcher = index.searcher()
        held += [place for place, word in stemmed.items() if searcher.doc_freq("words", word)]
    return held


async def test_no_byte_is_left_of_what_a_reader_said_did_or_had_read(tmp_path: Path, home: Path) -> None:
    log, before = tmp_path / "log.txt", dict[str, set[str]]()

    def settled() -> bool:
        with closing(sqlite3.connect(home / "tidings.db")) as database:
            return not (
                api.waiting
                or states(database, "inbox")["pending"]
                or {"pending", "sending"} & states(database, "outbox").keys()
            )

    def purged() -> bool:
        with closing(sqlite3.connect(home / "tidings.db")) as database:
            return dict(database.execute("SELECT name, value FROM counters")).get("forgotten") == 0

    async with FakeBotApi() as api, LoopbackServer() as site:
        planting = Planting(api=api, site=site, settled=settled, look=lambda: before.update(found(tmp_path)))
        planting.furnish()
        database = Database(f"sqlite:///{home / 'tidings.db'}")
        await FeedStore(database).add([Feed(url=planting.shared)])
        await FeedStore(database).subscribe(ReaderId(f"telegram:{READER}"), Feed(url=planting.own, shared=False))
        await database.close()
        async with serving(
            log, api, TIDINGS_ALLOW_PRIVATE_NETWORKS="true", TIDINGS_LOG_LEVEL="DEBUG", TMPDIR=str(home)
        ) as process:
            await api.until(lambda: len(indexed(home)) > 2 and api.polling, seconds=90)
            await planting.everything()
            words_before = indexed(home)
            api.say("/forget everything", chat=READER)
            await api.until(lambda: settled() and purged() and not indexed(home), seconds=90)
            process.send_signal(signal.SIGTERM)
            status = await asyncio.wait_for(process.wait(), 20)

    # What is looked for is what there was.
    assert before.keys() == WORDS.keys()
    assert set(words_before) == {"own_title", "article", "headline"}
    assert found(tmp_path) == {}
    assert indexed(home) == []
    assert status == 0
