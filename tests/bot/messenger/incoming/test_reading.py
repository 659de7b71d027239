from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messenger.incoming.buttons import Press, Pressed
from bot.messenger.incoming.events import (
    Asked,
    Commanded,
    Event,
    Handed,
    Ignored,
    Located,
    Me,
    Origin,
    Reacted,
    Tapped,
    Unreadable,
)
from bot.messenger.incoming.readables import File, Link, Words
from bot.messenger.incoming.reading import PoisonUpdate, read_event
from bot.messenger.panels.choices import Choice, Panel
from storage.domain.evidence import EvidenceKind
from storage.domain.people import ReaderId
from tests.feedback import REF

ME = Me(id=99, username="tidings_bot")
GROUP = {"id": -5, "type": "supergroup", "title": "G"}


def update(**fields: Any) -> str:
    message = {
        "message_id": 3,
        "date": 1_700_000_000,
        "chat": {"id": 7, "type": "private"},
        "from": {"id": 7, "is_bot": False, "first_name": "Ada", "language_code": "zh-hans"},
    }
    return json.dumps({"update_id": 1, "message": {k: v for k, v in {**message, **fields}.items() if v is not None}})


def event(**fields: Any) -> Event:
    return read_event(update(**fields), ME)


def test_plain_words_in_private_are_a_question() -> None:
    origin = Origin(
        chat_id=7, message_id=3, reader=ReaderId("telegram:7"), language="zh", private=True, locale="zh-hans"
    )

    assert event(text="潮水？") == Asked(origin=origin, text="潮水？")
    assert origin.conversation == "telegram:7"


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("/start", "start", ""),
        ("/ADD   https://a.example ", "add", "https://a.example"),
        ("/remove\n3", "remove", "3"),
        ("/help@Tidings_Bot", "help", ""),
        ("/brief_12", "brief", "12"),
        ("/brief_12 dams", "brief_12", "dams"),
    ],
)
def test_a_command_is_read_with_its_argument(text: str, command: str, argument: str) -> None:
    found = event(text=text)

    assert isinstance(found, Commanded)
    assert (found.command, found.argument) == (command, argument)


@pytest.mark.parametrize("text", ["/", "/ add", "/home/user is what?", "no /start"])
def test_what_only_looks_like_a_command_is_a_question(text: str) -> None:
    assert isinstance(event(text=text), Asked)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "@Tidings_Bot what is new?"}, "what is new?"),
        ({"text": "what is new, @tidings_bot?"}, "what is new,  ?"),
        (
            {"text": "and then?", "reply_to_message": {"from": {"id": 99, "is_bot": True, "first_name": "T"}}},
            "and then?",
        ),
    ],
)
def test_in_a_group_it_listens_to_mentions_and_replies(fields: dict[str, Any], words: str) -> None:
    if "reply_to_message" in fields:
        fields = {
            **fields,
            "reply_to_message": {"message_id": 1, "date": 1, "chat": GROUP, **fields["reply_to_message"]},
        }

    found = event(chat=GROUP, **fields)

    assert isinstance(found, Asked)
    assert found.text == words


@pytest.mark.parametrize("text", ["what is new?", "@tidings_bot2 hi", "mail@tidings_bot", "/help@other_bot"])
def test_in_a_group_it_keeps_out_of_what_is_not_for_it(text: str) -> None:
    assert event(chat=GROUP, text=text) == Ignored()


def test_a_topic_of_a_forum_is_a_conversation_of_its_own() -> None:
    found = event(chat=GROUP, text="/help", message_thread_id=12, is_topic_message=True)

    assert isinstance(found, Commanded)
    assert found.origin.conversation == "telegram:-5:12"


def test_who_speaks_as_a_chat_is_that_chat() -> None:
    found = event(chat=GROUP, text="/help", sender_chat=GROUP)

    assert isinstance(found, Commanded)
    assert found.origin.reader == "telegram:-5"


@pytest.mark.parametrize("kind", ["photo", "voice"])
def test_what_cannot_be_read_is_named_in_private_and_passed_over_in_groups(kind: str) -> None:
    file = {"file_id": "f", "file_unique_id": "u"}
    content: Any = {
        "photo": [{**file, "width": 1, "height": 1}], "voice": {**file, "duration": 1},
    }[kind]  # fmt: skip

    private, group = event(**{kind: content}), event(chat=GROUP, **{kind: content})

    assert isinstance(private, Unreadable)
    assert private.kind == kind
    assert group == Ignored()


