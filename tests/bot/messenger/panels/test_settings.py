"""The settings panel, tap by tap, and every button of it."""

from __future__ import annotations

from datetime import time

import pytest

from bot.messenger.panels.choices import Choice, Panel, read
from bot.texts import languages, say
from storage.domain.annotations import Category
from storage.domain.changes import Awaited, Spoken, Wished
from storage.domain.digests import EVERY_DAY, Alerts, QuietHours, Style, Timetable, WhenEmpty
from storage.domain.kinds import ArticleKind
from storage.errors import InputError
from tests.bot.messenger.panels.panel import Reader
from tests.bot_api import telegram_html
from tests.digests import FixedDigests
from tests.feedback import ADA


@pytest.fixture
async def reader() -> Reader:
    found = Reader()
    await found.open(Panel.SETTINGS)
    return found


async def test_it_tells_how_everything_is_and_leads_to_each(reader: Reader) -> None:
    assert reader.text.startswith(
        "Settings\nDigests are off. When you turn them on, they come every day at 08:00, UTC."
    )
    assert "I speak English to you." in reader.text
    assert "/digest 7:30 on weekdays, Berlin, 5 items" in reader.text
    assert reader.buttons == [
        ["Digests on", "Digests off ✓"],
        ["Hours", "Pause"],
        ["Time zone", "Quiet hours"],
        ["Breaking news", "Length and style"],
        ["Subjects", "Kinds"],
        ["Languages", "My language"],
        ["Done"],
    ]


async def test_digests_are_switched_on_and_off_in_place(reader: Reader) -> None:
    await reader.tap("Digests on")
    on = (reader.held.active, reader.buttons[0], "The next one comes on" in reader.text)
    await reader.tap("Digests off")

    assert on == (True, ["Digests on ✓", "Digests off"], True)
    assert not reader.held.active


async def test_a_second_tap_on_the_same_button_changes_nothing(reader: Reader) -> None:
    on = Choice(panel=Panel.SETTINGS, page="digest", wish="on")

    await reader.choose(on)
    await reader.choose(on)

    assert reader.changes == []
    assert reader.held.active


async def test_the_first_hour_is_the_only_one_and_more_are_added_and_taken_away(reader: Reader) -> None:
    await reader.tap("Hours", "07:30")
    first = reader.held.timetable.times
    await reader.tap("18:30")
    both = (reader.held.timetable.times, reader.marked)
    await reader.tap("07:30")

    assert first == (time(7, 30),)
    assert both == ((time(7, 30), time(18, 30)), ["07:30", "18:30", "Every day"])
    assert reader.held.timetable.times == (time(18, 30),)
    assert reader.text.startswith("Hours\nDigests come every day at 18:30, UTC.")


async def test_the_last_hour_stays(reader: Reader) -> None:
    await reader.tap("Hours", "07:30")

    with pytest.raises(InputError) as refused:
        await reader.tap("07:30")

    assert refused.value.key == "settings_last_time"


async def test_an_hour_that_was_written_is_there_to_be_tapped(reader: Reader) -> None:
    await reader.digests.wish(ADA, "6:45", "en")
    await reader.open(Panel.SETTINGS)

    await reader.tap("Hours")

    assert "06:45" in reader.marked


async def test_more_hours_than_a_day_may_have_are_refused(reader: Reader) -> None:
    await reader.tap("Hours", "06:00", "06:30", "07:00", "07:30", "08:00", "08:30", "09:00", "12:00")

    with pytest.raises(InputError) as refused:
        await reader.tap("12:30")

    assert refused.value.key == "digest_too_many_times"


async def test_days_are_chosen_beside_hours(reader: Reader) -> None:
    await reader.tap("Hours", "Mon–Fri")
    workdays = reader.held.timetable.days
    await reader.tap("Every day")

    assert workdays == frozenset(range(1, 6))
    assert reader.held.timetable.days == EVERY_DAY


async def test_a_zone_is_tapped_or_written_and_what_slots_are_theirs_begins_anew(reader: Reader) -> None:
    await reader.tap("Time zone")
    asked = reader.changes
    await reader.tap("UTC+5:30")
    tapped = reader.held.timetable.zone
    await reader.tap("↩", "Time zone")
    await reader.write("上海")

    assert asked == [Awaited(reader=ADA, asked="settings:41")]
    assert tapped == "Asia/Kolkata"
    assert reader.held.timetable.zone == "Asia/Shanghai"
    assert reader.turn is not None
    assert (reader.turn.said, reader.turn.message) == ("Noted: Shanghai time.", 41)
    assert reader.text.startswith("Settings\n")


async def test_quiet_hours_are_set_and_lifted_and_refused_where_a_digest_would_come(reader: Reader) -> None:
    await reader.tap("Quiet hours", "22:00–07:00")
    held = reader.held.timetable.quiet
    await reader.tap("None")
    lifted = reader.held.timetable.quiet
    await reader.tap("22:00–07:00", "↩", "Hours")
    with pytest.raises(InputError) as refused:
        await reader.tap("06:00")

    assert held == QuietHours(since=time(22), until=time(7))
    assert lifted is None
    assert refused.value.key == "digest_time_quiet"


