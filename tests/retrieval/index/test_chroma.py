from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import numpy as np
import pytest

from retrieval.index import chroma
from retrieval.index.chroma import ChromaIndex
from retrieval.ports import Vectors
from storage.domain.news import Changes, Filters
from tests.fakes import make_passage

UNIT = np.eye(1, 8, dtype=np.float32)


def step(revision: int) -> Changes:
    return Changes(revision=revision, added=(make_passage(revision, "flood"),), removed=())


class Halting(ChromaIndex):
    """Stops, when told to, where the new revision is stored and this process has not noted it yet."""

    def __init__(self, place: Path) -> None:
        super().__init__(place, "encoder")
        self.halt = False
        self.halted, self.go_on = threading.Event(), threading.Event()

    def _apply(self, changes: Changes, vectors: Vectors) -> None:
        super()._apply(changes, vectors)
        if self.halt:
            self._known_revision, noted = 0, self._known_revision
            self.halted.set()
            self.go_on.wait()
            self._known_revision = noted


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
    # As if another process had stored revision 1 after this one read the files.
    index._known_revision = 0

    await index.nearest(UNIT[0], 5, Filters())

    assert index._client is not client
    index.close()
