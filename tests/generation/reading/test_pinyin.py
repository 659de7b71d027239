from __future__ import annotations

import pytest

from generation.reading.pinyin import syllables, written


@pytest.mark.parametrize(
    ("english", "chinese", "found"),
    [
        ("Who is Lin Muyun?", "馆长林慕云说", {"Lin Muyun": "林慕云"}),
        ("Why was the Nanping marathon called off?", "南屏马拉松取消", {"Nanping": "南屏"}),
        ("What happened in Xi'an?", "西安下雪", {"Xi'an": "西安"}),
        ("Mayor Zhao of Lvliang spoke.", "吕梁市长", {"Lvliang": "吕梁"}),
        ("Canada and Banana", "加拿大的香蕉", {}),
        ("Who is Lin Muyun?", "林慕白说", {}),
        ("In Nanping it rained.", "", {}),
    ],
)
def test_a_name_is_found_by_its_syllables(english: str, chinese: str, found: dict[str, str]) -> None:
    assert written(english, chinese) == found


def test_a_character_may_be_read_in_two_ways_or_not_be_known() -> None:
    assert syllables("重") == {"zhong", "chong"}
    assert syllables("𠀀") == frozenset()
