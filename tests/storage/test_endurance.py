from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.news import ArticleId, Filters
from storage.retention import RetentionStore
from tests.storage.examples import EPOCH, prepared
from tests.storage.writer import text_of

ROOT = Path(__file__).resolve().parents[2]


def start_writer(file: Path, first: int, *limit: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.storage.writer", f"sqlite:///{file}", str(first), *map(str, limit)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


async def assert_whole(file: Path, acknowledged: list[int]) -> int:
    """Everything acknowledged is there and nothing is there by halves; returns how many articles there are."""
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    database = Database(f"sqlite:///{file}")
    store = ArticleStore(database)
    held = {headline.id for headline in await store.latest(1_000_000, Filters(), None)}
    changes = await store.changes(0, 1_000_000)
    pieces: dict[str, list[str]] = {}
    for passage in changes.added:
        pieces.setdefault(passage.headline.id, []).append(passage.text)
    for id_ in held:
        article = await store.get(ArticleId(id_))
        assert article is not None
        assert article.text == "".join(pieces[id_])
        assert article.text in {text_of(int(id_), version) for version in (0, *range(2 * int(id_), 2 * int(id_) + 2))}
    await database.close()
    assert set(pieces) == held
    assert {str(n) for number in acknowledged for n in (number, number + 1)} <= held
    return len(held)


async def survive(file: Path, kills: int) -> None:
    rng = random.Random(kills)  # noqa: S311 - chooses moments, keeps no secret
    acknowledged: list[int] = []
    for _ in range(kills):
        first = acknowledged[-1] + 4 if acknowledged else 0
        with start_writer(file, first) as writer:
            assert writer.stdout is not None
            acknowledged += [int(writer.stdout.readline()) for _ in range(rng.randint(1, 6))]
            # Somewhere inside what it does next.
            for _ in range(rng.randint(0, 20_000)):
                pass
            writer.kill()
            acknowledged += [int(line) for line in writer.stdout.read().split()]
        assert await assert_whole(file, acknowledged) >= 2 * len(acknowledged)


@pytest.fixture
def file(sqlite_template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sqlite_template, tmp_path / "tidings.db"))


async def test_what_was_acknowledged_survives_kills_and_nothing_is_half_written(file: Path) -> None:
    await survive(file, kills=3)


@pytest.mark.slow
async def test_what_was_acknowledged_survives_a_hundred_kills(file: Path) -> None:
    await survive(file, kills=100)


def start_dropper(file: Path) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-m", "tests.storage.dropper", f"sqlite:///{file}", "30"]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT)


async def outlive_dropping(file: Path, kills: int) -> int:
    """Processes that are killed let old articles go until none is left, over and over; how many kills fell midway."""
    rng = random.Random(kills)  # noqa: S311 - chooses moments, keeps no secret
    database = Database(f"sqlite:///{file}")
    killed = halfway = begun = 0
    while killed < kills:
        known = {f"old {n}": f"https://a.example/{n}" for n in range(begun, begun + 300)}
        old = [prepared(id_, text_of(9, 0), canonical_url=url, bands=(7,)) for id_, url in known.items()]
        news = [prepared(f"new {n}", first_seen=EPOCH + timedelta(days=40 + n)) for n in range(2)]
        await ArticleStore(database).save([*old, *news])
        begun, held = begun + 300, set(known)
        while held:
            with start_dropper(file) as dropper:
                assert dropper.stdout is not None
                assert dropper.stdout.readline() == "ready\n"
                if killed < kills:
                    for _ in range(rng.randint(0, 8_000_000)):
                        pass
                    dropper.kill()
                done = "done" in dropper.stdout.read()
            with contextlib.closing(sqlite3.connect(file)) as connection:
                held = {row[0] for row in connection.execute("SELECT id FROM articles WHERE id LIKE 'old %'")}
                assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert await RetentionStore(database).met(known, None, EPOCH) == known.keys() - held
            assert done <= (not held)
            killed += not done
            halfway += 0 < len(held) < len(known)
    await database.close()
    return halfway


async def test_what_goes_by_its_age_goes_whole_and_leaves_its_trace_under_kills(file: Path) -> None:
    await outlive_dropping(file, kills=2)


@pytest.mark.slow
async def test_what_goes_by_its_age_goes_whole_and_leaves_its_trace_under_sixty_kills(file: Path) -> None:
    assert await outlive_dropping(file, kills=60) > 5


async def test_a_full_disk_is_said_and_loses_nothing(file: Path) -> None:
    with start_writer(file, 0, 2_000_000) as writer:
        assert writer.stdout is not None
        *acknowledged, complaint = writer.stdout.read().splitlines()

    assert complaint.startswith(f"StorageFull database {file}: the disk is full")
    assert await assert_whole(file, [int(line) for line in acknowledged]) == 2 * len(acknowledged) > 0
    database = Database(f"sqlite:///{file}")
    assert (await ArticleStore(database).save([prepared("once there is room")])).new == 1
    await database.close()
