from __future__ import annotations

from datetime import UTC, datetime

import pytest

from generation.elliptic import Whole, whole
from storage.domain.dialogue import Turn


def turn(asked: str, standalone: str = "", answer: str = "") -> Turn:
    return Turn(
        question=asked, standalone=standalone or asked, answer=answer, cited=(), at=datetime(2026, 1, 1, tzinfo=UTC)
    )


def test_who_was_told_is_put_in_no_place_of_what_they_are_of() -> None:
    asked = turn("Who is the president of Tarn?", answer="Ada Orsk is the president of Tarn. [1]")

    assert whole("and Orsk?", [asked]) is None
    assert whole("and of Halden?", [asked]) == Whole(text="Who is the president of Halden?", named="Halden")
    assert whole("and Halden?", [asked]) == Whole(text="Who is the president of Halden?", named="Halden")


def test_of_a_double_question_the_first_half_is_asked_on() -> None:
    made = whole("Why?", [turn("When and where did the fire start?")])

    assert made is not None
    assert made.text == "Why did the fire start?"


@pytest.mark.parametrize(
    ("before", "text", "asked"),
    [
        ("How heavy is the Kestrel 3?", "and the Wren?", "How heavy is the Wren?"),
        ("How much does the Kestrel 3 cost?", "What about the Wren 2?", "How much does the Wren 2 cost?"),
        ("What did Iran say of a truce in Gaza?", "What about France?", "What did France say of a truce in Gaza?"),
        ("What does a nurse in Aber earn?", "and in Dunlark?", "What does a nurse in Dunlark earn?"),
        ("What is the toll for cars in the tunnel?", "And for lorries?", "What is the toll for lorries in the tunnel?"),
        ("Who leads Brill hospital?", "And Ferrin hospital?", "Who leads Ferrin hospital?"),
        ("What is Tarn's forecast?", "how about Halden?", "What is Halden's forecast?"),
        ("秋山K3多少钱？", "白鹤W2呢？", "白鹤W2多少钱？"),
        ("秋山K3有多重？", "那W2呢？", "W2有多重？"),
        ("4号线什么时候开通？", "5号线呢？", "5号线什么时候开通？"),
        ("14号线什么时候开通？", "4号线呢？", "4号线什么时候开通？"),
        ("江岸队进了几个球？", "石桥队呢？", "石桥队进了几个球？"),
        ("美国对停火怎么看？", "那中国呢？", "中国对停火怎么看？"),
    ],
)  # fmt: skip
def test_another_thing_is_asked_what_one_of_its_sort_was_asked(before: str, text: str, asked: str) -> None:
    made = whole(text, [turn(before)])

    assert made is not None
    assert made.text == asked


@pytest.mark.parametrize(
    ("before", "text", "asked"),
    [
        ("H5N1禽流感有多少人感染", "H7N9呢", "H7N9禽流感有多少人感染"),
        ("iPhone 17卖多少钱？", "iPhone 18呢？", "iPhone 18卖多少钱？"),
        ("iPhone 17卖多少钱？", "Mate 80呢？", "Mate 80卖多少钱？"),
        ("GPT-5什么时候发布？", "Claude 5呢？", "Claude 5什么时候发布？"),
        ("为什么GPT-5推迟？", "Claude 5呢？", "为什么Claude 5推迟？"),
        ("微信8.0有什么功能？", "QQ呢？", "QQ有什么功能？"),
        ("5月CPI是多少？", "6月呢？", "6月CPI是多少？"),
        ("5月CPI是多少？", "PPI呢？", "5月PPI是多少？"),
        ("12月25日放假吗？", "12月26日呢？", "12月26日放假吗？"),
        ("白鹤2025年卖了多少？", "2024年呢？", "白鹤2024年卖了多少？"),
        ("神舟20号什么时候返回？", "神舟21号呢？", "神舟21号什么时候返回？"),
    ],
)
def test_a_code_is_replaced_as_far_as_it_goes(before: str, text: str, asked: str) -> None:
    made = whole(text, [turn(before)])

    assert made is not None
    assert made.text == asked


