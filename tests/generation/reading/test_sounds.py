from __future__ import annotations

import time

import pytest

from generation.reading.sounds import pieces, sounding


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Marano", "马拉诺"),
        ("Solberg", "卡特琳·索尔贝格"),
        ("Estmark", "埃斯特马克"),
        ("Clinton", "克林顿"),
        ("Norvexa", "诺维克萨"),
        ("Gandaria", "甘达里亚一家工厂"),
    ],
)
def test_a_name_is_heard_in_the_characters_that_write_it(english: str, chinese: str) -> None:
    assert sounding(f"In {english} it rained.", chinese) == {english}


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Marano voted on Tuesday.", "北京地铁的票价上调"),
        ("Velmark raised its rate.", "兰马克夺冠"),
        ("Li won.", "李宁"),
        ("", "马拉诺"),
        ("Marano", ""),
    ],
)
def test_what_sounds_otherwise_is_not(english: str, chinese: str) -> None:
    assert sounding(english, chinese) == frozenset()


def test_a_short_name_is_likely_where_its_first_vowel_is_heard_too() -> None:
    assert pieces("Melkor and Marlow met Norvale.", "梅尔科、马洛和诺维尔") == {
        "梅尔科": "Melkor",
        "马洛": "Marlow",
        "诺维尔": "Norvale",
    }
    assert pieces("Mulroy met Makar.", "梅尔科和马洛") == {}
    assert sounding("Melkor spoke.", "梅尔科说") == frozenset()


def test_a_long_text_takes_no_time() -> None:
    begun = time.process_time()

    sounding("Marano " * 2_000, "马拉诺" * 3_000)

    assert time.process_time() - begun < 10
