"""What the indexes take on disk, reckoned part by part from what is in them."""

from __future__ import annotations

_EMPTY = 184_000
"""What Chroma's own database takes before anything is in it."""
_WAITING = 1_000
"""Until so many came they are only in its queue, whose room stays; then they go into the graph, so many at a time."""
_QUEUED, _NAMED = 522, 129
"""In its queue, beside the vector; and as what it has by its id, with an index."""
_LINKED, _COUNTED = 140, 39
"""In its graph, beside the vector: links to 32 neighbours and the number; and what is counted beside the graph."""
_FIRST_PLACES = 100
"""The graph has as many places from the beginning."""
_CATALOGUED = 97
"""In our catalogue, beside its own vector; see `retrieval.index.catalogue`."""
_HALF, _WHOLE = 2, 4
"""Bytes a dimension, in our catalogue and in Chroma."""

_SEGMENTS = 31_000
_A_LETTER, _A_CHINESE_BYTE = 0.31, 4.5
"""In tantivy, for each byte of text: Chinese is found by every character and every two, with where they stand."""


def dense_room(passages: int, dimensions: int) -> int:
    """The bytes that embedded Chroma takes for so many passages, with our catalogue beside it."""
    vector = _WHOLE * dimensions
    settled = passages - _WAITING // 2 if passages > _WAITING else 0
    queue = min(passages, _WAITING) * (vector + _QUEUED)
    graph = max(settled, _FIRST_PLACES) * (vector + _LINKED) + settled * _COUNTED
    return _EMPTY + queue + passages * (_NAMED + _CATALOGUED + _HALF * dimensions) + graph


def words_room(letters: int, chinese: int) -> int:
    """The bytes that the index of words takes for so many bytes of text, Chinese apart."""
    return round(_SEGMENTS + _A_LETTER * letters + _A_CHINESE_BYTE * chinese)