async def test_length_style_and_what_is_said_of_nothing_are_chosen(reader: Reader) -> None:
    await reader.tap("Length and style", "10", "Titles", "Nothing new: stay silent")

    assert (reader.held.length, reader.held.style, reader.held.when_empty) == (10, Style.HEADLINES, WhenEmpty.SILENCE)
    assert reader.marked == ["10", "Titles", "Nothing new: stay silent"]
    assert "Each has up to 10 items, titles only." in reader.text


async def test_bounds_are_chosen_one_by_one_and_lifted(reader: Reader) -> None:
    await reader.tap("Subjects", "science", "politics")
    subjects = (reader.held.tastes.categories, reader.text.splitlines()[1])
    await reader.tap("science", "politics")
    none = (reader.held.tastes.categories, reader.marked)
    await reader.tap("↩", "Kinds", "papers", "↩", "Languages", "Chinese", "Anything")

    assert subjects == ((Category.POLITICS, Category.SCIENCE), "Only: politics, science.")
    assert none == ((), ["Anything"])
    assert (reader.held.tastes.kinds, reader.held.tastes.languages) == ((ArticleKind.PAPER,), ())


async def test_breaking_news_come_from_so_many_outlets_so_often(reader: Reader) -> None:
    await reader.tap("Breaking news", "8 outlets")
    outlets = reader.held.alerts
    await reader.tap("5 a day")
    both = reader.held.alerts
    await reader.tap("Off")

    assert outlets == Alerts(outlets=8, a_day=2)
    assert both == Alerts(outlets=8, a_day=5)
    assert reader.held.alerts is None


async def test_the_language_that_is_spoken_changes_with_the_tap(reader: Reader) -> None:
    await reader.tap("My language", "中文")

    assert reader.changes == [Spoken(reader=ADA, language="zh")]
    assert reader.text.startswith("我的语言\n我用中文与你交谈。")
    assert reader.marked == ["中文"]


async def test_what_is_done_with_has_no_buttons_and_stays_to_be_read(reader: Reader) -> None:
    await reader.tap("Done")

    assert reader.buttons == []
    assert reader.text.startswith("Settings\nDigests are off.")


async def test_what_is_chosen_holds_from_now_on_in_the_language_that_is_spoken() -> None:
    reader = Reader(language="zh")
    await reader.open(Panel.SETTINGS)

    await reader.tap("开启简报")

    (wished,) = reader.changes
    assert isinstance(wished, Wished)
    assert (wished.settings.language, wished.settings.since, wished.wake_at is not None) == ("zh", wished.at, True)


@pytest.mark.parametrize(
    "data",
    ["settings.digest=maybe", "settings.when=0730", "settings.when=+2460", "settings.days=odd", "settings.zone=Mars",
     "settings.quiet=22-7", "settings.quiet=2200-2200", "settings.length=99", "settings.style=loud", "settings.empty=x",
     "settings.alerts=o99", "settings.alerts=d0", "settings.subjects=+gossip", "settings.kinds=news",
     "settings.languages=+xx", "settings.speech=de", "settings.elsewhere", "settings.elsewhere=1"],
)  # fmt: skip
async def test_a_button_that_it_no_longer_has_is_none(reader: Reader, data: str) -> None:
    choice = read(data)
    assert choice is not None

    await reader.choose(choice)

    assert reader.turn is None


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("panel", list(Panel))
async def test_every_button_of_every_page_does_something_that_telegram_takes(panel: Panel, language: str) -> None:
    reader = Reader(language=language, locale=language)
    await reader.open(panel)
    seen: set[Choice] = set()
    ahead = list(reader.choices)

    while ahead:
        choice = ahead.pop()
        if choice in seen:
            continue
        seen.add(choice)
        try:
            await reader.choose(choice)
        except InputError:
            continue
        assert reader.turn is not None, choice
        assert telegram_html.units(reader.text) <= 4096
        assert len(choice.data.encode()) <= 64
        labels = [label for row in reader.buttons for label in row]
        assert all(labels)
        assert len(set(labels)) == len(labels), labels
        ahead += reader.choices

    assert len(seen) >= {Panel.START: 35, Panel.SETTINGS: 120, Panel.LANGUAGE: 2}[panel]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", ["when", "quiet"])
async def test_what_a_page_says_can_be_written_is_understood(name: str, language: str) -> None:
    written = say(language, f"settings_{name}_hint").partition("/settings ")[2]

    settings = (await FixedDigests().to_wish(ADA, written, language)).settings

    assert {
        "when": settings.timetable == Timetable(times=(time(6, 45), time(18)), days=frozenset((1,))),
        "quiet": settings.timetable.quiet == QuietHours(since=time(22, 30), until=time(6, 30)),
    }[name]
