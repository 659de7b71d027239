from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from generation.turns import turns
from storage.domain.news import ArticleId, Headline, Hit, Passage, PassageId

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)


def hit(name: str, title: str, text: str, *, position: int = 0) -> Hit:
    headline = Headline(
        id=ArticleId(name), title=title, first_seen=NOON, published=NOON, group=ArticleId(name), language="en"
    )
    return Hit(passage=Passage(id=PassageId(1), position=position, text=text, headline=headline), score=1.0)


BRIDGE = "Kell approves Sanne bridge"
TOLD = (
    hit("a", BRIDGE, "The council of Kell approved a bridge over the Sanne on Tuesday. It costs 30 million euros."),
    hit("b", "Green light for a bridge", "A bridge across the Sanne will be built in Kell, councillors decided."),
)
STORM = (
    hit("s1", "Typhoon Dorian hits Brine", "The typhoon Dorian hit Brine on Monday. Winds blew at 180 km/h in Brine."),
    hit("s2", "Brine counts its dead", "At least nine people died as the typhoon Dorian reached Brine, rescuers said."),
)
TAIFENG = (
    hit("t1", "台风杜苏芮登陆晋江", "台风杜苏芮周五在晋江沿海登陆，风力十五级。"),
    hit("t2", "杜苏芮登陆福建晋江", "第5号台风杜苏芮上午登陆福建晋江，多地停电。"),
)


def test_what_became_of_a_story_is_told_by_what_the_story_is_about() -> None:
    turn = hit("c", "Builder quits", "The builder Norhav left the Sanne bridge in Kell on Monday and asks for damages.")

    assert turns(BRIDGE, TOLD, [turn]) == ("c",)


@pytest.mark.parametrize(
    ("title", "told", "other"),
    [
        (BRIDGE, TOLD, hit("c", "Kell metro opens", "The metro in Kell opens in May. Trains run every four minutes.")),
        (BRIDGE, TOLD, hit("c", "Harlow approves a bridge", "The council of Harlow approved a bridge on Tuesday.")),
        (
            "Typhoon Dorian hits Brine",
            STORM,
            hit(
                "c", "Typhoon Elmar nears Brine", "A second typhoon, Elmar, may hit Brine on Friday, forecasters warn."
            ),
        ),
        ("台风杜苏芮登陆晋江", TAIFENG, hit("c", "台风卡努逼近浙江", "台风卡努周三逼近浙江，预计周五登陆舟山一带。")),
    ],
)
def test_another_event_of_the_same_kind_or_place_is_no_turn(title: str, told: tuple[Hit, ...], other: Hit) -> None:
    assert turns(title, told, [other]) == ()


def test_in_chinese_too_a_turn_shares_what_the_story_is_about() -> None:
    turn = hit("c", "杜苏芮致晋江停课", "受登陆晋江的台风杜苏芮影响，全市学校周一停课，三人失踪。")

    assert turns("台风杜苏芮登陆晋江", TAIFENG, [turn]) == ("c",)


def test_what_only_the_title_says_need_not_be_said_again() -> None:
    title = "Sanne bridge in Kell gets go-ahead after stormy debate"

    assert turns(title, TOLD, [hit("c", "Work halted", "A judge halted the Sanne bridge in Kell on Friday.")]) == ("c",)


def test_an_article_is_judged_by_the_foremost_of_its_passages() -> None:
    late = hit("c", "A year in review", "The Sanne bridge in Kell was halted, too.", position=7)
    first = replace(
        late, passage=replace(late.passage, position=0, text="Looking back, it was a year of sport and song in Harlow.")
    )

    assert turns(BRIDGE, TOLD, [late, first]) == ()


def test_of_a_story_that_says_nothing_there_are_no_turns() -> None:
    assert turns("", TOLD, TOLD) == ()
    assert turns(BRIDGE, (), TOLD) == ()
    assert turns(BRIDGE, TOLD, ()) == ()
