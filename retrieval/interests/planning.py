"""Digests of many readers in one computation: what each is shown, in which order, and by which figures. Pure.

Stories are ranked for all readers of a batch by products of matrices and chosen for all of them step by step, so that a
reader costs the same however many there are; memory is bounded by the batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.diversify import Chooser, Variety
from retrieval.interests.exploring import Exploration, Explorer, Indices
from retrieval.interests.features import NAMES, features
from retrieval.interests.fillers import far, without_fillers
from retrieval.interests.muting import hidden
from retrieval.interests.ranking import SHORTLIST, Ranked, Ranker, Weights, shipped
from retrieval.interests.readers import Crowd, Matrix
from retrieval.interests.stories import Stories

BATCH = 2048
"""So many readers are best planned for at once: more take more memory, fewer more time each."""

# So many of them are looked at together: what is known of them is still near when it is looked at again.
_BLOCK = 128
_NOVELTY = NAMES.index("novelty")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wishes:
    """What each of r readers wants of a digest made of n stories.

    Args:
        lengths: (r,), how many stories at most, at least 1.
        spare: How many more each gets, in the places after them.
        filled: (r,), with what is far from all that a reader turns to (see `retrieval.interests.fillers`) their digest
            is filled up to so many; up to all of them where not given.
        seeds: (r,) uint64, what is drawn by chance is drawn by; the same gives the same digest.
        novelty: (r, n) float32 in [0, 1], how much of each story is new to each reader; all of it where not given.
        allowed: (r, n), which stories each reader may be shown; all where not given. What they muted is out besides.
        if_near: (n,), which stories are for those alone who are known to turn to such: they fill up no digest, and are
            nothing to explore; none where not given.
    """

    lengths: Indices
    seeds: NDArray[np.uint64]
    spare: int = 0
    filled: Indices | None = None
    novelty: Matrix | None = None
    allowed: NDArray[np.bool_] | None = None
    if_near: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plans:
    """What r readers are shown, in order, at most k stories each.

    Args:
        stories: (r, k), which they are; -1 from where there is nothing more that is worth showing.
        scores: (r, k) float32; 0 where there is no story, as are the figures.
        rows: (r, k, len(NAMES)) float32, their features.
        usual: (r, len(NAMES)) float32, the mean features of those that were looked at closely and may be shown: what
            reasons are told against.
        explored: (r,), the place of the story that is outside of what the reader turns to, and shown for that: no
            interest of theirs is a reason for it. -1 where there is none.
        far: (r, k), which of the others are far from all that the reader turns to, as far as that was asked for.
    """

    stories: Indices
    scores: Matrix
    rows: Matrix
    usual: Matrix
    explored: Indices
    far: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.stories)


class Planner:
    """Plans digests of the same stories for any number of readers, some thousand at a time.

    Args:
        stories: n of them, at least one.
        weights: How much each feature counts; the shipped ones where not given.
        variety: How much the stories of a digest are to differ.
        exploration: How much is shown outside of what readers turn to.
    """

    def __init__(
        self,
        stories: Stories,
        weights: Weights | None = None,
        variety: Variety | None = None,
        exploration: Exploration | None = None,
    ) -> None:
        self._stories, self._variety = stories, variety or Variety()
        self._weights = weights or shipped()
        self._ranker = Ranker(stories, self._weights)
        self._chooser = Chooser(stories, self._variety)
        self._explorer = Explorer(stories, exploration or Exploration(), self._variety.alike)

    def plan(self, readers: Crowd, wishes: Wishes) -> Plans:
        """The digests of some readers, best `BATCH` of them at once."""
        looked = self._looked_at(readers, wishes)
        stories, scores, rows = self._chosen(looked.ranked, readers.subjects, wishes.lengths + wishes.spare)
        distant = np.zeros(stories.shape, dtype=np.bool_)
        if wishes.filled is not None:
            distant = self._far(readers, stories, wishes.if_near)
            unfit = None if wishes.if_near is None else wishes.if_near[stories]
            places = without_fillers(distant, stories, wishes.filled, unfit)
            stories, scores, rows = _at(places, stories, scores, rows)
            distant = np.take_along_axis(distant, np.maximum(places, 0), axis=1) & (places >= 0)
        explored = self._explore(looked.outside, wishes, stories, scores, rows, distant)
        for some in _blocks(np.flatnonzero(explored >= 0)):
            at = explored[some]
            one = stories[some, at][:, None]
            novelty = None if wishes.novelty is None else wishes.novelty[some[:, None], one]
            shown = features(readers.part(some), self._stories, one, novelty)
            rows[some, at] = shown[:, 0]
            scores[some, at] = self._weights.scores(shown[:, 0])
        return Plans(stories=stories, scores=scores, rows=rows, usual=looked.usual, explored=explored, far=distant)

    def _looked_at(self, readers: Crowd, wishes: Wishes) -> _Looked:
        """The best stories of each reader; what they may not be shown last, as if as good as the worst they may."""
        found = _Looked.blank(len(readers), min(len(self._stories), SHORTLIST), len(self._explorer.pool))
        allowed = self._allowed(readers, wishes)
        # Readers with as many interests are ranked for together: most have fewer than the most that one has.
        for some in _blocks(np.argsort(readers.counts, kind="stable")):
            part, open_ = readers.part(some), allowed[some]
            ranked = self._ranker.rank(part, None if wishes.novelty is None else wishes.novelty[some], open_)
            lately = open_ if wishes.if_near is None else open_ & ~wishes.if_near
            found.outside[some] = self._explorer.outside(part, lately)
            open_ = np.take_along_axis(open_, ranked.stories, axis=1)
            whole = np.einsum("rm,rmf->rf", open_.astype(np.float32), ranked.rows)
            found.usual[some] = whole / np.maximum(open_.sum(axis=1, keepdims=True), 1)
            ranked.rows[~open_, _NOVELTY] = 0
            least = np.where(open_, ranked.scores, np.inf).min(axis=1, keepdims=True)
            found.ranked.stories[some], found.ranked.rows[some] = ranked.stories, ranked.rows
            found.ranked.scores[some] = np.where(open_, ranked.scores, np.where(np.isfinite(least), least, 0))
        return found

    def _allowed(self, readers: Crowd, wishes: Wishes) -> NDArray[np.bool_]:
        """(r, n), which stories may be shown: they are new enough, and not muted."""
        shape = len(readers), len(self._stories)
        found = np.ones(shape, dtype=np.bool_) if wishes.allowed is None else wishes.allowed.copy()
        if wishes.novelty is not None:
            found &= wishes.novelty >= self._variety.least_novelty
        if wishes.if_near is not None:
            found &= (readers.counts > 0)[:, None] | ~wishes.if_near
        for muting in _blocks(np.flatnonzero(readers.mutes)):
            found[muting] &= ~hidden(readers.part(muting), self._stories)
        return found

    def _chosen(self, ranked: Ranked, turning: Matrix, lengths: Indices) -> tuple[Indices, Matrix, Matrix]:
        """(r, k) stories, scores and rows of the digests; k is the greatest length."""
        places = self._chooser.choose(ranked, turning, lengths)
        return _at(places, ranked.stories, ranked.scores, ranked.rows)

    def _far(self, readers: Crowd, stories: Indices, if_near: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
        """(r, k), which of these are far from all that their reader turns to."""
        distant = np.zeros(stories.shape, dtype=np.bool_)
        for some in _blocks(np.argsort(readers.counts, kind="stable")):
            distant[some] = far(readers.part(some), self._stories, stories[some], if_near)
        return distant

    def _explore(
        self,
        outside: NDArray[np.bool_],
        wishes: Wishes,
        stories: Indices,
        scores: Matrix,
        rows: Matrix,
        distant: NDArray[np.bool_],
    ) -> Indices:
        """(r,): the place at which each digest has now one to explore, the last of its length; -1 where it has none."""
        count = np.minimum((stories >= 0).sum(axis=1), wishes.lengths)
        last = np.where(count == wishes.lengths, count - 1, count).astype(np.int64)
        kept = np.where(np.arange(stories.shape[1]) < last[:, None], stories, -1)
        most = np.maximum(1, np.floor(self._variety.outlet_share * wishes.lengths)).astype(np.int64)
        found = self._explorer.explored(outside, wishes.seeds, kept, most)
        who = np.flatnonzero(found >= 0)
        # Where it was a spare one, that which it takes the place of takes its place.
        row, at = np.nonzero(stories[who] == found[who, None])
        for each in (stories, scores, rows, distant):
            each[who[row], at] = each[who[row], last[who[row]]]
        stories[who, last[who]], distant[who, last[who]] = found[who], False
        return np.where(found >= 0, last, -1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Looked:
    """What r readers' stories look like: m of them closely.

    Args:
        ranked: (r, m) of them.
        usual: As of `Plans`.
        outside: (r, p), as of `Explorer.outside`.
    """

    ranked: Ranked
    usual: Matrix
    outside: NDArray[np.bool_]

    @classmethod
    def blank(cls, r: int, m: int, p: int) -> _Looked:
        return cls(
            ranked=Ranked(
                stories=np.zeros((r, m), dtype=np.int64),
                scores=np.zeros((r, m), dtype=np.float32),
                rows=np.zeros((r, m, len(NAMES)), dtype=np.float32),
            ),
            usual=np.zeros((r, len(NAMES)), dtype=np.float32),
            outside=np.zeros((r, p), dtype=np.bool_),
        )


def _at(places: Indices, stories: Indices, scores: Matrix, rows: Matrix) -> tuple[Indices, Matrix, Matrix]:
    """What stands at each reader's places; -1 and 0 where a place is -1."""
    none, at = places < 0, np.maximum(places, 0)
    each = np.arange(len(places))[:, None]
    stories, scores, rows = stories[each, at], scores[each, at], rows[each, at]
    stories[none], scores[none], rows[none] = -1, 0, 0
    return stories, scores, rows


def _blocks(rows: Indices) -> Iterator[Indices]:
    return (rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK))
