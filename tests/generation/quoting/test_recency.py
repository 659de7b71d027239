from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from generation.engines.extractive import ExtractiveEngine
from storage.domain.dialogue import Question
from storage.domain.news import Hit

MORNING = "Fires near Halverton hurt 43 people, the rescue service said. Roads are closed."
EVENING = "By evening the number of people hurt by the fires near Halverton had risen to 57, the rescue service said."


def day(n: int) -> datetime:
    return datetime(2026, 2, n, tzinfo=UTC)


def first(question: Question, hits: Sequence[Hit]) -> str:
    return ExtractiveEngine().write(question, hits).sentences[0].text


@pytest.mark.parametrize(("morning", "evening", "leads"), [(1, 2, "57"), (2, 1, "43")])
def test_of_figures_that_differ_the_newer_leads(
    morning: int, evening: int, leads: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [
        hit(MORNING, article="a", title="Fires at Halverton", published=day(morning)),
        hit(EVENING, article="b", title="More hurt at Halverton", published=day(evening), rank=1),
    ]

    assert leads in first(question("How many people were hurt by the fires near Halverton?"), hits)


def test_a_newer_figure_of_another_place_does_not_lead(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    other = MORNING.replace("Halverton", "Westbank").replace("43", "99")
    hits = [hit(MORNING, article="a", published=day(1)), hit(other, article="b", published=day(9), rank=1)]

    assert "43" in first(question("How many people were hurt by the fires near Halverton?"), hits)


def test_a_newer_figure_of_something_else_does_not_lead(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    other = "Fires near Halverton burnt 640 houses, the rescue service said."
    hits = [hit(MORNING, article="a", published=day(1)), hit(other, article="b", published=day(9), rank=1)]

    assert "43" in first(question("How many people were hurt by the fires near Halverton?"), hits)


@pytest.mark.parametrize(
    "asked",
    [
        "How many people were killed in the Vessel Valley flood?",
        "What is the death toll of the flood in Vessel Valley?",
    ],
)
def test_a_newer_toll_leads_in_whatever_words_it_is_given(
    asked: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [
        hit(
            "At least 43 people were killed in the Vessel Valley flood, the ministry said.",
            article="a",
            published=day(1),
        ),
        hit("Flood in Vessel Valley: the toll rose to 71, the ministry said.", article="b", published=day(2), rank=1),
        hit("At least 57 people were killed in Vessel Valley by the flood.", article="c", published=day(1), rank=2),
    ]

    answer = ExtractiveEngine().write(question(asked), hits)

    assert "71" in answer.sentences[0].text


DECISIONS = [
    ("The Bank of Aldea raised its main interest rate to 4.25 percent. Governor Elena Castor spoke.", 2021, 6),
    ("The Bank of Aldea cut its main interest rate to 3.5 percent. Governor Elena Castor spoke.", 2024, 4),
    ("The Bank of Aldea left its main interest rate at 2 percent. Governor Elena Castor spoke.", 2017, 11),
]


@pytest.mark.parametrize(
    ("asked", "tells"),
    [
        ("What did the Bank of Aldea do?", "3.5 percent"),
        ("What did the Bank of Aldea do in 2021?", "4.25 percent"),
        ("What did the Bank of Aldea decide in November 2017?", "2 percent"),
    ],
)
def test_the_newer_is_meant_unless_a_time_is_named(
    asked: str, tells: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [
        hit(text, article=f"{year}", title="Bank of Aldea", published=datetime(year, month, 3, tzinfo=UTC), rank=rank)
        for rank, (text, year, month) in enumerate(DECISIONS)
    ]

    assert tells in first(question(asked), hits)


def test_a_chinese_question_of_a_year_is_answered_by_what_was_published_in_it(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [
        hit(
            "阿尔德亚央行将基准利率上调至4.25%。", title="阿尔德亚央行加息", published=datetime(2021, 6, 3, tzinfo=UTC)
        ),
        hit("阿尔德亚央行将基准利率下调至3.5%。", article="b", title="阿尔德亚央行降息", published=day(1), rank=1),
    ]

    assert "4.25" in first(question("阿尔德亚央行2021年做了什么？", language="zh"), hits)
