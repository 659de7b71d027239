"""`tidings backup` and `tidings restore`, on a real instance."""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot import archives
from retrieval.index.lock import IndexLock
from storage import backups, migrations
from storage.database import Database
from storage.domain.changes import Learned
from storage.domain.evidence import Evidence, EvidenceKind
from storage.domain.people import ReaderId
from storage.evidence import EvidenceStore
from storage.schema import metadata
from tests.bot.program import ARTICLES, Program
from tests.storage.examples import EPOCH

ROOT = Path(__file__).resolve().parents[2]
DIES = "import os, signal, sys\nimport bot.archives as archives\nfrom bot.__main__ import main\n"
KILLS = {
    # Just before what was made would take its place, and in the middle of writing it.
    "at the end": "archives.put = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n",
    "in the middle": "archives.pack = lambda _manifest, _database, out, _tell: "
    "(out.write(b'half'), out.flush(), os.kill(os.getpid(), signal.SIGKILL))\n",
}
LITTLE = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"


def alone(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`tidings` in a process of its own, after a few lines of another program."""
    command = [sys.executable, "-c", f"{program}sys.argv[1:] = {list(arguments)!r}\nmain()"]
    return subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False, timeout=60)


def found(tidings: Program) -> list[str]:
    tidings("reindex")
    return [each["article_id"] for each in tidings.json("search", "Kestrel dam")["results"]]


async def said(home: Path, names: Sequence[str]) -> None:
    """Have readers say something."""
    database = Database(f"sqlite:///{home / 'tidings.db'}")
    noted = [
        Evidence(reader=ReaderId(f"terminal:{name}"), kind=EvidenceKind.TOLD, at=EPOCH, key=name, text="heron")
        for name in names
    ]
    await EvidenceStore(database).learn(Learned(evidence=tuple(noted)))
    await database.close()


async def words(home: Path, name: str) -> list[str | None]:
    """What a reader said, as far as it can be read."""
    database = Database(f"sqlite:///{home / 'tidings.db'}")
    found = await EvidenceStore(database).of(ReaderId(f"terminal:{name}"))
    await database.close()
    return [each.text for each in found.values()]


@pytest.fixture
def small(tidings: Program, home: Path, sqlite_template: Path) -> Program:
    """An instance with one row of somebody's."""
    home.mkdir()
    shutil.copyfile(sqlite_template, home / "tidings.db")
    with closing(sqlite3.connect(home / "tidings.db")) as database, database:
        database.execute("INSERT INTO conversations VALUES ('terminal:ada:1', 'terminal:ada')")
    return tidings


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes another home the one in use."""
    return lambda name: monkeypatch.setenv("TIDINGS_HOME", str(tmp_path / name))


def test_an_instance_is_the_same_elsewhere_and_finds_what_it_found(
    filled: Program, tmp_path: Path, elsewhere: Any
) -> None:
    file = tmp_path / "day.tgz"
    file.write_bytes(b"of yesterday")
    before = found(filled)

    saved = filled.json("backup", str(file))
    elsewhere("new")
    restored = filled.json("restore", str(file))

    assert saved["file"] == str(file)
    assert (saved["bytes"], saved["revision"]) == (file.stat().st_size, migrations.HEAD)
    assert {each["name"]: each["rows"] for each in saved["tables"]}["articles"] == len(ARTICLES)
    assert restored["database"] == str(tmp_path / "new" / "tidings.db")
    assert {key: restored[key] for key in ("sha256", "tables", "made_at", "rows")} == {
        key: saved[key] for key in ("sha256", "tables", "made_at", "rows")
    }
    assert (restored["messages_set_aside"], restored["updates_set_aside"]) == (0, 0)
    assert found(filled) == before
    assert file.stat().st_mode & 0o077 == (tmp_path / "new" / "tidings.db").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.glob("*.part")] == [path.name for path in tmp_path.glob("*/*.part")] == []


def test_it_goes_to_a_server_and_back_from_it(
    small: Program, tmp_path: Path, elsewhere: Any, empty_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, again = tmp_path / "day.tgz", tmp_path / "again.tgz"
    small("backup", str(file))

    monkeypatch.setenv("TIDINGS_DATABASE_URL", empty_postgres)
    there = small.json("restore", str(file))
    saved = small.json("backup", str(again))
    monkeypatch.delenv("TIDINGS_DATABASE_URL")
    elsewhere("back")
    back = small.json("restore", str(again))

    assert there["database"] == empty_postgres
    assert there["tables"] == saved["tables"] == back["tables"]


def test_it_says_in_words_what_was_done_and_what_is_left_to_do(
    small: Program, home: Path, tmp_path: Path, elsewhere: Any
) -> None:
    with closing(sqlite3.connect(home / "tidings.db")) as database, database:
        database.execute(
            "INSERT INTO outbox (key, chat_id, method, payload, created_at, state, attempts)"
            " VALUES ('k', 7, 'sendMessage', '{}', '2026-11-30', 'pending', 0)"
        )

    saved = small("backup", str(tmp_path / "day.tgz"))
    elsewhere("new")
    restored = small("restore", str(tmp_path / "day.tgz"))

    assert f"of {len(metadata.tables)} tables as of 20" in saved
    assert "MB, read again" in saved
    assert "1 message that waited to be sent, 0 updates to be answered" in restored
    assert "is in it again" not in restored
    assert "`tidings reindex`" in restored


def test_keys_go_apart_and_without_them_what_readers_wrote_is_left_out(
    small: Program, home: Path, tmp_path: Path, elsewhere: Any
) -> None:
    asyncio.run(said(home, ["ada", "ben"]))
    day, keys = str(tmp_path / "day.tgz"), tmp_path / "apart?100% #1.db"
    small("backup", day)
    saved = small.json("backup", str(keys), "--keys")

    elsewhere("beside")
    beside = small.json("restore", day)
    # The keys were where the backup says, and are not any more.
    for file in home.glob("tidings-keys.db*"):
        file.unlink()
    elsewhere("without")
    without = small.json("restore", day)
    told = small.errors
    elsewhere("with")
    again = small.json("restore", day, "--keys", str(keys))
    beside_them = [path.name for path in tmp_path.glob("*apart*")]
    elsewhere("wrong")
    small("restore", day, "--keys", day, status=2)

    assert (saved["keys"], keys.stat().st_mode & 0o077) == (2, 0)
    assert (beside_them, list(tmp_path.glob(".*"))) == ([keys.name], [])
    assert [each["readers_without_keys"] for each in (beside, without, again)] == [0, 2, 0]
    assert [each["readers_forgotten_since"] for each in (beside, without, again)] == [0, 0, 0]
    assert "what 2 readers wrote is left out, for no key of it is here" in told
    assert [each["readers_unmarked"] for each in (beside, without, again)] == [0, 0, 0]
    kept = [asyncio.run(words(tmp_path / name, "ada")) for name in ("beside", "without", "with")]
    assert kept == [["heron"], [], ["heron"]]
    assert "is no file of `tidings backup --keys`" in small.errors


def test_the_database_itself_is_no_place_for_its_keys(
    small: Program, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link.db").symlink_to(home / "tidings.db")
    for file in (home / "tidings.db", tmp_path / "link.db"):
        monkeypatch.setenv("TIDINGS_KEYS_URL", f"sqlite:///{file}")
        small("profile", "ada", "tell", "ferries", status=2)

        assert small.errors == (
            "tidings: TIDINGS_KEYS_URL: names the database itself, with which backups would hold the keys; "
            "name another file\n"
        )


def test_it_goes_through_a_pipe(small: Program, home: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: Any) -> None:
    piped = io.BytesIO()
    with monkeypatch.context() as given:
        given.setattr("sys.stdout", SimpleNamespace(buffer=piped, isatty=lambda: False))
        small("backup", "-")
    elsewhere("new")
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(piped.getvalue())))

    restored = small.json("restore", "-")

    assert {each["name"]: each["rows"] for each in restored["tables"]}["conversations"] == 1
    assert list(home.glob("*.part")) == []


@pytest.mark.parametrize("when", KILLS)
def test_a_kill_leaves_the_file_that_was_there_and_the_next_backup_is_whole(
    small: Program, tmp_path: Path, when: str
) -> None:
    file = tmp_path / "day.tgz"
    file.write_bytes(b"of yesterday")

    killed = alone(DIES + KILLS[when], "backup", str(file))
    left = file.read_bytes()
    small.json("backup", str(file))

    assert (killed.returncode, left) == (-signal.SIGKILL, b"of yesterday")
    assert file.read_bytes() != left
    assert list(tmp_path.glob("*.part")) == []


def test_a_full_disk_is_one_line_and_leaves_the_file_that_was_there(small: Program, tmp_path: Path) -> None:
    file = tmp_path / "day.tgz"
    file.write_bytes(b"of yesterday")

    full = alone(LITTLE + DIES, "backup", str(file))

    assert full.returncode == 1
    assert full.stderr.count("\n") == 1, full.stderr
    assert "the disk is full, or refuses to take more" in full.stderr
    assert file.read_bytes() == b"of yesterday"
    assert [path.name for path in tmp_path.glob("*day*")] == ["day.tgz"]
    assert small.json("backup", str(file))["rows"] > 0


def test_a_restore_that_is_killed_leaves_nothing_that_passes_for_an_instance(
    small: Program, tmp_path: Path, elsewhere: Any
) -> None:
    small("backup", str(tmp_path / "day.tgz"))
    elsewhere("new")

    killed = alone(DIES + KILLS["at the end"], "restore", str(tmp_path / "day.tgz"))
    left = (tmp_path / "new" / "tidings.db").exists()
    small.json("restore", str(tmp_path / "day.tgz"))

    assert (killed.returncode, left) == (-signal.SIGKILL, False)
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["index.lock", "tidings-keys.db", "tidings.db"]


def test_an_instance_that_is_there_is_left(small: Program, home: Path, tmp_path: Path) -> None:
    small("backup", str(tmp_path / "day.tgz"))

    small("restore", str(tmp_path / "day.tgz"), status=1)

    assert small.errors == (
        f"tidings: database {home / 'tidings.db'}: holds an instance; move it away, or set another TIDINGS_HOME\n"
    )


def test_what_is_written_there_while_it_is_unpacked_is_left(
    small: Program, tmp_path: Path, elsewhere: Any, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small("backup", str(tmp_path / "day.tgz"))
    elsewhere("new")
    place, examine = tmp_path / "new" / "tidings.db", backups.examine

    def meanwhile(file: Path) -> backups.Contents:
        shutil.copyfile(sqlite_template, place)
        with closing(sqlite3.connect(place)) as database, database:
            database.execute("INSERT INTO conversations VALUES ('terminal:ben:1', 'terminal:ben')")
        return examine(file)

    monkeypatch.setattr("storage.backups.examine", meanwhile)
    small("restore", str(tmp_path / "day.tgz"), status=1)

    assert "holds an instance" in small.errors
    with closing(sqlite3.connect(place)) as database:
        assert database.execute("SELECT reader_id FROM conversations").fetchall() == [("terminal:ben",)]


def test_it_is_unpacked_beside_its_place_wherever_that_is(
    small: Program, tmp_path: Path, elsewhere: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    small("backup", str(tmp_path / "day.tgz"))
    elsewhere("new")
    far, put, made = tmp_path / "another" / "disk" / "news.db", archives.put, []
    monkeypatch.setenv("TIDINGS_DATABASE_URL", f"sqlite:///{far}")

    def noted(file: Path, place: Path) -> None:
        made.append(file)
        put(file, place)

    monkeypatch.setattr("bot.archives.put", noted)
    restored = small.json("restore", str(tmp_path / "day.tgz"))

    assert restored["database"] == str(far)
    assert [file.parent.parent for file in made] == [far.parent]
    assert sorted(path.name for path in far.parent.iterdir()) == ["news-keys.db", "news.db"]


def test_one_whose_manifest_says_another_revision_is_refused(small: Program, tmp_path: Path, elsewhere: Any) -> None:
    file = tmp_path / "day.tgz"
    small("backup", str(file))
    with file.open("rb") as opened:
        said = archives.unpack(opened, "day", tmp_path / "saved.db", lambda *_: None)
    with file.open("wb") as out:
        archives.pack(replace(said, revision="0001"), tmp_path / "saved.db", out, lambda *_: None)
    elsewhere("new")

    small("restore", str(file), status=2)

    assert "day.tgz: is damaged: it does not hold what its manifest says" in small.errors


def test_what_was_made_by_only_looking_is_in_nobodys_way(small: Program, tmp_path: Path, elsewhere: Any) -> None:
    small("backup", str(tmp_path / "day.tgz"))
    elsewhere("new")
    # Nobody is known there, but it was looked.
    small("export", "ada", status=1)

    assert (tmp_path / "new" / "tidings.db").exists()
    assert small.json("restore", str(tmp_path / "day.tgz"))["rows"] > 0


def test_one_of_a_newer_version_is_refused(small: Program, home: Path, tmp_path: Path, elsewhere: Any) -> None:
    with closing(sqlite3.connect(home / "tidings.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    small("backup", str(tmp_path / "day.tgz"))
    elsewhere("new")

    small("restore", str(tmp_path / "day.tgz"), status=2)

    assert small.errors.endswith("day.tgz: was written by a newer Tidings (0.1.0); update Tidings to use it\n")


def test_nothing_is_put_beneath_another_process(small: Program, tmp_path: Path, elsewhere: Any) -> None:
    small("backup", str(tmp_path / "day.tgz"))
    elsewhere("new")
    lock = IndexLock(tmp_path / "new" / "index.lock")
    lock.acquire()

    small("restore", str(tmp_path / "day.tgz"), status=1)

    lock.release()
    assert small.errors == "tidings: another tidings is running on this instance; stop it, then run this again\n"


@pytest.mark.parametrize(
    ("arguments", "status", "reason"),
    [
        (["backup", "nowhere/day.tgz"], 2, "nowhere/day.tgz: its folder does not exist"),
        (["backup", "."], 2, "'.' is a directory"),
        (["backup", "-", "--json"], 2, "- writes the backup to standard output"),
        (["restore", "nowhere.tgz"], 2, "'nowhere.tgz' does not exist"),
        (["restore", "README.md"], 2, "README.md: is no backup of Tidings, or is damaged"),
        (["backup", "day.tgz"], 1, "holds no instance"),
    ],
)
def test_what_cannot_be_is_named(
    tidings: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], status: int, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "README.md").write_text("words", encoding="utf-8")

    tidings(*arguments, status=status)

    assert reason in tidings.errors
    assert not (tmp_path / "home" / "tidings.db").exists()
    assert json.dumps([path.name for path in tmp_path.glob("*.part")]) == "[]"
