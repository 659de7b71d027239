from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.retrieval.topics.clustering import cluster, fill

ROOT = Path(__file__).resolve().parents[3]


def start(file: Path, words: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.retrieval.topics.clustering", str(file), str(words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def placed(file: Path) -> dict[str, int]:
    """Which story each article is in, by the number that leads there."""
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = connection.execute(
            "SELECT article_id, coalesce(merged_into, story_id) "
            "FROM story_articles JOIN stories ON stories.id = story_id"
        ).fetchall()
        # What stands at a revision has every article up to it, and none after.
        (upto,) = connection.execute(
            "SELECT coalesce((SELECT value FROM counters WHERE name = 'stories'), 0)"
        ).fetchone()
        expected = connection.execute("SELECT count(*) FROM articles WHERE revision <= ?", (upto,)).fetchone()[0]
    connection.close()
    assert len(rows) == len(dict(rows)) == expected
    return dict(rows)


async def survive(folder: Path, articles: int, kills: int) -> None:
    file, alone, words = folder / "killed.db", folder / "alone.db", folder / "words"
    await fill(file, articles)
    shutil.copy(file, alone)
    await cluster(alone, words)
    chance = random.Random(kills)  # noqa: S311 - chooses moments, keeps no secret
    for _ in range(kills):
        before = placed(file)
        with start(file, words) as process:
            assert process.stdout is not None
            process.stdout.readline()
            # Somewhere inside the step after.
            for _ in range(chance.randint(0, 400_000)):
                pass
            process.kill()
        assert before.keys() <= placed(file).keys()

    await cluster(file, words)

    assert placed(file) == placed(alone)
    assert len(placed(file)) == articles
    assert len(set(placed(file).values())) < articles


async def test_kills_leave_no_article_in_two_stories_or_in_none_and_change_no_number(tmp_path: Path) -> None:
    await survive(tmp_path, articles=40, kills=2)


@pytest.mark.slow
async def test_forty_kills_leave_no_article_in_two_stories_or_in_none_and_change_no_number(tmp_path: Path) -> None:
    await survive(tmp_path, articles=600, kills=40)
