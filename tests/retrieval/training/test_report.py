from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.training.examples import Kind
from retrieval.training.report import Bench, bench, compare, ranks, score
from tests.retrieval.training.toys import example


def on(n: int, languages: tuple[str, ...] | None = None) -> Bench:
    return Bench(
        queries=tuple(f"q{each}" for each in range(n)),
        languages=languages or ("en",) * n,
        pool=tuple(f"p{each}" for each in range(n)),
        right=tuple(frozenset({each}) for each in range(n)),
        ignored=(frozenset(),) * n,
    )


def test_a_rank_counts_what_is_nearer_and_passes_over_what_is_of_the_same_article() -> None:
    three = Bench(
        queries=("q",), languages=("en",), pool=("a", "b", "c"), right=(frozenset({0}),), ignored=(frozenset({1}),)
    )
    query = np.array([[1, 0]], dtype=np.float32)
    pool = np.array([[0.6, 0.8], [1, 0], [0.8, 0.6]], dtype=np.float32)

    assert ranks(three, query, pool).tolist() == [2]


def test_an_encoder_that_gives_everything_one_vector_finds_nothing() -> None:
    alike = np.ones((5, 4), dtype=np.float32) / 2

    assert ranks(on(5), alike, alike).tolist() == [5] * 5


def test_vectors_that_are_no_numbers_rank_last() -> None:
    broken = np.full((3, 2), np.nan, dtype=np.float32)

    assert score(ranks(on(3), broken, broken)) < 0.5


def test_the_measures_follow_from_the_ranks() -> None:
    report = compare(on(4), np.array([1, 2, 10, 11]), np.array([1, 1, 1, 1]))

    assert report.before["hit@1"].value == 0.25
    assert report.before["hit@10"].value == 0.75
    assert report.before["mrr@10"].value == pytest.approx((1 + 0.5 + 0.1) / 4)
    assert report.gain["mrr@10"].value == pytest.approx(1 - (1 + 0.5 + 0.1) / 4)


def test_what_gains_on_most_questions_is_better() -> None:
    report = compare(on(40), np.full(40, 3), np.ones(40, dtype=np.int64))

    assert report.better
    assert (report.n, report.worse) == (40, ())


def test_what_gains_no_more_than_chance_is_not_better() -> None:
    before = np.array([1, 2] * 20)

    assert not compare(on(40), before, before).better
    assert not compare(on(40), before, before[::-1].copy()).better


def test_what_is_clearly_worse_in_a_language_is_not_better_whatever_it_gains_over_all() -> None:
    languages = ("en",) * 30 + ("zh",) * 10
    before = np.array([5] * 30 + [1] * 10)
    after = np.array([1] * 30 + [2] * 10)

    report = compare(on(40, languages), before, after)

    assert report.gain["mrr@10"].low > 0
    assert report.worse == ("zh",)
    assert not report.better


def test_a_language_with_a_question_or_two_has_no_figure_of_its_own() -> None:
    report = compare(on(12, ("en",) * 10 + ("zh",) * 2), np.ones(12, dtype=np.int64), np.ones(12, dtype=np.int64))

    assert "mrr@10 en" in report.before
    assert "mrr@10 zh" not in report.before


def test_a_bench_asks_questions_first_and_languages_in_turn() -> None:
    examples = [
        *(example(n, f"span {n}", f"p{n}", kind=Kind.SPAN) for n in range(20)),
        *(example(n, f"asked {n}", f"p{n}") for n in range(20, 25)),
        *(example(n, f"问{n}", f"文{n}", language="zh") for n in range(25, 30)),
    ]

    made = bench(examples, [], queries=10, passages=100)

    assert sorted(query for query in made.queries if query.startswith("asked")) == [f"asked {n}" for n in range(20, 25)]
    assert made.languages.count("zh") == made.languages.count("en") == 5
    assert len(made.pool) == 30


def test_the_pool_is_filled_to_its_size_with_what_others_look_for() -> None:
    judging = [example(n, f"q{n}", f"p{n}") for n in range(5)]
    others = [example(n, f"q{n}", f"p{n}") for n in range(5, 50)]

    assert len(bench(judging, others, queries=3, passages=20).pool) == 20
    assert len(bench(judging, others, queries=5, passages=2).pool) == 5


@given(groups=st.lists(st.integers(0, 5), min_size=1, max_size=30))
def test_what_a_query_should_find_is_in_the_pool_and_the_rest_of_its_articles_ignored(groups: list[int]) -> None:
    examples = [example(n, f"q{n // 2}", f"p{n}", group=f"g{group}") for n, group in enumerate(groups)]

    made = bench(examples, [], queries=1000, passages=1000)

    for query, right, ignored in zip(made.queries, made.right, made.ignored, strict=True):
        mine = [each for each in examples if each.query == query]
        own = {each.group for each in mine}
        assert {made.pool[place] for place in right} == {each.positive for each in mine}
        assert {made.pool[place] for place in right | ignored} == {e.positive for e in examples if e.group in own}
        assert not right & ignored
