from __future__ import annotations

from dataclasses import replace

import pytest

from bot.drawing import trend
from bot.flows.evidence import TOPIC_WEIGHT
from bot.messenger.answers.decisions import Decision
from bot.messenger.incoming.events import Asked, Ignored
from bot.texts import say
from storage.domain.changes import (
    Learned,
    Looked,
    Recorded,
    Subscribed,
    Unsubscribed,
)
from storage.domain.feedback import Offer
from storage.domain.interests import Interests
from storage.domain.news import Feed, Part
from storage.domain.stories import Brief, NewSince, Page, StoryId
from storage.errors import EncoderUnavailable, IndexUnavailable, TidingsError
from tests.bot.flows import reply_to
from tests.bot.messenger.handled import GROUP, ORIGIN, Bot, said
from tests.feedback import thing
from tests.hot import NOON, hot_story, long_page, page, report
from tests.interests import interest


async def test_a_question_goes_to_the_conversation_of_its_chat_and_reader() -> None:
    bot = Bot()

    decision = await bot.handlers.answer(Asked(origin=ORIGIN, text="tides?"))

    assert "You asked: tides?" in said(decision)
    turn = reply_to("tides?").answer.turn
    assert turn is not None
    (recorded,) = decision.changes
    assert isinstance(recorded, Recorded)
    assert (recorded.conversation, recorded.reader, recorded.turn) == (ORIGIN.conversation, ORIGIN.reader, turn)
    assert [(each.reader, each.kind, each.key) for each in recorded.evidence] == [(ORIGIN.reader, "asked", "a1")]
    assert bot.echo.asked == [("tides?", "telegram:7", "telegram:7")]
    assert bot.shown == 1


async def test_an_answer_is_shown_as_it_is_written_with_the_marks_of_its_sources() -> None:
    bot = Bot()

    await bot.handlers.answer(Asked(origin=ORIGIN, text="tides?"))

    assert bot.written.texts == ["You asked: tides?. The tide is < high & rising. [1]"]


async def test_what_is_answered_is_what_its_buttons_are_about_and_following_is_offered_in_private_only() -> None:
    bot = Bot()

    private = await bot.handlers.answer(Asked(origin=ORIGIN, text="tides?"))
    group = await bot.handlers.answer(Asked(origin=GROUP, text="tides?"))

    assert private.things == group.things == (thing("a1"),)
    assert (private.offers, group.offers) == ((Offer.BRIEF, Offer.FOLLOW), (Offer.BRIEF,))


@pytest.mark.parametrize(
    ("text", "error", "key"),
    [
        ("no index", IndexUnavailable("dense", "busy"), "index_unavailable"),
        ("no model", EncoderUnavailable("mini", "no such file"), "encoder_unavailable"),
    ],
)
@pytest.mark.parametrize("own", [True, False])
async def test_where_nothing_can_be_searched_a_reader_is_told_so(
    text: str, error: TidingsError, key: str, *, own: bool
) -> None:
    bot = Bot()
    bot.echo.failing[text] = error

    decision = await bot.handlers.answer(Asked(origin=ORIGIN, text=text, own=own))

    assert (said(decision), decision.changes) == (say("en", key), ())


async def test_a_question_that_cannot_be_read_is_answered_in_words() -> None:
    assert said(await Bot().handlers.answer(Asked(origin=ORIGIN, text="empty"))) == "Ask me something about the news."


@pytest.mark.parametrize("command", ["start", "help", "privacy"])
async def test_the_bot_speaks_about_itself(command: str) -> None:
    assert len(await Bot().command(command)) > 100


async def test_the_newest_stories_are_a_command_that_no_question_leans_on_and_that_tells_nothing() -> None:
    bot = Bot()

    decision = await bot.decision("latest")

    assert "You asked: newest of all." in said(decision)
    (listed,) = decision.changes
    assert isinstance(listed, Recorded)
    assert listed.turn.commanded
    assert (listed.turn.question, listed.turn.cited, listed.evidence) == ("/latest", ("a1",), ())
    assert bot.shown == 1


