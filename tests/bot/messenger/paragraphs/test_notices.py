from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.messenger.paragraphs.notices import notices
from bot.texts import languages
from storage.domain.deliveries import NOTICE
from storage.domain.follows import Update
from storage.domain.people import ReaderId
from tests.bot_api import telegram_html
from tests.feedback import thing
from tests.hot import NOON, followed, update_of

FOLLOW = followed(3, reader=ReaderId("telegram:7"))


def test_an_update_names_the_story_and_says_the_new_line_with_its_source() -> None:
    (message,) = notices(update_of(FOLLOW))

    fields = json.loads(message.payload)
    shown = telegram_html.parse(fields["text"])
    assert (message.chat_id, message.method, message.created_at) == (7, "sendMessage", NOON)
    assert fields["link_preview_options"] == {"is_disabled": True}
    assert shown.text.splitlines() == [
        "New on what you follow: Ferries ordered",
        "",
        "Ferries ordered",
        "A court halted the order. [Wire]",
        "2 outlets tell of it /brief_128",
        "",
        "/unfollow_3",
    ]
    assert set(shown.links) == {"https://news.example/second"}


def test_an_update_has_the_buttons_of_what_is_new_and_says_whom_it_is_for() -> None:
    told = update_of(FOLLOW)
    (message,) = notices(told)
    (several,) = notices(replace(told, news=told.news * 2))

    keyboard, numbers = (json.loads(each.payload)["reply_markup"]["inline_keyboard"] for each in (message, several))
    assert message.about is not None
    assert (message.about.reader, message.about.things) == (
        FOLLOW.reader,
        (thing("second", "third", story=128),),
    )
    assert [[each["text"] for each in row] for row in keyboard] == [
        ["👍", "👎"],
        ["More like this", "Less like this"],
        ["At a glance"],
    ]
    assert [each["text"] for each in numbers[0]] == ["1", "2"]
    assert "\n2. Ferries ordered\n" in telegram_html.parse(json.loads(several.payload)["text"]).text


@pytest.mark.parametrize("at_night", [True, False])
def test_what_comes_at_night_makes_no_sound(at_night: bool) -> None:
    told = replace(update_of(FOLLOW), at_night=at_night)

    (news,), (end,) = notices(told), notices(replace(told, news=()))

    for message in (news, end):
        assert json.loads(message.payload).get("disable_notification", False) is at_night


def test_an_end_is_told_in_one_sentence_without_buttons() -> None:
    (message,) = notices(Update(follow=FOLLOW, at=NOON))

    fields = json.loads(message.payload)
    assert "Nothing new has come of “Ferries ordered” for a week" in fields["text"]
    assert (message.about, fields.get("reply_markup")) == (None, None)


def test_a_follow_in_chinese_is_told_in_chinese() -> None:
    (message,) = notices(update_of(replace(FOLLOW, language="zh")))

    assert "你关注的有新进展：Ferries ordered" in json.loads(message.payload)["text"]


def test_no_two_updates_have_a_key_in_common() -> None:
    told = [
        update_of(follow, at=NOON + timedelta(microseconds=n)) for follow in (FOLLOW, followed(31)) for n in range(3)
    ]

    keys = [message.key for update in told for message in notices(update)]

    assert len(set(keys)) == len(keys) == 6
    assert all(key.startswith(NOTICE) for key in keys)
    assert keys[0] == notices(told[0])[0].key


@pytest.mark.parametrize("language", languages())
def test_what_a_topic_says_of_itself_is_never_markup(language: str) -> None:
    words = "<b>chips</b> https://evil.example & more"

    (message,) = notices(update_of(replace(FOLLOW, words=words, story=None, language=language)))

    shown = telegram_html.parse(json.loads(message.payload)["text"])
    assert "<b>chips</b>" in shown.text
    assert set(shown.links) == {"https://news.example/second"}
