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
        ("After the Halverton tram crash on Sunday six people remained in hospital, the mayor said.", 1, "Wire"),
        ("After the Halverton tram crash on Sunday 19 people are missing, the mayor said.", 1, "Wire"),
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


@pytest.mark.parametrize(
    ("asked", "title", "one", "other", "conflicting"),
    [
        (
            "How many people were aboard the ferry Marnie?",
            "Ferry Marnie sinks off Dunmore",
            "The ferry Marnie sank off Dunmore on Tuesday. 143 people were aboard, the coastguard said.",
            "The Marnie went down off Dunmore. It was carrying 146 passengers and crew, its owner said.",
            True,
        ),
        (
            "How many dock workers went on strike in Port Ellery?",
            "Dock strike in Port Ellery",
            "In Port Ellery 4,200 dock workers walked out on Monday morning.",
            "About 6,000 dockers struck in Port Ellery on Monday, their union said.",
            True,
        ),
        (
            "How long was the prison sentence of former minister Rudd Okonjo?",
            "Former minister jailed",
            "A court in Arden sentenced former minister Rudd Okonjo to 12 years in prison on Friday.",
            "Former minister Rudd Okonjo was given a 15-year jail term in Arden on Friday.",
            True,
        ),
        (
            "What was the magnitude of the Bellane earthquake?",
            "Earthquake in Bellane",
            "An earthquake of magnitude 5.8 shook Bellane on Thursday, the survey said.",
            "A 6.2-magnitude tremor hit Bellane on Thursday, according to the regional centre.",
            True,
        ),
        (
            "诺谷机场取消了多少航班？",
            "诺谷机场罢工",
            "诺谷机场地勤罢工，周二取消340个航班。",
            "受罢工影响，诺谷机场周二有420架次航班取消。",
            True,
        ),
        (
            "How many dock workers went on strike in Port Ellery?",
            "Dock strike in Port Ellery",
            "In Port Ellery 4,200 dock workers walked out on Monday morning.",
            "Because of the dock strike some 6,000 lorries are stuck in Port Ellery, hauliers said.",
            False,
        ),
        (
            "How fast was the express going that derailed at Orrel?",
            "Express derails at Orrel",
            "The express that derailed at Orrel was going at 139 km/h, investigators said.",
            "The derailed express was travelling at 166 km/h, the union said; the line is 40 km long.",
            True,
        ),
        (
            "How much water would the Harn glass works use?",
            "Glass works planned at Harn",
            "The glass works at Harn would use 5 million litres of water a day.",
            "The works at Harn would take 7 million litres of water a day, anglers said.",
            True,
        ),
        (
            "How much is the fine against Bellan Bank?",
            "Bellan Bank fined",
            "Bellan Bank was fined 75 million dollars on Thursday.",
            "Bellan Bank must pay a fine of 92 million dollars, it said.",
            True,
        ),
        (
            "南城地铁三号线有多少座车站？",
            "南城地铁三号线开通",
            "南城地铁三号线周日开通，设车站22座，票价2元起。",
            "南城地铁三号线周日开通，24座车站同时投用。",
            True,
        ),
        (
            "维兰公司裁员多少人？",
            "维兰公司裁员",
            "维兰公司周二宣布关闭两家工厂，裁员1900人。",
            "维兰公司将裁员2350人，两家工厂明年关闭，工会说。",
            True,
        ),
        (
            "How many trees were felled at Lorne?",
            "Trees felled at Lorne",
            "Workers felled 1,100 trees at Lorne, the office said.",
            "At Lorne 1,100 trees were felled; 400 new ones are planted.",
            False,
        ),
        (
            "How much do repairs of the Tarn bridge cost?",
            "Repairs of the Tarn bridge begin",
            "Inspectors said that repairs cost 9 million crowns and will take until March.",
            "The repairs will cost 11 million crowns, the road authority said on Tuesday.",
            True,
        ),
        (
            "修复东坪大桥的费用是多少？",
            "东坪大桥开工修复",
            "检查人员说，修复需要九百万元，三月完工。",
            "公路部门周二表示，修复费用为一千一百万元。",
            True,
        ),
        (
            "How many workers are on strike at Vennes port?",
            "Strike at Vennes port",
            "Dock workers at Vennes port have been on strike for nine days; 2,300 workers stopped work.",
            "Some 1,700 workers are on strike at Vennes port, the authority said.",
            True,
        ),
        (
            "How many workers are on strike at Vennes port?",
            "Strike at Vennes port",
            "Dock workers at Vennes port have been on strike for nine days.",
            "Some 1,700 workers are on strike at Vennes port, the authority said.",
            False,
        ),
        (
            "How many hectares have burnt near Lorne?",
            "Wildfire near Lorne",
            "The wildfire near Lorne has burnt 4,200 hectares of forest, firefighters said.",
            "Fire has destroyed 3,100 hectares of woodland near Lorne, the province said.",
            True,
        ),
        (
            "How many hectares have burnt near Lorne?",
            "Wildfire near Lorne",
            "The wildfire near Lorne has burnt 4,200 hectares of forest, firefighters said.",
            "The park near Lorne, which has 5,100 hectares of forest, is closed.",
            False,
        ),
        (
            "How long is the new Sanne bridge?",
            "Sanne bridge opens",
            "The new Sanne bridge is 620 metres long and carries trams.",
            "The new Sanne bridge is 24 metres wide, with room for trams and bicycles.",
            False,
        ),
    ],
)
def test_figures_in_other_words_are_held_against_each_other(
    asked: str,
    title: str,
    one: str,
    other: str,
    conflicting: bool,
    crash: Callable[..., Hit],
    question: Callable[..., Question],
) -> None:
    hits = [crash("Post", one), crash("Wire", other)]
    hits = [replace(h, passage=replace(h.passage, headline=replace(h.passage.headline, title=title))) for h in hits]

    assert answered(question(asked), *hits).conflicting is conflicting