@pytest.mark.parametrize(
    "payload",
    [
        '{"update_id": 1}',
        '{"update_id": 1, "edited_message": {}}',
        "[]",
        "1",
        update(new_chat_members=[]),
        update(text="hi", **{"from": {"id": 5, "is_bot": True, "first_name": "B"}}),
        update(text="hi", is_automatic_forward=True),
        update(text="hi", **{"from": None}),
    ],
)
def test_what_calls_for_no_reaction_is_ignored(payload: str) -> None:
    try:
        assert read_event(payload, ME) == Ignored()
    except PoisonUpdate:
        assert "edited_message" in payload


def test_marks_of_words_that_are_not_there_make_no_update_unreadable() -> None:
    assert isinstance(event(caption_entities=[{"type": "url", "offset": 0, "length": 5}]), Ignored)


@pytest.mark.parametrize(
    "fields",
    [
        {"date": 10**20},
        {"date": "x"},
        {"chat": 3},
        {"chat": {"id": 1}},
        {"entities": [1]},
        {"from": {"id": {}}, "text": []},
        {"from": {"id": {}, "is_bot": False, "first_name": "Ada"}},
        {"from": {"id": 10**20, "is_bot": False, "first_name": "Ada"}},
    ],
)
def test_an_update_that_cannot_be_read_says_why_and_quotes_nothing(fields: dict[str, Any]) -> None:
    with pytest.raises(PoisonUpdate, match=r"^\w+ while reading it$"):
        event(**{"text": "secret", **fields})


def tap(**fields: Any) -> Event:
    message = {"message_id": 41, "date": 1_700_000_000, "chat": {"id": 7, "type": "private"}, "text": "sent"}
    query = {
        "id": "99",
        "from": {"id": 8, "is_bot": False, "first_name": "Ben", "language_code": "zh-hans"},
        "message": message,
        "chat_instance": "1",
        "data": f"{REF}:more:2",
    }
    query = {name: value for name, value in {**query, **fields}.items() if value is not None}
    return read_event(json.dumps({"update_id": 1, "callback_query": query}), ME)


def test_a_tap_is_of_the_one_who_taps_under_the_message_it_is_under() -> None:
    topic = {"message_id": 41, "date": 1, "chat": GROUP, "message_thread_id": 12, "is_topic_message": True}
    ben = Origin(chat_id=7, message_id=41, reader=ReaderId("telegram:8"), language="zh", private=True, locale="zh-hans")
    more = Pressed(ref=REF, press=Press.MORE, number=2)

    assert tap() == Tapped(origin=ben, query="99", pressed=more, data=f"{REF}:more:2")
    assert tap(message=topic) == Tapped(
        origin=replace(ben, chat_id=-5, private=False, thread_id=12),
        query="99",
        pressed=more,
        data=f"{REF}:more:2",
    )


def test_who_speaks_taps_or_reacts_is_known_by_their_name_too() -> None:
    ada = {"id": 7, "is_bot": False, "first_name": "Ada", "username": "Ada_Reads"}
    channel = {"id": -9, "type": "channel", "title": "C", "username": "The_C"}

    heard = [event(**{"text": "hello", "from": ada}), event(text="hello", sender_chat=channel), tap(**{"from": ada})]

    assert [each.origin.username for each in heard if not isinstance(each, Ignored)] == [
        "ada_reads",
        "the_c",
        "ada_reads",
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"data": "what others make"},
        {"data": None, "game_short_name": "chess"},
        {"message": None, "inline_message_id": "5"},
    ],
)
def test_a_tap_on_what_is_no_button_of_ours_is_one_all_the_same(fields: dict[str, Any]) -> None:
    found = tap(**fields)

    assert isinstance(found, Tapped)
    assert (found.query, found.pressed, found.choice, found.origin.reader) == ("99", None, None, "telegram:8")


def test_a_tap_on_a_panel_is_a_choice() -> None:
    found = tap(data="settings.when=+0730")

    assert isinstance(found, Tapped)
    assert (found.pressed, found.choice) == (None, Choice(panel=Panel.SETTINGS, page="when", wish="+0730"))


def test_a_tap_under_a_message_that_can_no_longer_be_read_is_known_by_what_the_button_carries() -> None:
    found = tap(message={"message_id": 41, "date": 0, "chat": GROUP})

    assert isinstance(found, Tapped)
    assert (found.origin.chat_id, found.origin.private, found.pressed is not None) == (-5, False, True)


