from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.messenger.events import Asked, Commanded, Ignored, Origin, Unreadable
from bot.messenger.handlers import Decision, Handlers
from storage.domain.changes import Followed, Looked, Recorded, Subscribed, Unfollowed, Unsubscribed
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.domain.stories import Brief, NewSince, Page, StoryId
from tests.bot.flows import Echo, Newest, Shelf, reply_to
from tests.bot_api import telegram_html
from tests.hot import NOON, Follows, HotList, OnePage, followed, hot_story, page, report

ORIGIN = Origin(chat_id=7, message_id=1, reader=ReaderId("telegram:7"), language="en", private=True)
GROUP = Origin(chat_id=-5, message_id=1, reader=ReaderId("telegram:7"), language="en", private=False)


class Bot:
    """Handlers over flows that echo, and what they did."""

    def __init__(self) -> None:
        self.echo, self.shelf, self.shown = Echo(), Shelf(), 0
        self.hot, self.briefs, self.follows = HotList(), OnePage(), Follows()
        self.handlers = Handlers(
            converse=self.echo,
            latest=Newest(),
            hot=self.hot,
            briefs=self.briefs,
            follows=self.follows,
            sources=self.shelf,
            writing=self.writing,
        )

    @contextlib.asynccontextmanager
    async def writing(self, _origin: Origin) -> AsyncIterator[None]:
        self.shown += 1
        yield

    async def command(self, text: str, origin: Origin = ORIGIN) -> str:
        return said(await self.decision(text, origin))

    async def decision(self, text: str, origin: Origin = ORIGIN) -> Decision:
        command, _, argument = text.partition(" ")
        return await self.handlers.answer(Commanded(origin=origin, command=command, argument=argument))


def said(decision: Decision) -> str:
    return "\n".join(telegram_html.parse(part).text for part in decision.parts)


async def test_a_question_goes_to_the_conversation_of_its_chat_and_reader() -> None:
    bot = Bot()

    decision = await bot.handlers.answer(Asked(origin=ORIGIN, text="tides?"))

    assert "You asked: tides?" in said(decision)
    turn = reply_to("tides?").answer.turn
    assert turn is not None
    assert decision.changes == (Recorded(conversation=ORIGIN.conversation, reader=ORIGIN.reader, turn=turn),)
    assert bot.echo.asked == [("tides?", "telegram:7", "telegram:7")]
    assert bot.shown == 1


async def test_a_question_that_cannot_be_read_is_answered_in_words() -> None:
    assert said(await Bot().handlers.answer(Asked(origin=ORIGIN, text="empty"))) == "Ask me something about the news."


@pytest.mark.parametrize("command", ["start", "help", "privacy"])
async def test_the_bot_speaks_about_itself(command: str) -> None:
    assert len(await Bot().command(command)) > 100


@pytest.mark.parametrize(("command", "topic"), [("latest", "all"), ("latest new chips", "new chips")])
async def test_the_newest_stories_are_a_command_that_no_question_leans_on(command: str, topic: str) -> None:
    bot = Bot()

    decision = await bot.decision(command)

    assert f"You asked: newest of {topic}." in said(decision)
    assert decision.changes == ()
    assert bot.shown == 1


async def test_sources_are_listed_added_and_removed() -> None:
    bot = Bot()

    listed = await bot.decision("sources")
    added = await bot.decision("add https://two.example/rss")
    removed = await bot.decision("remove 1")

    assert "1. One — " in said(listed)
    assert listed.changes == ()
    assert "I now read Feed of" in said(added)
    feed = Feed(url="https://two.example/rss", title="Feed of https://two.example/rss", shared=False)
    assert added.changes == (Subscribed(reader=ORIGIN.reader, feed=feed),)
    assert "no longer read One" in said(removed)
    assert removed.changes == (Unsubscribed(reader=ORIGIN.reader, url="https://one.example/rss"),)


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


async def test_a_photo_gets_one_polite_sentence() -> None:
    assert said(await Bot().handlers.answer(Unreadable(origin=ORIGIN, kind="photo"))).startswith("I can only read text")


async def test_what_calls_for_nothing_gets_nothing() -> None:
    assert await Bot().handlers.answer(Ignored()) == Decision()