async def test_who_wants_the_newest_of_a_topic_cares_about_it_and_in_a_group_the_group_does() -> None:
    private, group = await Bot().decision("latest new chips"), await Bot().decision("latest new chips", GROUP)

    (learned,) = (each for each in private.changes if isinstance(each, Learned))
    assert [(each.kind, each.text, each.weight) for each in learned.evidence] == [("asked", "new chips", TOPIC_WEIGHT)]
    assert "You asked: newest of new chips." in said(group)
    assert [each.reader for change in group.changes if isinstance(change, Learned) for each in change.evidence] == [
        GROUP.place
    ]


async def test_sources_are_listed_added_and_removed() -> None:
    bot = Bot()

    listed = await bot.decision("sources")
    added = await bot.decision("add https://two.example/rss")
    removed = await bot.decision("remove 1")
    bot.shelf.feeds.append(
        feed := Feed(url="https://two.example/rss", title="Feed of https://two.example/rss", shared=False)
    )
    first, last = await bot.decision("remove 1"), await bot.decision("remove 2")

    assert "1. One — " in said(listed)
    assert listed.changes == ()
    assert "I now read Feed of" in said(added)
    assert added.changes == (Subscribed(reader=ORIGIN.reader, feed=feed),)
    assert "no longer read One" in said(removed)
    assert removed.changes == (Unsubscribed(reader=ORIGIN.reader, url="https://one.example/rss"),)
    # Those after it have other numbers from then on, and are listed by them.
    assert ["1. Feed of" in said(each) for each in (removed, first, last)] == [False, True, False]


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("add", "Give me the link"),
        ("add https://broken.example", "I could not read a feed there: there is no feed at this address"),
        ("remove", "Tell me which one"),
        ("remove 99", "99 is not among your sources"),
        ("remove https://nope", "is not among your sources"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_sentence(command: str, answer: str) -> None:
    decision = await Bot().decision(command)

    assert answer in said(decision)
    assert decision.changes == ()


async def test_an_unknown_command_is_answered_in_private_only() -> None:
    assert await Bot().command("frobnicate") == "I don't know /frobnicate. /help lists what I can do."
    assert await Bot().command("frobnicate", GROUP) == ""


async def test_what_calls_for_nothing_gets_nothing() -> None:
    assert await Bot().handlers.answer(Ignored()) == Decision()


async def test_what_is_hot_is_listed_for_the_reader_in_their_language_with_who_tells_of_it() -> None:
    bot = Bot()
    bot.hot.stories = (hot_story(),)

    decision = await bot.decision("hot")

    assert bot.hot.asked == [(ORIGIN.reader, "en")]
    assert said(decision).splitlines() == [
        "Hot in the last day",
        "",
        "1. Ferries ordered",
        "Six ferries were ordered. [1]",
        "Courier, Wire · outlets 2 · articles 2 · rising · 2026-11-12 12:00 – 15:00 UTC",
        "/brief_128 /follow_128",
    ]
    assert 'href="https://news.example/second"' in "".join(decision.parts)
    (listed,) = decision.changes
    assert isinstance(listed, Recorded)
    assert (listed.turn.standalone, listed.turn.cited) == ("what's hot", ("second",))


async def test_where_nothing_is_hot_it_says_so() -> None:
    assert await Bot().command("hot") == "Nothing was told in the last month."


async def test_what_is_hot_of_a_subject_is_listed_and_what_is_none_is_told_which_there_are() -> None:
    assert await Bot().command("hot sport") == "Nothing on sport was told in the last month."
    assert "My subjects are: politics, world" in await Bot().command("hot chip exports")


async def test_words_are_looked_up_in_what_the_reader_may_see() -> None:
    bot = Bot()

    decision = await bot.decision("search high tides")

    assert said(decision).splitlines()[2:] == [
        "1. Tides & <b>times</b> — The Harbour Post, 2026-11-22",
        "The tide is < high & rising. It turns. /brief_128",
    ]
    assert decision.things == (thing("a1", story=128),)
    assert bot.find.asked == [("high tides", ORIGIN.reader)]
    (listed,) = decision.changes
    assert isinstance(listed, Recorded)
    assert (listed.turn.standalone, listed.turn.cited) == ("news about high tides", ("a1",))
    assert said(await bot.decision("search")).startswith("Tell me what to look for")
    assert said(await bot.decision("search nothing")) == "I found nothing on that."
    bot.find.without = frozenset((Part.WORDS,))
    for asked in ("search high tides", "search nothing"):
        assert "I looked by meaning alone." in said(await bot.decision(asked))


async def test_a_story_is_told_at_a_glance_each_line_with_its_source() -> None:
    bot = Bot()

    decision = await bot.decision("brief 128")

    assert bot.briefs.asked == [("128", ORIGIN.reader, "en")]
    assert said(decision).splitlines() == [
        "Ferries ordered",
        "Six ferries were ordered.",
        "Courier, Wire · outlets 2 · articles 2 · rising · 2026-11-12 12:00 – 15:00 UTC",
        "/follow_128",
        "",
        "Background",
        "Ferries have crossed since 1911. [1]",
        "",
        "What became known when",
        "2026-11-12: Six were ordered. [1]",
        "",
        "What outlets agree on",
        "They are electric. [1]",
        "",
        "Where their figures differ",
        "· Wire, 2026-11-12: 48 million. [1]",
        "– Wire, 2026-11-12: 52 million. [1]",
        "",
        "What is not known yet",
        "It is not known when. [1]",
        "",
        "1. Title of second — Wire, 2026-11-12",
        "",
        "Other stories on this:",
        "• Title of other — Courier, 2026-11-12",
    ]


async def test_a_story_told_for_long_comes_with_a_picture_of_when_and_others_do_not() -> None:
    bot = Bot()
    without = await bot.decision("brief 128")
    bot.briefs.told = long_page()

    shown = await bot.decision("brief 128")

    assert without.pictures == ()
    assert [picture[:4] for picture in shown.pictures] == [b"\x89PNG"]


async def test_words_whose_picture_cannot_be_drawn_go_out_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = Bot()
    bot.briefs.told = long_page()
    monkeypatch.setattr(trend, "draw_trend", lambda: None)

    decision = await bot.decision("brief 128")

    assert said(decision).startswith("Ferries ordered")
    assert decision.pictures == ()


async def test_what_a_reader_cares_about_is_drawn_below_its_words() -> None:
    bot = Bot()
    bot.learn.known = Interests(liked=(interest("chips"), interest("ferries", number=2)))

    decision = await bot.decision("profile")

    assert "chips" in said(decision)
    assert len(decision.pictures) == 1


async def test_what_no_story_is_about_is_refused_with_the_nearest() -> None:
    bot = Bot()
    bot.briefs.told = Page(brief=Brief(title="x", nearest=(report("near").headline,)))

    text = await bot.command("brief x")

    assert text.splitlines()[0] == "My sources don't say."
    assert "• Title of near" in text


async def test_a_brief_of_nothing_says_how_to_ask() -> None:
    assert "/brief chip exports" in await Bot().command("brief")


async def test_a_story_whose_page_is_opened_counts_as_looked_at_with_the_reply() -> None:
    decision = await Bot().decision("brief 128")

    assert decision.changes == (Looked(reader=ORIGIN.reader, story=StoryId(128), at=NOON),)


async def test_a_page_begins_with_what_is_new_since_its_reader_last_looked() -> None:
    bot = Bot()
    bot.briefs.told = replace(page(), news=NewSince(at=NOON, gist=hot_story(line="A court halted it.").gist))
    first = await bot.command("brief 128")
    bot.briefs.told = replace(page(), news=NewSince(at=NOON, gist=replace(hot_story().gist, lines=(), citations=())))
    second = await bot.command("brief 128")

    assert first.splitlines()[:5] == [
        "Ferries ordered",
        "New since 2026-11-12 12:00 UTC:",
        "A court halted it. [Wire]",
        "",
        "Six ferries were ordered.",
    ]
    assert "Nothing new since 2026-11-12 12:00 UTC." in second


@pytest.mark.parametrize(
    ("language", "since", "told"),
    [
        ("en", "New since 2026-11-12 20:00:", "2026-11-12 20:00 – 23:00"),
        ("zh", "自 2026年11月12日 20:00 以来", "23:00"),
    ],
)
async def test_times_are_told_by_the_clock_of_whoever_has_told_theirs(language: str, since: str, told: str) -> None:
    bot, origin = Bot(), replace(ORIGIN, zone="Asia/Shanghai", language=language)
    bot.briefs.told = replace(page(), news=NewSince(at=NOON, gist=hot_story(line="A court halted it.").gist))
    bot.hot.stories = (hot_story(),)

    opened, listed = await bot.command("brief 128", origin), await bot.command("hot", origin)

    assert since in opened
    assert told in opened
    assert told in listed
    assert "UTC" not in opened + listed
