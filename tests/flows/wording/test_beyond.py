from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from bot.flows.wording.beyond import beyond
from storage.domain.digests import DigestSettings, Timetable
from storage.domain.people import ReaderId

HELD = DigestSettings(
    reader=ReaderId("terminal:ada"),
    since=datetime(2026, 11, 30, tzinfo=UTC),
    active=True,
    timetable=Timetable(times=(time(8), time(21, 30))),
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("make it weekly", "digest_no_rhythm"),
        ("please send them monthly", "digest_no_rhythm"),
        ("改成每周一次", "digest_no_rhythm"),
        ("每周只发一次", "digest_no_rhythm"),
    ],
)
def test_what_digests_cannot_is_known_for_that(text: str, key: str) -> None:
    assert beyond(text, HELD) == (key, "")
    assert beyond(text, replace(HELD, active=False)) is None


def test_a_number_that_is_the_hour_of_a_digest_is_asked_about() -> None:
    assert beyond("drop 8", HELD) == ("digest_or_interest", "8")
    assert [beyond(text, HELD) for text in ("drop 7", "drop #8", "drop 8:00", "drop 21")] == [None] * 4


@pytest.mark.parametrize(
    "text",
    [
        "make it weekly or monthly, unions demand",
        "Weekly markets return",
        "skip Monday",
        "not today",
        "not just once",
        "Not this time",
        "stop",
        "每周一次的检测取消了",
    ],
)
def test_what_the_news_say_and_what_digests_can_is_not(text: str) -> None:
    assert beyond(text, HELD) is None
