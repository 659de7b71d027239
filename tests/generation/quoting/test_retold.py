from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from generation.engines.extractive import ExtractiveEngine
from generation.quoting.retold import retold
from storage.domain.dialogue import Question, Turn
from storage.domain.news import Article, ArticleId, Hit

MORNING, NOON = datetime(2026, 3, 1, 6, tzinfo=UTC), datetime(2026, 3, 1, 12, tzinfo=UTC)
ENGLISH = "A ferry capsized off Marano on Sunday, killing at least 31 people. The captain was arrested."
CHINESE = "一艘渡轮周日在马拉诺附近海域倾覆，造成38人死亡。另有135人获救。"
ELSEWHERE = "一列火车周日在北岭出轨，造成38人死亡。另有135人获救。"


@pytest.fixture
def article(hit: Callable[..., Hit]) -> Article:
    return Article(headline=hit(ENGLISH, title="Ferry capsizes off Marano").passage.headline, text=ENGLISH)


@pytest.mark.parametrize(
    ("text", "similarity", "same"),
    [(CHINESE, 0.41, True), (CHINESE, 0.1, False), (ELSEWHERE, 0.41, False), (ELSEWHERE, 0.6, True)],
)
def test_what_tells_the_same_is_known_by_meaning_and_by_names(
    text: str, similarity: float, same: bool, article: Article, hit: Callable[..., Hit]
) -> None:
    found = replace(hit(text, article="b"), similarity=similarity)

    assert retold(article, [found]) == [found] * same


def test_what_is_in_the_same_language_is_no_counterpart(article: Article, hit: Callable[..., Hit]) -> None:
    assert retold(article, [replace(hit(ENGLISH, article="b"), similarity=0.9)]) == []


@pytest.mark.parametrize(
    ("asked", "before", "published", "quotes"),
    [
        ("有多少人死亡？", ENGLISH, (NOON, MORNING), ["killing at least 31", "38人死亡"]),
        ("有多少人死亡？", ENGLISH, (MORNING, NOON), ["38人死亡"]),
        ("How many people were killed?", CHINESE, (MORNING, NOON), ["38人死亡", "killing at least 31"]),
        ("How many people were killed?", CHINESE, (NOON, MORNING), ["killing at least 31"]),
    ],
)
def test_a_newer_figure_that_was_told_before_goes_ahead_of_an_older_one(
    asked: str,
    before: str,
    published: tuple[datetime, datetime],
    quotes: list[str],
    hit: Callable[..., Hit],
    question: Callable[..., Question],
) -> None:
    hits = [
        hit(ENGLISH, article="e", published=published[0]),
        hit(CHINESE, article="c", published=published[1], rank=1),
    ]
    turn = Turn(question="?", standalone="?", answer=before, cited=(ArticleId("e"), ArticleId("c")), at=NOON)

    answer = ExtractiveEngine().write(replace(question(asked), follows=turn), hits)

    told = [each.quote for each in answer.citations]
    assert len(told) == len(quotes)
    assert all(part in quote for part, quote in zip(quotes, told, strict=True))


def test_what_a_number_had_risen_to_is_a_figure_too(hit: Callable[..., Hit], question: Callable[..., Question]) -> None:
    risen = "By evening the number of people hurt in the Tanholm earthquake had risen to 57, the fire chief said."
    hits = [
        hit(risen, article="e", published=NOON),
        hit("坦霍尔姆发生地震，到发稿时已有51人受伤。", article="c", published=MORNING, rank=1),
    ]
    turn = Turn(question="?", standalone="?", answer=risen, cited=(ArticleId("e"), ArticleId("c")), at=NOON)

    answer = ExtractiveEngine().write(replace(question("有多少人受伤？"), follows=turn), hits)

    assert ["57" in answer.citations[0].quote, "51" in answer.citations[1].quote] == [True, True]
