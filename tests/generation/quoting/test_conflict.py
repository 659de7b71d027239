from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from generation.engines.extractive import ExtractiveEngine
from storage.domain.dialogue import Answer, Question
from storage.domain.news import Hit

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
HURT = "How many people were hurt in the Halverton tram crash?"


@pytest.fixture
def crash(hit: Callable[..., Hit]) -> Callable[..., Hit]:
    def of(source: str, text: str, day: int = 1) -> Hit:
        found = hit(text, article=source, title="Tram crash in Halverton", published=MARCH.replace(day=day))
        headline = replace(found.passage.headline, source=source)
        return replace(found, passage=replace(found.passage, headline=headline))

    return of


def answered(question: Question, *hits: Hit) -> Answer:
    return ExtractiveEngine().write(question, hits)


def test_two_figures_for_the_same_thing_are_both_quoted(
    crash: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    answer = answered(
        question(HURT),
        crash("Post", "14 people were hurt in the Halverton tram crash on Sunday, police said."),
        crash("Wire", "The Halverton tram crash on Sunday left 19 people hurt, the hospital said."),
    )

    assert answer.conflicting
    assert "14 people" in answer.text
    assert "19 people" in answer.text


@pytest.mark.parametrize(
    ("text", "day", "source"),
    [
        ("The Halverton tram crash on Sunday left 14 people hurt, the hospital said.", 1, "Wire"),
        ("The Halverton tram crash on Sunday left many people hurt, the hospital said.", 1, "Wire"),
        ("The Halverton tram crash on Sunday left 19 people hurt, the hospital said.", 20, "Wire"),
        ("The Halverton tram crash on Sunday left 19 people hurt, the hospital said.", 1, "Post"),
        ("The Halverton tram crash on Sunday left at least 9 people hurt, the hospital said.", 1, "Wire"),
        ("Bus fares in Halverton rise by 5 percent in April.", 1, "Wire"),
    ],
)
def test_nothing_else_is_a_conflict(
    text: str, day: int, source: str, crash: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    answer = answered(
        question(HURT),
        crash("Post", "14 people were hurt in the Halverton tram crash on Sunday, police said."),
        crash(source, text, day),
    )

    assert not answer.conflicting


def test_two_sentences_too_long_for_one_reply_are_quoted_in_part(
    crash: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    rest = ", the police of Halverton said on Sunday evening, after a day on which nobody had known a number" * 2
    answer = answered(
        question(HURT),
        crash("Post", f"At least 14 people were hurt in the Halverton tram crash{rest}."),
        crash("Wire", f"At least 19 people were hurt in the Halverton tram crash{rest}."),
    )

    assert answer.conflicting
    assert "14 people" in answer.text
    assert "19 people" in answer.text


def test_of_two_figures_the_newer_comes_first(crash: Callable[..., Hit], question: Callable[..., Question]) -> None:
    answer = answered(
        question("How many trams does the Halverton line 2 have?"),
        crash("Post", "The Halverton line 2 has 14 trams, the operator of the trams of Halverton line 2 said.", 1),
        crash("Wire", "Line 2 in Halverton has 19 trams, the mayor said.", 3),
    )

    assert answer.conflicting
    assert ["19" in sentence.text for sentence in answer.sentences[:2]] == [True, False]
    assert {citation.published for citation in answer.citations} == {MARCH, MARCH.replace(day=3)}


def test_only_a_question_for_a_figure_has_rivals(crash: Callable[..., Hit], question: Callable[..., Question]) -> None:
    answer = answered(
        question("Where did the Halverton tram crash happen?"),
        crash("Post", "14 people were hurt in the tram crash in Halverton, police said."),
        crash("Wire", "The tram crash in Halverton left 19 people hurt, the hospital said."),
    )

    assert not answer.conflicting
