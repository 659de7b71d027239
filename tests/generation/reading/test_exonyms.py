from __future__ import annotations

import pytest

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


def test_every_name_is_written_in_both_languages() -> None:
    assert len(EXONYMS) > 300
    assert all(each.chinese[0] and each.english[0] for each in EXONYMS)
