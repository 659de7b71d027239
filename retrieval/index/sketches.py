"""Vectors in a bit a dimension, by which a million of them are gone through in milliseconds.

The bit is the component's sign. The more signs two unit vectors share, the smaller the angle between them tends to
be (Charikar, STOC 2002), so the few whose sketches differ least from a question's are the few worth comparing exactly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_WORD_BYTES = 8
# Blocks that stay in the nearest caches while their words are counted.
_BLOCK = 16_384


def words_of(dimensions: int) -> int:
    """How many 64-bit words a sketch takes."""
    return -(-dimensions // (8 * _WORD_BYTES))


def sketched(vectors: NDArray[np.float32]) -> NDArray[np.uint64]:
    """(n, words) sketches of (n, d) vectors; bits beyond the d-th are 0."""
    signs = np.packbits(vectors > 0, axis=1)
    padding = words_of(vectors.shape[1]) * _WORD_BYTES - signs.shape[1]
    return np.ascontiguousarray(np.pad(signs, ((0, 0), (0, padding)))).view(np.uint64)


def differing(sketches: NDArray[np.uint64], query: NDArray[np.uint64], rows: NDArray[np.int64]) -> NDArray[np.uint16]:
    """How many bits of `query` (words,) differ from each of `rows` of `sketches` (words, n), in the order of `rows`."""
    counts = np.empty(len(rows), dtype=np.uint16)
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        counted = counts[start : start + _BLOCK]
        counted[:] = 0
        # Neighbouring rows are read without being gathered first, which takes half the time.
        whole = int(block[-1]) - int(block[0]) == len(block) - 1
        chosen: slice | NDArray[np.int64] = slice(int(block[0]), int(block[-1]) + 1) if whole else block
        for word, asked in zip(sketches, query, strict=True):
            counted += np.bitwise_count(word[chosen] ^ asked)
    return counts


def least(counts: NDArray[np.uint16], n: int) -> NDArray[np.int64]:
    """The places of the n smallest counts, in order of place; of those that tie for the last, the first."""
    if n >= len(counts):
        return np.arange(len(counts))
    last = np.searchsorted(np.cumsum(np.bincount(counts)), n)
    chosen = counts < last
    tied = np.flatnonzero(counts == last)
    chosen[tied[: n - np.count_nonzero(chosen)]] = True
    return np.flatnonzero(chosen)
