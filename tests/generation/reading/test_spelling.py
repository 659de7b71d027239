from __future__ import annotations

import pytest

from generation.reading import inquiry
from generation.reading.spelling import spelled
from generation.reading.terms import terms


@pytest.mark.parametrize(
    ("question", "text", "names"),
    [
        ("Whom did Zelenskyy meet?", "Zelensky met them.", "Zelensky"),
        ("Whom did Zelenskyy meet?", "Zelensky met Zelenskyy.", "Zelenskyy"),
        ("What did Open AI say?", "OpenAI spoke.", "OpenAI"),
        ("What did OpenAI say?", "Open AI spoke.", "Open AI"),
        ("What did Pope Leo XIV say?", "Leo spoke.", "Leo"),
        ("What did the Pope say?", "Leo spoke.", "Pope"),
        ("What did Johnson say?", "Johnston spoke.", "Johnson"),
        ("What did Iran say?", "Iraq spoke.", "Iran"),
    ],
)
def test_a_name_is_spelled_as_what_was_found_spells_it(question: str, text: str, names: str) -> None:
    assert spelled(inquiry.read(question), [terms(text)]).names == frozenset(terms(names))


@pytest.mark.parametrize(
    "question", ["WHO WON THE LAKES CUP?", "Who Won the Lakes Cup?", "Who Is Leading The Lakes Cup?"]
)
def test_letters_tell_no_names_where_all_words_have_capitals(question: str) -> None:
    assert not inquiry.read(question).names


@pytest.mark.parametrize("question", ["Who is Ilse Varga?", "Port Ellery Coach?", "Did Velin win?"])
def test_a_question_that_is_mostly_a_name_keeps_it(question: str) -> None:
    assert inquiry.read(question).names
