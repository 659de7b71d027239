from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messenger.incoming.events import Asked, Commanded
from bot.texts import say
from storage.domain.annotations import Category
from storage.domain.changes import (
    Listed,
    Recorded,
    Unfollowed,
    Unlearned,
    Wished,
)
from storage.domain.evidence import EvidenceId
from storage.domain.feedback import Offer
from storage.domain.interests import Interests
from storage.domain.kinds import ArticleKind
from storage.domain.people import ReaderId
from storage.errors import EncoderUnavailable
from tests.bot.messenger.handled import GROUP, ORIGIN, Bot, said
from tests.digests import item
from tests.hot import NOON, followed
from tests.interests import Learner, interest


async def test_a_story_or_a_topic_is_followed_with_the_reply() -> None:
    bot = Bot()

    story, topic = await bot.decision("follow 128"), await bot.decision("follow chip exports")

    assert said(story) == "You follow “Ferries ordered” now. When something really new comes, I tell you."
    assert story.changes == (await bot.follows.to_follow(ORIGIN.reader, "128", "en"),)
    assert topic.changes == (await bot.follows.to_follow(ORIGIN.reader, "chip exports", "en"),)
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

    assert said(decision) == "You no longer follow “Ferries ordered”."
    assert decision.changes == (Unfollowed(reader=ORIGIN.reader, follow=bot.follows.held[0].id),)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("follow", "/follow chip exports"),
        ("follow 999", "There is no story 999."),
        ("unfollow", "/unfollow 3"),
        ("unfollow 9", "You do not follow “9”."),
    ],
)
async def test_a_follow_that_cannot_be_is_said_in_one_sentence(command: str, answer: str) -> None:
    decision = await Bot().decision(command)

    assert answer in said(decision)
    assert decision.changes == ()


async def test_what_is_asked_in_a_group_tells_of_the_group_and_nothing_of_who_asked() -> None:
    (recorded,) = (await Bot().handlers.answer(Asked(origin=GROUP, text="tides?"))).changes

    assert isinstance(recorded, Recorded)
    assert recorded.reader == GROUP.reader
    assert [each.reader for each in recorded.evidence] == ["telegram:-5"]


async def test_a_profile_is_told_in_words_with_what_it_was_seen_by_and_how_to_change_it() -> None:
    bot = Bot()
    chips = interest("chip exports", "R&D", category=Category.TECHNOLOGY, line="Who may buy chips?")
    bot.learn.known = Interests(liked=(chips,), muted=(interest("celebrities"),), updated_at=NOON)

    english, chinese = await bot.command("profile"), await bot.command("profile", replace(ORIGIN, language="zh"))

    assert "You follow chip exports, R&D (technology) most closely." in english
    assert "1.1 asked: Who may buy chips?\n/boost_1 /mute_1 /drop_1" in english
    assert "Muted\n2. celebrities /boost_2" in english
    assert "1.1 问过：Who may buy chips?" in chinese
    assert "（科技）" in chinese


async def test_where_interests_cannot_be_read_a_reader_is_told_why() -> None:
    class Unreadable(Learner):
        async def show(self, reader: ReaderId) -> Interests:
            del reader
            raise EncoderUnavailable("minilm", "its file is gone")

    bot = Bot()
    bot.handlers = replace(bot.handlers, learn=Unreadable())

    english, chinese = await bot.command("profile"), await bot.command("profile", replace(ORIGIN, language="zh"))

    assert "the model that I search with cannot be loaded" in english
    assert "检索所用的模型无法加载" in chinese


async def test_a_reader_of_whom_nothing_is_known_is_told_how_that_changes() -> None:
    assert "/interests EU energy policy" in await Bot().command("profile")


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("boost 1", "More of ferries."),
        ("mute 1", "No more of ferries."),
        ("drop 1", "Forgotten: ferries."),
    ],
)
async def test_an_interest_is_steered_along_with_the_reply(command: str, reply: str) -> None:
    bot = Bot()
    bot.learn.known = Interests(liked=(interest("ferries", number=4),))

    decision = await bot.decision(command)

    assert said(decision) == reply
    assert decision.changes == (Unlearned(reader=ORIGIN.reader, evidence=(EvidenceId(4),)),)


async def test_what_a_reader_tells_of_themselves_is_taken_down_and_all_of_it_can_be_dropped() -> None:
    bot = Bot()

    told, dropped = await bot.decision("interests ferries"), await bot.decision("drop all")

    assert said(told) == "Noted: ferries. /profile shows what I know of you.\n“undo” takes it back."
    assert told.changes == (bot.learn.to_tell(ORIGIN.reader, "ferries"),)
    assert said(dropped) == "All I had learned of your interests is forgotten."
    assert dropped.changes == (Unlearned(reader=ORIGIN.reader, evidence=None),)


async def test_what_telling_unmutes_is_said() -> None:
    bot = Bot()
    bot.learn.known = Interests(muted=(interest("gossip"),))

    told = await bot.decision("interests gossip")

    assert (
        said(told)
        == "Noted: gossip. No longer muted: gossip. /profile shows what I know of you.\n“undo” takes it back."
    )


