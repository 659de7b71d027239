from __future__ import annotations

import re

import pytest

from bot.flows.wording.weekdays import DAYS, days_of

WORDED = {
    "1234567": "daily | every day | everyday | each day | every morning | 7 days a week | "
    "每天 | 每日 | 天天 | 周一到周日",
    "12345": "weekdays | weekday | work days | mon-fri | monday to friday | mon – fri | from monday to friday | "
    "工作日 | 周一到周五 | 周一至五 | 星期一至星期五 | 周一-周五",
    "67": "weekends | weekend | sat-sun | 周末 | 每周末 | 双休日 | 周六日 | 周六和周日 | 礼拜六、礼拜天",
    "1": "monday | mon | mondays | 周一 | 星期一 | 每周一 | 礼拜一",
    "4": "thu | thur | thurs | thursday | 周四",
    "7": "sun | sundays | 周日 | 周天 | 星期天",
    "135": "周一、三、五 | 周一三五 | 周一、周三、周五 | 周一和周三和周五",
    "1567": "fri-mon | friday through monday | 周五到周一",
}


@pytest.mark.parametrize(
    ("words", "expected"), [(word.strip(), days) for days, words in WORDED.items() for word in words.split("|")]
)
def test_days_of_the_week_are_read(words: str, expected: str) -> None:
    found = re.match(DAYS, words)

    assert found is not None
    assert found[0] == words
    assert sorted(days_of(found[0])) == [int(day) for day in expected]


@pytest.mark.parametrize(
    ("words", "read"), [("周五五条", "周五"), ("周六十条", "周六"), ("周一8点", "周一"), ("sun, 7", "sun")]
)
def test_the_number_of_something_else_is_no_day(words: str, read: str) -> None:
    found = re.match(DAYS, words)

    assert found is not None
    assert found[0] == read


@pytest.mark.parametrize("words", ["month", "sunny", "money", "satire"])
def test_words_that_begin_like_a_day_are_none(words: str) -> None:
    assert re.match(DAYS, words) is None
