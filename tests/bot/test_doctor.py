"""`tidings doctor`: what is wrong, one line and one remedy each."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.doctor import _looked
from storage.errors import IndexUnavailable
from tests.bot.program import Program
from tests.generation.engines.servers import ChatServer, answers, says


def test_the_doctor_finds_a_new_instance_healthy(tidings: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDINGS_KEEP_ARTICLES", "90")

    examined = tidings.json("doctor")

    assert examined["healthy"] is True
    checks = {check["name"]: check for check in examined["checks"]}
    assert checks.keys() >= {"settings", "disk", "database", "encoder", "telegram"}
    assert " MB, what is in it needs " in checks["disk"]["detail"]
    assert "articles are kept for 90 days" in checks["database"]["detail"]
    assert checks["metrics"]["detail"] == "off (TIDINGS_METRICS_TOKEN is empty)"


def test_feeds_that_were_never_read_are_not_called_readable(tidings: Program, tmp_path: Path) -> None:
    listed = "".join(f'<outline text="n" xmlUrl="https://n{n}.example/rss"/>' for n in range(2))
    (tmp_path / "feeds.opml").write_text(f"<opml version='2.0'><body>{listed}</body></opml>", encoding="utf-8")
    tidings("feeds", "import", str(tmp_path / "feeds.opml"))

    checks = {check["name"]: check for check in tidings.json("doctor")["checks"]}

    assert checks["feeds"]["detail"] == "0 of 2 readable, 2 not read yet"


def test_the_doctor_looks_at_the_reranker(tidings: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDINGS_RERANKER", str(tmp_path / "no-model"))

    examined = {check["name"]: check for check in tidings.json("doctor", status=1)["checks"]}

    assert not examined["reranker"]["ok"]
    assert examined["reranker"]["detail"].startswith(f"{tmp_path / 'no-model'}: ")
    assert "TIDINGS_RERANKER" in examined["reranker"]["remedy"]
    monkeypatch.setenv("TIDINGS_RERANKER", "none")
    assert {"name": "reranker", "ok": True, "detail": "none is wanted", "remedy": None} in tidings.json("doctor")[
        "checks"
    ]


def test_the_doctor_names_a_fault_and_its_remedy(filled: Program, home: Path) -> None:
    for path in (home / "lexical").rglob("*"):
        if path.is_file():
            path.unlink()

    examined = filled.json("doctor", status=1)

    (fault,) = [check for check in examined["checks"] if not check["ok"]]
    assert (fault["name"], fault["remedy"]) == ("lexical index", "run `tidings reindex`")


def test_the_doctor_says_whose_words_cannot_be_opened(filled: Program, home: Path) -> None:
    filled("profile", "ada", "tell", "ferries")
    sound = {check["name"]: check for check in filled.json("doctor")["checks"]}
    with closing(sqlite3.connect(home / "tidings-keys.db")) as connection, connection:
        connection.execute("DELETE FROM reader_keys")
    examined = {check["name"]: check for check in filled.json("doctor", status=1)["checks"]}
    (home / "tidings-keys.db").unlink()

    without = {check["name"]: check for check in filled.json("doctor", status=1)["checks"]}

    assert sound["keys"]["detail"] == "what 1 reader wrote can be opened"
    assert examined["keys"]["detail"] == "some of what 1 of 1 reader wrote was sealed by keys that are gone"
    assert "tidings-keys.db; put them back" in without["keys"]["detail"]
    assert not (home / "tidings-keys.db").exists()


async def test_the_doctor_names_the_server_that_answered(tidings: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    async with ChatServer(answers({}, 500)) as broken, ChatServer(says("Hello.")) as sound:
        monkeypatch.setenv("TIDINGS_LLM", "openai")
        monkeypatch.setenv("TIDINGS_LLM_BASE_URL", f"{broken.url},{sound.url}")

        examined = {check["name"]: check for check in (await asyncio.to_thread(tidings.json, "doctor"))["checks"]}

        detail = examined["language model"]["detail"]
        assert detail.startswith(f"scripted at {urlsplit(sound.url).netloc} writes after ")


async def test_an_index_that_names_itself_is_named_once() -> None:
    async def look() -> tuple[bool, str]:
        raise IndexUnavailable("lexical", "is damaged")

    check = await _looked("lexical index", look, "run `tidings reindex`")

    assert (check.ok, check.detail) == (False, "is damaged")