@pytest.mark.parametrize(
    ("language", "command", "said_so"),
    [
        ("en", "follow gossip", "No longer muted: gossip"),
        ("zh", "follow gossip", "不再屏蔽：gossip"),
        ("en", "digest news about gossip at 7:30", "No longer muted: gossip"),
        ("zh", "digest news about gossip at 7:30", "不再屏蔽：gossip"),
    ],
)
async def test_what_following_it_or_wishing_for_it_unmutes_is_said(language: str, command: str, said_so: str) -> None:
    bot, origin = Bot(), replace(ORIGIN, language=language)
    plain = await bot.command(command, origin)
    bot.learn.known = Interests(muted=(interest("gossip"), interest("sport")))

    told = await bot.command(command, origin)

    assert told.splitlines() == [*plain.splitlines(), said_so]


async def test_a_source_that_nothing_comes_from_is_told_and_leads_nowhere() -> None:
    bot = Bot()
    bot.digests.near = ("nowhere.example", "Nowhere & Co")

    near = await bot.decision("digest from Nowhere at 8")
    bot.digests.near = ()
    none = await bot.decision("digest from Nowhere at 8", replace(ORIGIN, language="zh"))

    assert "Nothing that I read comes from “Nowhere” so far, but from: nowhere.\u2060example" in said(near)
    assert "我读的内容里还没有来自“Nowhere”的" in said(none)


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("boost", "Tell me which one, by its number in /profile: /boost 2"),
        ("mute 9", "There is no interest 9."),
        ("interests", "Tell me what you care about:"),
        ("interests nothing", "Tell me what you care about:"),
    ],
)
async def test_what_cannot_be_steered_is_said_and_changes_nothing(command: str, reply: str) -> None:
    decision = await Bot().decision(command)

    assert said(decision).startswith(reply)
    assert decision.changes == ()


async def test_what_to_read_is_recommended_with_buttons_and_taken_down_as_shown() -> None:
    bot = Bot()
    bot.digests.items = (item(1), item(2, "Dam opened"))

    decision = await bot.decision("digest")

    assert said(decision).startswith("For you\n\n1. Ferries ordered\n")
    assert [each.story for each in decision.things] == [101, 102]
    assert decision.offers == (Offer.BRIEF, Offer.FOLLOW)
    (listed,) = decision.changes
    assert isinstance(listed, Listed)
    assert (listed.digest.reader, listed.digest.items) == (ORIGIN.reader, bot.digests.items)


@pytest.mark.parametrize(
    ("text", "kinds"), [("What should I read?", ()), ("推荐几篇论文", (ArticleKind.PAPER,)), ("my digest", ())]
)
async def test_who_asks_in_words_what_to_read_is_recommended_it(text: str, kinds: tuple[ArticleKind, ...]) -> None:
    bot = Bot()
    bot.digests.items = (item(1),)

    decision = await bot.handlers.answer(Asked(origin=ORIGIN, text=text))

    assert "Ferries ordered" in said(decision)
    assert bot.digests.asked == [kinds]
    assert bot.echo.asked == []


async def test_in_groups_what_to_read_is_a_question() -> None:
    bot = Bot()

    await bot.handlers.answer(Asked(origin=GROUP, text="What should I read?"))

    assert [text for text, _, _ in bot.echo.asked] == ["What should I read?"]


async def test_wishes_take_effect_with_the_reply_that_says_them_back() -> None:
    bot = Bot()

    decision = await bot.decision("digest 7:30 on weekdays, Berlin")

    assert said(decision).startswith("Digests come Monday to Friday at 07:30, Berlin time.")
    assert "The next one comes on" in said(decision)
    (wished,) = decision.changes
    assert isinstance(wished, Wished)
    assert (wished.settings.active, wished.settings.timetable.zone) == (True, "Europe/Berlin")


async def test_settings_are_shown_with_how_to_change_them() -> None:
    shown = await Bot().command("settings")

    assert shown.startswith("Settings\nDigests are off.")
    assert "/digest 7:30 on weekdays, Berlin, 5 items" in shown
    assert await Bot().command("settings 7:30") == await Bot().command("digest 7:30")


async def test_a_wish_that_is_not_understood_is_named_and_changes_nothing() -> None:
    decision = await Bot().decision("digest in a purple tone")

    assert "purple tone" in said(decision)
    assert decision.changes == ()


@pytest.mark.parametrize("text", ["What should I read?", "/digest"])
async def test_where_nothing_can_be_ranked_it_says_so(text: str) -> None:
    bot = Bot()
    bot.digests.failing = EncoderUnavailable("mini", "no such file")
    event = (
        Commanded(origin=ORIGIN, command="digest", argument="") if text[0] == "/" else Asked(origin=ORIGIN, text=text)
    )

    assert said(await bot.handlers.answer(event)) == say("en", "encoder_unavailable")
