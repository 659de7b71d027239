from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messenger.answers.decisions import Decision
from bot.messenger.answers.taps import Shown
from bot.messenger.incoming.events import Asked, Handed, Located, Origin, Tapped, Unreadable
from bot.messenger.incoming.readables import File
from bot.messenger.panels import choices
from bot.texts import say
from storage.domain.changes import (
    Awaited,
    Followed,
    Learned,
    Recorded,
    Spoken,
    Subscribed,
    Wished,
)
from storage.domain.interests import Interests
from tests.bot.messenger.handled import GROUP, ORIGIN, Bot, said
from tests.interests import interest


async def test_a_start_opens_the_first_panel_in_private_and_says_hello_among_others() -> None:
    private, group = await Bot().decision("start"), await Bot().decision("start", GROUP)

    assert "1/4" in said(private)
    assert private.keyboard is not None
    assert "/digest 8:00" in said(group)
    assert group.keyboard is None


@pytest.mark.parametrize(
    ("link", "command"),
    [("hot", "hot"), ("HOT", "hot"), ("digest", "digest"), ("brief_128", "brief 128"), ("help", "help")],
)
async def test_a_link_that_leads_to_a_command_does_the_same(link: str, command: str) -> None:
    assert await Bot().decision(f"start {link}") == await Bot().decision(command)


@pytest.mark.parametrize(
    "link",
    [
        "drop_1",
        "drop",
        "remove_1",
        "interests",
        "mute_1",
        "start",
        "x" * 64,
        "brief_",
        "-",
        "digest_off",
        "lang_zh",
        "settings_730",
        "sources_file",
        "latest_chips",
        "stop",
        "forget_everything",
        "_",
        "__",
    ],
)
async def test_a_link_changes_nothing_whoever_made_it(link: str) -> None:
    bot = Bot()
    bot.learn.known = Interests(liked=(interest("ferries"),))

    decision = await bot.decision(f"start {link}")

    assert decision.changes == ()
    assert "1/4" in said(decision)


@pytest.mark.parametrize("wanted", ["zh", "中文", "Chinese", "ZH"])
async def test_a_language_is_chosen_in_words_and_spoken_at_once(wanted: str) -> None:
    decision = await Bot().decision(f"lang {wanted}")

    assert said(decision) == "我用中文与你交谈。"
    assert decision.changes == (Spoken(reader=ORIGIN.reader, language="zh"),)


async def test_a_language_is_offered_and_one_that_is_not_spoken_is_answered_with_those_that_are() -> None:
    panel, german = await Bot().decision("lang"), await Bot().decision("lang de")

    assert panel.keyboard is not None
    assert said(german) == "I speak English, 中文. Write /lang en, for example."
    assert german.changes == ()


async def test_there_is_nothing_to_cancel_unless_something_is_asked() -> None:
    idle = await Bot().decision("cancel")
    asked = await Bot().decision("cancel", replace(ORIGIN, asked="start:41"))

    assert said(idle) == "There is nothing to cancel. “stop” ends digests."
    assert idle.changes == ()
    assert said(asked) == "Never mind, then."
    assert asked.changes == (Awaited(reader=ORIGIN.reader, asked=None),)


async def test_a_place_that_is_written_where_one_is_asked_for_is_an_answer_and_anything_else_is_answered() -> None:
    asked = replace(ORIGIN, asked="settings:41")

    place = await Bot().handlers.answer(Asked(origin=asked, text="Berlin"))
    question = await Bot().handlers.answer(Asked(origin=asked, text="tides?"))
    unasked = await Bot().handlers.answer(Asked(origin=ORIGIN, text="Berlin"))

    assert said(place) == "Noted: Berlin time."
    assert place.shown is not None
    assert (place.shown.message, place.shown.text[:15]) == (41, "<b>Settings</b>")
    assert [type(change) for change in place.changes] == [Wished, Awaited]
    assert "You asked: tides?" in said(question)
    assert [type(change) for change in question.changes] == [Recorded, Awaited]
    assert "You asked: Berlin" in said(unasked)


async def tapped(data: str, origin: Origin = ORIGIN) -> Decision:
    return await Bot().handlers.answer(Tapped(origin=origin, query="q", pressed=None, choice=choices.read(data)))


