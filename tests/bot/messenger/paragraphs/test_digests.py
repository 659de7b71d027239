from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.messenger.paragraphs.digests import rendered
from bot.messenger.paragraphs.notices import breaking, digest_messages
from storage.domain.deliveries import BREAKING, DIGEST
from storage.domain.digests import DigestItem, DigestSettings, Slot, Timetable, WhenEmpty
from storage.domain.people import ReaderId
from tests.bot_api import telegram_html
from tests.digests import MORNING, SLOT, digest, item

ADA = ReaderId("telegram:7")
SETTINGS = DigestSettings(reader=ADA, since=MORNING, active=True, timetable=Timetable(zone="Europe/Berlin"))


def shown(*items: DigestItem, slot: Slot | None = SLOT, language: str = "en") -> telegram_html.Parsed:
    (text,) = rendered(digest(*items, slot=slot, language=language), ZoneInfo("Europe/Berlin"), "digest_slot_title")
    return telegram_html.parse(text)


def test_each_item_has_its_name_its_line_its_source_and_its_reason() -> None:
    told = shown(item(1), item(2, "Dam <opened> & closed", outlets=3))

    assert told.text.splitlines() == [
        "Your digest, 2026-11-30 07:30",
        "",
        "1. Ferries ordered",
        "Line 1 says six. [The Harbour Post]",
        "The Harbour Post · you asked: “Who builds ferries?” /brief_101",
        "",
        "2. Dam <opened> & closed",
        "Line 2 says six. [The Harbour Post]",
        "3 outlets · you asked: “Who builds ferries?” /brief_102",
        "",
        "What I go by: /profile. When and how this comes: /settings",
    ]
    assert told.links == tuple(f"https://news.example/{n}" for n in (1, 1, 2, 2))


def test_what_is_new_of_a_story_says_since_when_by_the_readers_clock() -> None:
    told = shown(item(1, new_since=datetime(2026, 11, 29, 6, 30, tzinfo=UTC)))

    assert "New since 2026-11-29 07:30:" in told.text


def test_one_item_has_no_number() -> None:
    assert "1." not in shown(item(1)).text


@pytest.mark.parametrize(
    ("slot", "said"), [(SLOT, "Nothing new for you since the last time."), (None, "I have nothing new to recommend")]
)
def test_an_empty_digest_says_so(slot: Slot | None, said: str) -> None:
    assert said in shown(slot=slot).text


def test_a_digest_at_its_hour_goes_to_the_readers_private_chat_under_a_key_of_its_own_with_buttons() -> None:
    (message,) = digest_messages(digest(item(1), item(2), slot=SLOT), SETTINGS)

    payload = json.loads(message.payload)
    assert (message.key, message.chat_id, message.method) == (
        f"{DIGEST}telegram:7-2026-11-30T07:30:1",
        7,
        "sendMessage",
    )
    assert [[button["text"] for button in row] for row in payload["reply_markup"]["inline_keyboard"]] == [["1", "2"]]
    assert message.about is not None
    assert [(thing.story, thing.articles) for thing in message.about.things] == [(101, ("a1",)), (102, ("a2",))]


def test_where_nothing_is_new_it_says_so_or_nothing_as_the_reader_chose() -> None:
    quiet = replace(SETTINGS, when_empty=WhenEmpty.SILENCE)

    (message,) = digest_messages(digest(slot=SLOT), SETTINGS)

    assert "reply_markup" not in json.loads(message.payload)
    assert digest_messages(digest(slot=SLOT), quiet) == ()


def test_breaking_news_are_named_by_their_story() -> None:
    at = Slot(name="alert-101", at=MORNING + timedelta(hours=1))

    (message,) = breaking(digest(item(1), slot=at), SETTINGS)

    assert message.key == f"{BREAKING}telegram:7-alert-101:1"
    assert telegram_html.parse(json.loads(message.payload)["text"]).text.startswith("Breaking\n\nFerries ordered\n")


def test_a_hostile_title_makes_no_link_and_no_markup() -> None:
    told = shown(item(1, "<a href='https://evil.example'>@admin /forget https://evil.example</a>"))

    assert all(link.startswith("https://news.example/") for link in told.links)


@pytest.mark.parametrize(("hour", "silent"), [(22, True), (4, True), (6, False), (18, False)])
def test_what_comes_at_night_by_the_readers_clock_makes_no_sound(hour: int, *, silent: bool) -> None:
    at = MORNING.replace(hour=hour)
    made = replace(digest(item(1), item(2), slot=Slot(name="alert-101", at=at)), at=at)

    messages = (*breaking(made, SETTINGS), *digest_messages(made, SETTINGS))

    assert {json.loads(message.payload).get("disable_notification", False) for message in messages} == {silent}
