from __future__ import annotations

import pytest

from bot.flows.wording.subject import asked_of


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("When did the Brackwater tunnel collapse?", "Brackwater tunnel collapse"),
        ("Who is missing in the tunnel?", "missing in the tunnel"),
        ("How many ferries did Oster order?", "ferries did Oster order"),
        ("Doctor Who returns", "Doctor Who returns"),
        ("地铁五号线什么时候开通？", "地铁五号线开通"),
        ("续航提高多少？", "续航提高"),
        ("Who?", "Who?"),
        ("什么？", "什么？"),
    ],
)
def test_a_question_is_called_by_what_it_is_of(question: str, subject: str) -> None:
    assert asked_of(question) == subject
