from __future__ import annotations

import time

import pytest

from generation.reading.several import Compared, compared, over_time


@pytest.mark.parametrize(
    ("asked", "one", "other", "on"),
    [
        ("How do Germany and France differ on nuclear power?", "Germany", "France", "nuclear power"),
        ("What's the difference between the old bill and the new bill on tax?", "the old bill", "the new bill", "tax"),
        ("Please compare Ann Reed with Bo Lund on the buses", "Ann Reed", "Bo Lund", "the buses"),
        ("How does Tarn compare with Kell in ferry prices?", "Tarn", "Kell", "ferry prices"),
        ("Tarn vs. Kell", "Tarn", "Kell", ""),
        ("How do the electric cars of Tarn and Kell compare on price?", "Tarn", "Kell", "electric cars price"),
        ("How do the mayor of Tarn and Ann Reed differ on buses?", "mayor of Tarn", "Ann Reed", "buses"),
        ("What did Labour and the Greens say about the airport?", "Labour", "the Greens", "the airport"),
        ("Compare what the BBC and CNN say about the dam", "BBC", "CNN", "the dam"),
        ("How do Reuters and CNN differ in their reporting on the strike?", "Reuters", "CNN", "strike"),
        ("How does CNN's account of the dam differ from the BBC's?", "CNN", "BBC", "the dam"),
        ("What's the difference between how Sky and CNN cover the strike?", "Sky", "CNN", "the strike"),
        ("How is the strike reported by Reuters and Al Jazeera?", "Reuters", "Al Jazeera", "strike"),
        ("How are Tarn and Kell dealing with the drought?", "Tarn", "Kell", "the drought"),
        ("Do Reuters and CNN agree on the ceasefire?", "Reuters", "CNN", "the ceasefire"),
        ("Which is cheaper, the Orrin or the Vanta?", "Orrin", "the Vanta", "price"),
        ("Orrin vs Vanta: price", "Orrin", "Vanta", "price"),
        ("Which car is lighter, the Orrin or the Vanta?", "Orrin", "the Vanta", "weight"),
        ("Is the Orrin heavier than the Vanta?", "Orrin", "the Vanta", "weight"),
        ("Which has more range, the Orrin or the Vanta?", "Orrin", "the Vanta", "more range"),
        ("What do nurses earn in Tarn compared with Kell?", "Tarn", "Kell", "What do nurses earn"),
        ("Compare the batteries of the Orrin and the Vanta", "the Orrin", "the Vanta", "batteries"),
        ("新华社和财新网对水库的报道有什么不同？", "新华社", "财新网", "水库"),
        ("比较一下新华社与财新网关于水库的说法", "新华社", "财新网", "水库"),
        ("在老城墙问题上，陆远和钱立群的看法有什么不同？", "陆远", "钱立群", "老城墙"),
        ("财新网的说法与新华社有什么不同，关于水库？", "财新网", "新华社", "水库"),
        ("新华社和财新网怎么看水库？", "新华社", "财新网", "水库"),
        ("法国和德国在核电问题上有什么分歧？", "法国", "德国", "核电"),
        ("请问甲公司与乙公司的维修价格有何不同？", "甲公司", "乙公司", "维修价格"),
        ("比较一下北京和上海的出租车起步价", "北京", "上海", "出租车起步价"),
        ("韩国与日本相比，出生率如何？", "韩国", "日本", "出生率"),
    ],
)
def test_what_is_compared_and_in_what(asked: str, one: str, other: str, on: str) -> None:
    assert compared(asked) == Compared(one=one, other=other, on=on)


@pytest.mark.parametrize(
    ("asked", "subject"),
    [
        ("What happened with the Kestrel dam over time?", "Kestrel dam"),
        ("Give me a timeline of the Lake Oster ferry order", "Lake Oster ferry order"),
        ("How did the strike at Harrow Glass unfold?", "strike at Harrow Glass"),
        ("怀化山洪的时间线", "怀化山洪"),
        ("请梳理一下渡轮订单的来龙去脉", "渡轮订单"),
        ("东门大桥限行是怎么一步步发展的？", "东门大桥限行"),
    ],
)
def test_what_the_course_is_asked_of(asked: str, subject: str) -> None:
    assert over_time(asked) == subject


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "What happened in Tarn?",
        "When did Ann and Bo Lund marry?",
        "Who won, Tarn or Kell?",
        "Why did the price of salt rise in Kell?",
        "谁和谁结婚了？",
        "河谷市什么时候关闭游泳馆？",
    ],
)
def test_other_questions_ask_neither(asked: str) -> None:
    assert compared(asked) is None
    assert over_time(asked) is None


@pytest.mark.parametrize("part", ["how do a and ", "什么时候", "和", " on ", "a vs "])
def test_long_questions_take_no_time(part: str) -> None:
    start = time.process_time()

    compared(part * 500)
    over_time(part * 500)

    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("question", "one", "other", "on"),
    [
        ("甲山电池和乙水电池哪个三季度营收更高？", "甲山电池", "乙水电池", "三季度营收"),
        ("甲山电池和乙水电池三季度业绩有何差别？", "甲山电池", "乙水电池", "三季度业绩"),
        ("梨花X9和桃花S5哪个更便宜？", "梨花X9", "桃花S5", "价格"),
        ("梨花X9、桃花S5，哪一款屏幕更大？", "梨花X9", "桃花S5", "屏幕"),
        ("梨花X9贵还是桃花S5贵？", "梨花X9", "桃花S5", "价格"),
        ("梨花X9比桃花S5贵多少？", "梨花X9", "桃花S5", "价格"),
        ("东川和西川的最低工资哪个高？", "东川", "西川", "最低工资"),
        ("东川跟西川比，房价哪边涨得多？", "东川", "西川", "房价"),
        ("东川队和西川队的教练分别是谁？", "东川队", "西川队", "教练"),
        ("东川和西川两地票价是多少？", "东川", "西川", "票价"),
        ("关于大桥，东川晚报和西川日报各怎么说？", "东川晚报", "西川日报", "大桥"),
        ("东川晚报怎么说大桥，西川日报又怎么说？", "东川晚报", "西川日报", "大桥"),
    ],
)
def test_two_are_compared_in_chinese_in_many_words(question: str, one: str, other: str, on: str) -> None:
    assert compared(question) == Compared(one=one, other=other, on=on)


@pytest.mark.parametrize(
    "question",
    [
        "油价比去年贵多少？",
        "张三和李四谁是市长？",
        "王五和赵六谈了什么？",
        "首相怎么说税收，会怎么做？",
        "支持和反对新跑道的各有什么理由？",
        "地铁和公交什么时候恢复？",
    ],
)
def test_what_names_two_and_compares_nothing_is_no_comparison(question: str) -> None:
    assert compared(question) is None
