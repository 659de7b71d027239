from __future__ import annotations

import pytest

from generation.reading.inquiry import read, unframed
from generation.reading.kinds import Kind
from generation.reading.terms import terms


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who won the race?", Kind.PERSON),
        ("Which actress won the award?", Kind.PERSON),
        ("Where was the summit held?", Kind.PLACE),
        ("He moved in 1932, but to which country?", Kind.PLACE),
        ("When does the law take effect?", Kind.DATE),
        ("What year did it open?", Kind.DATE),
        ("How many people came?", Kind.NUMBER),
        ("What percentage of voters agreed?", Kind.NUMBER),
        ("Why did the minister resign?", Kind.REASON),
        ("Which film won best picture?", Kind.NAME),
        ("Did the minister resign?", Kind.CLAIM),
        ("Super Bowl 2021 location", Kind.PLACE),
        ("谁宣布了变更？", Kind.PERSON),
        ("事件发生在哪个城市？", Kind.PLACE),
        ("法案将于哪一天生效？", Kind.DATE),
        ("总金额是多少？", Kind.NUMBER),
        ("为什么推迟？", Kind.REASON),
        ("活动的目的是什么？", Kind.REASON),
        ("发布了什么文件？", Kind.NAME),
        ("他辞职了吗？", Kind.CLAIM),
        ("踩踏事故死亡人数", Kind.NUMBER),
        ("", Kind.ANY),
    ],
)
def test_a_question_tells_what_would_answer_it(question: str, kind: Kind) -> None:
    assert read(question).kind is kind


def test_names_and_numbers_of_an_english_question_are_known() -> None:
    inquiry = read("How much did Ada Stone pay the US for 1,200 boats in 2026?")

    assert {*terms("Ada Stone"), "US"} <= inquiry.names
    assert inquiry.numbers == {"1200", "2026"}


def test_a_phrase_said_shortly_by_news_puts_no_words_in_place_of_the_questions_own() -> None:
    assert not {"sal", "shop"} & set(read("Where can I get vaccinated against measles?").terms)
    assert not {"sal", "shop"} & set(read("How can people get bird flu?").terms)
    assert {"work", "permit"} <= set(read("Can foreigners stay without work permits?").terms)


def test_the_measured_noun_is_the_focus() -> None:
    assert "boat" in read("How many boats were lost?").focus
    assert "家" in read("市民可以在多少家体育场馆使用消费券？").focus


def test_asking_words_are_no_terms() -> None:
    assert not {"多少", "什么"} & set(read("腾讯的净利润是多少？").terms)
    assert not {"how", "many", "did"} & set(read("How many boats did it lose?").terms)


@pytest.mark.parametrize(
    ("question", "current"), [("Who won this week?", True), ("最近谁赢了？", True), ("Who won?", False)]
)
def test_a_question_about_now_is_known(question: str, current: bool) -> None:
    assert read(question).current is current


@pytest.mark.parametrize(
    ("question", "about", "kind"),
    [
        ("What about 澜州地铁4号线?", "澜州地铁4号线?", Kind.ANY),
        ("When does 澜州地铁4号线 open?", "澜州地铁4号线", Kind.DATE),
        ("Who is 秦望一?", "秦望一?", Kind.PERSON),
        ("How much did 澜州地铁4号线 cost?", "澜州地铁4号线", Kind.NUMBER),
        ("澜州 metro line 4 什么时候开通？", "澜州 4 什么时候开通？", Kind.DATE),
        ("Tell me about OpenAI 的新芯片", "OpenAI 的新芯片", Kind.ANY),
    ],
)
def test_english_words_around_a_chinese_name_tell_what_is_asked_of_it(question: str, about: str, kind: Kind) -> None:
    assert "".join(unframed(question).split()).startswith("".join(about.split()))
    assert read(question).kind is kind
    assert not {"what", "when", "open", "cost", "metro"}.intersection(read(question).terms)


@pytest.mark.parametrize("question", ["Heron 4.0 有什么新功能？", "iphone 销量多少？", "澜州地铁什么时候开通？"])
def test_a_name_in_latin_letters_is_no_frame(question: str) -> None:
    assert unframed(question) == question