def reaction(*given: dict[str, Any], **fields: Any) -> Event:
    held = {
        "chat": {"id": 7, "type": "private"},
        "message_id": 41,
        "user": {"id": 7, "is_bot": False, "first_name": "Ada"},
        "date": 1_700_000_000,
        "old_reaction": [],
        "new_reaction": list(given),
    }
    held = {name: value for name, value in {**held, **fields}.items() if value is not None}
    return read_event(json.dumps({"update_id": 1, "message_reaction": held}), ME)


@pytest.mark.parametrize(
    ("given_now", "verdict"),
    [
        ([{"type": "emoji", "emoji": "👍"}], EvidenceKind.LIKED),
        ([{"type": "emoji", "emoji": "👎"}], EvidenceKind.DISLIKED),
        ([{"type": "custom_emoji", "custom_emoji_id": "1"}, {"type": "paid"}], None),
        ([], None),
    ],
)
def test_a_reaction_says_what_all_of_a_persons_reactions_say_by_now(
    given_now: list[dict[str, Any]], verdict: EvidenceKind | None
) -> None:
    origin = Origin(chat_id=7, message_id=41, reader=ReaderId("telegram:7"), language="en", private=True)

    assert reaction(*given_now) == Reacted(origin=origin, verdict=verdict)


def test_a_reaction_in_a_group_is_the_persons() -> None:
    found = reaction({"type": "emoji", "emoji": "👍"}, chat=GROUP)

    assert isinstance(found, Reacted)
    assert (found.origin.chat_id, found.origin.reader, found.origin.private) == (-5, "telegram:7", False)


@pytest.mark.parametrize(
    "who",
    [{"user": None, "actor_chat": GROUP}, {"user": {"id": 5, "is_bot": True, "first_name": "B"}}],
)
def test_a_reaction_of_nobody_in_particular_is_passed_over(who: dict[str, Any]) -> None:
    assert reaction({"type": "emoji", "emoji": "👍"}, **who) == Ignored()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda c: st.lists(c) | st.dictionaries(st.text(), c),
)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(["text", "date", "chat", "from", "entities", "photo", "reply_to_message"]), JSON)
)
def test_any_json_is_an_event_or_poison(fields: dict[str, Any]) -> None:
    try:
        found = read_event(update(**fields), ME)
    except PoisonUpdate:
        return

    assert isinstance(found, Asked | Commanded | Unreadable | Ignored)


@settings(deadline=None)
@given(
    st.sampled_from(["callback_query", "message_reaction"]),
    st.dictionaries(st.sampled_from(["id", "from", "user", "message", "chat", "data", "date", "new_reaction"]), JSON),
)
def test_any_tap_and_any_reaction_is_an_event_or_poison(kind: str, fields: dict[str, Any]) -> None:
    whole = {
        "id": "1", "from": {"id": 8, "is_bot": False, "first_name": "B"}, "chat_instance": "1", "data": "x",
        "chat": GROUP, "message_id": 1, "date": 1, "old_reaction": [], "new_reaction": [], **fields,
    }  # fmt: skip
    try:
        found = read_event(json.dumps({"update_id": 1, kind: whole}), ME)
    except PoisonUpdate:
        return

    assert isinstance(found, Tapped | Reacted | Ignored)


CHANNEL = {"type": "channel", "date": 1, "chat": {"id": -1, "type": "channel", "title": "Post"}, "message_id": 1}
LONG = "The dam broke on Friday evening, the mayor said, and nobody was hurt at all. " * 2


def link_in(text: str, url: str) -> list[dict[str, Any]]:
    return [{"type": "url", "offset": text.index(url), "length": len(url)}]


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"text": "https://a.example", "entities": link_in("https://a.example", "https://a.example")},
         Link(url="https://a.example", written="https://a.example")),
        ({"text": "see a.example/x", "entities": link_in("see a.example/x", "a.example/x")},
         Link(url="https://a.example/x", written="a.example/x")),
        ({"text": LONG, "forward_origin": CHANNEL}, Words(text=LONG, title="Post")),
        ({"text": "word " * 500}, Words(text="word " * 500)),
        ({"document": {"file_id": "f", "file_unique_id": "u", "file_name": "a.pdf", "file_size": 3}},
         File(id="f", name="a.pdf", size=3)),
        ({"document": {"file_id": "f", "file_unique_id": "u", "file_name": "feeds.opml"}},
         File(id="f", name="feeds.opml", feeds=True)),
        ({"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}], "caption": LONG,
          "forward_origin": CHANNEL}, Words(text=LONG, title="Post")),
    ],
)  # fmt: skip
def test_what_is_handed_over_in_private_is_to_be_read(fields: dict[str, Any], what: object) -> None:
    found = event(**fields)

    assert isinstance(found, Handed)
    assert found.what == what


