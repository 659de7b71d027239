"""Folders in any state: never an error that is not ours, never a wrong answer after a rebuild."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from retrieval.index.chroma import ChromaIndex
from retrieval.index.lexical import TantivyIndex
from retrieval.index.lock import IndexLock
from retrieval.index.spaces import LivingSpaces, OpenedSpace
from retrieval.index.sync import IndexKeeper
from retrieval.index.words import WordCutter
from retrieval.ports import Space
from storage.domain.news import Changes, Filters
from storage.errors import IndexUnavailable
from tests.fakes import EPOCH, HashingEncoder, InMemoryCorpus, InMemoryEncoders, make_passage
from tests.retrieval.index.keeper import model_of

N = 1200
PASSAGES = [make_passage(i, " ".join(f"word{i}x{j}" for j in range(6)) + " flood") for i in range(N)]


def rewrite(folder: Path, change: Callable[[bytes], bytes], suffix: str = "") -> None:
    for path in [path for path in folder.rglob("*") if path.is_file() and path.name.endswith(suffix)]:
        path.write_bytes(change(path.read_bytes()))


def is_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("junk")


def is_cut_short(folder: Path) -> None:
    rewrite(folder, lambda content: content[: len(content) // 2])


def is_noise(folder: Path) -> None:
    rewrite(folder, lambda content: random.Random(1).randbytes(len(content) + 100))  # noqa: S311 - repeatable on purpose


def is_hollow(folder: Path) -> None:
    rewrite(folder, lambda _: b"")


def lost_its_segments(folder: Path) -> None:
    for suffix in (".bin", ".idx", ".term", ".fast"):
        rewrite(folder, lambda _: b"x" * 100, suffix)


def is_of_another_layout(folder: Path) -> None:
    rewrite(folder, lambda content: re.sub(rb'"layout": \d+', b'"layout": 0', content), "watermark.json")
    rewrite(folder, lambda content: content.replace(b"passages-", b"layouts0-"), ".sqlite3")


DAMAGES = [is_a_file, is_cut_short, is_noise, is_hollow, lost_its_segments, is_of_another_layout]


@pytest.mark.parametrize("damage", DAMAGES)
async def test_damaged_folders_are_rebuilt_from_the_database(
    damage: Callable[[Path], None], tmp_path: Path, cutter: WordCutter
) -> None:
    corpus, encoder = InMemoryCorpus(PASSAGES), HashingEncoder(dimensions=256)
    keeper, close = make(tmp_path, corpus, encoder, cutter)
    await keeper.sync(ignore)
    close()
    damage(tmp_path / "chroma")
    damage(tmp_path / "lexical")
    encoder.encoded.clear()

    keeper, close = make(tmp_path, corpus, encoder, cutter)
    report = await keeper.check(ignore)

    assert report.encoded == 0
    await assert_sound(tmp_path, encoder, cutter)
    close()


@pytest.mark.parametrize("damage", [is_cut_short, is_noise, is_a_file, is_of_another_layout])
async def test_a_damaged_index_says_so_in_one_line_until_it_is_cleared(
    damage: Callable[[Path], None], tmp_path: Path, cutter: WordCutter
) -> None:
    lexical = TantivyIndex(tmp_path / "lexical", cutter)
    await lexical.apply(Changes(revision=1, added=tuple(PASSAGES[:3]), removed=()))
    lexical.close()
    damage(tmp_path / "lexical")
    lexical = TantivyIndex(tmp_path / "lexical", cutter)

    for _ in range(2):
        with pytest.raises(IndexUnavailable) as raised:
            await lexical.search("flood", 3, Filters())
        assert "\n" not in str(raised.value)
    await lexical.clear()

    assert list(await lexical.search("flood", 3, Filters())) == []
    lexical.close()


async def test_what_was_written_is_there_after_reopening(tmp_path: Path, cutter: WordCutter) -> None:
    corpus, encoder = InMemoryCorpus(PASSAGES), HashingEncoder(dimensions=256)
    keeper, close = make(tmp_path, corpus, encoder, cutter)
    await keeper.sync(ignore)
    close()

    await assert_sound(tmp_path, encoder, cutter)


async def test_two_encoders_share_a_folder_and_keep_apart(tmp_path: Path) -> None:
    one, other = ChromaIndex(tmp_path, "one"), ChromaIndex(tmp_path, "/a/path/as name")
    await one.apply(Changes(revision=1, added=(PASSAGES[0],), removed=()), np.eye(1, 4, dtype=np.float32))
    await other.apply(Changes(revision=2, added=(PASSAGES[1],), removed=()), np.eye(1, 8, dtype=np.float32))

    assert (await one.revision(), await other.revision()) == (1, 2)
    assert [match.id for match in await other.nearest(np.eye(1, 8, dtype=np.float32)[0], 5, Filters())] == [1]
    one.close()
    other.close()


def ignore(_what: str, _done: int, _total: int | None) -> None:
    return


def make(
    folder: Path, corpus: InMemoryCorpus, encoder: HashingEncoder, cutter: WordCutter
) -> tuple[IndexKeeper, Callable[[], None]]:
    dense, lexical = ChromaIndex(folder / "chroma", encoder.name), TantivyIndex(folder / "lexical", cutter)
    lock, encoders = IndexLock(folder / "index.lock"), InMemoryEncoders(corpus)
    opened = OpenedSpace(space=Space(encoder=encoder, dense=dense), close=dense.close)
    spaces = LivingSpaces(encoders, model_of(encoder), lambda _model: opened, lambda: EPOCH)

    def close() -> None:
        dense.close()
        lexical.close()
        lock.release()

    return IndexKeeper(corpus, encoders, spaces, lexical, lock, lambda: EPOCH), close


async def assert_sound(folder: Path, encoder: HashingEncoder, cutter: WordCutter) -> None:
    dense, lexical = ChromaIndex(folder / "chroma", encoder.name), TantivyIndex(folder / "lexical", cutter)
    assert (await dense.count(), await lexical.count()) == (N, N)
    assert (await dense.revision(), await lexical.revision()) == (N, N)
    for passage in PASSAGES[:: N // 20]:
        (nearest,) = await dense.nearest(await encoder.encode_query(passage.text), 1, Filters())
        assert nearest.score == pytest.approx(1.0, abs=1e-3)
        assert [match.id for match in await lexical.search(passage.text, 1, Filters())] == [passage.id]
    dense.close()
    lexical.close()
