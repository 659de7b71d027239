"""A small ranker that an instance learns from its own readers, once they gave it enough to learn from.

What stands first is looked at most: an item that got nothing may not have been seen. How likely each place is to be
looked at is estimated from the feedback itself (regression by expectation maximization: Wang, Golbandi, Bendersky,
Metzler and Najork, WSDM 2018), and whatever was turned to counts as much more as its place is looked at less (inverse
propensity: Joachims, Swaminathan and Schnabel, WSDM 2017). Weights are pulled towards those that ship, so that little
feedback changes little. They are learned from the earlier feedback and tried on the later; only what is better there,
and not by chance, is worth installing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.features import NAMES
from retrieval.interests.ranking import Weights
from retrieval.interests.readers import Matrix

FEWEST = 200
"""So many lists, some of which was turned to and some not, are the least to learn from."""

_EARLIER = 0.75
# As many lists as the shipped weights stand for.
_PRIOR_LISTS = 50.0
_ROUNDS, _STEPS = 15, 12
# No place counts more than so many times the first, lest one lucky click outweigh a day.
_MOST = 10.0
_SURE = 1.96
_PLAIN = Weights.named({"mean": 1.0})
_TINY = 1e-9
_ROOM = 30.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shown:
    """Items that a reader was shown together.

    Args:
        rows: (m, len(NAMES)) features, as they were then.
        turned_to: (m,) bool; some are and some are not.
        places: (m,), where each stood, 0 the first; `None` where that is not known, or was drawn by chance.
    """

    rows: Matrix
    turned_to: NDArray[np.bool_]
    places: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What was learned.

    Args:
        weights: Of all feedback, where that is better; else what was before.
        better: Whether it is worth installing.
        gain: In the share of pairs in the right order, on the later feedback, over the weights that were before.
        gain_low: What it is at least, with 97.5 %.
        over_plain_low: The same over the mean similarity alone.
        looked_at: How likely each place is to be looked at, the likeliest 1.
        lists: How much feedback there was.
    """

    weights: Weights
    better: bool
    gain: float = 0.0
    gain_low: float = 0.0
    over_plain_low: float = 0.0
    looked_at: tuple[float, ...] = (1.0,)
    lists: int = 0


def learn(shown: Sequence[Shown], before: Weights) -> Learned:
    """Learn from what readers were shown, in the order of time; `before` is what it was ranked by, or would be."""
    if len(shown) < FEWEST:
        return Learned(weights=before, better=False, lists=len(shown))
    cut = int(len(shown) * _EARLIER)
    earlier, later = shown[:cut], shown[cut:]
    looked_at = propensities(shown)
    tried = _fitted(earlier, before, looked_at)
    ours, theirs, plain = (_in_order(later, each, looked_at) for each in (tried, before, _PLAIN))
    gain, gain_low = _least(ours - theirs)
    _, over_plain_low = _least(ours - plain)
    better = gain_low > 0 and over_plain_low > 0
    return Learned(
        weights=_fitted(shown, before, looked_at) if better else before,
        better=better,
        gain=gain,
        gain_low=gain_low,
        over_plain_low=over_plain_low,
        looked_at=tuple(looked_at.tolist()),
        lists=len(shown),
    )


