from __future__ import annotations

from collections.abc import Callable

import pytest

from generation.engines.extractive import ExtractiveEngine
from storage.domain.dialogue import Answer, Question
from storage.domain.news import Hit

POOL = (
    "Halverton closed its swimming pool on Monday. The pool was opened in 1962 by Mayor Ada Stone. Some 300 "
    "children learn to swim there each year. The council shut it because the roof had begun to sag under the "
    "snow."
)
SALT = (
    "The price of salt in Kell has risen by a third since March. Shops sell a bag for 4 crowns. Rain flooded the "
    "largest of the three mines in the spring, so that less came to market. The ministry keeps a reserve of "
    "2,000 tonnes."
)
MAYOR = (
    "The mayor of Tarn, Oskar Lund, resigned on Tuesday evening. He had been in office for nine years. Lund "
    "stepped down after an audit found that he had paid for holidays with the town's credit card. His deputy "
    "takes over until May."
)
FLIGHTS = (
    "Delmar Air has stopped flying to Quill Island. The last flight left on Sunday with eleven passengers. Its "
    "planes were half empty on most days, the airline said. A ferry still goes three times a week."
)
BUDGET = (
    "The council passed the budget by 14 votes to 9. Nora Reed of the Greens voted against it. “There is not one "
    "crown in it for the buses,” she said. The budget comes to 410 million crowns."
)
GLASS = (
    "Harrow Glass shut its works in Dunmere on Friday. It had 340 workers there. The works were built in 1951. "
    "Managers did not speak to reporters at the gate."
)
POOL_ZH = (
    "河谷市周一关闭了市游泳馆。游泳馆建于1962年，每年约有300名儿童在这里学习游泳。"
    "市政府介绍，由于屋顶被积雪压得下沉，场馆存在安全隐患。会员可以到临江市训练。"
)
SALT_ZH = (
    "白盐县盐价自三月以来上涨了三分之一，一袋卖到4元。"
    "春季的大雨淹没了三座盐矿中最大的一座，上市的盐随之减少。县里储备了2000吨盐。"
)
COUNTY_ZH = (
    "青石县县长陆平周二晚间宣布辞职。他任职已有九年。审计发现他用公款支付个人旅行费用，此后他递交了辞呈。"
    "副县长将主持工作到五月。"
)
BUDGET_ZH = "市议会以14票对9票通过了预算。议员方若兰投了反对票。她说：“预算里没有一分钱给公交。”预算总额为4.1亿元。"
GLASS_ZH = "哈罗玻璃周五关闭了登湖工厂。工厂有340名工人，建于1951年。管理人员在门口没有接受记者采访。"
ENGLISH, CHINESE = (POOL, SALT, MAYOR, FLIGHTS, BUDGET, GLASS), (POOL_ZH, SALT_ZH, COUNTY_ZH, BUDGET_ZH, GLASS_ZH)


def answered(hit: Callable[..., Hit], asked: Question) -> Answer:
    texts = CHINESE if asked.language == "zh" else ENGLISH
    return ExtractiveEngine().write(asked, [hit(text, article=text[:9], rank=i) for i, text in enumerate(texts)])


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("Why did Halverton close its swimming pool?", "because the roof had begun to sag"),
        ("Why did the price of salt rise in Kell?", "flooded the largest of the three mines"),
        ("Why did the mayor of Tarn resign?", "after an audit found"),
        ("Why did Delmar Air stop flying to Quill Island?", "half empty on most days"),
        ("Why did Nora Reed vote against the budget?", "not one crown in it for the buses"),
        ("河谷市为什么关闭游泳馆？", "由于屋顶被积雪压得下沉"),
        ("白盐县盐价为什么上涨？", "淹没了三座盐矿中最大的一座"),
        ("青石县县长陆平为何辞职？", "审计发现他用公款支付个人旅行费用"),
        ("议员方若兰为什么投票反对预算？", "预算里没有一分钱给公交"),
    ],
)
def test_why_is_answered_with_the_sentence_that_gives_the_reason(
    asked: str, reason: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    answer = answered(hit, question(asked, language="en" if asked.isascii() else "zh"))

    assert reason in answer.text
    assert not answer.unexplained


@pytest.mark.parametrize("asked", ["Why did Harrow Glass shut its works in Dunmere?", "哈罗玻璃为什么关闭登湖工厂？"])
def test_what_happened_is_not_passed_off_as_its_reason(
    asked: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    answer = answered(hit, question(asked, language="en" if asked.isascii() else "zh"))

    assert answer.sentences
    assert answer.unexplained


@pytest.mark.parametrize("asked", ["When did Halverton close its swimming pool?", "河谷市什么时候关闭游泳馆？"])
def test_no_reason_is_looked_for_where_none_is_asked_for(
    asked: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    answer = answered(hit, question(asked, language="en" if asked.isascii() else "zh"))

    assert answer.sentences[0].text.startswith(("Halverton closed", "河谷市周一关闭"))
    assert not answer.unexplained


@pytest.mark.parametrize("when", ["since Monday", "after March", "following last week"])
def test_what_only_says_when_is_no_reason(
    when: str, hit: Callable[..., Hit], question: Callable[..., Question]
) -> None:
    text = f"Harrow Glass has kept its works in Dunmere shut {when}."

    answer = ExtractiveEngine().write(question("Why did Harrow Glass shut its works in Dunmere?"), [hit(text)])

    assert answer.unexplained
