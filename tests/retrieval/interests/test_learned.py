from __future__ import annotations

import numpy as np
import pytest

from retrieval.interests.features import NAMES
from retrieval.interests.learned import FEWEST, Shown, learn, propensities
from retrieval.interests.ranking import Weights, shipped

SIZE = 8
LOOKED_AT = 1 / np.arange(1, SIZE + 1)


def feedback(n: int, wants: str, *, seed: int = 0, ranked_by: str | None = None, biased: bool = True) -> list[Shown]:
    """Lists shown to readers who want one thing, and look at what stands first the most."""
    chance = np.random.default_rng(seed)
    found = []
    while len(found) < n:
        rows = np.zeros((SIZE, len(NAMES)), dtype=np.float32)
        for name in ("attention", "mean", "heat", "source"):
            rows[:, NAMES.index(name)] = chance.normal(size=SIZE)
        if ranked_by is not None:
            # Not strictly, or no place would ever hold anything but what it is worth.
            rows = rows[np.argsort(-rows[:, NAMES.index(ranked_by)] - chance.normal(size=SIZE))]
        wanted = 1 / (1 + np.exp(1.0 - 2.0 * rows[:, NAMES.index(wants)]))
        looked_at = LOOKED_AT if biased else np.ones(SIZE)
        got = chance.random(SIZE) < wanted * looked_at
        if got.any() and not got.all():
            found.append(Shown(rows=rows, turned_to=got, places=np.arange(SIZE) if biased else None))
    return found


def test_what_readers_want_is_learned_from_what_they_do() -> None:
    before = Weights.named({"attention": 1.0})

    found = learn(feedback(600, "source", biased=False), before)

    assert found.better
    assert found.gain >= found.gain_low > 0
    assert found.weights.of("source") > found.weights.of("attention") * 2


def test_too_little_feedback_changes_nothing() -> None:
    found = learn(feedback(FEWEST - 1, "source"), shipped())

    assert (found.better, found.weights, found.lists) == (False, shipped(), FEWEST - 1)


def test_what_is_no_better_is_not_installed() -> None:
    before = Weights.named({"source": 4.0})

    found = learn(feedback(400, "source", biased=False), before)

    assert (found.better, found.weights) == (False, before)


def test_what_readers_want_is_not_taken_for_what_stood_first() -> None:
    before = Weights.named({"heat": 1.0})
    shown = feedback(1500, "source", ranked_by="heat")
    blind = [Shown(rows=each.rows, turned_to=each.turned_to) for each in shown]

    fair, unfair = (learn(each, before).weights for each in (shown, blind))

    assert fair.of("heat") / fair.of("source") < unfair.of("heat") / unfair.of("source")


def test_how_likely_each_place_is_to_be_looked_at_is_found_out() -> None:
    found = propensities(feedback(3000, "source", ranked_by="heat"))

    np.testing.assert_allclose(found / found[0], LOOKED_AT, atol=0.2)
    assert np.corrcoef(found, LOOKED_AT)[0, 1] > 0.95


def test_unknown_places_are_all_looked_at_alike() -> None:
    assert propensities(feedback(5, "heat", biased=False)).tolist() == [1.0]


def test_the_same_feedback_teaches_the_same() -> None:
    shown = feedback(300, "source")

    assert learn(shown, shipped()) == learn(shown, shipped())


def test_what_never_differs_keeps_its_weight() -> None:
    before = Weights.named({"attention": 1.0, "quality": 0.3})

    assert learn(feedback(600, "source", biased=False), before).weights.of("quality") == pytest.approx(0.3)
