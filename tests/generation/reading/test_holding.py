from __future__ import annotations

import pytest

from generation.reading import inquiry
from generation.reading.holding import holding
from generation.reading.terms import stem, terms

NOTHING = frozenset[str]()


def held(question: str, text: str, around: frozenset[str] = NOTHING) -> frozenset[str]:
    return holding(inquiry.read(question)).of(text, terms(text), around)


@pytest.mark.parametrize(
    ("question", "text", "word"),
    [
        ("How much do the ferries cost?", "It is paying 48 million crowns for them.", "cost"),
        ("How many people died in the fire?", "The blaze killed 43.", "died"),
        ("Which bank purchased the mill?", "Merchant Union bought it.", "purchased"),
        ("How many workers does the yard have?", "It employs 310 people.", "workers"),
        ("How many people are out of work?", "Unemployment stood at 5.6 percent.", "unemployed"),
        ("How many miners are out of work?", "Some 4,000 miners are out of work.", "unemployed"),
        ("Which airline has gone broke?", "Polar Wings went bust.", "broke"),
        ("When can I buy tickets?", "Tickets go on sale on 3 March.", "buy"),
        ("Was there a crash?", "No accident was counted so far.", "crash"),
        ("When will the first boat be delivered?", "The first is due in April.", "delivered"),
    ],
)
def test_a_text_holds_what_it_says_in_other_words(question: str, text: str, word: str) -> None:
    assert stem(word) in held(question, text)


def test_where_a_word_stands_itself_no_other_stands_for_it() -> None:
    question, text = "Which bank purchased the mill?", "Merchant Union bought it."

    assert stem("purchased") in held(question, text)
    assert stem("purchased") not in held(question, text, around=frozenset([stem("purchased")]))


def test_a_name_is_no_word_for_something_else() -> None:
    assert held("Who is Mr. Wound?", "The man was hurt.") == NOTHING


def test_nothing_is_held_of_a_question_without_words() -> None:
    assert held("", "The blaze killed 43.") == NOTHING
