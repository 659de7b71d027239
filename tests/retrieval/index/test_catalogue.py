from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from retrieval.index import catalogue as module
from retrieval.index.catalogue import Catalogue
from retrieval.index.narrowing import Rows
from retrieval.ports import Vectors
from storage.domain.news import Changes, Filters, PassageId
from storage.errors import DimensionMismatch, IndexDamaged
from tests.fakes import make_passage

MAY = datetime(2026, 5, 1, tzinfo=UTC)


def vectors(*numbers: int) -> Vectors:
    rows = [np.random.default_rng(number).standard_normal(70) for number in numbers]
    return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)


def adding(revision: int, *numbers: int, language: str = "en") -> tuple[Changes, Vectors]:
    added = tuple(make_passage(number, "x", language=language, published=MAY) for number in numbers)
    return Changes(revision=revision, added=added, removed=()), vectors(*numbers)


def removing(revision: int, *numbers: int) -> tuple[Changes, Vectors]:
    removed = tuple(PassageId(number) for number in numbers)
    return Changes(revision=revision, added=(), removed=removed), np.zeros((0, 0), dtype=np.float32)


def held(rows: Rows) -> dict[int, list[float]]:
    """What counts: ids and the beginnings of their vectors."""
    return {int(rows.ids[place]): rows.vectors[place, :3].tolist() for place in np.flatnonzero(rows.held)}


def expected(*numbers: int) -> dict[int, list[float]]:
    return {number: vectors(number)[0, :3].astype(np.float16).tolist() for number in numbers}


def test_a_new_catalogue_is_empty_and_writes_nothing(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "none", "dense")

    assert (catalogue.revision, len(catalogue.rows), catalogue.rows.count) == (0, 0, 0)
    assert not catalogue.rows.meeting(Filters(language="en", since=MAY)).any()
    assert not (tmp_path / "none").exists()


def test_what_was_applied_is_there_after_reopening(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path, "dense")
    catalogue.apply(*adding(5, 1, 2, 3))
    catalogue.apply(*removing(6, 2, 99))
    catalogue.apply(*adding(7, 4, language="zh"))

    again = Catalogue(tmp_path, "dense")

    assert again.revision == catalogue.revision == 7
    for rows in (catalogue.rows, again.rows):
        assert held(rows) == expected(1, 3, 4)
        assert rows.ids[rows.meeting(Filters(language="zh"))].tolist() == [4]
        assert rows.count == 3


def test_applying_again_changes_nothing(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path, "dense")
    for _ in range(2):
        catalogue.apply(*adding(5, 1, 2, 3))
        catalogue.apply(*removing(6, 2))

    assert held(catalogue.rows) == held(Catalogue(tmp_path, "dense").rows) == expected(1, 3)


def test_a_search_under_way_keeps_what_it_was_given(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path, "dense")
    catalogue.apply(*adding(1, 1, 2))
    given = catalogue.rows

    catalogue.apply(*removing(2, 1))
    catalogue.apply(*adding(3, *range(3, 50)))

    assert held(given) == expected(1, 2)


def test_what_a_kill_left_behind_is_cut_off(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path, "dense")
    catalogue.apply(*adding(1, 1, 2))
    for path in tmp_path.glob("*.bin"):
        with path.open("ab") as file:
            file.write(b"half a row")

    catalogue = Catalogue(tmp_path, "dense")
    catalogue.apply(*adding(2, 3))

    assert held(Catalogue(tmp_path, "dense").rows) == expected(1, 2, 3)


def test_rows_that_count_for_nothing_are_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LEAST_WASTE", 4)
    catalogue = Catalogue(tmp_path, "dense")
    for revision in range(1, 12):
        catalogue.apply(*adding(revision, 1, 2, 3))
        reader = Catalogue(tmp_path, "dense")
        assert held(reader.rows) == held(catalogue.rows) == expected(1, 2, 3)
        assert len(reader.rows) <= 10

    assert len(list(tmp_path.glob("*.bin"))) == 2


def test_another_process_notices_that_it_is_behind(tmp_path: Path) -> None:
    owner = Catalogue(tmp_path, "dense")
    owner.apply(*adding(1, 1))
    reader = Catalogue(tmp_path, "dense")
    assert not reader.is_stale()

    owner.apply(*adding(2, 2))

    assert reader.is_stale()
    assert not owner.is_stale()


def test_removals_before_anything_was_added_only_move_the_revision(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path, "dense")

    catalogue.apply(*removing(3, 1))
    catalogue.apply(*adding(4, 2))

    again = Catalogue(tmp_path, "dense")
    assert (again.revision, held(again.rows)) == (4, expected(2))


def test_vectors_of_another_width_do_not_belong(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path, "dense")
    catalogue.check_width(3)
    catalogue.apply(*adding(1, 1))

    with pytest.raises(DimensionMismatch, match=r"70 dimensions, was given 3"):
        Catalogue(tmp_path, "dense").check_width(3)


def test_components_too_small_for_half_precision_pass_for_nought(tmp_path: Path) -> None:
    tiny = np.array([[1.0, 1e-12, -1e-12]], dtype=np.float32)
    catalogue = Catalogue(tmp_path, "dense")

    catalogue.apply(Changes(revision=1, added=(make_passage(1, "x"),), removed=()), tiny)

    assert Catalogue(tmp_path, "dense").rows.count == 1


def _is_cut_short(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _is_noise(content: bytes) -> bytes:
    return random.Random(1).randbytes(len(content))  # noqa: S311 - repeatable on purpose


@pytest.mark.parametrize("damage", [_is_cut_short, _is_noise])
@pytest.mark.parametrize("name", ["rows-0.bin", "vectors-0.bin", "watermark.json"])
def test_damaged_files_are_told_from_sound_ones(name: str, damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    Catalogue(tmp_path, "dense").apply(*adding(1, *range(1, 40)))
    (tmp_path / name).write_bytes(damage((tmp_path / name).read_bytes()))

    with pytest.raises(IndexDamaged):
        Catalogue(tmp_path, "dense")


def test_a_catalogue_of_another_layout_is_not_read(tmp_path: Path) -> None:
    Catalogue(tmp_path, "dense").apply(*adding(1, 1))
    state = json.loads((tmp_path / "watermark.json").read_text())
    (tmp_path / "watermark.json").write_text(json.dumps(state | {"layout": 0}))

    with pytest.raises(IndexDamaged, match="another version"):
        Catalogue(tmp_path, "dense")
