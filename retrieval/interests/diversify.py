"""The stories of a digest: good ones that differ, in the reader's mix of subjects, from more than one outlet.

One after the other is chosen, the one that is worth most beside those that are: by its score, by how unlike them it is
(maximal marginal relevance: Carbonell and Goldstein, SIGIR 1998), and by how much nearer it brings the subjects of all
to the reader's own (calibrated recommendations: Steck, RecSys 2018). For many readers at once. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.features import NAMES
from retrieval.interests.ranking import Ranked
from retrieval.interests.readers import Matrix
from retrieval.interests.stories import Stories, numbered

_NOVELTY = NAMES.index("novelty")
_TINY = np.float32(1e-12)
_MOST_STORIES = 4096
# How many of the best are looked at for each reader.
_POOL = 48
# So much of the reader's own mix is in every mix, or one that lacks a subject would be infinitely far from it.
_SMOOTH = np.float32(0.01)


Places = NDArray[np.int64]


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
        self._no_outlet = len(outlets)
        self._outlets = numbered(stories.sources or (None,) * len(stories), outlets) % (len(outlets) + 1)
        self._subjects = stories.subject_columns % (len(stories.subject_shares) + 1)
        # As many numbers as stories squared: 16 MB for 2,000. Looking one up is far quicker than computing it.
        self._cosines = stories.vectors @ stories.vectors.T if len(stories) <= _MOST_STORIES else None

    def choose(self, ranked: Ranked, turning: Matrix, lengths: Places) -> Places:
        """(r, k): places in `ranked`, in the order to be shown; -1 where nothing more is wanted, or worth showing.

        Args:
            ranked: (r, m) stories, best first, with m at least 1.
            turning: (r, s), how much oftener than others the same readers turn to each subject, as a logarithm.
            lengths: (r,), how many each wants; k is the greatest.
        """
        variety = self._variety
        chosen = np.full((len(lengths), int(lengths.max(initial=0))), -1, dtype=np.int64)
        # Those who want more come first: who still wants one is the head of all.
        order = np.argsort(-lengths, kind="stable")
        pool = ranked.stories[order, :_POOL]
        r, m = pool.shape
        subjects, outlets = self._subjects[pool], self._outlets[pool]
        named = outlets < self._no_outlet
        mix = self._mixes(turning[order])
        worth = np.float32(1 - variety.breadth) * _shares(ranked.scores[order, :m])
        open_ = ranked.rows[order, :m, _NOVELTY] >= variety.least_novelty
        likeness = np.zeros((r, m), dtype=np.float32)
        shown = np.zeros(mix.shape, dtype=np.float32)
        from_outlet = np.zeros((r, m), dtype=np.int64)
        most = np.maximum(1, np.floor(variety.outlet_share * lengths[order]))[:, None]
        for step in range(min(chosen.shape[1], m)):
            n = int((lengths > step).sum())
            each = np.arange(n)
            nearer = np.take_along_axis(_nearer(mix[:n], shown[:n], step), subjects[:n], axis=1)
            value = worth[:n] - np.float32(variety.breadth) * likeness[:n] + np.float32(variety.calibration) * nearer
            value[~open_[:n]] = -np.inf
            best = value.argmax(axis=1)
            found = open_[each, best]
            if not found.any():
                break
            chosen[order[:n], step] = np.where(found, best, -1)
            cosines = self._alike(pool[:n], best)
            likeness[:n] = np.maximum(likeness[:n], cosines) if step else cosines
            shown[each, subjects[each, best]] += found
            from_outlet[:n] += (outlets[:n] == outlets[each, best, None]) & named[:n]
            open_[:n] &= (cosines < variety.alike) & (from_outlet[:n] < most[:n])
            open_[each, best] = False
        return chosen

    def _mixes(self, turning: Matrix) -> Matrix:
        """(r, subjects + 1): the shares of all a reader turns to; the last, of what has no subject, is 0."""
        mix = np.exp(turning) * np.asarray(list(self._stories.subject_shares.values()), dtype=np.float32)
        mix /= np.maximum(mix.sum(axis=1, keepdims=True), _TINY)
        return np.pad(mix, ((0, 0), (0, 1)))

    def _alike(self, pool: Places, best: Places) -> Matrix:
        """(r, m): cosines of each reader's stories to the one at `best`, (r,)."""
        one = pool[np.arange(len(pool)), best]
        if self._cosines is not None:
            return np.asarray(self._cosines[one[:, None], pool], dtype=np.float32)
        vectors = self._stories.vectors
        return np.asarray((vectors[pool] @ vectors[one][:, :, None])[:, :, 0], dtype=np.float32)


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
