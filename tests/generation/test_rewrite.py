from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.rewrite import MOST_ADDED, MOST_CHARACTERS_ADDED, standalone
from storage.domain.dialogue import Turn


def turn(asked: str, answer: str = "") -> Turn:
    return Turn(question=asked, standalone=asked, answer=answer, cited=(), at=datetime(2026, 1, 1, tzinfo=UTC))


CEASEFIRE = [
    turn(
        "What did the US say about the ceasefire in Gaza?",
        "Secretary of State Marco Rubio said the ceasefire would hold. [1] Talks go on. [2]",
    )
]
ACCORD = [turn("美国对停火协议怎么看？", "美国国务卿布林肯表示支持停火协议。 [1]")]


@pytest.mark.parametrize(
    ("asked", "added"),
    [
        ("why?", "(US ceasefire Gaza)"),
        ("and what did Egypt say?", "(ceasefire Gaza)"),
        ("What about France?", "(ceasefire Gaza)"),
        ("When was it signed?", "(US ceasefire Gaza)"),
        ("tell me more", "(US ceasefire Gaza)"),
        ("How old is he?", "(US ceasefire Gaza Secretary State Marco Rubio)"),
    ],
)
def test_an_english_follow_up_takes_the_subject_of_the_last_turn(asked: str, added: str) -> None:
    assert standalone(asked, CEASEFIRE) == f"{asked} {added}"


@pytest.mark.parametrize(
    ("answer", "added"),
    [
        ("Heavy rain hit Tanholm on Sunday. [1]", "(storm Tanholm)"),
        ("Varga won on Sunday. [1]", "(storm Varga)"),
        ("Ilse Varga spoke. [1]", "(storm Ilse Varga)"),
        ("Varga promises help, and aides of Varga say when. [1]", "(storm Varga)"),
    ],
)
def test_a_follow_up_leans_on_no_word_for_opening_a_sentence_nor_on_a_day(answer: str, added: str) -> None:
    assert standalone("How old is she?", [turn("What of the storm?", answer)]) == f"How old is she? {added}"


@pytest.mark.parametrize(
    ("asked", "added"),
    [
        ("那中国呢？", "(停火协议)"),
        ("为什么？", "(美国 停火协议)"),
        ("它什么时候生效？", "(美国 停火协议)"),
        ("还有谁反对？", "(美国 停火协议 美国国务卿布林肯)"),
        ("然后呢", "(美国 停火协议)"),
    ],
)
def test_a_chinese_follow_up_takes_the_subject_of_the_last_turn(asked: str, added: str) -> None:
    assert standalone(asked, ACCORD) == f"{asked} {added}"


@pytest.mark.parametrize(
    "asked",
    [
        "Which NFL team won the Super Bowl?",
        "Did Apple say why it left China?",
        "What is the weather this week in Paris?",
        "Who is Taylor Swift?",
        "inflation",
        "How many houses lost their roofs in Sanne?",
        "Who left their post in Berlin?",
        "腾讯在2021年第二季度的净利润是多少？",
        "启明行动发布了什么文件？",
    ],
)
@pytest.mark.parametrize("history", [CEASEFIRE, ACCORD])
def test_a_question_of_its_own_is_left_alone(asked: str, history: list[Turn]) -> None:
    assert standalone(asked, history) == asked


@pytest.mark.parametrize("asked", ["why?", "那中国呢？", ""])
def test_with_no_history_nothing_is_added(asked: str) -> None:
    assert standalone(asked, []) == asked


def test_a_chain_of_follow_ups_keeps_its_subject_and_does_not_grow() -> None:
    text = "What did the US say about the ceasefire in Gaza?"
    lengths = []

    for _ in range(20):
        text = standalone("and why?", [turn(text, "The ceasefire held in Gaza, Marco Rubio said. [1]")])
        lengths.append(len(text))

    assert "ceasefire" in text
    assert len(set(lengths)) == 1


TEXTS = st.text(max_size=2_000) | st.lists(
    st.sampled_from(["why", "it", "China", "那", "他", "停火", "deal", "of", "?", "。", "(", "[1]"]), max_size=300
).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(asked=TEXTS, before=TEXTS, answer=TEXTS)
def test_what_is_added_is_bounded_and_taken_from_the_last_turn(asked: str, before: str, answer: str) -> None:
    written = standalone(asked, [turn(before, answer)])

    added = written.removeprefix(asked).strip().removeprefix("(").removesuffix(")")
    assert written.startswith(asked)
    assert len(added) <= MOST_CHARACTERS_ADDED + MOST_ADDED
    assert all(word in before + answer for word in added.split())