@pytest.mark.parametrize(
    "asked",
    [
        "How much will the Halverton trams cost?",
        "What do the Halverton trams cost?",
        "How expensive are the Halverton trams?",
        "How much is Halverton paying for the trams?",
    ],
)
def test_prices_that_differ_are_told_in_whatever_words_they_are_asked_for(
    asked: str, crash: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    strike = crash("Wire", "A strike on the railways cost Norvale 310 million crowns.", day=3)
    elsewhere = replace(strike.passage, headline=replace(strike.passage.headline, title="Railways stand still"))

    answer = answered(
        question(asked),
        crash(
            "Post",
            "Halverton voted on Sunday to buy six trams for 48 million crowns. "
            "A yard that lost had offered the same for 44 million crowns.",
        ),
        crash("Wire", "The yard has won an order for trams in Halverton worth 52 million crowns."),
        # Of the same outlet, later, and of something else.
        replace(strike, passage=elsewhere),
    )

    assert answer.conflicting
    assert "48 million" in answer.text
    assert "52 million" in answer.text
    assert "310 million" not in answer.text


@pytest.mark.parametrize(
    "untrue",
    [
        "The losing bidder, Corvane, asked for 44 million crowns for the six trams.",
        "Four million crowns for trams would have repaired every school roof in Halverton, she said.",
        "落选的厂家对这六辆有轨电车报价4400万克朗。",
    ],
)
def test_a_sum_that_was_not_taken_or_only_thought_of_is_held_against_none(
    untrue: str, crash: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    answer = answered(
        question("How much do the Halverton trams cost?"),
        crash("Wire", "The yard has won an order for six trams in Halverton worth 52 million crowns."),
        crash("Post", untrue),
    )

    assert not answer.conflicting


def test_two_long_sentences_that_differ_are_cut_rather_than_left_for_a_lesser_pair(
    crash: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    answer = answered(
        question("How much do the Halverton trams cost?"),
        crash(
            "Wire",
            "The yard has won an order for six electric trams in Halverton worth 52 million crowns including the "
            "charging stations at both ends of the line, the company said on Friday, only a few hours after the town "
            "council had approved the purchase by a large majority.",
        ),
        crash(
            "Post",
            "Halverton's town council voted 31 to 18 on Sunday evening to buy six electric trams for 48 million crowns "
            "from a family-owned yard in Port Ellery. Trams of another kind cost 3 million crowns.",
        ),
    )

    assert answer.conflicting
    assert "52 million" in answer.text
    assert "48 million" in answer.text


@pytest.mark.parametrize(
    ("asked", "price", "besides"),
    [
        (
            "How much does the new arena in Halverton cost?",
            "The new arena in Halverton will cost 300 million crowns, the club said.",
            "Halverton council will put 45 million crowns into roads around the new arena.",
        ),
        (
            "How much did the Halverton tram strike cost?",
            "The tram strike cost Halverton 12 million crowns, the company said.",
            "After the Halverton tram strike travellers are paid back, a programme worth 3 million crowns.",
        ),
        (
            "How much do the Halverton trams cost?",
            "Halverton will buy six trams for 48 million crowns.",
            "Halverton bought land beside the yard of the trams for 5 million crowns.",
        ),
        (
            "How much does the new arena in Halverton cost?",
            "The new arena in Halverton will cost 300 million crowns, the club said.",
            "The repairs to the square before the new arena in Halverton will cost 4 million crowns.",
        ),
    ],
)
def test_a_newer_sum_of_something_else_neither_differs_nor_leads(
    asked: str, price: str, besides: str, crash: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    answer = answered(question(asked), crash("Wire", price, 1), crash("Post", besides, 2))

    assert not answer.conflicting
    assert price in answer.sentences[0].text


def test_a_newer_price_in_another_word_for_the_same_thing_differs(
    crash: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    answer = answered(
        question("How much does the new arena in Halverton cost?"),
        crash("Wire", "The new arena in Halverton will cost 300 million crowns, the club said.", 1),
        crash("Post", "The venue in Halverton will cost 340 million crowns, the council said.", 2),
    )

    assert answer.conflicting
    assert "340 million" in answer.sentences[0].text