def propensities(shown: Sequence[Shown]) -> Floats:
    """How likely each place is to be looked at, the likeliest 1; only 1 where places are not known."""
    known = [each for each in shown if each.places is not None]
    if not known:
        return np.ones(1)
    rows = _scaled(np.concatenate([each.rows for each in known]).astype(np.float64))
    rows = np.concatenate([rows, np.ones((len(rows), 1))], axis=1)
    got = np.concatenate([each.turned_to for each in known]).astype(np.float64)
    places = np.concatenate([each.places for each in known if each.places is not None])
    count = np.maximum(np.bincount(places), _TINY)
    looked_at, weights = np.ones(len(count)), np.zeros(rows.shape[1])
    # A place that is looked at half as often gets half the clicks, where items were alike.
    looked_at = np.maximum(np.bincount(places, got) / count, _TINY)
    looked_at /= looked_at.max()
    for _ in range(_ROUNDS):
        wanted = _sigmoid(rows @ weights)
        missed = np.maximum(1 - looked_at[places] * wanted, _TINY)
        was_looked_at = np.where(got > 0, 1.0, looked_at[places] * (1 - wanted) / missed)
        was_wanted = np.where(got > 0, 1.0, (1 - looked_at[places]) * wanted / missed)
        looked_at = np.maximum(np.bincount(places, was_looked_at) / count, _TINY)
        looked_at /= looked_at.max()
        weights = _logistic(rows, was_wanted, np.ones(len(rows)), weights, ridge=1.0, towards=np.zeros(len(weights)))
    return looked_at


def _fitted(shown: Sequence[Shown], before: Weights, looked_at: Floats) -> Weights:
    """The weights under which what was turned to stands before what was not, pair by pair, each list counting once."""
    pairs, worth = [], []
    for each in shown:
        ahead = each.rows[each.turned_to][:, None] - each.rows[~each.turned_to][None]
        importance = np.broadcast_to(_importance(each, looked_at)[:, None], ahead.shape[:2])
        pairs.append(ahead.reshape(-1, len(NAMES)).astype(np.float64))
        worth.append((importance / importance.size).ravel())
    apart, weight = np.concatenate(pairs), np.concatenate(worth)
    scale = np.sqrt((weight[:, None] * apart**2).sum(axis=0) / weight.sum())
    # What never differs cannot be learned of, and stays as it was.
    scale = np.where(scale > _TINY, scale, 1.0)
    start = np.asarray(before.values) * scale
    found = _logistic(apart / scale, np.ones(len(apart)), weight, start, ridge=_PRIOR_LISTS, towards=start)
    return Weights(values=tuple((found / scale).tolist()))


def _logistic(rows: Floats, wanted: Floats, weight: Floats, start: Floats, *, ridge: float, towards: Floats) -> Floats:
    """Logistic regression by Newton's method: `wanted` is in [0, 1], `ridge` pulls the weights to `towards`."""
    found = start.copy()
    for _ in range(_STEPS):
        chance = _sigmoid(rows @ found)
        slope = rows.T @ (weight * (chance - wanted)) + ridge * (found - towards)
        bend = (rows * (weight * chance * (1 - chance))[:, None]).T @ rows + ridge * np.eye(len(found))
        step = np.linalg.solve(bend, slope)
        found -= step
        if float(np.abs(step).max()) < _TINY:
            break
    return found


def _in_order(shown: Sequence[Shown], weights: Weights, looked_at: Floats) -> Floats:
    """Of each list, the share of pairs that are in the right order, by importance; ties are half in it."""
    shares = []
    for each in shown:
        scores = weights.scores(each.rows)
        ahead = scores[each.turned_to][:, None] - scores[~each.turned_to][None]
        importance = _importance(each, looked_at)
        shares.append(float(importance @ ((ahead > 0) + (ahead == 0) / 2).mean(axis=1)) / float(importance.sum()))
    return np.asarray(shares)


def _importance(shown: Shown, looked_at: Floats) -> Floats:
    """How much each item that was turned to counts."""
    if shown.places is None:
        return np.ones(int(shown.turned_to.sum()))
    return np.minimum(1 / looked_at[shown.places[shown.turned_to]], _MOST)


def _least(gains: Floats) -> tuple[float, float]:
    """The mean, and what it is at least with 97.5 %."""
    mean = float(gains.mean())
    return mean, mean - _SURE * float(gains.std(ddof=1)) / float(np.sqrt(len(gains)))


def _scaled(rows: Floats) -> Floats:
    spread = rows.std(axis=0)
    return np.asarray((rows - rows.mean(axis=0)) / np.where(spread > _TINY, spread, 1.0), dtype=np.float64)


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -_ROOM, _ROOM))), dtype=np.float64)