async def test_a_tap_on_a_panel_takes_effect_and_is_shown_in_its_message() -> None:
    decision = await tapped("settings.digest=on")

    assert decision.shown is not None
    assert (decision.parts, decision.shown.said, decision.shown.message) == ((), "", None)
    assert "Digests come every day" in decision.shown.text
    (wished,) = decision.changes
    assert isinstance(wished, Wished)
    assert wished.settings.active


@pytest.mark.parametrize(
    ("data", "origin", "sentence"),
    [
        (
            "settings.when=-0800",
            ORIGIN,
            "08:00 is the only hour left. Choose another one first, or switch digests off.",
        ),
        ("settings.gone=1", ORIGIN, say("en", "button_stale")),
        ("start.gone", ORIGIN, say("en", "button_stale")),
    ],
)
async def test_a_tap_that_cannot_be_done_is_answered_to_who_tapped(data: str, origin: Origin, sentence: str) -> None:
    decision = await tapped(data, origin)

    assert decision == Decision(shown=Shown(said=sentence))


@pytest.mark.parametrize(
    ("text", "kind"), [("I'm interested in space", Learned), ("send me a digest every morning at eight", Wished)]
)
async def test_what_is_said_plainly_is_done_in_private(text: str, kind: type) -> None:
    bot = Bot()

    private = await bot.handlers.answer(Asked(origin=ORIGIN, text=text))
    await bot.handlers.answer(Asked(origin=GROUP, text=text))

    (change,) = private.changes
    assert isinstance(change, kind)
    assert [asked for asked, _, _ in bot.echo.asked] == [text]


@pytest.mark.parametrize(
    ("language", "text", "when", "topics"),
    [
        (
            "en",
            "send me chip news at 7:30, not on weekends",
            "Digests come Monday to Friday at 07:30, UTC.",
            "And I take down that you care about “chip”.",
        ),
        (
            "zh",
            "工作日早上7点半给我发芯片新闻",
            "简报发送时间：周一到周五 07:30（UTC）。",
            "另外我记下了：你关心“芯片”。",
        ),
    ],
)
async def test_a_wish_for_the_news_of_a_topic_sets_the_hours_and_is_learned_from(
    language: str, text: str, when: str, topics: str
) -> None:
    decision = await Bot().handlers.answer(Asked(origin=replace(ORIGIN, language=language), text=text))

    assert said(decision).splitlines()[:2] == [when, topics]
    (wished,) = decision.changes
    assert isinstance(wished, Wished)
    assert wished.settings.active
    assert [(each.reader, each.kind) for each in wished.evidence] == [(ORIGIN.reader, "told")]


async def test_what_digests_cannot_is_said_to_who_gets_them_and_is_a_question_elsewhere() -> None:
    bot = Bot()
    asked = await bot.handlers.answer(Asked(origin=ORIGIN, text="make it weekly"))
    (wished,) = (await bot.decision("digest every day at 8")).changes
    assert isinstance(wished, Wished)
    bot.digests.held[ORIGIN.reader] = wished.settings

    refused = await bot.handlers.answer(Asked(origin=ORIGIN, text="make it weekly"))

    assert "You asked: make it weekly" in said(asked)
    assert said(refused).startswith("Digests come at hours of days of the week.")
    assert refused.changes == ()


async def test_digests_are_stopped_by_a_word() -> None:
    (wished,) = (await Bot().decision("stop")).changes

    assert isinstance(wished, Wished)
    assert not wished.settings.active


async def test_where_somebody_is_is_the_zone_of_their_digests() -> None:
    bot = Bot()

    told = await bot.handlers.answer(Located(origin=ORIGIN, latitude=52.5, longitude=13.4))
    nowhere = await bot.handlers.answer(Located(origin=ORIGIN, latitude=200, longitude=0))

    assert said(told) == "Noted: Berlin time."
    (wished,) = told.changes
    assert isinstance(wished, Wished)
    assert (wished.settings.timetable.zone, wished.settings.active) == ("Europe/Berlin", False)
    assert said(nowhere).startswith("I cannot tell which time zone that is.")
    assert nowhere.changes == ()


