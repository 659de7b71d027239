from __future__ import annotations

import numpy as np
import pytest

from bot.benchmarks.crowd import DIMENSIONS, NEWEST, SPAN, Crowd, crowd, passages, questions, vectors
from storage.domain.news import Filters

N = 6000


@pytest.fixture(scope="module")
def known() -> Crowd:
    return crowd(N)


@pytest.fixture(scope="module")
def stored(known: Crowd) -> np.ndarray:
    return np.concatenate(list(vectors(known)))


def test_a_crowd_is_the_same_each_time(known: Crowd, stored: np.ndarray) -> None:
    again = crowd(N)

    assert np.array_equal(next(vectors(again)), stored[:4096])
    assert passages(again, 3, 5) == passages(known, 0, 10)[3:5]
    assert np.array_equal(again.seconds, known.seconds)


def test_vectors_are_unit_rows_one_for_each_passage(stored: np.ndarray) -> None:
    assert stored.shape == (N, DIMENSIONS)
    assert stored.dtype == np.float32
    assert np.allclose(np.linalg.norm(stored, axis=1), 1, atol=1e-5)


def test_vectors_lie_as_those_of_real_news_do(known: Crowd, stored: np.ndarray) -> None:
    english = np.flatnonzero(~known.chinese)
    cosines = stored[english[:300]] @ stored[english].T
    stories = known.stories[english]
    same = stories[:300, np.newaxis] == stories
    cosines[np.arange(300), np.arange(300)] = np.nan

    assert np.nanmedian(cosines) == pytest.approx(0.10, abs=0.04)
    assert np.nanmedian(cosines[same]) == pytest.approx(0.65, abs=0.05)


def test_passages_differ_in_all_that_can_be_filtered_by(known: Crowd) -> None:
    held = passages(known, 0, N)

    dates = [passage.headline.published for passage in held if passage.headline.published]
    assert 0.1 < sum(passage.headline.language == "zh" for passage in held) / N < 0.3
    assert 0 < N - len(dates) < N / 20
    assert NEWEST - SPAN <= min(dates) <= max(dates) < NEWEST
    assert sum(date > NEWEST - SPAN / 2 for date in dates) > 0.6 * N
    assert len({passage.headline.url for passage in held}) == N / 4
    assert [passage.id for passage in held] == list(range(1, N + 1))


def test_questions_are_about_passages_and_bounded_by_what_some_meet(known: Crowd, stored: np.ndarray) -> None:
    asked = list(questions(known, stored, 40))

    best = [int(np.argmax(stored @ question.vector)) for question in asked]
    held = passages(known, 0, N)
    assert len(asked) == 40
    assert all(question.filters["none"] == Filters() for question in asked)
    for question, row in zip(asked, best, strict=True):
        assert question.filters["language"].language == held[row].headline.language
        assert set(question.text.split()[:2]) <= set(held[row].headline.title.split())
        bounds = question.filters["language_and_time"]
        assert bounds.since is not None
        assert bounds.until is not None
        assert bounds.until - bounds.since == SPAN * 0.05
