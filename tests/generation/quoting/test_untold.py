from __future__ import annotations

from collections.abc import Callable

import pytest

from generation.engines.extractive import ExtractiveEngine
from storage.domain.dialogue import Question
from storage.domain.news import Hit

BRIDGE = (
    "河谷市海港大桥8月3日通车，市长王海出席了仪式。大桥全长2.6公里，耗资3.1亿元，由远岸建设集团承建。"
    "施工期间有6名工人受伤。王海说，大桥每天可通过4万辆汽车。"
)
ELSEWHERE = "河口市前副市长李远因受贿被捕，妻子与他离婚。地铁公司的司机因工资问题罢工三天。"


@pytest.mark.parametrize(
    ("told", "false"),
    [
        ("河谷市海港大桥什么时候通车？", "河谷市海港大桥什么时候倒塌的？"),
        ("河谷市市长王海说了什么？", "河谷市市长王海为什么被捕？"),
        ("远岸建设集团建了什么？", "远岸建设集团为什么罢工？"),
        ("王海出席了什么仪式？", "王海和谁离婚了？"),
        ("海港大桥的造价是多少？", "海港大桥的司机为什么罢工？"),
    ],
)
def test_a_true_chinese_name_does_not_make_up_for_nothing_told_of_what_is_asked(
    told: str, false: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [hit(BRIDGE, title="河谷市海港大桥通车"), hit(ELSEWHERE, article="b", title="前副市长被捕", rank=1)]

    assert not ExtractiveEngine().write(question(told, language="zh"), hits).refused
    assert ExtractiveEngine().write(question(false, language="zh"), hits).refused


@pytest.mark.parametrize(
    "asked", ["河谷市海港大桥何时开通？", "河谷市海港大桥施工时有几人负伤？", "谁修建了海港大桥？"]
)
def test_what_an_article_tells_in_a_kindred_word_is_told(
    asked: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    assert (
        not ExtractiveEngine().write(question(asked, language="zh"), [hit(BRIDGE, title="河谷市海港大桥通车")]).refused
    )


def test_a_chinese_bank_that_is_asked_for_is_not_called_which(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [hit("堪原州监管部门宣布，草原信托银行因坏账过多倒闭。", title="堪原州一家银行倒闭")]

    assert "草原信托" in ExtractiveEngine().write(question("堪原州哪家银行倒闭？", language="zh"), hits).text


def test_an_article_that_lacks_something_of_a_question_comes_behind_one_that_lacks_nothing(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    quake = "诺湾发生地震，已有51人受伤。受伤的人多为老人。"
    fire = "泊安市一处仓库起火，大火燃烧6小时。消防支队长说，有3名消防员被烧伤。"
    hits = [hit(quake, title="诺湾地震51人受伤"), hit(fire, article="b", title="泊安仓库火灾", rank=1)]

    answer = ExtractiveEngine().write(question("泊安仓库火灾有几个人受伤？", language="zh"), hits)

    assert "3名消防员" in answer.text
    assert "51人" not in answer.sentences[0].text


def test_who_asks_at_length_may_say_some_of_it_in_other_words(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    asked = "河谷市海港大桥在施工期间共有几名远岸建设集团的工人遭遇了不测并且受伤？"

    assert (
        not ExtractiveEngine().write(question(asked, language="zh"), [hit(BRIDGE, title="河谷市海港大桥通车")]).refused
    )


def test_why_a_rate_is_not_changed_is_told_by_why_it_is_kept(
    hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    hits = [hit("联合银行周四宣布维持利率不变。该行表示，通胀仍然过高。", title="联合银行维持利率不变")]

    assert "通胀" in ExtractiveEngine().write(question("联合银行为什么不降息", language="zh"), hits).text
