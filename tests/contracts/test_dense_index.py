from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.ports import DenseIndex
from storage.domain.news import Changes, Filters, Passage, PassageId
from storage.errors import DimensionMismatch
from tests.fakes import make_passage

NONE = Filters()
MAY = datetime(2026, 5, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


def unit(*components: float) -> NDArray[np.float32]:
    vector = np.asarray(components, dtype=np.float32)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def changes(revision: int, *added: Passage, removed: tuple[int, ...] = ()) -> Changes:
    return Changes(revision=revision, added=added, removed=tuple(PassageId(id_) for id_ in removed))


async def fill(index: DenseIndex) -> None:
    passages = (
        make_passage(1, "one", language="en", published=MAY, source="The Daily", url="https://daily.example/1"),
        make_passage(2, "two", language="zh", published=JUNE, source="新华社", url="https://www.news.example/2"),
        make_passage(3, "three", language="en", published=None),
    )
    await index.apply(changes(3, *passages), np.stack([unit(1, 0, 0), unit(1, 1, 0), unit(0, 0, 1)]))


async def found(index: DenseIndex, filters: Filters, k: int = 10) -> list[int]:
    return [match.id for match in await index.nearest(unit(1, 0.1, 0.01), k, filters)]


async def test_an_empty_index_stands_at_nought_and_finds_nothing(dense: DenseIndex) -> None:
    assert await dense.revision() == 0
    assert await dense.count() == 0
    assert list(await dense.nearest(unit(1, 0, 0), 5, NONE)) == []
    assert list(await dense.nearest(unit(1, 0, 0), 5, Filters(until=JUNE, undated=True))) == []


async def test_matches_come_best_first_with_their_cosines(dense: DenseIndex) -> None:
    await fill(dense)

    matches = await dense.nearest(unit(1, 0, 0), 10, NONE)

    assert [match.id for match in matches] == [1, 2, 3]
    assert [match.score for match in matches] == pytest.approx([1.0, 0.7071, 0.0], abs=1e-3)


async def test_no_more_than_k_are_found(dense: DenseIndex) -> None:
    await fill(dense)

    assert await found(dense, NONE, k=2) == [1, 2]


async def test_applying_moves_the_revision_and_applying_twice_changes_nothing(dense: DenseIndex) -> None:
    await fill(dense)
    await fill(dense)

    assert await dense.revision() == 3
    assert await dense.count() == 3


async def test_removed_passages_are_found_no_more(dense: DenseIndex) -> None:
    await fill(dense)

    await dense.apply(changes(5, removed=(1, 99)), np.zeros((0, 3), dtype=np.float32))

    assert await found(dense, NONE) == [2, 3]
    assert await dense.revision() == 5


async def test_a_passage_given_again_moves(dense: DenseIndex) -> None:
    await fill(dense)

    await dense.apply(changes(4, make_passage(3, "moved")), np.stack([unit(1, 0.1, 0)]))

    assert await found(dense, NONE, k=1) == [3]
    assert await dense.count() == 3


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(language="en"), [1, 3]),
        (Filters(language="fr"), []),
        (Filters(since=MAY), [1, 2]),
        (Filters(since=JUNE), [2]),
        (Filters(until=JUNE), [1]),
        (Filters(until=JUNE, undated=True), [1, 3]),
        (Filters(since=JUNE, until=JUNE), []),
        (Filters(sources=("the daily",)), [1]),
        (Filters(sources=("DAILY.example",)), [1]),
        (Filters(sources=("news.example",)), [2]),
        (Filters(sources=("新华社",), language="zh", since=MAY), [2]),
        (Filters(sources=("nobody",)), []),
        (Filters(sources=("nobody", "DAILY.example")), [1]),
    ],
)
async def test_every_match_meets_the_filters(dense: DenseIndex, filters: Filters, expected: list[int]) -> None:
    await fill(dense)

    assert await found(dense, filters) == expected


async def test_vectors_of_another_width_are_refused_with_both_numbers(dense: DenseIndex) -> None:
    await fill(dense)

    with pytest.raises(DimensionMismatch, match=r"3 dimensions, was given 2"):
        await dense.apply(changes(4, make_passage(4, "x")), np.stack([unit(1, 0)]))
    with pytest.raises(DimensionMismatch):
        await dense.nearest(unit(1, 0), 5, NONE)
    assert await dense.revision() == 3


async def test_passages_without_their_vectors_are_refused(dense: DenseIndex) -> None:
    with pytest.raises(ValueError, match="vector"):
        await dense.apply(changes(1, make_passage(1, "x")), np.zeros((0, 3), dtype=np.float32))


async def test_a_cleared_index_is_as_new(dense: DenseIndex) -> None:
    await fill(dense)

    await dense.clear()

    assert (await dense.revision(), await dense.count(), await found(dense, NONE)) == (0, 0, [])
    await dense.apply(changes(1, make_passage(9, "x")), np.stack([unit(1, 0)]))
    assert await dense.count() == 1
