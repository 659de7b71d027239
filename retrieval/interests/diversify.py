"""The stories of a digest: good ones that differ, in the reader's mix of subjects, from more than one outlet.

One after the other is chosen, the one that is worth most beside those that are: by its score, by how unlike them it is
(maximal marginal relevance: Carbonell and Goldstein, SIGIR 1998), and by how much nearer it brings the subjects of all
to the reader's own (calibrated recommendations: Steck, RecSys 2018). For many readers at once. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.features import NAMES, Matrix
from retrieval.interests.ranking import Ranked
from retrieval.interests.readers import Readers
from retrieval.interests.stories import Stories, numbered

_NOVELTY = NAMES.index("novelty")
_TINY = np.float32(1e-12)
_MOST_STORIES = 4096
# How many of the best are looked at for each reader.
_POOL = 48
# So much of the reader's own mix is in every mix, or one that lacks a subject would be infinitely far from it.
_SMOOTH = np.float32(0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variety:
    """How much stories that are shown together differ.

    Args:
        breadth: What being unlike counts beside the score, from 0 to 1.
        calibration: What nearing the reader's mix of subjects counts beside both, from 0.
        alike: From this cosine on, two stories are the same news and are not both shown.
        outlet_share: At most this share comes from one outlet, but one story may.
        least_novelty: What is less new to the reader is not shown.
    """

    breadth: float = 0.2
    calibration: float = 0.1
    alike: float = 0.8
    outlet_share: float = 0.34
    least_novelty: float = 0.15


class Chooser:
    """Chooses among the same stories for any number of readers.

    Args:
        stories: n of them.
        variety: How much what is shown together is to differ.
    """

    def __init__(self, stories: Stories, variety: Variety | None = None) -> None:
        self._stories = stories
        self._variety = variety or Variety()
        outlets = dict.fromkeys((name for name in stories.sources if name is not None), 1.0)
        self._outlets = _columns(stories.sources, outlets, len(stories))
        self._subjects = _columns(stories.subjects, stories.subject_shares, len(stories))
        self._no_outlet = len(outlets)
        # As many numbers as stories squared: 16 MB for 2,000. Looking one up is far quicker than computing it.
        self._cosines = stories.vectors @ stories.vectors.T if len(stories) <= _MOST_STORIES else None

    def choose(self, ranked: Ranked, readers: Readers, k: int) -> NDArray[np.int64]:
        """(r, k): places in `ranked`, in the order to be shown; -1 where nothing more is worth showing.

        Args:
            ranked: (r, m) stories, best first, with m at least 1.
            readers: The same r.
            k: How many are wanted.
        """
        variety = self._variety
        pool = ranked.stories[:, :_POOL]
        r, m = pool.shape
        each = np.arange(r)
        subjects, outlets = self._subjects[pool], self._outlets[pool]
        mix = _mixes(readers, self._stories)
        worth = np.float32(1 - variety.breadth) * _shares(ranked.scores[:, :m])
        open_ = ranked.rows[:, :m, _NOVELTY] >= variety.least_novelty
        likeness = np.zeros((r, m), dtype=np.float32)
        shown = np.zeros(mix.shape, dtype=np.float32)
        from_outlet = np.zeros((r, m), dtype=np.int64)
        most = max(1, math.floor(variety.outlet_share * k))
        chosen = np.full((r, k), -1, dtype=np.int64)
        for step in range(min(k, m)):
            nearer = np.take_along_axis(_nearer(mix, shown, step), subjects, axis=1)
            value = worth - np.float32(variety.breadth) * likeness + np.float32(variety.calibration) * nearer
            value[~open_] = -np.inf
            best = value.argmax(axis=1)
            found = open_[each, best]
            if not found.any():
                break
            chosen[:, step] = np.where(found, best, -1)
            cosines = self._alike(pool, best)
            likeness = np.maximum(likeness, cosines) if step else cosines
            shown[each, subjects[each, best]] += found
            outlet = outlets[each, best]
            from_outlet += (outlets == outlet[:, None]) & (outlet < self._no_outlet)[:, None]
            open_ &= (cosines < variety.alike) & (from_outlet < most)
            open_[each, best] = False
        return chosen

    def _alike(self, pool: NDArray[np.int64], best: NDArray[np.int64]) -> Matrix:
        """(r, m): cosines of each reader's stories to the one at `best`, (r,)."""
        one = pool[np.arange(len(pool)), best]
        if self._cosines is not None:
            return np.asarray(self._cosines[one[:, None], pool], dtype=np.float32)
        vectors = self._stories.vectors
        return np.asarray((vectors[pool] @ vectors[one][:, :, None])[:, :, 0], dtype=np.float32)


def _columns(names: tuple[str | None, ...], shares: Mapping[str, float], n: int) -> NDArray[np.int64]:
    """(n,): the column of each story's name; for what has none, one beyond the last."""
    found = numbered(names, shares) if names else np.full(n, -1)
    return np.asarray(np.where(found < 0, len(shares), found), dtype=np.int64)


def _mixes(readers: Readers, stories: Stories) -> Matrix:
    """(r, subjects + 1): the shares of all a reader turns to; the last, of what has no subject, is 0."""
    shares = np.asarray(list(stories.subject_shares.values()), dtype=np.float32)
    mix = np.exp(readers.subjects) * shares
    mix /= np.maximum(mix.sum(axis=1, keepdims=True), _TINY)
    return np.concatenate([mix, np.zeros((len(mix), 1), dtype=np.float32)], axis=1)


def _nearer(mix: Matrix, shown: Matrix, step: int) -> Matrix:
    """(r, subjects + 1): how much less the mix of what is shown would differ from the reader's with one more of each.

    By the Kullback-Leibler divergence, which changes by what one subject's share does, up to the same for all.
    """
    with_one = (1 - _SMOOTH) * (shown + 1) / (step + 1) + _SMOOTH * mix
    without = (1 - _SMOOTH) * shown / (step + 1) + _SMOOTH * mix
    return np.asarray(mix * (np.log(with_one + _TINY) - np.log(without + _TINY)), dtype=np.float32)


def _shares(scores: Matrix) -> Matrix:
    """Scores from 0, the worst of a reader's, to 1, the best; all 1 where they are the same."""
    least, most = scores.min(axis=1, keepdims=True), scores.max(axis=1, keepdims=True)
    reach = np.where(most > least, most - least, np.float32(1))
    return np.asarray(np.where(most > least, (scores - least) / reach, np.float32(1)), dtype=np.float32)