async def test_a_location_answers_the_panel_that_asked_for_a_place() -> None:
    asked = replace(ORIGIN, asked="settings:41")

    told = await Bot().handlers.answer(Located(origin=asked, latitude=52.5, longitude=13.4))

    assert told.shown is not None
    assert told.shown.message == 41
    assert [type(change) for change in told.changes] == [Wished, Awaited]


@pytest.mark.parametrize(
    ("kind", "beginning"),
    [("voice", "I cannot listen"), ("photo", "I cannot look at pictures"), ("dice", "I can read text, links and doc")],
)
async def test_what_cannot_be_read_is_answered_politely_for_what_it_is(kind: str, beginning: str) -> None:
    decision = await Bot().handlers.answer(Unreadable(origin=ORIGIN, kind=kind))

    assert said(decision).startswith(beginning)


async def test_sources_are_given_as_a_file_and_taken_from_one() -> None:
    bot = Bot()
    bot.files.kept["f"] = b"https://a.example/rss https://b.example/rss"
    sent = File(id="f", name="mine.opml", feeds=True)

    given = await bot.decision("sources file")
    taken = await bot.handlers.answer(Handed(origin=ORIGIN, what=sent))

    assert [(each.name, each.content) for each in given.documents] == [("sources.opml", b"<opml of telegram:7>")]
    assert said(taken).splitlines() == [
        "Sources that I read for you from now on: 2",
        "I read them already: 1",
        "For these there is no room, for I read 300 of your own at most: 2",
    ]
    assert [change.feed.url for change in taken.changes if isinstance(change, Subscribed)] == [
        "https://a.example/rss",
        "https://b.example/rss",
    ]


@pytest.mark.parametrize(
    ("language", "number", "told"),
    [
        ("en", 20, "Of these I read some at once and 1 one after another, within about an hour."),
        ("en", 60, "Of these I read some at once and 3 one after another, the last in about 3 hours."),
        ("zh", 60, "其中一部分马上读取，其余 3 个陆续读取，最后一个大约在 3 小时后。"),
    ],
)
async def test_of_a_long_list_what_waits_is_told(language: str, number: int, told: str) -> None:
    bot = Bot()
    bot.files.kept["f"] = b" ".join(b"https://a.example/%d" % n for n in range(number))

    taken = await bot.hand(File(id="f", name="mine.opml", feeds=True), language=language)

    assert said(taken).splitlines()[1] == told


async def test_a_list_that_is_none_or_is_gone_is_one_line_and_in_a_group_only_administrators_give_one() -> None:
    bot = Bot()
    bot.files.kept["f"] = b""
    none = await bot.handlers.answer(Handed(origin=ORIGIN, what=File(id="f", name="mine", feeds=True)))
    gone = await bot.handlers.answer(Handed(origin=ORIGIN, what=File(id="g", name="mine", feeds=True)))
    bot.admins.answer = False
    refused = await bot.handlers.answer(Handed(origin=GROUP, what=File(id="f", name="mine", feeds=True)))

    assert said(none).startswith("I could not find a list of feeds in mine")
    assert said(gone) == "I could not read mine: there is nothing at this address."
    assert said(refused) == "Only administrators can change what I do here."


@pytest.mark.parametrize(
    ("link", "command"), [("story_12", "brief 12"), ("follow_12", "brief 12"), ("subject_sport", "hot sport")]
)
async def test_a_link_leads_to_a_story_with_its_buttons_or_to_a_subject(link: str, command: str) -> None:
    linked, asked = await Bot().decision(f"start {link}"), await Bot().decision(command)

    assert linked == asked
    assert not any(isinstance(change, Followed) for change in linked.changes)


@pytest.mark.parametrize(
    ("text", "own", "administers", "fits"),
    [("Berlin", True, True, True), ("tides?", True, True, False), ("Berlin", False, True, False),
     ("Berlin", True, False, False)],
)  # fmt: skip
async def test_what_a_panel_asked_for_is_told_from_a_question_as_it_is_answered(
    text: str, own: bool, administers: bool, fits: bool
) -> None:
    bot = Bot()
    bot.admins.answer = administers
    asked = replace(ORIGIN if administers else GROUP, asked="settings:41", answers=41)

    assert await bot.handlers.fits(Asked(origin=asked, text=text, own=own)) is fits
