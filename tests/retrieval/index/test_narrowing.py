from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from retrieval.index.facets import key
from retrieval.index.narrowing import UNDATED, Rows, nearest_of
from retrieval.index.sketches import sketched
from storage.domain.news import Filters


def rows_of(vectors: np.ndarray, ids: Sequence[int] | None = None, held: Sequence[bool] | None = None) -> Rows:
    n = len(vectors)
    return Rows(
        ids=np.asarray(ids if ids is not None else range(1, n + 1), dtype=np.int64),
        published=np.full(n, UNDATED),
        languages=np.zeros(n, dtype=np.uint64),
        held=np.asarray(held if held is not None else [True] * n),
        sources=np.zeros((3, n), dtype=np.uint64),
        sketches=np.ascontiguousarray(sketched(vectors).T),
        vectors=vectors.astype(np.float16),
    )


def stories(n: int, seed: int = 0) -> np.ndarray:
    """Unit vectors in bundles of twenty, as the passages of a story lie."""
    random = np.random.default_rng(seed)
    centres = np.repeat(random.standard_normal((-(-n // 20), 96)), 20, axis=0)[:n]
    rows = centres + 0.7 * random.standard_normal((n, 96))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_few_rows_are_compared_exactly() -> None:
    vectors = stories(500)
    rows = rows_of(vectors)

    ids, cosines = nearest_of(rows, np.arange(0, 500, 2), vectors[4], 10)

    expected = vectors[::2] @ vectors[4]
    assert ids.tolist() == (1 + 2 * np.argsort(-expected)[:10]).tolist()
    assert np.allclose(cosines, np.sort(expected)[::-1][:10], atol=1e-3)


def test_among_many_rows_the_nearest_are_found_by_their_sketches() -> None:
    vectors = stories(12_000)
    rows = rows_of(vectors)
    among = np.flatnonzero(np.arange(12_000) % 3 > 0)

    found = 0
    for asked in vectors[:2000:40]:
        true = among[np.argsort(-(vectors[among] @ asked))[:10]] + 1
        found += len(set(true) & set(nearest_of(rows, among, asked, 10)[0]))

    assert found / 500 >= 0.97


def test_as_many_are_found_as_are_wanted_where_there_are_as_many() -> None:
    vectors = stories(5000)
    rows = rows_of(vectors)

    assert len(nearest_of(rows, np.arange(5000), vectors[0], 2000)[0]) == 2000
    assert len(nearest_of(rows, np.arange(7), vectors[0], 10)[0]) == 7
    assert len(nearest_of(rows, np.arange(0), vectors[0], 10)[0]) == 0


def test_a_thousand_copies_of_a_vector_hide_no_nearer_one() -> None:
    vectors = np.repeat(stories(5)[:1], 4000, axis=0)
    vectors[17] = stories(5)[3]
    rows = rows_of(vectors)

    ids, _ = nearest_of(rows, np.arange(4000), stories(5)[3], 1)

    assert ids.tolist() == [18]


def test_ids_lead_to_their_last_rows() -> None:
    rows = rows_of(stories(5), ids=[4, 2, 9, 2, 5], held=[True, False, True, True, True])

    assert rows.places([2, 4, 5, 9, 1, 10, 3]).tolist() == [3, 0, 4, 2, -1, -1, -1]
    assert rows_of(np.zeros((0, 96), dtype=np.float32)).places([1]).tolist() == [-1]


def test_a_row_that_does_not_count_meets_nothing() -> None:
    rows = rows_of(stories(5), held=[True, False, True, False, True])

    assert rows.meeting(Filters()).tolist() == [True, False, True, False, True]
    assert rows.count == 3


def test_many_sources_are_looked_for_in_no_more_memory_than_some() -> None:
    names = [f"source {i}" for i in range(1000)]
    sources = np.zeros((3, 6000), dtype=np.uint64)
    sources[np.arange(6000) % 3, np.arange(6000)] = [key(names[i % 1000]) for i in range(6000)]
    rows = replace(rows_of(np.zeros((6000, 64), dtype=np.float32)), sources=sources)

    tracemalloc.start()
    met = rows.meeting(Filters(sources=tuple(names[:800])))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert met.tolist() == [i % 1000 < 800 for i in range(6000)]
    assert rows.meeting(Filters(sources=("SOURCE 7",))).nonzero()[0].tolist() == list(range(7, 6000, 1000))
    assert peak < 2_000_000