@pytest.mark.parametrize(
    ("before", "text", "asked"),
    [
        ("Tell me about Tarn", "and Halden?", "Tell me about Halden"),
        ("Please tell me about Tarn", "and Halden?", "Please tell me about Halden"),
        ("Show me the latest on Orrin", "how about Vanta?", "Show me the latest on Vanta"),
        ("Summarize the news on Orrin", "and Vanta?", "Summarize the news on Vanta"),
        ("Recap the talks with Tarn", "and Halden?", "Recap the talks with Halden"),
        ("Any news on Orrin?", "and Vanta?", "Any news on Vanta"),
        ("Hello, what did Tarn say?", "and Halden?", "Hello, what did Halden say?"),
        ("I want to know about Orrin", "and Vanta?", "I want to know about Vanta"),
        ("Is Tarn going to China?", "and Halden?", "Is Halden going to China?"),
        ("US tariffs on steel", "and Japan?", "Japan tariffs on steel"),
    ],
)
def test_what_a_sentence_opens_with_is_no_name_to_put_another_in_its_place(before: str, text: str, asked: str) -> None:
    made = whole(text, [turn(before)])

    assert made is not None
    assert made.text == asked


@pytest.mark.parametrize(
    ("before", "text", "asked"),
    [
        ("Did the bank cut its rate?", "Why?", "Why did the bank cut its rate?"),
        ("How much did the tunnel cost?", "Why so much?", "Why did the tunnel cost so much?"),
        ("How many shops did Holt close?", "When?", "When did Holt close shops?"),
        ("What happened at the paint works?", "What was the cause?", "Why happened at the paint works?"),
        ("隧道超支多少？", "为什么超支？", "隧道为什么超支？"),
        ("油漆厂发生了什么？", "什么原因？", "油漆厂为什么？"),
    ],
)
def test_what_only_asks_takes_the_rest_of_the_question_before(before: str, text: str, asked: str) -> None:
    made = whole(text, [turn(before)])

    assert made is not None
    assert made.text == asked


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("Who won the cup?", "How old is she?"),
        ("Who won the cup?", "and the turnout?"),
        ("Who won the cup?", "What about his wife?"),
        ("Who won the cup?", "And what did Egypt say?"),
        ("谁夺冠了？", "票价多少？"),
        ("谁夺冠了？", "那她呢？"),
        ("Who won the cup?", "为什么？"),
        ("Did Tarn attack Halden?", "and Halden?"),
        ("Did the Wrens beat the Larks?", "And the Larks?"),
        ("What does a nurse in Aber earn?", "and in Aber?"),
        ("以色列打了伊朗吗？", "伊朗呢？"),
        ("日本和韩国谁赢了？", "韩国呢？"),
        ("江岸队输给了石桥队吗？", "石桥队呢？"),
        ("iPhone 17什么时候发布？", "2024年呢？"),
        ("Who won the Merrow marathon?", "And thank you, Orrin"),
        ("Who won the Merrow marathon?", "And in English?"),
        ("Who leads Brill?", "And I love Orrin"),
        ("Who leads Brill?", "And Mum says hi"),
        ("Who leads Brill?", "and mute Vanta please"),
        ("What did Tarn's council decide?", "And Happy New Year"),
        ("秋山K3多少钱？", "谢谢呢"),
        ("秋山K3多少钱？", "那你呢？"),
        ("江岸队赢了吗？", "然后呢？"),
        ("Who won the cup?", f"and the Larks{'.' * 2000}"),
    ],
)
def test_what_says_itself_what_it_asks_is_left_to_lean(before: str, text: str) -> None:
    assert whole(text, [turn(before)]) is None
    assert whole(text, [turn(before)], anyway=True) is None


def test_nothing_is_left_out_where_nothing_was_asked_before() -> None:
    assert whole("Why?", []) is None


def test_what_is_put_in_anothers_place_must_be_told_of() -> None:
    made = whole("and the Wren 2?", [turn("How heavy is the Kestrel 3?")])

    assert made is not None
    assert made.is_told_by("The Wren 2 weighs 160 grams.")
    assert not made.is_told_by("The Kestrel 3 weighs 190 grams.")


def test_a_day_in_anothers_place_need_not_be_named() -> None:
    made = whole("and on Friday?", [turn("What did the council decide on Tuesday?")])

    assert made is not None
    assert made.is_told_by("The council put the vote off.")


def test_what_leant_on_the_turn_before_is_gone_on_from_with_that() -> None:
    made = whole("Why?", [turn("Was it delayed?", "Was it delayed? (tunnel)")])

    assert made is not None
    assert made.text == "Why was it delayed tunnel?"


def test_what_may_be_answered_in_other_words_or_name_another_is_made_whole_only_then() -> None:
    made = whole("有人受伤吗？", [turn("油漆厂发生了什么？")], anyway=True)

    assert made is not None
    assert made.text == "油漆厂有人受伤吗？"
    assert whole("江岸呢？", [turn("石桥医院起薪多少？")]) is None
    assert whole("江岸呢？", [turn("石桥医院起薪多少？")], anyway=True) == Whole(text="江岸起薪多少？", named="江岸")
    assert whole("工资是多少？", [turn("油漆厂发生了什么？")], anyway=True) is None
