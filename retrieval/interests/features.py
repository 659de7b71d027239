"""What speaks for showing a story to a reader, as figures: the ones it is ranked by, and its reasons are told from.

All are 0 where nothing is known, so that a reader of whom nothing is known is shown what is fresh, hot and popular.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.readers import Matrix, Readers
from retrieval.interests.stories import Stories

NAMES = (
    "attention",
    "mean",
    "nearest",
    "lately",
    "disliked",
    "subject",
    "source",
    "freshness",
    "heat",
    "novelty",
    "quality",
    "popularity",
    "audience",
)
"""The columns of features.

attention: cosines to the interests, each counting by its weight, and the more the nearer it is; mean: by weight alone;
nearest: the greatest; lately: to where the reader turned lately; disliked: attention to what they turned down, as far
as that is to be believed; subject, source: how much oftener than others they turn to it, as a logarithm; novelty: how
much of it is new to them, from 0 to 1; audience: whether those who turn to it are like them. The others are the
story's, see `retrieval.interests.stories`.
"""

# Of 0.1, 0.15 and 0.2, within 0.01 AUC of each other, the best in English; in Chinese 0.2 was, as narrowly.
_TEMPERATURE = np.float32(0.1)
_TINY = np.float32(1e-12)
# So many stories' vectors are gathered at a time: they are multiplied while they are near.
_GATHERED = 512
# Of interests that are all over the place the direction means little.
_FEEBLE = np.float32(0.05)


def features(
    readers: Readers,
    stories: Stories,
    chosen: NDArray[np.int64] | None = None,
    novelty: Matrix | None = None,
) -> Matrix:
    """The figures of each reader and each story: (r, m, len(NAMES)) float32.

    Args:
        readers: r of them.
        stories: n of them; subjects and sources in the order of the readers' columns: those whose share is known.
        chosen: (r, m), which stories each reader's are; all n of them, in their order, where not given.
        novelty: (r, m) in [0, 1]; all is new where not given.
    """
    near = cosines(readers.vectors, stories.vectors, chosen)
    r, _, m = near.shape
    found = np.zeros((r, m, len(NAMES)), dtype=np.float32)
    if not found.size:
        return found
    if chosen is None:
        chosen = np.broadcast_to(np.arange(m), (r, m))
    column = dict(zip(NAMES, np.moveaxis(found, 2, 0), strict=True))
    wanted = readers.masses.shape[1]
    _similarities(near[:, :wanted], readers, column)
    column["lately"][:] = near[:, wanted]
    if readers.disliked_masses.any():
        turned_down = _attention(near[:, wanted + 1 :], readers.disliked_masses)
        column["disliked"][:] = turned_down * readers.doubts[:, None]
    column["subject"][:] = _looked_up(readers.subjects, stories.subject_columns[chosen])
    column["source"][:] = _looked_up(readers.sources, stories.source_columns[chosen])
    column["novelty"][:] = 1.0 if novelty is None else novelty
    for name in ("freshness", "heat", "quality"):
        values: Matrix | None = getattr(stories, name)
        if values is not None:
            column[name][:] = values[chosen]
    if stories.audience is not None:
        column["popularity"][:] = stories.audience.popularity[chosen]
        of_story = np.moveaxis(stories.audience.vectors[chosen], 1, 2)
        column["audience"][:] = (leanings(readers, stories.audience.middle)[:, None, :] @ of_story)[:, 0]
    return found


def leanings(readers: Readers, middle: NDArray[np.float32]) -> Matrix:
    """(r, d): `leaning` of each reader."""
    return leaning(readers.means, middle)


def leaning(means: Matrix, middle: NDArray[np.float32]) -> Matrix:
    """Where readers whose interests have these means lie, seen from the middle of all: at most of unit length.

    Args:
        means: (…, d); 0 where there are no interests, and so is the result.
        middle: (d,).
    """
    away = np.where(means.any(axis=-1, keepdims=True), means - middle, np.float32(0))
    return np.asarray(away / (np.linalg.norm(away, axis=-1, keepdims=True) + _FEEBLE), dtype=np.float32)


def cosines(vectors: Matrix, towards: Matrix, chosen: NDArray[np.int64] | None) -> Matrix:
    """(r, s, m): of each of (r, s, d) vectors to those of (n, d) that are chosen for its reader, (r, m), or to all."""
    r, s, d = vectors.shape
    if chosen is None:
        return np.asarray((vectors.reshape(r * s, d) @ towards.T).reshape(r, s, -1))
    m = chosen.shape[1]
    found = np.empty((r, s, m), dtype=np.float32)
    step = max(1, _GATHERED // max(1, m))
    held = np.empty((step, m, d), dtype=np.float32)
    for start in range(0, r, step):
        some = slice(start, min(r, start + step))
        part = held[: some.stop - start]
        # Whatever is chosen exists; to check it first takes a copy.
        np.take(towards, chosen[some], axis=0, out=part, mode="clip")
        np.matmul(vectors[some], part.transpose(0, 2, 1), out=found[some])
    return found


def _similarities(cosines: Matrix, readers: Readers, column: Mapping[str, Matrix]) -> None:
    """Of (r, k, m) cosines to interests."""
    column["attention"][:] = _attention(cosines, readers.masses)
    column["mean"][:] = (readers.shares[:, None, :] @ cosines)[:, 0]
    held = readers.masses > 0
    nearest = np.where(held[:, :, None], cosines, -np.inf).max(axis=1, initial=-np.inf)
    column["nearest"][:] = np.where(held.any(axis=1, keepdims=True), nearest, 0.0)


def _attention(cosines: Matrix, masses: Matrix) -> Matrix:
    """(r, m): the mean of (r, k, m) cosines, each counting by its mass and by e to what it is in temperatures."""
    # Cosines are at most 1: nothing overflows, and nothing that weighs anything comes to nothing.
    raised = np.exp((cosines - np.float32(1)) / _TEMPERATURE) * masses[:, :, None]
    whole = np.maximum(raised.sum(axis=1), _TINY)
    return np.asarray((raised * cosines).sum(axis=1) / whole, dtype=np.float32)


def _looked_up(lifts: Matrix, columns: NDArray[np.int64]) -> Matrix:
    """(r, m): each reader's figure, of (r, names), for the name of each story, (r, m) of them; 0 where it is -1."""
    padded = np.concatenate([lifts, np.zeros((len(lifts), 1), dtype=np.float32)], axis=1)
    return np.take_along_axis(padded, columns, axis=1)
