from __future__ import annotations

from collections.abc import Callable

import pytest

from generation.engines.extractive import ExtractiveEngine
from storage.domain.dialogue import Question
from storage.domain.news import Hit

FIRE = (
    "A fire destroyed a furniture warehouse in the port of Dornick on Saturday night. The fire in the warehouse burned "
    "for six hours. No deaths have been reported, and two guards escaped. The Dornick fair has been "
    "put off to March. Its stalls were sold out. The harbour road is shut to lorries."
)
FIRE_ZH = (
    "21日晚，泊安市一处家具仓库发生火灾，仓库大火燃烧约6小时后被扑灭。目前没有人员伤亡的报告。"
    "原定在泊安市举行的灯会延期至3月。港口大道对货车禁行。警方排除了人为纵火的可能。"
)


@pytest.mark.parametrize(
    ("asked", "decides"),
    [
        ("Did anyone die in the Dornick warehouse fire?", "No deaths"),
        ("Was anyone killed in the fire in Dornick?", "No deaths"),
        ("How many people died in the Dornick warehouse fire?", "No deaths"),
        ("Will the Dornick fair go ahead?", "put off to March"),
        ("Was the Dornick fair called off?", "put off to March"),
        ("Is the harbour road in Dornick open?", "shut to lorries"),
    ],
)
def test_what_decides_comes_first(
    asked: str, decides: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    answer = ExtractiveEngine(threshold=0).write(question(asked), [hit(FIRE, title="Fire guts warehouse in Dornick")])

    assert decides in answer.sentences[0].text


TUNNEL = (
    "Dornick's council on Friday approved a road tunnel costing 1.2 billion marks, ending six years of argument in "
    "Dornick. The vote was 27 to 19. Work is to begin in May 2028 and the tunnel should open in late 2031. "
    "It is meant to carry 22,000 cars a day."
)


@pytest.mark.parametrize(
    ("asked", "tells"),
    [
        ("When will the Dornick road tunnel open?", "late 2031"),
        ("When does work on the tunnel in Dornick begin?", "May 2028"),
        ("How many cars will the Dornick road tunnel carry?", "22,000 cars"),
    ],
)
def test_a_day_or_a_number_is_found_though_its_sentence_names_the_place_no_more(
    asked: str, tells: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    title = "Dornick approves 1.2 billion mark road tunnel"

    answer = ExtractiveEngine(threshold=0).write(question(asked), [hit(TUNNEL, title=title)])

    assert tells in answer.sentences[0].text


@pytest.mark.parametrize(
    ("asked", "decides"),
    [
        ("泊安仓库火灾有人死亡吗？", "没有人员伤亡"),
        ("泊安仓库火灾死了多少人？", "没有人员伤亡"),
        ("泊安的灯会取消了吗？", "延期至3月"),
        ("港口大道开放了吗？", "禁行"),
        ("泊安仓库火灾是人为纵火吗？", "排除了人为纵火"),
    ],
)
def test_what_decides_comes_first_in_chinese(
    asked: str, decides: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    answer = ExtractiveEngine().write(question(asked, language="zh"), [hit(FIRE_ZH, title="泊安市一家具仓库起火")])

    assert decides in answer.sentences[0].text


def test_other_questions_are_answered_as_before(hit: Callable[..., Hit], question: Callable[..., Question]) -> None:
    answer = ExtractiveEngine().write(
        question("How long did the fire in Dornick burn?"), [hit(FIRE, title="Fire in Dornick")]
    )

    assert "six hours" in answer.sentences[0].text


@pytest.mark.parametrize(
    ("asked", "measure"), [("鸿页多少钱？", "8999元"), ("“鸿页”卖多少钱？", "8999元"), ("鸿页有多重？", "540克")]
)
def test_a_measure_that_is_asked_for_in_chinese_comes_first(
    asked: str, measure: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    told = (
        "研墨科技15日推出折叠平板“鸿页”。屏幕展开后为13.2英寸，重540克。产品定价8999元，首批已售罄。“鸿页”没有耳机孔。"
    )

    answer = ExtractiveEngine().write(question(asked, language="zh"), [hit(told, title="折叠平板“鸿页”上市")])

    assert measure in answer.sentences[0].text
