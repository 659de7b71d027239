from __future__ import annotations

import re
from datetime import time

import pytest

from bot.flows.wording.hours import HOUR, hour_of, number_of

TIMES = {
    "00:00": "0:00 | 24:00 | midnight | 12am | 12 a.m. | 午夜 | 晚上12点 | 凌晨12点 | 半夜十二点 | 零点",
    "01:30": "1:30 | 凌晨1点半 | 半夜一点半",
    "03:00": "3 am | 3 o'clock | 凌晨三点",
    "07:00": "7am | 7:00 | 7 AM | 7 in the morning | seven o'clock | 7点 | 早上7点 | 早上七点钟 | 7点整 | 早7点 | 7時",
    "07:05": "7:05 | 7.05 | 7点05分 | 7点零五分",
    "07:30": "7:30 | 7.30 | 07:30 | half past 7 | half past seven | 7:30 in the morning | "
    "早上7点半 | 7点30分 | 七点三十分 | 早上7:30",
    "12:00": "noon | midday | 12pm | 12:00 | 12点 | 中午12点 | 正午",
    "11:00": "中午11点 | 上午十一点",
    "13:00": "1pm | 1 p.m. | 中午1点 | 下午一点 | 13点",
    "15:15": "15:15 | 3:15pm | 下午三点一刻 | 3:15 in the afternoon",
    "18:00": "18:00 | 6pm | 6 in the evening | 18时 | 傍晚6点 | 晚上六点 | 下午6:00",
    "20:30": "20:30 | 8:30 pm | 20:30pm | half past 8 in the evening | 晚上8点半 | 晚8点半 | 晚上8:30",
    "23:00": "23:00 | 11 at night | 二十三点 | 夜里十一点",
}


@pytest.mark.parametrize(
    ("words", "expected"), [(word.strip(), at) for at, words in TIMES.items() for word in words.split("|")]
)
def test_times_of_day_are_read(words: str, expected: str) -> None:
    found = re.match(HOUR, words.lower())

    assert found is not None
    assert found[0] == words.lower()
    assert hour_of(found[0]) == time.fromisoformat(expected)


@pytest.mark.parametrize("words", ["25:00", "7:75", "13am", "30点", "12点75分"])
def test_what_no_clock_shows_is_no_time(words: str) -> None:
    found = re.match(HOUR, words)

    assert found is not None
    assert hour_of(found[0]) is None


def test_what_is_no_time_of_day_is_none() -> None:
    assert hour_of("soon") is None


def test_numbers_are_read_in_digits_and_words() -> None:
    words = ["7", "12", "seven", "twelve", "七", "十", "十二", "二十", "二十三", "两", "零五"]

    assert [number_of(word) for word in words] == [7, 12, 7, 12, 7, 10, 12, 20, 23, 2, 5]
