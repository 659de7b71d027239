"""From filters to the passages that meet them, and to the nearest among those, without asking the graph of neighbours.

The graph knows only who is near whom: kept to the few passages of a language and a week, it has to be gone through
until enough of them turn up. So what filters leave is looked through itself: by sketches first, by vectors last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.index.facets import key, microseconds
from retrieval.index.sketches import differing, least, sketched
from storage.domain.news import Filters
from storage.domain.sources import fold

UNDATED = np.iinfo(np.int64).min
"""Stands for an unknown time of publication."""

# Rows whose vectors are compared exactly: at least so many, so many for each match that is wanted, and of so many rows
# one. It takes 0.7 µs a row. Of the ten nearest to 120 real questions among 19,000 to 63,000 real passages 2,000 rows
# hold .990 to 1, 1,000 hold .988 to 1, 500 hold .980 to .995.
_COMPARED = 2000
_COMPARED_PER_MATCH = 8
_ROWS_PER_COMPARED = 100


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """Passages as columns, in the order they came: (n,) each but for the last three.

    A passage that came again has several rows, and one that was removed has some; `held` is true for the row that
    counts, if any. `published` is in microseconds since 1970, names are `facets.key`s, 0 for none.

    Args:
        sources: (3, n).
        sketches: (words, n), of the vectors.
        vectors: (n, d) float16, unit rows; not in memory but mapped from a file.
    """

    ids: NDArray[np.int64]
    published: NDArray[np.int64]
    languages: NDArray[np.uint64]
    held: NDArray[np.bool_]
    sources: NDArray[np.uint64]
    sketches: NDArray[np.uint64]
    vectors: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def count(self) -> int:
        """How many passages there are."""
        return int(np.count_nonzero(self.held))

    def meeting(self, filters: Filters) -> NDArray[np.bool_]:
        """(n,) Which rows count and meet `filters`."""
        meets = self.held.copy()
        if filters.language:
            meets &= self.languages == np.uint64(key(filters.language))
        if filters.sources:
            keys = np.array([key(fold(source)) for source in filters.sources], dtype=np.uint64)
            # Takes no more memory for many sources than for some, unlike a comparison with each of them.
            meets &= np.any([np.isin(names, keys) for names in self.sources], axis=0)
        if filters.since or filters.until:
            meets &= self._within(filters)
        return meets

    def places(self, ids: Sequence[int]) -> NDArray[np.int64]:
        """The last row of each of `ids`, or -1."""
        asked = np.asarray(ids, dtype=np.int64)
        if not len(self):
            return np.full(len(asked), -1, dtype=np.int64)
        last = self._by_id[np.searchsorted(self.ids, asked, side="right", sorter=self._by_id) - 1]
        return np.where(self.ids[last] == asked, last, -1)

    @cached_property
    def _by_id(self) -> NDArray[np.int64]:
        # Ids nearly always come in order, which makes this quick.
        return np.argsort(self.ids, kind="stable")

    def _within(self, filters: Filters) -> NDArray[np.bool_]:
        within: NDArray[np.bool_] = self.published != UNDATED
        if filters.since:
            within &= self.published >= microseconds(filters.since)
        if filters.until:
            within &= self.published < microseconds(filters.until)
        if filters.undated:
            within |= self.published == UNDATED
        return within


def nearest_of(
    rows: Rows, among: NDArray[np.int64], vector: NDArray[np.float32], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The ids of up to k of the rows `among`, nearest to `vector` first, and their cosines.

    Args:
        rows: All of them.
        among: The numbers of those to look through, ascending.
        vector: (d,) float32, unit length.
        k: How many are wanted, at least 1.
    """
    if not len(among):
        return rows.ids[:0], np.zeros(0, dtype=np.float32)
    compared = max(_COMPARED, k * _COMPARED_PER_MATCH, len(among) // _ROWS_PER_COMPARED)
    if len(among) > compared:
        query = sketched(vector[np.newaxis, :])[0]
        among = among[least(differing(rows.sketches, query, among), compared)]
    # Unlike `@`, this asks for no second thread, whose coming on a busy machine takes longer than the work.
    cosines = np.einsum("nd,d->n", rows.vectors[among].astype(np.float32), vector)
    best = np.argsort(-cosines, kind="stable")[:k]
    return rows.ids[among[best]], cosines[best]
