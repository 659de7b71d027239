"""`tidings export` and `tidings forget`, on a real instance."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from bot.terminal.history import history
from storage.domain.people import ReaderId
from storage.readers import PARTS
from tests.bot.program import Program

MARK = "Zwetschgendatschi"


def held(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.iterdir() if path.is_file())


@pytest.fixture
def told(filled: Program, home: Path) -> Program:
    """An instance in which Ada and Ben said what they care about, and Ada typed at a terminal."""
    filled("profile", "ada", "tell", f"{MARK}, ferries")
    filled("profile", "ben", "tell", "dams")
    for name in ("ada", "ben"):
        history(home, ReaderId(f"terminal:{name}")).write_text(f"+{MARK if name == 'ada' else 'dams'}\n")
    return filled


def test_all_that_is_kept_of_a_reader_is_printed_dated_and_explained(told: Program) -> None:
    given = told.json("export", "ada")

    assert given["reader"] == "terminal:ada"
    assert given["at"]
    assert set(given["parts"]) == {*PARTS, "interests", "sources", "opml"}
    assert all(part["about"] for part in given["parts"].values())
    assert [each["text"] for each in given["parts"]["evidence"]["kept"]] == [MARK, "ferries"]
    assert MARK in json.dumps(given["parts"]["interests"])
    assert "dams" not in json.dumps(given)


def test_of_a_reader_who_is_not_known_nothing_is_given(told: Program, tmp_path: Path) -> None:
    told("export", "nobody", "--out", str(tmp_path / "x.json"), status=1)

    assert "nobody: no reader of this name is known here" in told.errors
    assert not (tmp_path / "x.json").exists()


def test_it_is_explained_in_the_language_that_is_asked_for(told: Program) -> None:
    given = told.json("export", "ada", "--language", "zh")

    assert given["parts"]["opml"]["about"].startswith("同样的清单")


def test_it_goes_into_files(told: Program, tmp_path: Path) -> None:
    out, opml = tmp_path / "ada.json", tmp_path / "ada.opml"

    told("export", "terminal:ada", "--out", str(out), "--opml", str(opml))

    assert json.loads(out.read_text(encoding="utf-8"))["reader"] == "terminal:ada"
    assert out.stat().st_mode & 0o077 == 0
    assert b"<opml" in opml.read_bytes()


def test_nothing_is_left_of_who_is_forgotten(told: Program, home: Path) -> None:
    # What they typed is in the history of their terminal; in the database it is sealed.
    assert [MARK.encode() in path.read_bytes() for path in home.glob("tidings*.db*")].count(True) == 0
    assert MARK.encode() in held(home)

    done = told.json("forget", "ada", "--yes")

    assert done["reader"] == "terminal:ada"
    assert done["forgotten"]["evidence"] == 2
    assert done["files_purged"] is True
    assert MARK.encode() not in held(home)
    assert history(home, ReaderId("terminal:ben")).exists()
    assert [each["text"] for each in told.json("export", "ben")["parts"]["evidence"]["kept"]] == ["dams"]
    told("export", "ada", status=1)
    assert "no reader of this name is known here" in told.errors


def test_forgetting_again_is_no_fault(told: Program) -> None:
    told("forget", "ada", "--yes")

    assert told.json("forget", "ada", "--yes")["forgotten"] == {}
    assert told("forget", "ada", "--yes") == "Nothing is kept of ada.\n"


def test_nobody_is_forgotten_unasked(told: Program) -> None:
    told("forget", "ada", status=2)

    assert "--yes" in told.errors
    assert told.json("export", "ada")["parts"]["evidence"]["kept"]


def test_what_a_kill_left_to_do_is_done_the_next_time(told: Program, home: Path) -> None:
    with sqlite3.connect(home / "tidings.db") as connection:
        connection.execute("DELETE FROM evidence WHERE reader_id = 'terminal:ada'")
        connection.execute("DELETE FROM profiles WHERE reader_id = 'terminal:ada'")
        connection.execute("INSERT INTO counters VALUES ('forgotten', 1)")
    connection.close()

    told("forget", "ada", "--yes")

    assert MARK.encode() not in held(home)
    with sqlite3.connect(home / "tidings.db") as connection:
        assert connection.execute("SELECT value FROM counters WHERE name = 'forgotten'").fetchone() == (0,)
    connection.close()
