"""Digests that pause for a time, leave one out and go on, as people say it in English and Chinese."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.flows.digest_talk import pauses
from bot.flows.digest_words import to_settings
from bot.flows.pausing import pauses_ahead
from bot.flows.schedule import next_slot
from bot.flows.wording.pausing import pausing
from bot.texts.digests import described
from storage import wishes
from storage.domain.digests import DigestSettings, Pause, Timetable
from storage.domain.people import ReaderId
from storage.errors import InputError

TUESDAY = datetime(2026, 12, 1, 12, tzinfo=UTC)
HELD = DigestSettings(
    reader=ReaderId("r"),
    since=TUESDAY - timedelta(days=30),
    active=True,
    timetable=Timetable(times=(time(8), time(21)), zone="Europe/Berlin"),
)


def after(text: str, held: DigestSettings = HELD, now: datetime = TUESDAY) -> str:
    """The name of the next slot once that is said."""
    return next_slot(to_settings(held, text, now).timetable, now).name


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("Pause my digests for a week", "2026-12-08T21:00"),
        ("pause digests until Monday, please", "2026-12-07T08:00"),
        ("no digests while I'm on holiday until 12 December", "2026-12-12T08:00"),
        ("I'm away until Friday", "2026-12-04T08:00"),
        ("Can you pause my digests for 3 days?", "2026-12-04T21:00"),
        ("skip the next one", "2026-12-02T08:00"),
        ("skip the next two digests", "2026-12-02T21:00"),
        ("暂停一周", "2026-12-08T21:00"),
        ("暂停到周一", "2026-12-07T08:00"),
        ("下一份不用发了", "2026-12-02T08:00"),
        ("简报暂停三天吧", "2026-12-04T21:00"),
        ("暂停半年", "2027-06-02T08:00"),
        ("pause for a year", "2027-12-01T21:00"),
        ("give me a break until Monday", "2026-12-07T08:00"),
        ("让我清静到周一", "2026-12-07T08:00"),
        ("周五之前别打扰我", "2026-12-04T08:00"),
    ],
)
def test_none_comes_until_the_time_that_is_said(text: str, slot: str) -> None:
    assert after(text) == slot


@pytest.mark.parametrize(
    "text",
    [
        "skip tomorrow's digest",
        "skip tomorrow",
        "not this Wednesday",
        "跳过明天的简报",
        "明天先不发",
        "no need to send tomorrow's digest",
        "tomorrow's digest isn't needed",
        "明天的就不用发了",
    ],
)
def test_a_day_is_left_out_once(text: str) -> None:
    table = to_settings(HELD, text, TUESDAY).timetable

    assert table.pauses == (Pause(since=datetime(2026, 12, 2), until=datetime(2026, 12, 3)),)  # noqa: DTZ001 - local
    assert next_slot(table, TUESDAY).name == "2026-12-01T21:00"
    assert next_slot(table, next_slot(table, TUESDAY).at).name == "2026-12-03T08:00"
    assert table.days == HELD.timetable.days


@pytest.mark.parametrize("text", ["resume", "resume my digests", "I'm back", "恢复", "取消暂停"])
def test_who_goes_on_early_gets_the_next_one_and_none_that_was_held(text: str) -> None:
    paused = to_settings(HELD, "pause until Monday", TUESDAY)
    later = TUESDAY + timedelta(days=2)

    resumed = to_settings(paused, text, later)

    assert pauses_ahead(paused.timetable, later)
    assert not pauses_ahead(resumed.timetable, later)
    assert next_slot(resumed.timetable, later).name == "2026-12-03T21:00"
    assert resumed.since == HELD.since


def test_a_pause_is_told_with_how_it_ends_and_is_over_by_itself() -> None:
    paused = to_settings(HELD, "pause until Monday", TUESDAY)

    assert described(paused, "en", TUESDAY)[1:3] == (
        "Paused until Monday, 2026-12-07.",
        "“resume” ends that.",
    )
    assert described(paused, "zh", TUESDAY)[1] == "暂停到2026年12月7日（周一）为止。"
    assert described(paused, "en", TUESDAY + timedelta(days=6)) == described(HELD, "en", TUESDAY)


def test_pauses_are_kept_and_what_earlier_versions_wrote_has_none() -> None:
    paused = to_settings(HELD, "pause until Monday", TUESDAY)
    old = wishes.written(HELD).replace('"pauses": [], ', "").replace(', "pauses": []', "")

    assert wishes.read(HELD.reader, active=True, wishes=wishes.written(paused)) == paused
    assert wishes.read(HELD.reader, active=True, wishes=old).timetable == HELD.timetable


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("pause until 31 February", "digest_no_such_day"),
        ("pause for 60 weeks", "digest_pause_too_long"),
        ("skip Saturday", "digest_none_then"),
    ],
)
def test_what_cannot_be_is_refused_with_why(text: str, key: str) -> None:
    held = replace(HELD, timetable=replace(HELD.timetable, days=frozenset({1, 2, 3, 4, 5})))

    with pytest.raises(InputError) as refused:
        to_settings(held, text, TUESDAY)

    assert refused.value.key == key


@pytest.mark.parametrize(
    "text",
    [
        "Who paused the peace talks?",
        "Pause for thought",
        "Stop for a minute at the border",
        "Israel to pause fighting for a week",
        "Skip the queue: museum opens early",
        "I'm away until Friday, what happened in Geneva?",
        "Not tomorrow, not ever: union rejects offer",
        "暂停一周后联赛重启",
        "明天不发工资怎么办",
        "暂停交易的股票有哪些",
        "下一次不用排队了吗",
        "Give me a break: fans until dawn",
        "让我休息了三天的那场风暴是什么",
    ],
)
def test_what_the_news_say_is_no_pause(text: str) -> None:
    assert pausing(text) is None


def test_what_names_no_digest_is_of_digests_only_where_they_come_or_were_spoken_of() -> None:
    off = replace(HELD, active=False)
    lately = replace(off, changed=TUESDAY - timedelta(minutes=5))

    assert [pauses("skip tomorrow", held, TUESDAY) for held in (HELD, off, lately)] == [True, False, True]
    assert pauses("pause my digests for a week", off, TUESDAY)


@pytest.mark.parametrize("text", ["resume", "unpause", "恢复", "please resume", "结束暂停"])
def test_who_had_digests_and_says_resume_wants_them_again_however_long_they_are_off(text: str) -> None:
    never = replace(HELD, active=False)
    had = replace(never, changed=TUESDAY - timedelta(days=9))

    assert [pauses(text, held, TUESDAY) for held in (had, never)] == [True, False]
    assert to_settings(had, text, TUESDAY).active


@pytest.mark.parametrize("text", ["I'm back", "我回来了"])
def test_who_is_back_may_mean_anything_where_no_digest_was_spoken_of(text: str) -> None:
    assert pauses(text, HELD, TUESDAY)
    assert not pauses(text, replace(HELD, active=False, changed=TUESDAY - timedelta(days=9)), TUESDAY)


@pytest.mark.parametrize(
    "text", ["pause from 9 to 3 December", "pause from 2026-12-09 to 2026-12-03", "从12月9日到12月3日不要发简报"]
)
def test_a_pause_that_ends_before_it_begins_is_refused_as_that(text: str) -> None:
    with pytest.raises(InputError) as refused:
        after(text)

    assert refused.value.key == "digest_ends_before"


def test_a_pause_may_go_on_into_the_next_year_or_month() -> None:
    assert after("pause from 20 December to 3 January", now=TUESDAY.replace(day=19, hour=22)) == "2027-01-04T08:00"
    assert after("pause from 28 to 3", now=TUESDAY.replace(day=27, hour=22)) == "2027-01-04T08:00"


def test_no_time_at_all_is_none() -> None:
    assert pausing("pause for 0 days") is None