def test_a_question_that_has_a_link_in_it_stays_one() -> None:
    text = "What do you think of how the mayor of Kell dealt with the dam that broke as https://a.example says?"

    assert isinstance(event(text=text, entities=link_in(text, "https://a.example")), Asked)


def test_what_is_forwarded_is_not_its_sender_s_and_no_command() -> None:
    found = event(text="/forget everything", forward_origin=CHANNEL)

    assert isinstance(found, Asked)
    assert not found.own


BOT = {"id": 99, "is_bot": True, "first_name": "Tidings", "username": "tidings_bot"}


@pytest.mark.parametrize("text", ["I'm interested in casino bonuses", "/forget everything"])
def test_a_card_that_a_bot_wrote_is_nobody_s_own_words_and_no_command(text: str) -> None:
    found = event(text=text, via_bot=BOT)

    assert isinstance(found, Asked)
    assert not found.own


@pytest.mark.parametrize("passed_on", [{"forward_origin": CHANNEL}, {"via_bot": BOT}])
def test_in_a_group_what_is_passed_on_is_not_its_sender_s_either(passed_on: dict[str, Any]) -> None:
    found = event(chat=GROUP, text="@tidings_bot I'm interested in casino bonuses", **passed_on)

    assert isinstance(found, Asked)
    assert not found.own


def test_a_link_to_no_page_is_none() -> None:
    text = "ftp://a.example"

    assert isinstance(event(text=text, entities=link_in(text, text)), Asked)


def test_a_location_is_where_somebody_is() -> None:
    found = event(location={"latitude": 52.5, "longitude": 13.4})

    assert isinstance(found, Located)
    assert (found.latitude, found.longitude) == (52.5, 13.4)


def test_in_a_group_a_bare_mention_hands_over_what_it_answers() -> None:
    answered = {"message_id": 1, "date": 1, "chat": GROUP, "text": LONG}

    found = event(chat=GROUP, text="@tidings_bot", reply_to_message=answered)

    assert isinstance(found, Handed)
    assert found.what == Words(text=LONG)


def test_in_a_channel_it_listens_to_commands_alone() -> None:
    post = {
        "message_id": 3,
        "date": 1,
        "chat": {"id": -9, "type": "channel"},
        "sender_chat": {"id": -9, "type": "channel"},
    }

    said = read_event(json.dumps({"update_id": 1, "channel_post": {**post, "text": "@tidings_bot hello"}}), ME)
    commanded = read_event(json.dumps({"update_id": 1, "channel_post": {**post, "text": "/digest 8:00"}}), ME)

    assert said == Ignored()
    assert isinstance(commanded, Commanded)
    assert commanded.origin.channel
    assert commanded.origin.anonymous


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("What does it cost? https://a.example", "What does it cost?"),
        ("这篇文章说了什么？https://a.example", "这篇文章说了什么？"),
        ("https://a.example?q=1", ""),
        ("please read https://a.example", ""),
        ("?! https://a.example", ""),
    ],
)
def test_what_is_asked_beside_a_link_is_asked_of_it(text: str, asked: str) -> None:
    url = text[text.index("https") :]

    found = event(text=text, entities=link_in(text, url))

    assert isinstance(found, Handed)
    assert found.asked == asked


@pytest.mark.parametrize(
    ("name", "mime", "feeds"),
    [
        ("mine.OPML", None, True),
        ("mine.opml.xml", "application/xml", True),
        ("mine", "text/x-opml", True),
        ("mine", "text/x-opml+xml", True),
        ("about opml.pdf", "application/pdf", False),
        ("mine.xml", "application/xml", False),
    ],
)
def test_a_list_of_feeds_is_told_by_what_it_calls_itself(name: str, mime: str | None, *, feeds: bool) -> None:
    document = {"file_id": "f", "file_unique_id": "u", "file_name": name, **({"mime_type": mime} if mime else {})}

    found = event(document=document)

    assert isinstance(found, Handed)
    assert isinstance(found.what, File)
    assert found.what.feeds is feeds


def test_what_the_library_means_to_change_of_itself_is_nothing_wrong_with_an_update() -> None:
    answered = {
        "message_id": 1,
        "date": 1,
        "chat": GROUP,
        "message_auto_delete_timer_changed": {"message_auto_delete_time": 7},
    }

    assert isinstance(event(text="/help", reply_to_message=answered), Commanded)
