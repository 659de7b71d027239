from __future__ import annotations

import asyncio
import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from retrieval.index import chroma
from retrieval.index.chroma import ChromaIndex
from retrieval.ports import Vectors
from storage.domain.news import Changes, Filters
from storage.errors import IndexUnavailable
from tests.fakes import make_passage

UNIT = np.eye(1, 8, dtype=np.float32)
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def step(revision: int) -> Changes:
    return Changes(revision=revision, added=(make_passage(revision, "flood"),), removed=())


class Halting(ChromaIndex):
    """Stops, when told to, where all is stored and, as it were, this process has not noted it yet."""

    def __init__(self, place: Path) -> None:
        super().__init__(place, "encoder")
        self.halt = False
        self.halted, self.go_on = threading.Event(), threading.Event()

    def _apply(self, changes: Changes, vectors: Vectors) -> None:
        super()._apply(changes, vectors)
        if self.halt:
            self._opened_folder, noted = None, self._opened_folder
            self.halted.set()
            self.go_on.wait()
            self._opened_folder = noted


async def test_a_search_does_not_close_the_files_while_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma, "_LOOK_AGAIN_SECONDS", 0)
    index = Halting(tmp_path / "chroma")
    await index.apply(step(1), UNIT)
    client = index._client
    index.halt = True

    writing = asyncio.create_task(index.apply(step(2), UNIT))
    await asyncio.to_thread(index.halted.wait)
    found = await index.nearest(UNIT[0], 5, Filters())
    kept = index._client is client
    index.go_on.set()
    await writing

    assert kept
    assert {match.id for match in found} == {1, 2}
    index.close()


async def test_a_search_opens_the_files_anew_once_another_process_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma, "_LOOK_AGAIN_SECONDS", 0)
    index = Halting(tmp_path / "chroma")
    await index.apply(step(1), UNIT)
    client = index._client
    other = ChromaIndex(tmp_path / "chroma", "encoder")
    await other.apply(step(2), UNIT)

    found = await index.nearest(UNIT[0], 5, Filters())

    assert index._client is not client
    assert {match.id for match in found} == {1, 2}
    assert await index.revision() == 2
    index.close()
    other.close()


async def filled(index: ChromaIndex, n: int = 400) -> Vectors:
    """Passages 1 to n: every fourth Chinese, one a day, from two sources; their vectors."""
    random = np.random.default_rng(3)
    vectors = random.standard_normal((n, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    added = tuple(
        make_passage(
            number,
            "flood",
            language="en" if number % 4 else "zh",
            published=DAY + timedelta(days=number) if number % 10 else None,
            source="Daily" if number % 2 else "Weekly",
        )
        for number in range(1, n + 1)
    )
    await index.apply(Changes(revision=n, added=added, removed=()), vectors)
    return vectors


FILTERS = {
    "wide": (Filters(language="en"), lambda number: number % 4 > 0),
    "narrow": (Filters(language="zh"), lambda number: number % 4 == 0),
    "source": (Filters(sources=("weekly",)), lambda number: number % 2 == 0),
    "time": (
        Filters(since=DAY + timedelta(days=50), until=DAY + timedelta(days=90)),
        lambda number: 50 <= number < 90 and number % 10 > 0,
    ),
    "undated": (Filters(since=DAY + timedelta(days=390), undated=True), lambda n: n >= 390 or n % 10 == 0),
    "both": (Filters(language="en", since=DAY + timedelta(days=200)), lambda n: n >= 200 and n % 4 > 0 and n % 10 > 0),
}


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("k", [1, 10, 300])
async def test_filtered_searches_find_the_nearest_of_all_that_meet_the_filters(
    name: str, k: int, tmp_path: Path
) -> None:
    index = ChromaIndex(tmp_path / "chroma", "encoder")
    vectors = await filled(index)
    filters, meets = FILTERS[name]

    found = await index.nearest(vectors[6], k, filters)

    cosines = {number: float(vectors[number - 1] @ vectors[6]) for number in range(1, 401) if meets(number)}
    # Two that are as near but for the last digits may change places.
    assert {match.id: match.score for match in found} == pytest.approx({m.id: cosines[m.id] for m in found}, abs=1e-3)
    assert [match.score for match in found] == pytest.approx(sorted(cosines.values(), reverse=True)[:k], abs=1e-3)
    index.close()


async def test_a_lost_catalogue_is_made_again_from_the_first_revision_on(tmp_path: Path) -> None:
    index = ChromaIndex(tmp_path / "chroma", "encoder")
    await filled(index)
    index.close()
    (catalogue,) = (tmp_path / "chroma").rglob("catalogue")
    shutil.rmtree(catalogue)

    index = ChromaIndex(tmp_path / "chroma", "encoder")
    assert (await index.revision(), await index.count()) == (0, 0)
    vectors = await filled(index)

    assert (await index.revision(), await index.count()) == (400, 400)
    assert len(await index.nearest(vectors[0], 400, Filters())) == 400
    assert len(await index.nearest(vectors[0], 400, Filters(language="zh"))) == 100
    index.close()


async def test_nothing_is_left_of_a_first_step_that_was_interrupted(tmp_path: Path) -> None:
    class Killed(Exception):
        pass

    def kill(*_: object) -> None:
        raise Killed

    index = ChromaIndex(tmp_path / "chroma", "encoder")
    index._opened_catalogue().apply = kill  # type: ignore[method-assign]
    with pytest.raises(IndexUnavailable):
        await index.apply(step(1), UNIT)
    index.close()

    index = ChromaIndex(tmp_path / "chroma", "encoder")
    assert (await index.revision(), await index.count()) == (0, 0)
    await index.apply(step(2), UNIT)

    assert [match.id for match in await index.nearest(UNIT[0], 5, Filters())] == [2]
    index.close()


async def test_clearing_one_encoders_index_leaves_the_others_alone(tmp_path: Path) -> None:
    one, other = ChromaIndex(tmp_path, "one"), ChromaIndex(tmp_path, "other")
    await one.apply(step(1), UNIT)
    await other.apply(step(1), UNIT)

    await one.clear()

    assert (await one.count(), await other.count()) == (0, 1)
    assert len(await other.nearest(UNIT[0], 5, Filters())) == 1
    await one.apply(step(2), UNIT)
    assert [match.id for match in await one.nearest(UNIT[0], 5, Filters())] == [2]
    one.close()
    other.close()


async def test_what_the_first_layout_left_goes_when_an_index_is_made(tmp_path: Path) -> None:
    former = tmp_path / "1"
    former.mkdir()
    (former / "chroma.sqlite3").write_text("of old")
    index = ChromaIndex(tmp_path, "encoder")
    assert (await index.revision(), former.exists()) == (0, True)

    await index.apply(step(1), UNIT)

    assert not former.exists()
    assert await index.count() == 1
    index.close()


def test_a_server_needs_a_folder_for_what_is_kept_here() -> None:
    with pytest.raises(ValueError, match="folder"):
        ChromaIndex("http://127.0.0.1:1", "encoder")
