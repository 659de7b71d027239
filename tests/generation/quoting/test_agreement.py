from __future__ import annotations

from collections.abc import Callable

import pytest

from generation.quoting.agreement import agreeing
from generation.quoting.select import read_hits
from generation.reading import inquiry
from storage.domain.news import Hit
from tests.generation.conftest import NOON

LAKES_CUP = "Port Ellery beat Tanholm in the final of the Lakes Cup. Coach Dagny Holm was pleased."
M7 = "The chip designer Quillon presented its M7 processor. Heron 4.0 runs on it, and on Linux."
METRO = "澜州市轨道交通集团宣布，地铁4号线将于11月21日开通。新闻联播报道了通车。"


def agrees(question: str, text: str, hit: Callable[..., Hit], title: str = "") -> bool:
    return bool(agreeing(read_hits(inquiry.read(question), [hit(text, title=title)], NOON)))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who won the Lakes Cup?", LAKES_CUP),
        ("Who coaches Port Ellery?", LAKES_CUP),
        ("Port Ellery's coach?", LAKES_CUP),
        ("who won the lakes cup", LAKES_CUP),
        ("Who won on Sunday in the US?", LAKES_CUP),
        ("Leveraging their midfield, they won. Who coaches them?", LAKES_CUP),
        ("How fast is Quillon's M7?", M7),
        ("What does Heron 4.0 run on?", M7),
        ("What did Heron cost in Linux 2026?", M7),
        ("澜州地铁4号线什么时候开通？", METRO),
        ("新闻说地铁什么时候开通？", METRO),
    ],
)
def test_an_article_that_names_what_is_named_agrees(question: str, text: str, hit: Callable[..., Hit]) -> None:
    assert agrees(question, text, hit)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who won the World Cup?", LAKES_CUP),
        ("Who coaches Port Merrow?", LAKES_CUP),
        ("Did Velin win?", LAKES_CUP),
        ("How fast is Quillon's M9?", M7),
        ("What does Heron 5.1 run on?", M7),
        ("北京地铁4号线什么时候开通？", METRO),
        ("青州地铁4号线什么时候开通？", METRO),
        ("澜州地铁9号线什么时候开通？", METRO),
        ("台风“海葵”什么时候登陆？", METRO),
        ("WPS什么时候开通？", METRO),
    ],
)
def test_an_article_on_another_place_person_or_thing_does_not(
    question: str, text: str, hit: Callable[..., Hit]
) -> None:
    assert not agrees(question, text, hit)


def test_a_name_may_stand_in_the_title_or_another_passage_of_the_article(hit: Callable[..., Hit]) -> None:
    question = inquiry.read("Who won the Lakes Cup in Tanholm?")
    hits = [
        hit("It was a late goal.", title="Lakes Cup"),
        hit("Tanholm lost.", rank=1),
        hit("Rain.", article="b", rank=2),
    ]

    assert agreeing(read_hits(question, hits, NOON)) == {0, 1}


def test_a_long_question_tells_its_story_by_more_than_names(hit: Callable[..., Hit]) -> None:
    question = (
        "According to The Gazette and The Herald, which coach of the winning club said before the final that her "
        "substitute should only run at whoever looks tired, and what had Radio Westbank reported on the referee?"
    )

    assert agrees(question, LAKES_CUP, hit)


POPE = "On Friday Pope Leo prayed for peace in Sarenia. He spoke to thousands."
TRUMP = "The president signed an order on Friday. Aides of Trump said Donald Trump wanted it."
SIGNED = "On Friday an order that Trump signed took effect."
ALTMAN = "Investors put money into Open AI on Monday, said Altman, who leads it."
OPENAI = "The company OpenAI released a new model on Monday."
ZELENSKY = "On Monday President Volodymyr Zelensky met Israel's foreign minister in Los Angeles."


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What did Pope Leo XIV pray for?", POPE),
        ("What did Donald J. Trump sign on Friday?", TRUMP),
        ("What did Donald Trump sign on Friday?", SIGNED),
        ("Whom did Zelenskyy meet?", ZELENSKY),
        ("What did the Israelis say?", ZELENSKY),
        ("Who met in Los Angeles County?", ZELENSKY),
        ("What did OpenAI raise?", ALTMAN),
        ("What did Open AI release?", OPENAI),
        ("What did Sam Altman's OpenAI raise?", ALTMAN),
        ("What Did The Company Release On Monday?", OPENAI),
        ("WHO RELEASED A NEW MODEL?", OPENAI),
        ("Who Won The Lakes Cup?", LAKES_CUP),
    ],
)
def test_a_name_agrees_with_its_other_spellings(question: str, text: str, hit: Callable[..., Hit]) -> None:
    assert agrees(question, text, hit)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What did Pope Francis pray for?", POPE),
        ("What did Eric Trumbull sign on Friday?", TRUMP),
        ("Whom did Velinsky meet?", ZELENSKY),
        ("What did the Icelanders say?", ZELENSKY),
        ("Who met in Los Alamos?", ZELENSKY),
        ("What did Open Quill release?", OPENAI),
        ("Who won the Rivers Cup?", LAKES_CUP),
    ],
)
def test_a_name_that_shares_but_a_part_does_not(question: str, text: str, hit: Callable[..., Hit]) -> None:
    assert not agrees(question, text, hit)


def test_an_article_that_has_nothing_of_what_another_ones_title_holds_is_of_something_else(
    hit: Callable[..., Hit],
) -> None:
    crash = hit("Eleven people were hurt. The driver braked.", title="A cable car crash in Tanholm", article="a")
    more = hit("Of the crash two more are told to be hurt.", title="Twelve hurt", article="b")
    flood = hit("Five people died when a dam gave way.", title="The flood of Merrow", article="c")
    asked = inquiry.read("How many people died in the cable car crash?")

    assert agreeing(read_hits(asked, [flood, crash, more], NOON)) == {1, 2}
    # Nobody tells of it, so that nothing says what it is.
    assert agreeing(read_hits(asked, [flood, more], NOON)) == {0, 1}
