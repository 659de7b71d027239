from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from retrieval.evaluation.collection import JudgedQuestion
from retrieval.evaluation.finding import evaluate_finding
from storage.domain.news import ArticleId, Hit, SearchRequest, SearchResult
from tests.fakes import make_passage

ASKED = datetime(2026, 3, 2, tzinfo=UTC)


class Shelf:
    """Finds the same articles, `a1` to `a3`, whatever is asked."""

    def __init__(self) -> None:
        self.requests: list[SearchRequest] = []

    async def search(self, request: SearchRequest) -> SearchResult:
        self.requests.append(request)
        texts = ("Nothing here.", "Davos in Switzerland", "Berlin")
        hits = tuple(Hit(passage=make_passage(n, text), score=1 / n) for n, text in enumerate(texts, start=1))
        return SearchResult(hits=hits, took=timedelta(milliseconds=4))


def unwatched(_what: str, _done: int, _of: int | None) -> None:
    """Progress nobody watches."""


async def test_each_question_counts_where_it_can_be_judged() -> None:
    shelf = Shelf()
    questions = [
        JudgedQuestion(id="1", text="Where?", relevant=(ArticleId("a2"),), answers=("Davos",), answer_in_text=True),
        JudgedQuestion(id="2", text="Where else?", relevant=(ArticleId("a1"), ArticleId("gone")), answer_in_text=False),
        JudgedQuestion(id="3", text="And?", answers=("Paris",)),
        JudgedQuestion(id="4", text="Who knows?"),
    ]

    report = await evaluate_finding(shelf.search, questions, unwatched)

    assert report.n == 3
    assert report.judged == {"relevant": 2, "in_text": 1, "answer": 2}
    values = {name: estimate.value for name, estimate in report.metrics.items()}
    assert values["hit@1"] == 0.5
    assert values["hit@4"] == 1.0
    assert values["mrr@10"] == pytest.approx((0.5 + 1) / 2)
    assert values["map@10"] == pytest.approx((0.5 + 0.5) / 2)
    assert values["all@10"] == 0.5
    assert values["in_text_hit@1"] == 0.0
    assert (values["answer@1"], values["answer@3"]) == (0.0, 0.5)
    assert report.milliseconds == (4.0, 4.0, 4.0)


async def test_a_question_is_asked_at_its_own_time() -> None:
    shelf = Shelf()
    questions = [JudgedQuestion(id="1", text="Where?", answers=("Davos",), asked_until=ASKED)]

    await evaluate_finding(shelf.search, questions, unwatched)

    (request,) = shelf.requests
    assert (request.filters.until, request.filters.undated, request.k) == (ASKED, True, 10)


async def test_nothing_to_judge_gives_no_figures() -> None:
    report = await evaluate_finding(Shelf().search, [JudgedQuestion(id="1", text="Who?")], unwatched)

    assert (report.n, report.metrics) == (0, {})
