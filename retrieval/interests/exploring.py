"""Now and then something outside of what a reader turns to: hot, good, and shown for that alone. Pure.

A profile that is only ever shown what it likes learns nothing new. So a small share of the places in digests goes to
stories that are unlike all that the reader turns to, drawn among the hottest of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.explain import LEAST_ALIKE
from retrieval.interests.profile import BOUNDS
from retrieval.interests.readers import Matrix, Readers
from retrieval.interests.stories import Stories, numbered

_POOL = 32
# One story in so many is hot, as far as this goes.
_HOT_SHARE = 4
_TINY = np.float32(1e-12)
_GOLDEN = 0x9E3779B97F4A7C15

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """How much is shown outside of what readers turn to.

    Args:
        share: Of all places in digests, in [0, 1]; no digest has more than one such story.
    """

    share: float = 0.1


class Explorer:
    """Finds such stories among the same for any number of readers.

    Args:
        stories: n of them; where it is not known how hot they are, none is found.
        exploration: How often.
        alike: From this cosine on, two stories are the same news.

    Attributes:
        pool: (p,), the stories that are hot, the hottest first.
    """

    def __init__(self, stories: Stories, exploration: Exploration, alike: float) -> None:
        self._share = exploration.share
        self.pool = _hottest(stories)
        self._towards = stories.vectors[self.pool].T  # (d, p)
        self._same = stories.vectors @ self._towards >= alike  # (n, p)
        self._subjects = stories.subject_columns[self.pool]
        named = dict.fromkeys((name for name in stories.sources if name is not None), 1.0)
        self._outlets = numbered(stories.sources, named) if stories.sources else np.full(len(stories), -1)

    def outside(self, readers: Readers, allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(r, p): which of the hot stories are allowed, and outside of what each reader turns to.

        No interest is the reason for such a one, nor its subject, and it is nothing that they turned down either. Of
        somebody who turns to nothing, nothing is outside of it.

        Args:
            readers: r of them.
            allowed: (r, n), what each may be shown.
        """
        outside = allowed[:, self.pool] & readers.masses.any(axis=1, keepdims=True)
        cosines, wanted = self._cosines(readers), readers.masses.shape[1]
        outside &= (cosines[:, :wanted] < LEAST_ALIKE).all(axis=1)
        outside &= (cosines[:, wanted + 1 :] < BOUNDS.alike).all(axis=1)
        lifts = np.concatenate([readers.subjects, np.zeros((len(readers), 1), dtype=np.float32)], axis=1)
        return np.asarray(outside & (lifts[:, self._subjects] <= 0))

    def explored(
        self, outside: NDArray[np.bool_], seeds: NDArray[np.uint64], chosen: Indices, most: Indices
    ) -> Indices:
        """(r,): the story for each reader, -1 where none is due or none is left.

        Args:
            outside: (r, p), see there.
            seeds: (r,), what is drawn by chance is drawn by; the same gives the same.
            chosen: (r, k), the stories that stay beside it, -1 where there is none; at least one is needed.
            most: (r,), of one outlet so many may be shown.
        """
        places = (chosen >= 0).sum(axis=1) + 1
        due = (_uniform(seeds, 1) < self._share * places) & (places > 1)
        open_ = outside & due[:, None]
        for place in range(chosen.shape[1]):
            story = chosen[:, place]
            open_ &= ~(self._same[story] & (story >= 0)[:, None])
        outlets = np.where(chosen >= 0, self._outlets[chosen], -1)
        for at, outlet in enumerate(self._outlets[self.pool]):
            if outlet >= 0:
                open_[:, at] &= (outlets == outlet).sum(axis=1) < most
        count = open_.sum(axis=1)
        drawn = (_uniform(seeds, 2) * count).astype(np.int64)
        # The one that so many open ones stand before.
        at = (np.cumsum(open_, axis=1) <= drawn[:, None]).sum(axis=1)
        found = np.full(len(chosen), -1, dtype=np.int64)
        found[count > 0] = self.pool[at[count > 0]]
        return found

    def _cosines(self, readers: Readers) -> Matrix:
        """(r, s, p): of each of the readers' vectors to those of the pool."""
        r, s, d = readers.vectors.shape
        flat = readers.vectors.reshape(r * s, d)
        lengths = np.maximum(np.sqrt(np.einsum("ij,ij->i", flat, flat)), _TINY)
        return np.asarray(flat @ self._towards / lengths[:, None], dtype=np.float32).reshape(r, s, -1)


def _hottest(stories: Stories) -> Indices:
    """The hottest of the better half, the hottest first."""
    if stories.heat is None or not len(stories):
        return np.zeros(0, dtype=np.int64)
    good = stories.heat > 0
    if stories.quality is not None:
        good &= stories.quality >= np.median(stories.quality)
    most = min(_POOL, math.ceil(len(stories) / _HOT_SHARE))
    order = np.argsort(-stories.heat, kind="stable")
    return np.asarray(order[good[order]][:most], dtype=np.int64)


def _uniform(seeds: NDArray[np.uint64], draw: int) -> NDArray[np.float64]:
    """(r,) in [0, 1): by chance, as SplitMix64 mixes bits (Steele, Lea and Flood, OOPSLA 2014)."""
    mixed = seeds + np.uint64(draw * _GOLDEN % (1 << 64))
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / (1 << 53))
