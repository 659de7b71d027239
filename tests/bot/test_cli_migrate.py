from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest

from retrieval.index.lock import IndexLock
from storage.database import Database
from tests.bot.program import ARTICLES, Program


def test_an_instance_goes_to_a_server_and_finds_there_what_it_found(
    filled: Program, empty_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found() -> list[str]:
        return [each["article_id"] for each in filled.json("search", "Kestrel dam")["results"]]

    before = found()
    report = filled.json("migrate-to", empty_postgres)
    again = filled("migrate-to", empty_postgres)
    monkeypatch.setenv("TIDINGS_DATABASE_URL", empty_postgres)

    assert report["database"] == empty_postgres
    assert {each["name"]: each["rows"] for each in report["tables"]}["articles"] == len(ARTICLES)
    assert report["rows"] == sum(each["rows"] for each in report["tables"])
    assert f"set TIDINGS_DATABASE_URL to {empty_postgres}" in again
    assert found() == before


def test_what_lies_where_it_came_from_brings_back_nobody_who_was_forgotten_since(
    filled: Program, home: Path, tmp_path: Path, empty_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled("profile", "ada", "tell", "rare zebrafinches")
    filled("backup", str(tmp_path / "before.tgz"))
    told = filled("migrate-to", empty_postgres)
    with monkeypatch.context() as there:
        there.setenv("TIDINGS_DATABASE_URL", empty_postgres)
        examined = filled.json("doctor", status=1)
        filled("forget", "ada", "--yes")
    left = home / "tidings.db"
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TIDINGS_HOME", str(tmp_path / "elsewhere"))
        filled("restore", str(tmp_path / "before.tgz"))
        profile = filled("profile", "ada")

    (check,) = (each for each in examined["checks"] if each["name"] == "left behind")
    assert f"delete {left} and {home / 'tidings-keys.db'}" in told
    assert str(left) in check["detail"]
    assert "zebrafinches" not in profile


def test_an_instance_that_is_there_is_given_no_keys_of_another(
    tidings: Program, tmp_path: Path, empty_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def owners() -> set[str]:
        there = Database(empty_postgres)
        found = {each.owner for each in (await there.keys.named(await there.keys.ids())).values()}
        await there.close()
        return found

    with monkeypatch.context() as theirs:
        theirs.setenv("TIDINGS_DATABASE_URL", empty_postgres)
        tidings("profile", "ben", "tell", "ferries")
    tidings("profile", "ada", "tell", "chips")
    tidings("backup", str(tmp_path / "day.tgz"))

    tidings("migrate-to", empty_postgres, status=1)
    migrating = tidings.errors
    monkeypatch.setenv("TIDINGS_DATABASE_URL", empty_postgres)
    tidings("restore", str(tmp_path / "day.tgz"), status=1)

    assert "holds another instance; give one that is empty" in migrating
    assert "holds an instance; give one that is empty" in tidings.errors
    assert asyncio.run(owners()) == {"terminal:ben"}


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sqlite:////tmp/other.db", "URL: names a file of SQLite; write postgresql://user:password@host/name"),
        ("mysql://host/name", "URL: mysql is not supported; use sqlite or postgresql"),
    ],
)
def test_what_is_no_server_is_named(tidings: Program, url: str, reason: str) -> None:
    tidings("migrate-to", url, status=2)

    assert tidings.errors == f"tidings: {reason}\n"


def test_the_server_need_not_be_named_where_others_see_it(tidings: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("mysql://ada:secret@host/name\n"))

    tidings("migrate-to", "-", status=2)

    assert tidings.errors == "tidings: URL: mysql is not supported; use sqlite or postgresql\n"


def test_nothing_is_copied_beneath_another_process(tidings: Program, home: Path) -> None:
    lock = IndexLock(home / "index.lock")
    lock.acquire()

    tidings("migrate-to", "postgresql://127.0.0.1:9/nowhere", status=1)

    lock.release()
    assert tidings.errors == "tidings: another tidings is running on this instance; stop it, then run this again\n"
