"""Invented courses and comparisons as a whole: what a change makes worse is seen, though no single case need hold."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from generation.citations import violations
from generation.engines.extractive import ExtractiveEngine
from generation.evaluation.answers import AskedQuestion, Told, evaluate_answers
from generation.reading.terms import is_chinese, terms
from retrieval.evaluation.collection import read_collection
from retrieval.evaluation.measures import holds
from retrieval.ingest.moments import read_moment
from storage.domain.dialogue import Answer, Question
from storage.domain.news import ArticleId, Hit

COURSES = Path(__file__).parents[2] / "courses"
READ = 20


def mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores)


@pytest.mark.parametrize(("kind", "told", "right", "sides"), [("tuned", 0.9, 0.9, 0.9), ("unseen", 0.8, 0.9, 0.7)])
async def test_most_moments_and_sides_are_told_in_order_each_cited(
    kind: str,
    told: float,
    right: float,
    sides: float,
    hit: Callable[..., Hit],
    question: Callable[..., Question],
) -> None:
    collection = read_collection(COURSES / kind)
    articles = [json.loads(line) for path in collection.articles for line in path.read_text("utf-8").splitlines()]
    texts = {row["id"]: row["text"] for row in articles}
    wrong: dict[str, object] = {}

    def nearest(text: str) -> list[Hit]:
        """Those that share most words with a question; a search does better."""
        asked = set(terms(text))
        found = [row for row in articles if is_chinese(row["text"]) == is_chinese(text)]
        found.sort(key=lambda row: -len(asked.intersection(terms(f"{row['title']} {row['text']}"))))
        return [
            hit(row["text"], article=row["id"], title=row["title"], rank=i, published=read_moment(row["published"]))
            for i, row in enumerate(found[:READ])
        ]

    async def ask(asked: AskedQuestion) -> Answer:
        found = nearest(asked.text)
        answer = ExtractiveEngine().write(question(asked.text, asked_at=asked.asked_until), found)
        if broken := violations(answer, found):
            wrong[asked.text] = broken
        return answer

    async def text_of(article: ArticleId) -> str | None:
        return texts.get(article)

    questions = [
        AskedQuestion(
            text=each.text,
            asked_until=each.asked_until,
            course=tuple(Told(day=moment.day, holds=moment.holds) for moment in each.course),
            sides=each.sides,
        )
        for each in collection.questions
    ]
    scores: dict[str, Sequence[float]] = defaultdict(tuple)
    scores |= (await evaluate_answers(ask, text_of, holds, questions, lambda *_: None)).scores

    assert not wrong
    assert mean(scores["quote_verbatim"]) == mean(scores["sentence_cited"]) == mean(scores["in_order"]) == 1
    assert mean(scores["moment_told"]) >= told
    assert mean(scores["moment_right"]) >= right
    assert mean(scores["side_told"]) >= sides
