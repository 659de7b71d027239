"""The first panel, tap by tap."""

from __future__ import annotations

from datetime import time

import pytest

from bot.messenger.panels.choices import Choice, Panel
from storage.domain.changes import Learned, Spoken, Unlearned, Wished
from storage.domain.digests import QuietHours, Timetable
from storage.errors import InputError
from tests.bot.messenger.panels.panel import Reader
from tests.feedback import ADA


@pytest.fixture
async def reader() -> Reader:
    found = Reader()
    await found.open(Panel.START)
    return found


async def test_it_begins_with_who_speaks_and_asks_for_a_language_in_each(reader: Reader) -> None:
    assert reader.text.startswith("Hello! I read the news for you.")
    assert "1/4 · Which language shall I speak?\n1/4 · 我用哪种语言与你交谈？" in reader.text
    assert reader.buttons == [["English ✓", "中文"], ["Skip"]]


async def test_a_language_is_spoken_from_the_tap_on(reader: Reader) -> None:
    await reader.tap("中文")

    assert reader.changes == [Spoken(reader=ADA, language="zh")]
    assert reader.text.startswith("2/4 · 你关心什么？")
    assert reader.buttons[-1] == ["跳过"]


async def test_subjects_are_told_tap_by_tap_and_taken_back_by_another(reader: Reader) -> None:
    await reader.tap("Skip", "science", "technology")
    both = reader.marked
    await reader.tap("science")

    assert both == ["technology", "science"]
    assert reader.marked == ["technology"]
    assert [type(change) for change in reader.changes] == [Unlearned]
    (told,) = reader.evidence.held.values()
    assert (told.kind, told.text, told.category) == ("told", "technology", "technology")
    assert reader.buttons[-1] == ["Done"]


async def test_a_subject_that_is_tapped_twice_is_told_once(reader: Reader) -> None:
    twice = Choice(panel=Panel.START, page="subjects", wish="+sport")

    await reader.choose(twice)
    await reader.choose(twice)

    assert reader.changes == []
    assert [each.text for each in reader.evidence.held.values()] == ["sport"]


async def test_what_is_told_is_told_in_the_language_that_is_spoken() -> None:
    reader = Reader(language="zh", locale="zh-hans")
    await reader.open(Panel.START)

    await reader.tap("跳过", "科技")

    (learned,) = reader.changes
    assert isinstance(learned, Learned)
    assert [(each.text, each.category) for each in learned.evidence] == [("科技", "technology")]


async def test_an_hour_switches_digests_on_and_where_their_clock_is_unknown_it_asks(reader: Reader) -> None:
    await reader.tap("Skip", "Skip", "07:30")

    assert (reader.held.active, reader.held.timetable) == (True, Timetable(times=(time(7, 30),), zone="UTC"))
    assert reader.text.startswith("3/4 · By which clock?")
    assert "If you skip this, I go by UTC." in reader.text
    assert reader.origin.asked == "start:41"


async def test_an_offset_or_a_place_that_is_written_is_where_they_live() -> None:
    tapped, written = Reader(), Reader()
    for each in (tapped, written):
        await each.open(Panel.START)
        await each.tap("Skip", "Skip", "07:30")

    await tapped.tap("UTC+8")
    await written.write(" Berlin ")

    assert tapped.held.timetable.zone == "Etc/GMT-8"
    assert written.held.timetable.zone == "Europe/Berlin"
    assert written.turn is not None
    assert (written.turn.said, written.turn.message) == ("Noted: Berlin time.", 41)
    for each, zone in ((tapped, "UTC+8"), (written, "Berlin time")):
        assert each.text.startswith(f"4/4 · All set.\nDigests come every day at 07:30, {zone}.")
        assert each.buttons == []


@pytest.mark.parametrize("words", ["who governs Berlin?", "", "x" * 61, "nowhere in particular"])
async def test_what_is_written_that_is_no_place_is_no_answer(reader: Reader, words: str) -> None:
    await reader.tap("Skip", "Skip", "07:30")

    await reader.write(words)

    assert reader.turn is None


