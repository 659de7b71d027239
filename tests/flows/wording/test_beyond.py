from __future__ import annotations

import pytest

from bot.flows.wording.beyond import beyond


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("make it weekly", "digest_no_rhythm"),
        ("please send them monthly", "digest_no_rhythm"),
        ("改成每周一次", "digest_no_rhythm"),
        ("每周只发一次", "digest_no_rhythm"),
        ("pause for a week", "digest_no_pause"),
        ("suspend my digest until next week", "digest_no_pause"),
        ("Skip tomorrow please", "digest_no_pause"),
        ("I'm away until Friday", "digest_no_pause"),
        ("暂停一周", "digest_no_pause"),
        ("明天先不发", "digest_no_pause"),
        ("下一次不用发了", "digest_no_pause"),
    ],
)
def test_what_digests_cannot_is_known_for_that(text: str, key: str) -> None:
    assert beyond(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "make it weekly or monthly, unions demand",
        "pause for thought",
        "Weekly markets return",
        "Stop for a minute at the border",
        "Not tomorrow, not ever: union rejects offer",
        "skip Monday",
        "not today",
        "not just once",
        "Not this time",
        "stop",
        "Can you pause for a week?",
        "暂停一周后联赛重启",
        "明天不发工资怎么办",
        "每周一次的检测取消了",
        "下一次不用排队了吗",
    ],
)
def test_what_the_news_say_and_what_digests_can_is_not(text: str) -> None:
    assert beyond(text) is None
