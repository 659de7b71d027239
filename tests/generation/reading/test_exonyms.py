from __future__ import annotations

import pytest

from generation.reading import other_words
from generation.reading.exonyms import EXONYMS, named, names_too, spellings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("匈牙利的工厂", "A plant in Hungary"),
        ("丹麦议会", "the Danish parliament"),
        ("印度尼西亚火山", "An Indonesian volcano"),
        ("英国央行降息", "The Bank of England cut rates"),
        ("韩国总统", "South Korea’s president"),
        ("美国的火箭", "A rocket rose from Texas"),
        ("内蒙古乳企", "a dairy in Inner Mongolia"),
    ],
)
def test_the_same_name_is_found_in_both_languages(one: str, other: str) -> None:
    assert named(one)
    assert all(names_too(name, spellings(other), chinese=False) for name in named(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("瑞典的学校", "Denmark bans phones"),
        ("印度火山", "An Indonesian volcano"),
        ("韩国总统", "the president of North Korea"),
        ("欧洲央行降息", "The Bank of England cut rates"),
        ("得克萨斯的火箭", "An American rocket"),
        ("柏林的动物园", "a zoo in Germany"),
    ],
)
def test_another_name_is_not(one: str, other: str) -> None:
    assert not all(names_too(name, spellings(other), chinese=False) for name in named(one))


def test_a_chinese_article_need_not_say_that_it_tells_of_china() -> None:
    (china, hunan) = named("Floods in China and Hunan")

    assert names_too(china, spellings("怀化暴雨"), chinese=True)
    assert not names_too(hunan, spellings("怀化暴雨"), chinese=True)


@pytest.mark.parametrize("text", ["", "Nothing of it", "turkey for dinner, polish the plates", "Indianapolis"])
def test_words_that_only_look_alike_are_no_names(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        *((text, []) for text in (
            "提高市场竞争力的措施", "最高市值是多少", "加强生产安全", "增强生态保护", "高通胀有什么影响", "三星堆遗址",
            "三星级酒店", "婚礼来了", "北美团队", "甲骨文博物馆", "奥特曼电影票房", "苹果树种植面积", "小米粥怎么做",
            "战马奔驰", "汉堡王门店", "完美方案", "办法方面", "近日方可办理", "可以方便出行", "可以军训", "京东方面板",
            "黄河南岸", "孙中山故居", "重大连续事件", "公斤苹果价格",
        )),
        ("文莱苏丹访问", []),
        ("浙江西部", ["Zhejiang"]),
        ("高市首相表示", ["Takaichi"]),
        ("强生公司召回", ["Johnson & Johnson"]),
        ("礼来公司的减肥药", ["Eli Lilly"]),
        ("美团外卖骑手", ["Meituan"]),
        ("三星发布新手机", ["Samsung"]),
        ("高通发布芯片", ["Qualcomm"]),
        ("小米汽车交付", ["Xiaomi"]),
        ("苹果发布新手机", ["Apple"]),
        ("奔驰召回汽车", ["Mercedes"]),
        ("京东营收", ["JD.com"]),
        ("苏丹内战", ["Sudan"]),
        ("汉堡港罢工", ["Hamburg"]),
        ("宝马奔驰和本田", ["BMW", "Mercedes", "Honda"]),
        ("高市政府面临压力，美方可能回应，日方向美团员工", ["Takaichi", "United States", "Japan", "Meituan"]),
        ("小米产品和苹果产品，大连接受，经过河南北部", ["Xiaomi", "Apple", "Dalian", "Henan"]),
        ("中山市和河南省", ["Zhongshan", "Henan"]),
        ("美方表示，日方回应，以军空袭", ["United States", "Japan", "Israel"]),
    ],
)  # fmt: skip
def test_a_chinese_name_is_not_found_where_other_words_meet(text: str, names: list[str]) -> None:
    assert [each.english[0] for each in named(text)] == names


def test_only_names_of_the_list_have_neighbours_that_they_are_not_beside() -> None:
    assert set(other_words._NEIGHBOURS) <= {spelling for each in EXONYMS for spelling in each.chinese}


def test_every_name_is_written_in_both_languages() -> None:
    assert len(EXONYMS) > 300
    assert all(each.chinese[0] and each.english[0] for each in EXONYMS)
