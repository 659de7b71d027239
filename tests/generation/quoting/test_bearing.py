from __future__ import annotations

from collections.abc import Callable

import pytest

from generation.engines.extractive import ExtractiveEngine
from storage.domain.dialogue import Question
from storage.domain.news import Hit

FERRY = (
    "Sollmark ferry runs aground off Teal Island",
    (
        "The ferry Queen Astrid ran aground off Teal Island early on Sunday with 212 people aboard. Nobody was hurt, "
        "the coast guard said, and all passengers were taken off in lifeboats. The captain told police that the "
        "steering had failed. Divers found a gash four metres long in the hull. Sollmark Lines sends buses."
    ),
)
WALL = (
    "Brenholt council approves flood wall along the Isk",
    (
        "Brenholt's town council on Tuesday approved a flood wall along the river Isk. The 1.8-kilometre wall costs "
        "14 million euros. Councillor Petra Lindqvist said the houses in Mill Lane could not wait. Work will begin in "
        "March. Three members of the Green list voted against it."
    ),
)
THEATRE = (
    "Fire guts theatre in Merrowby",
    (
        "A fire gutted the Lyric Theatre in Merrowby during the night to Monday. Some eighty firefighters fought the "
        "flames and saved the neighbouring library. No one was inside. Police believe that a heater started the blaze. "
        "The theatre was built in 1904."
    ),
)
CANNERY_ZH = (
    "丰禾食品将关闭沙河罐头厂",
    (
        "丰禾食品周一宣布，将于六月底关闭位于沙河的罐头厂，340名工人将失去岗位。总经理白静怡说，能源价格上涨是关厂的原因。"
        "生产将转到新建的西塘工厂。沙河罐头厂建于1958年。"
    ),
)
COURT_ZH = (
    "青州一中学原校长被判无罪",
    (
        "青州市中级人民法院周五宣布，被控侵占学校资金的原中学校长马立群无罪。审判长孙玉兰说，检方未能证明这笔钱被用于个人。"
        "案件共开庭十一天，有23名证人出庭。马立群听到判决后当庭落泪。"
    ),
)


@pytest.mark.parametrize(
    ("told", "asked", "answer"),
    [
        (FERRY, "How many people were on the ferry Queen Astrid?", "212"),
        (FERRY, "How many passengers were on board the Queen Astrid?", "212"),
        (FERRY, "How long is the gash in the hull of the Queen Astrid?", "four metres"),
        (WALL, "How long will the flood wall in Brenholt be?", "1.8-kilometre"),
        (WALL, "When will work on the flood wall in Brenholt begin?", "March"),
        (THEATRE, "When was the Lyric Theatre in Merrowby built?", "1904"),
        (THEATRE, "How many firefighters fought the fire at the Lyric Theatre?", "eighty"),
        (CANNERY_ZH, "沙河罐头厂有多少名工人将失去岗位？", "340名"),
        (COURT_ZH, "马立群案的审判长是谁？", "孙玉兰"),
    ],
)
def test_what_is_told_is_quoted(
    told: tuple[str, str],
    asked: str,
    answer: str,
    hit: Callable[..., Hit],
    question: Callable[..., Question],
) -> None:
    title, text = told

    assert answer in ExtractiveEngine().write(question(asked), [hit(text, title=title)]).text


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (FERRY, "How old is the Queen Astrid?"),
        (FERRY, "What is the name of the captain of the Queen Astrid?"),
        (WALL, "Which company will build the flood wall in Brenholt?"),
        (THEATRE, "How many seats did the Lyric Theatre have?"),
        (CANNERY_ZH, "关闭沙河罐头厂要花多少钱？"),
    ],
)
def test_the_right_story_without_the_detail_is_no_answer(
    told: tuple[str, str], asked: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    title, text = told

    answer = ExtractiveEngine().write(question(asked), [hit(text, title=title)])

    assert answer.refused
    assert [near.title for near in answer.nearest] == [title]


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (FERRY, "How many passengers drowned when the Queen Astrid ran aground?"),
        (FERRY, "Why did the captain of the Queen Astrid resign?"),
        (WALL, "Why did the council of Brenholt reject the flood wall?"),
        (THEATRE, "Who was arrested for setting the Lyric Theatre on fire?"),
        (COURT_ZH, "马立群被判了几年有期徒刑？"),
        (CANNERY_ZH, "沙河罐头厂的工人什么时候开始罢工？"),
    ],
)
def test_what_never_happened_has_no_answer(
    told: tuple[str, str], asked: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    title, text = told

    assert ExtractiveEngine().write(question(asked), [hit(text, title=title)]).refused


def test_another_article_on_the_same_may_tell_the_detail(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    built = hit(
        "The Queen Astrid is 31 years old, the shipyard that built the ferry said. It has two sister ships.",
        article="b",
        title="Queen Astrid yard offers repair",
        rank=1,
    )

    answer = ExtractiveEngine().write(question("How old is the Queen Astrid?"), [hit(FERRY[1], title=FERRY[0]), built])

    assert "31 years old" in answer.text


def test_behind_a_measure_that_was_asked_for_nothing_else_is_said(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    answer = ExtractiveEngine().write(
        question("How long is the tunnel under Mount Sarn?"),
        [
            hit(
                "Workers broke through the last rock of the tunnel under Mount Sarn on Tuesday. The 12.6-kilometre "
                "tunnel will open in 2028. Water had flooded the southern bore. Two miners died.",
                title="Tunnel under Mount Sarn breaks through",
            )
        ],
    )

    assert [sentence.text for sentence in answer.sentences] == ["The 12.6-kilometre tunnel will open in 2028."]
