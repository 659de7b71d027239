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

from bot import archives
from bot.__main__ import run
from retrieval.index import lexical
from storage.database import Database
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.feeds import FeedStore
from tests.bot.planted import PLAIN, READER, SEALED, WORDS, Planting, sealed_words
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


def sealed(database: Path, keys: Path) -> set[str]:
    """Where the words were planted that stand in a database, sealed by keys that there are."""
    if not keys.exists():
        return set()
    with closing(sqlite3.connect(database)) as of, closing(sqlite3.connect(keys)) as kept:
        return sealed_words(of.execute, kept.execute("SELECT id, owner, key FROM reader_keys").fetchall())


async def test_no_byte_is_left_of_what_a_reader_said_did_or_had_read(
    tmp_path: Path, home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, before, sealed_before = tmp_path / "log.txt", set[str](), set[str]()
    kept, keys = tmp_path_factory.mktemp("kept"), home / "tidings-keys.db"
    backup, earlier, again = kept / "day.tgz", kept / "earlier" / "tidings.db", kept / "again"
    earlier.parent.mkdir()

    def look() -> None:
        before.update(found(tmp_path))
        sealed_before.update(sealed(home / "tidings.db", keys))

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
        planting = Planting(api=api, site=site, settled=settled, look=look)
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
            assert await asyncio.to_thread(run, ["backup", str(backup)]) == 0
            with backup.open("rb") as opened:
                archives.unpack(opened, "day", earlier, lambda *_: None)
            in_backup = sealed(earlier, keys)
            api.say("/forget everything", chat=READER)
            await api.until(lambda: settled() and purged() and not indexed(home), seconds=90)
            process.send_signal(signal.SIGTERM)
            status = await asyncio.wait_for(process.wait(), 20)

    in_backup_after = sealed(earlier, keys)
    monkeypatch.setenv("TIDINGS_HOME", str(again))
    restored = await asyncio.to_thread(run, ["restore", str(backup)])

    # What is looked for is what there was, in files as it is or sealed; the rest is only in what waits to be answered.
    assert before | sealed_before >= PLAIN | SEALED
    assert set(words_before) == {"own_title", "article", "headline"}
    # Of what is sealed no byte was ever in any file, its journal and its free pages among them.
    assert before <= PLAIN
    assert found(tmp_path) == {}
    assert indexed(home) == []
    assert status == 0
    # Nor can it be read in the backup that was made before, in which it was until then.
    assert in_backup >= SEALED
    assert in_backup_after == set()
    assert found(earlier.parent).keys() <= PLAIN
    assert (restored, found(again)) == (0, {})
