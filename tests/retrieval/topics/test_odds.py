from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.topics.held import Held
from retrieval.topics.odds import MOST, Weights, odds, read_weights, shipped_weights, write_weights
from retrieval.topics.pool import ACROSS, NAMES, Matrix, features
from retrieval.topics.sketch import Sketch
from storage.errors import InputError

NOW = datetime(2026, 3, 2, tzinfo=UTC)
NEUTRAL = Weights(within=(0.0,) * (len(NAMES) + 1), across=(*(0.0,) * len(NAMES), -1.0))


def sketch(seed: int, n: int = 6) -> Sketch:
    random = np.random.default_rng(seed)
    vector = random.standard_normal(16)
    terms = np.unique(random.integers(0, 20, n)).astype(np.uint32)
    return Sketch(
        vector=(vector / np.linalg.norm(vector)).astype(np.float32),
        terms=terms,
        counts=random.integers(1, 4, len(terms)).astype(np.uint8),
        named=random.random(len(terms)) < 0.3,
        numbers=random.random(len(terms)) < 0.3,
        pairs=np.unique(random.integers(0, 30, n)).astype(np.uint32),
        days=int(random.integers(0, 128)),
    )


def held(sketches: list[Sketch]) -> Held:
    articles = Held()
    for at, each in enumerate(sketches):
        articles.add(str(at), at, each)
    return articles


def likely(sketches: list[Sketch], weights: Weights) -> Matrix:
    return odds(sketches, *held(sketches).rarity(sketches), weights)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=20), st.integers(0, 8))
def test_figures_are_finite_and_do_not_depend_on_the_order_of_the_two(seeds: list[int], n: int) -> None:
    sketches = [sketch(seed, n) for seed in seeds]

    found = features(sketches, *held(sketches).rarity(sketches))

    assert found.shape == (len(NAMES), len(seeds), len(seeds))
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found, found.transpose(0, 2, 1), atol=1e-4)


def test_what_two_articles_share_speaks_for_one_event() -> None:
    a, b, c = sketch(1), sketch(2), sketch(3)
    same = replace(a, vector=b.vector)

    found = dict(zip(NAMES, features([a, same, c], *held([a, same, c]).rarity([a, same, c])), strict=True))

    assert found["terms"][0, 1] == pytest.approx(1, abs=1e-5)
    assert found["terms"][0, 1] > found["terms"][0, 2]
    assert found["no_day_shared"][0, 1] == 0


def test_the_nearer_in_time_the_likelier_and_a_time_that_is_not_known_says_nothing() -> None:
    gaps = (timedelta(0), timedelta(hours=6), timedelta(days=3), timedelta(days=30), timedelta(days=3_000))
    sketches = [replace(sketch(1), published=NOW + gap) for gap in gaps] + [sketch(1)]

    said = likely(sketches, NEUTRAL)[0]

    assert list(said[:5]) == sorted(said[:5], reverse=True)
    assert said[0] > 0 > said[2] > said[4] >= -3
    assert said[5] == 0


def test_between_languages_other_weights_count() -> None:
    sketches = [replace(sketch(1), language=language) for language in ("en", "zh", "en", None)]

    said = likely(sketches, NEUTRAL)

    assert said[0].tolist() == [0, -1, 0, 0]


def test_within_a_language_that_has_them_its_own_weights_count() -> None:
    weights = replace(NEUTRAL, languages={"zh": (*(0.0,) * len(NAMES), -2.0)})
    english, chinese, other = (replace(sketch(1), language=language) for language in ("en", "zh", "zh"))

    found = likely([english, chinese, other], weights)

    assert found[1, 2] == pytest.approx(-2.0)
    assert found[0, 0] == pytest.approx(0.0)
    assert found[0, 1] == pytest.approx(-1.0)


def test_copies_are_of_one_event() -> None:
    sketches = [replace(sketch(at), group=group) for at, group in enumerate(("g", "g", None, None))]

    said = likely(sketches, NEUTRAL)

    assert said[0, 1] == MOST
    assert said[2, 3] == said[0, 2] == 0


def test_the_shipped_weights_have_one_for_each_figure_and_between_languages_those_that_mean_something() -> None:
    weights = shipped_weights()

    assert len(weights.within) == len(weights.across) == len(NAMES) + 1
    assert all(weight == 0 for name, weight in zip(NAMES, weights.across, strict=False) if name not in ACROSS)


def test_weights_come_back_as_they_were_written(tmp_path: Path) -> None:
    write_weights(tmp_path / "odds.json", shipped_weights(), {"day": "today"})

    assert read_weights(tmp_path / "odds.json") == shipped_weights()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"within": {}, "across": {}}'])
def test_a_file_that_holds_no_weights_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "odds.json").write_text(text)

    with pytest.raises(InputError, match=r"odds\.json: holds no weights"):
        read_weights(tmp_path / "odds.json")