async def test_what_is_hot_is_listed_for_the_reader_in_their_language_with_who_tells_of_it() -> None:
    bot = Bot()
    bot.hot.stories = (hot_story(),)

    decision = await bot.decision("hot")

    assert bot.hot.asked == [(ORIGIN.reader, "en")]
    assert said(decision).splitlines() == [
        "What is hot",
        "",
        "1. Ferries ordered",
        "Six ferries were ordered. [1]",
        "Courier, Wire · outlets 2 · articles 2 · rising · 2026-11-12 12:00 – 15:00",
        "/brief_128 /follow_128",
    ]
    assert 'href="https://news.example/second"' in "".join(decision.parts)


async def test_where_nothing_is_hot_it_says_so() -> None:
    assert await Bot().command("hot") == "Nothing was told in that time."


async def test_a_story_is_told_at_a_glance_each_line_with_its_source() -> None:
    bot = Bot()

    decision = await bot.decision("brief 128")

    assert bot.briefs.asked == [("128", ORIGIN.reader, "en")]
    assert said(decision).splitlines() == [
        "Ferries ordered",
        "Six ferries were ordered.",
        "Courier, Wire · outlets 2 · articles 2 · rising · 2026-11-12 12:00 – 15:00",
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
        "1. Title of second — Wire, 2026-11-12",
        "",
        "Other stories on this:",
        "• Title of other — Courier, 2026-11-12",
    ]


async def test_what_no_story_is_about_is_refused_with_the_nearest() -> None:
    bot = Bot()
    bot.briefs.told = Page(brief=Brief(title="x", nearest=(report("near").headline,)))

    text = await bot.command("brief x")

    assert text.splitlines()[0] == "My sources don't say."
    assert "• Title of near" in text


async def test_a_brief_of_nothing_says_how_to_ask() -> None:
    assert "/brief 12" in await Bot().command("brief")


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
        "New since 2026-11-12 12:00:",
        "A court halted it. [Wire]",
        "",
        "Six ferries were ordered.",
    ]
    assert "Nothing new since 2026-11-12 12:00." in second


async def test_a_story_or_a_topic_is_followed_with_the_reply() -> None:
    bot = Bot()

    story, topic = await bot.decision("follow 128"), await bot.decision("follow chip exports")

    assert said(story) == "You follow Ferries ordered now. When something really new comes, I tell you."
    assert story.changes == (
        Followed(reader=ORIGIN.reader, story=StoryId(128), words="Ferries ordered", language="en", at=NOON),
    )
    assert topic.changes == (Followed(reader=ORIGIN.reader, story=None, words="chip exports", language="en", at=NOON),)
    assert bot.follows.held == []


async def test_what_is_followed_is_listed_with_what_ends_it() -> None:
    bot = Bot()
    assert (await bot.command("follows")).startswith("You follow nothing yet.")
    bot.follows.held = [followed(3), followed(5, story=None, words="chip exports")]

    assert (await bot.command("follows")).splitlines() == [
        "What you follow",
        "",
        "Ferries ordered /brief_128",
        "since 2026-11-12 /unfollow_3",
        "",
        "chip exports",
        "since 2026-11-12 /unfollow_5",
    ]


async def test_a_follow_is_ended_with_the_reply() -> None:
    bot = Bot()
    bot.follows.held = [followed(3)]

    decision = await bot.decision("unfollow 3")

    assert said(decision) == "You no longer follow Ferries ordered."
    assert decision.changes == (Unfollowed(reader=ORIGIN.reader, follow=bot.follows.held[0].id),)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("follow", "/follow 12"),
        ("follow 999", "There is no story 999."),
        ("unfollow", "/unfollow 3"),
        ("unfollow 9", "You do not follow 9."),
    ],
)
async def test_a_follow_that_cannot_be_is_said_in_one_sentence(command: str, answer: str) -> None:
    decision = await Bot().decision(command)

    assert answer in said(decision)
    assert decision.changes == ()


@pytest.mark.parametrize("command", ["follow 128", "follows", "unfollow 3"])
async def test_what_someone_follows_is_no_business_of_their_group(command: str) -> None:
    bot = Bot()
    bot.follows.held = [followed(3)]

    decision = await bot.decision(command, GROUP)

    assert said(decision) == "What you follow is between the two of us: write to me in private."
    assert decision.changes == ()
