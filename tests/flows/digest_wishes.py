"""Wishes as they are written in the tests of them, and what is made of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.flows.digest_words import to_settings
from storage.domain.annotations import Category
from storage.domain.digests import Alerts, DigestSettings, QuietHours, Style, Tastes, Timetable, WhenEmpty
from storage.domain.kinds import ArticleKind
from storage.domain.people import ReaderId
from storage.errors import InputError

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(days=9)
PLAIN = DigestSettings(reader=ReaderId("r"), since=BEFORE)
ACTIVE = replace(PLAIN, active=True)
BUSY = DigestSettings(
    reader=ReaderId("r"),
    since=BEFORE,
    active=True,
    timetable=Timetable(
        times=(time(7, 30), time(18)),
        days=frozenset({1, 2, 3, 4, 5}),
        zone="Asia/Tokyo",
        quiet=QuietHours(since=time(22), until=time(6)),
    ),
    length=10,
    style=Style.SUMMARIES,
    tastes=Tastes(languages=("en",), categories=(Category.SPORT,), kinds=(ArticleKind.NEWS,), sources=("Reuters",)),
    when_empty=WhenEmpty.SILENCE,
    alerts=Alerts(outlets=7, a_day=4),
)
"""Everything is otherwise than it is at first."""
ALL_BUT_SPORT = tuple(each for each in Category if each is not Category.SPORT)


def changed(text: str, of: DigestSettings = ACTIVE) -> dict[str, object]:
    """What a wish changes, by field."""
    found = to_settings(of, text, NOW)
    fields: dict[str, object] = {}
    for held, now in ((of, found), (of.timetable, found.timetable), (of.tastes, found.tastes)):
        for name in held.__dataclass_fields__:
            if getattr(held, name) != getattr(now, name) and name not in {"timetable", "tastes", "since", "changed"}:
                fields[name] = getattr(now, name)
    return fields


def wishes(text: str) -> list[str]:
    return [wish.strip() for wish in text.split("|")]


def refusal(text: str, of: DigestSettings = ACTIVE) -> InputError:
    with pytest.raises(InputError) as refused:
        to_settings(of, text, NOW)
    return refused.value
