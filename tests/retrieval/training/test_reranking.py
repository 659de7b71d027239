from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from retrieval.evaluation.collection import JudgedQuestion
from retrieval.ports import Candidate
from retrieval.search.features import NAMES
from retrieval.training.reranking import Lesson, cross_fitted, fit, graded, measured, scores
from storage.domain.news import ArticleId
from tests.fakes import make_passage

CLOSE, RUN = NAMES.index("close"), NAMES.index("run")


def question(n: int, *relevant: str, answers: tuple[str, ...] = (), in_text: bool | None = None) -> JudgedQuestion:
    return JudgedQuestion(
        id=str(n), text="?", relevant=tuple(map(ArticleId, relevant)), answers=answers, answer_in_text=in_text
    )


def candidates(*texts: str) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(passage=make_passage(n, text, article=f"a{n}"), score=1.0 / n)
        for n, text in enumerate(texts, start=1)
    )


def lesson(n: int, telling: int, *, chinese: bool = False, articles: int = 6) -> Lesson:
    """Of which the second article answers, and one feature says so: `telling` a column."""
    chance = np.random.default_rng(n)
    rows = chance.random((articles, len(NAMES))).astype(np.float32)
    rows[:, telling] = 0.1
    rows[1, telling] = 0.9
    grades = np.zeros(articles)
    grades[1] = 1.0
    return Lesson(
        data="zh" if chinese else "en",
        question=question(n, "a2"),
        candidates=candidates(*["x"] * articles),
        rows=rows,
        chinese=chinese,
        grades=grades,
    )


def first(lessons: Sequence[Lesson], scores: Sequence[Sequence[float]]) -> float:
    """How often what answers comes first."""
    return float(np.mean([np.argmax(each) == 1 for each in scores])) if lessons else 0.0


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (question(1, "a1"), [1, 0, 0]),
        (question(1, "a1", "a2", answers=("Davos",), in_text=True), [1, 2, 0]),
        (question(1, answers=("Davos",)), [0, 1, 1]),
        (question(1, "a1", answers=("yes",)), [1, 0, 0]),
        (question(1, "a1", answers=("Davos",), in_text=False), [1, 0, 0]),
    ],
)
def test_a_passage_answers_by_its_article_by_its_words_or_better_by_both(
    asked: JudgedQuestion, expected: list[int]
) -> None:
    assert graded(asked, candidates("In Bern.", "In Davos.", "Davos again.")).tolist() == expected


def test_what_tells_the_answer_is_learnt_by_language() -> None:
    lessons = [lesson(n, CLOSE) for n in range(40)] + [lesson(100 + n, RUN, chinese=True) for n in range(40)]

    weights = fit(lessons)

    assert weights.articles.other[CLOSE] > abs(weights.articles.other[RUN])
    assert weights.articles.chinese[RUN] > abs(weights.articles.chinese[CLOSE])
    assert first(lessons, [scores(weights, each) for each in lessons]) == 1.0


def test_which_passage_of_an_article_answers_is_learnt_from_answers_alone() -> None:
    # Where the article is right its words say nothing, and the other way round.
    lessons = []
    for n in range(40):
        each = lesson(n, CLOSE)
        rows = np.concatenate([each.rows[:3], each.rows[1:2]])
        rows[:, RUN] = [0.9, 0.1, 0.9, 0.9]
        found = (*candidates("x", "x", "x"), Candidate(passage=make_passage(9, "In Davos.", article="a2"), score=0.1))
        asked = question(n, "a2", answers=("Davos",), in_text=True)
        lessons.append(replace(each, question=asked, candidates=found, rows=rows, grades=np.array([0.0, 1, 0, 2])))
    silent = [replace(each, question=replace(each.question, answer_in_text=False)) for each in lessons]

    weights = fit(lessons)

    assert weights.passages.other[RUN] > abs(weights.passages.other[CLOSE])
    assert weights.articles.other[CLOSE] > 0
    assert all(int(np.argmax(scores(weights, each))) == 3 for each in lessons)
    assert not any(fit(silent).passages.other)


def test_the_same_lessons_give_the_same_model() -> None:
    lessons = [lesson(n, CLOSE) for n in range(10)]

    assert fit(lessons) == fit(lessons)


def test_questions_of_which_nothing_found_answers_teach_nothing() -> None:
    lost = replace(lesson(1, CLOSE), grades=np.zeros(6))

    assert not any(fit([lost]).articles.other)
    assert fit([lost, lesson(2, CLOSE)]) == fit([lesson(2, CLOSE)])


def test_what_is_judged_unseen_was_not_fitted_to() -> None:
    # One feature tells the answer of each question, another one for each: nothing can be carried over.
    lessons = [replace(lesson(n, n), question=question(n, "a2", f"only{n}")) for n in range(len(NAMES))]
    apart = [replace(each, question=question(n, f"only{n}")) for n, each in enumerate(lessons)]

    seen = fit(apart)
    fitted = first(apart, [scores(seen, each) for each in apart])
    unseen = first(apart, cross_fitted(apart))

    assert fitted > unseen + 0.3


def test_questions_that_share_an_article_are_never_on_both_sides() -> None:
    # All of them share one: whichever fold they are in, the others have nothing to be fitted to.
    lessons = [lesson(n, CLOSE) for n in range(10)]

    assert all(not any(each) for each in cross_fitted(lessons))


def test_rankings_are_measured_as_searches_are() -> None:
    lessons = [lesson(n, CLOSE) for n in range(4)]

    found = measured(lessons, [[0.0, 1.0, 0, 0, 0, 0]] * 2 + [[1.0, 0.5, 0, 0, 0, 0]] * 2)

    assert found["en"]["hit@1"] == [1.0, 1.0, 0.0, 0.0]
    assert found["en"]["mrr@10"] == [1.0, 1.0, 0.5, 0.5]
