"""What speaks for showing a story to a reader, as figures: the ones it is ranked by, and its reasons are told from.

All are 0 where nothing is known, so that a reader of whom nothing is known is shown what is fresh, hot and popular.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.readers import Readers
from retrieval.interests.stories import Stories, numbered

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

Matrix = NDArray[np.float32]

# Of 0.1, 0.15 and 0.2, within 0.01 AUC of each other, the best in English; in Chinese 0.2 was, as narrowly.
_TEMPERATURE = np.float32(0.1)
_TINY = np.float32(1e-12)
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
    if chosen is None:
        chosen = np.broadcast_to(np.arange(len(stories)), (len(readers), len(stories)))
    r, m = chosen.shape
    found = np.zeros((r, m, len(NAMES)), dtype=np.float32)
    if not found.size:
        return found
    column = dict(zip(NAMES, np.moveaxis(found, 2, 0), strict=True))
    towards = np.moveaxis(stories.vectors[chosen], 1, 2)  # (r, d, m)
    _similarities(readers.centres @ towards, readers.masses, column)
    column["lately"][:] = (readers.lately[:, None, :] @ towards)[:, 0]
    if readers.disliked_masses.any():
        turned_down = _attention(readers.disliked @ towards, readers.disliked_masses)
        column["disliked"][:] = turned_down * readers.doubts[:, None]
    column["subject"][:] = _looked_up(readers.subjects, stories.subjects, stories.subject_shares, chosen)
    column["source"][:] = _looked_up(readers.sources, stories.sources, stories.source_shares, chosen)
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


def _similarities(cosines: Matrix, masses: Matrix, column: Mapping[str, Matrix]) -> None:
    """Of (r, k, m) cosines to interests that weigh (r, k)."""
    shares = masses / np.maximum(masses.sum(axis=1, keepdims=True), _TINY)
    column["attention"][:] = _attention(cosines, masses)
    column["mean"][:] = (shares[:, None, :] @ cosines)[:, 0]
    held = masses > 0
    nearest = np.where(held[:, :, None], cosines, -np.inf).max(axis=1)
    column["nearest"][:] = np.where(held.any(axis=1, keepdims=True), nearest, 0.0)


def _attention(cosines: Matrix, masses: Matrix) -> Matrix:
    """(r, m): the mean of (r, k, m) cosines, each counting by its mass and by e to what it is in temperatures."""
    # Cosines are at most 1: nothing overflows, and nothing that weighs anything comes to nothing.
    raised = np.exp((cosines - np.float32(1)) / _TEMPERATURE) * masses[:, :, None]
    whole = np.maximum(raised.sum(axis=1), _TINY)
    return np.asarray((raised * cosines).sum(axis=1) / whole, dtype=np.float32)


def _looked_up(
    lifts: Matrix, names: tuple[str | None, ...], shares: Mapping[str, float], chosen: NDArray[np.int64]
) -> Matrix:
    """(r, m): each reader's figure for what each story is called, of (r, names) figures; 0 where it has none."""
    if not lifts.shape[1] or not names:
        return np.zeros(chosen.shape, dtype=np.float32)
    padded = np.concatenate([lifts, np.zeros((len(lifts), 1), dtype=np.float32)], axis=1)
    at = numbered(names, shares)[chosen]
    return np.asarray(np.take_along_axis(padded, at, axis=1), dtype=np.float32)
