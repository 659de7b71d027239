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
