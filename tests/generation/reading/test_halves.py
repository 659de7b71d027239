"""What either half of a double question asks."""

from __future__ import annotations

import pytest

from generation.reading.halves import Half, halves


@pytest.mark.parametrize(
    ("asked", "one", "other"),
    [
        ("When and where did it start?", Half(text="When did it start"), Half(text="Where did it start")),
        ("What time and where is the match?", Half(text="What time is the match"), Half(text="Where is the match")),
        ("Who won the cup? By how much?", Half(text="Who won the cup"), Half(text="By how much won the cup")),
        ("Who won the cup and by how much?", Half(text="Who won the cup"), Half(text="by how much won the cup")),
        (
            "Who won the cup, and who was the referee?",
            Half(text="Who won the cup"),
            Half(text="who was the referee", about="won the cup"),
        ),
        ("港湾杯谁赢了，比分多少？", Half(text="港湾杯谁赢了"), Half(text="比分多少", about="港湾杯赢了")),
        ("火灾什么时候、在哪里发生的？", Half(text="火灾什么时候发生的"), Half(text="火灾在哪里发生的")),
    ],
)
def test_a_double_question_is_two(asked: str, one: Half, other: Half) -> None:
    assert halves(asked) == (one, other)


@pytest.mark.parametrize(
    "asked",
    [
        "Who won?",
        "What do Kell and Orm say about how it began?",
        "Who owns Netto, the firm that decides what to buy and when it sells?",
        "火灾发生在哪里？",
        "听说松坪镇发生火灾，是真的吗？",
    ],
)
def test_one_question_is_one(asked: str) -> None:
    assert halves(asked) is None
