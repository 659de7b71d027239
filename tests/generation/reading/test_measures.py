from __future__ import annotations

import pytest

from generation.reading.measures import Measure, gives, measure


@pytest.mark.parametrize(
    ("question", "measured"),
    [
        ("How old is she?", Measure.AGE),
        ("How much did the plant cost?", Measure.MONEY),
        ("and the price?", Measure.MONEY),
        ("What percentage of voters agreed?", Measure.SHARE),
        ("How deep does it live?", Measure.WAY),
        ("How long was the last strike?", Measure.TIME),
        ("How heavy is it?", Measure.WEIGHT),
        ("How hot is the water?", Measure.WARMTH),
        ("How fast was the lorry going in the bend?", Measure.SPEED),
        ("What is the top speed of the ferry?", Measure.SPEED),
        ("How fast did prices rise?", None),
        ("火车有多快？", Measure.SPEED),
        ("她今年多大？", Measure.AGE),
        ("票价是多少", Measure.MONEY),
        ("隧道有多长时间才能修好？", Measure.TIME),
        ("山有多高？", Measure.WAY),
        ("它有多重？", Measure.WEIGHT),
        ("How long is the Sanne bridge?", Measure.WAY),
        ("How long is the bridge closed?", Measure.TIME),
        ("How long is the film?", Measure.LENGTH),
        ("What does the whale weigh?", Measure.WEIGHT),
        ("What do drivers have to pay?", Measure.MONEY),
        ("What is the fine for parking there?", Measure.MONEY),
        ("What was the bill for the damage?", Measure.MONEY),
        ("What is the toll for lorries?", Measure.MONEY),
        ("What is the toll of the flood?", None),
        ("Is it expensive?", Measure.MONEY),
        ("罚款是多少？", Measure.MONEY),
        ("这颗小行星有多大？", Measure.EXTENT),
        ("What will the vote be about?", None),
        ("How many people came?", None),
        ("Who won?", None),
        ("有多少人？", None),
    ],
)
def test_a_question_tells_what_it_measures(question: str, measured: Measure | None) -> None:
    assert measure(question) is measured


@pytest.mark.parametrize(
    ("text", "given", "not_given"),
    [
        ("Varga, 54, ran on a promise.", Measure.AGE, Measure.MONEY),
        ("It cost $12 a seat.", Measure.MONEY, Measure.AGE),
        ("They bid 48 million crowns.", Measure.MONEY, Measure.WAY),
        ("The fine is 300 zlotys.", Measure.MONEY, Measure.WEIGHT),
        ("它直径520米。", Measure.EXTENT, Measure.MONEY),
        ("Turnout was 71 percent.", Measure.SHARE, Measure.MONEY),
        ("It lives at 4,120 metres.", Measure.WAY, Measure.TIME),
        ("The strike lasted three days.", Measure.TIME, Measure.WEIGHT),
        ("It weighs 40 tonnes.", Measure.WEIGHT, Measure.WARMTH),
        ("It reached 40 degrees.", Measure.WARMTH, Measure.SHARE),
        ("It took the bend at 52 kilometres an hour.", Measure.SPEED, Measure.TIME),
        ("Gusts of 140 km/h were measured.", Measure.SPEED, Measure.MONEY),
        ("列车时速350公里。", Measure.SPEED, Measure.MONEY),
        ("白露今年22岁。", Measure.AGE, Measure.MONEY),
        ("起步价2元，全程6元。", Measure.MONEY, Measure.WEIGHT),
        ("全长27.6公里。", Measure.WAY, Measure.AGE),
        ("停课两天。", Measure.TIME, Measure.WAY),
    ],
)
def test_a_text_gives_what_its_units_say(text: str, given: Measure, not_given: Measure) -> None:
    assert gives(text, given)
    assert not gives(text, not_given)