async def test_nothing_that_is_written_is_an_answer_before_it_asks(reader: Reader) -> None:
    await reader.tap("Skip", "Skip")

    await reader.write("Berlin")

    assert reader.turn is None


@pytest.mark.parametrize(
    ("locale", "zone", "told"),
    [("zh-hans", "Asia/Shanghai", "北京时间"), ("zh-hant", "Etc/GMT-8", "UTC+8"), ("zh_TW", "Asia/Taipei", "台北时间")],
)
async def test_a_language_of_one_clock_spares_the_question_and_it_says_so(locale: str, zone: str, told: str) -> None:
    reader = Reader(language="zh", locale=locale)
    await reader.open(Panel.START)

    await reader.tap("跳过", "跳过")
    before = reader.text
    await reader.tap("18:30")

    assert f"根据你 Telegram 的语言，我按{told}计算。" in before
    assert reader.held.timetable == Timetable(times=(time(18, 30),), zone=zone)
    assert reader.text.startswith(f"4/4 · 设置好了。\n简报发送时间：每天 18:30（{told}）。")


async def test_a_zone_that_they_named_before_is_neither_asked_for_nor_guessed(reader: Reader) -> None:
    reader.digests.held[ADA] = (await reader.digests.wish(ADA, "8:00, Kathmandu", "en")).settings

    await reader.tap("Skip", "Skip", "12:00")

    assert reader.held.timetable == Timetable(times=(time(12),), zone="Asia/Kathmandu")
    assert reader.text.startswith("4/4")


async def test_not_at_all_ends_digests_and_changes_nothing_where_there_are_none(reader: Reader) -> None:
    await reader.tap("Skip", "Skip", "Not at all")
    none = reader.changes
    reader.digests.held[ADA] = (await reader.digests.wish(ADA, "8:00", "en")).settings
    await reader.open(Panel.START)
    await reader.tap("Skip", "Skip", "Not at all")

    assert none == []
    assert not reader.held.active
    assert "I send you no digests." in reader.text


async def test_every_step_can_be_left_out_and_nothing_is_changed(reader: Reader) -> None:
    await reader.tap("Skip", "Skip", "Skip")

    assert ADA not in reader.digests.held
    assert reader.text.startswith("4/4 · All set.\nI send you no digests.")
    assert "“What's the news?”" in reader.text


async def test_in_the_end_it_says_what_to_try_about_what_they_care_about(reader: Reader) -> None:
    await reader.tap("Skip", "sport", "Done", "Skip")

    assert "“Any news about sport?”" in reader.text
    assert "/settings – change any of this" in reader.text


async def test_it_begins_anew_with_what_they_chose_before(reader: Reader) -> None:
    await reader.tap("English", "sport", "Done", "07:30", "UTC+1")

    await reader.open(Panel.START)
    await reader.tap("Skip")
    subjects = reader.marked
    await reader.tap("Done")

    assert subjects == ["sport"]
    assert reader.marked == ["07:30"]


async def test_an_hour_within_their_quiet_hours_is_refused(reader: Reader) -> None:
    reader.digests.held[ADA] = (await reader.digests.wish(ADA, "12:00, quiet 22-8", "en")).settings
    await reader.tap("Skip", "Skip")

    with pytest.raises(InputError) as refused:
        await reader.tap("07:30")

    assert refused.value.key == "digest_time_quiet"
    assert reader.held.timetable.quiet == QuietHours(since=time(22), until=time(8))


@pytest.mark.parametrize(
    "data",
    ["start.language=de", "start.subjects=sport", "start.subjects=+other", "start.when=2500", "start.zone=Nowhere",
     "start.zone", "start.done=x", "start.elsewhere"],
)  # fmt: skip
async def test_a_button_that_it_no_longer_has_is_none(reader: Reader, data: str) -> None:
    page, _, wish = data.removeprefix("start.").partition("=")

    await reader.choose(Choice(panel=Panel.START, page=page, wish=wish))

    assert reader.turn is None


async def test_what_is_wished_is_in_the_language_that_is_spoken(reader: Reader) -> None:
    await reader.tap("中文", "跳过", "07:30")

    wished = next(change for change in reader.changes if isinstance(change, Wished))
    assert wished.settings.language == "zh"
