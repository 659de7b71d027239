"""The whole bot on a PostgreSQL and a Chroma server, by two settings: nothing of it stays on the machine it runs on."""

from __future__ import annotations

import asyncio
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from bot.__main__ import run
from tests.bot.planted import PLAIN, SEALED, WORDS, Planting, sealed_words
from tests.bot.program import jsonl
from tests.bot.test_bot import serving
from tests.bot.test_forget_canary import found
from tests.bot_api.server import TOKEN, FakeBotApi
from tests.retrieval.ingest.servers import LoopbackServer

pytestmark = pytest.mark.early

NEWS = {
    "Kestrel dam to be rebuilt": "The Kestrel dam will be rebuilt by 2031, minister Ada Okoye said. It will cost 48 "
    "million crowns. Farmers had asked for it since the flood of 2024.",
    "Ferries stop for a week": "Ferries on Lake Oster stop for a week from Monday. Six boats need new engines, the "
    "operator said on Sunday evening in Port Oster.",
}


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_postgres: str, chroma_server: str) -> str:
    """The URL of the database of an instance with news and no feeds that are read from outside."""
    feeds = tmp_path / "feeds.opml"
    feeds.write_text(
        '<opml version="2.0"><body><outline xmlUrl="http://nowhere.localhost/feed"/></body></opml>', encoding="utf-8"
    )
    monkeypatch.setenv("TIDINGS_FEEDS", str(feeds))
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TIDINGS_DATABASE_URL", empty_postgres)
    monkeypatch.setenv("TIDINGS_CHROMA_URL", chroma_server)
    published = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    rows = [
        {"id": f"n{number}", "title": title, "text": text, "published": published, "source": "The Courier"}
        for number, (title, text) in enumerate(NEWS.items())
    ]
    assert run(["ingest", "--jsonl", str(jsonl(tmp_path / "news.jsonl", rows))]) == 0
    return empty_postgres


def holding(url: str) -> dict[str, set[str]]:
    """The tables, of the instance and of its journal, in which each planted word stands, by where it was planted."""
    found: dict[str, set[str]] = {}
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema, table in tables:
            rows = SQL("SELECT CAST(each AS text) FROM {} AS each").format(Identifier(schema, table))
            text = "\n".join(row[0] for row in connection.execute(rows))
            for place, word in WORDS.items():
                if word in text:
                    found.setdefault(place, set()).add(f"{schema}.{table}")
    return found


def settled(url: str, api: FakeBotApi) -> bool:
    """Whether all that was said is dealt with, and all that was answered sent."""
    with psycopg.connect(url) as connection:
        waits = connection.execute(
            "SELECT count(*) FROM (SELECT state FROM inbox UNION ALL SELECT state FROM outbox) AS each"
            " WHERE state IN ('pending', 'sending')"
        )
        return not api.waiting and waits.fetchone() == (0,)


async def test_questions_digests_follows_and_being_forgotten(
    tmp_path: Path, servers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup, keys, again = tmp_path / "day.tgz", tmp_path / "keys.db", tmp_path / "again"
    answers, planted, sealed = [], set[str](), set[str]()

    def look() -> None:
        planted.update(holding(servers))
        with psycopg.connect(servers) as connection:
            if connection.execute("SELECT to_regclass('reader_keys')").fetchone() != (None,):
                keys = connection.execute("SELECT id, owner, key FROM reader_keys").fetchall()
                sealed.update(sealed_words(lambda query: connection.execute(query).fetchall(), keys))

    async with (
        FakeBotApi() as api,
        LoopbackServer() as site,
        serving(tmp_path / "log.txt", api, TIDINGS_ALLOW_PRIVATE_NETWORKS="true") as process,
    ):
        planting = Planting(api=api, site=site, settled=lambda: settled(servers, api), look=look)
        planting.furnish()
        for text in ("How much will the Kestrel dam cost?", "/follow Kestrel dam", "/digest", "/forget everything"):
            if text.startswith("/forget"):
                await planting.everything()
                assert await asyncio.to_thread(run, ["backup", str(backup)]) == 0
            before = len(api.sent)
            api.say(text)
            await api.until(lambda: len(api.sent) > before, seconds=90)  # noqa: B023
            answers.append(api.sent[before].shown.text)
        await api.until(lambda: settled(servers, api))
        left = holding(servers)
        process.send_signal(signal.SIGTERM)
        status = await asyncio.wait_for(process.wait(), 15)
    assert await asyncio.to_thread(run, ["backup", "--keys", str(keys)]) == 0
    monkeypatch.delenv("TIDINGS_DATABASE_URL")
    monkeypatch.setenv("TIDINGS_HOME", str(again))
    restored = await asyncio.to_thread(run, ["restore", str(backup), "--keys", str(keys)])

    asked, followed, digest, forgotten = answers
    assert "48 million crowns" in asked
    assert followed.startswith("You follow “Kestrel dam” now.")
    assert [title in digest for title in NEWS] == [True, True]
    assert "you follow “Kestrel dam”" in digest
    assert forgotten.startswith("All I kept about you is forgotten.")
    # What waits keeps its words only until it is dealt with; what stands in files meanwhile: `test_forget_canary`.
    assert sealed >= SEALED
    assert {"digest", "added_url"} <= planted <= PLAIN
    assert left == {}
    assert status == 0
    # In a backup of before nobody reads it any more, by none of the keys that are left.
    assert (restored, found(again)) == (0, {})
    assert [path.name for path in (tmp_path / "home").rglob("*") if path.suffix in {".db", ".sqlite3"}] == []
