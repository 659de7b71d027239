from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messenger.incoming.buttons import Press, Pressed, buttoned, keyboard, read, ref
from storage.domain.deliveries import OutboxMessage
from storage.domain.evidence import EvidenceKind
from storage.domain.feedback import About, Offer, Thing
from tests.bot.flows import NOW
from tests.feedback import REF, about, thing

BOTH = (Offer.BRIEF, Offer.FOLLOW)
STORY = thing("a", "b", story=128)


def rows(of: dict[str, Any]) -> list[list[str]]:
    return [[button["text"] for button in row] for row in of["inline_keyboard"]]


def pressed(of: dict[str, Any]) -> list[Pressed | None]:
    return [read(button["callback_data"]) for row in of["inline_keyboard"] for button in row]


def listed(n: int) -> About:
    return about(*(thing(f"a{i}", story=i) for i in range(1, n + 1)), offers=BOTH)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (about(thing("a")), [["👍", "👎"], ["More like this", "Less like this"]]),
        (
            about(STORY, offers=BOTH),
            [["👍", "👎"], ["More like this", "Less like this"], ["At a glance", "Follow"]],
        ),
        (
            about(STORY, offers=(Offer.FOLLOW,)),
            [["👍", "👎"], ["More like this", "Less like this"], ["Follow"]],
        ),
        (about(thing("a"), offers=BOTH), [["👍", "👎"], ["More like this", "Less like this"]]),
        (about(thing("a"), language="zh"), [["👍", "👎"], ["多看这类", "少看这类"]]),
        (about(STORY, offers=BOTH, language="zh"), [["👍", "👎"], ["多看这类", "少看这类"], ["概览", "关注"]]),
    ],
)
def test_what_tells_of_one_thing_has_its_buttons(told: About, shown: list[list[str]]) -> None:
    assert rows(keyboard(told)) == shown


@pytest.mark.parametrize(
    ("n", "shown"),
    [
        (2, [["1", "2"]]),
        (8, [["1", "2", "3", "4", "5", "6", "7", "8"]]),
        (10, [["1", "2", "3", "4", "5"], ["6", "7", "8", "9", "10"]]),
        (11, [["1", "2", "3", "4", "5"], ["6", "7", "8", "9", "10"], ["11"]]),
    ],
)
def test_what_tells_of_several_has_their_numbers(n: int, shown: list[list[str]]) -> None:
    assert rows(keyboard(listed(n))) == shown


def test_a_number_becomes_the_buttons_of_its_thing_with_a_way_back() -> None:
    shown = keyboard(listed(3), 2)

    assert rows(shown) == [
        ["2. 👍", "2. 👎"],
        ["More like this", "Less like this"],
        ["At a glance", "Follow"],
        ["↩"],
    ]
    assert {each.number for each in pressed(shown) if each} == {2}


def test_what_was_said_is_marked() -> None:
    shown = keyboard(about(thing("a")), given=(EvidenceKind.LIKED, EvidenceKind.LESS))

    assert rows(shown) == [["👍 ✓", "👎"], ["More like this", "Less like this ✓"]]


def test_a_button_says_no_more_than_which_reply_and_which_thing_in_it() -> None:
    told = replace(listed(99), ref=ref("follow-123456789-1700000000.123456:"))

    carried = [
        button["callback_data"]
        for number in (None, 99)
        for row in json.loads(json.dumps(keyboard(told, number)))["inline_keyboard"]
        for button in row
    ]

    assert all(len(each.encode()) <= 64 for each in carried)
    assert all(each.split(":")[0] == told.ref and "a9" not in each.split(":", 1)[1] for each in carried)
    assert all(read(each) for each in carried)


def test_replies_have_names_of_their_own_that_do_not_change() -> None:
    names = {ref(f"update-{n}:") for n in range(1_000)}

    assert len(names) == 1_000
    assert {len(name) for name in names} == {len(REF)}
    assert ref("update-1:") == ref("update-1:")


@pytest.mark.parametrize(
    "data", [None, "", "x", f"{REF}:love:1", f"{REF}:liked:", f"{REF}:liked:1234", f"{REF}:liked:１"]
)
def test_what_no_button_of_ours_carries_is_none(data: str | None) -> None:
    assert read(data) is None


@given(st.text())
def test_any_data_is_a_button_or_none(data: str) -> None:
    assert read(data) is None or data.count(":") == 2


def test_only_four_buttons_say_something_of_a_thing() -> None:
    assert {press.says for press in Press} == {
        EvidenceKind.LIKED, EvidenceKind.DISLIKED, EvidenceKind.MORE, EvidenceKind.LESS, None,
    }  # fmt: skip


def test_the_buttons_are_under_the_last_text_and_every_message_is_about_the_same() -> None:
    def message(number: int, method: str = "sendMessage") -> OutboxMessage:
        payload = json.dumps({"text": f"part {number}"})
        return OutboxMessage(key=f"k:{number}", chat_id=7, method=method, payload=payload, created_at=NOW)

    told = about(thing("a"))

    made = buttoned([message(1), message(2), message(3, "sendPhoto")], told)

    assert [each.about for each in made] == [told] * 3
    assert [json.loads(each.payload).get("reply_markup") for each in made] == [None, keyboard(told), None]
    assert json.loads(made[1].payload)["text"] == "part 2"


def test_without_messages_there_are_no_buttons() -> None:
    messages: Sequence[OutboxMessage] = ()

    assert buttoned(messages, about(Thing(articles=()))) == ()
