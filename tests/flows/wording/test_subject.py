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
        ("when did the Tarn bridge close", "Tarn bridge close"),
        ("Did the Oster ferries sink?", "Oster ferries sink"),
        ("Is Halden leaving?", "Halden leaving"),
        ("what's the levy", "levy"),
        # What only looks like a question, or has a name that begins like one.
        ("Will Young concert", "Will Young concert"),
        ("Will Young sing again?", "Will Young sing again"),
        ("Did Will Young sing?", "Will Young sing"),
        ("The Do reunion", "The Do reunion"),
        ("When will The Who play?", "The Who play"),
        ("Do Kwon appeal", "Do Kwon appeal"),
        ("Has-been boxers", "Has-been boxers"),
        ("Who Framed the mayor", "Who Framed the mayor"),
        ("谁是张艺谋", "张艺谋"),
        ("什么是暗物质？", "暗物质"),
        ("房租多少钱？", "房租"),
        ("多少钱", "多少钱"),
        ("州长是谁？", "州长"),
        ("Who?", "Who?"),
        ("什么？", "什么？"),
    ],
)
def test_a_question_is_called_by_what_it_is_of(question: str, subject: str) -> None:
    assert asked_of(question) == subject
