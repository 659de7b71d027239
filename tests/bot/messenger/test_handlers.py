from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.drawing import trend
from bot.drawing.pictures import Pictures
from bot.flows.evidence import TOPIC_WEIGHT
from bot.flows.feedback import Feedback
from bot.messenger.decisions import Decision
from bot.messenger.events import Asked, Commanded, Handed, Ignored, Located, Origin, Tapped, Unreadable
from bot.messenger.groups import Groups
from bot.messenger.handlers import Handlers
from bot.messenger.panels import choices
from bot.messenger.readables import File
from bot.messenger.taps import Shown, Taps
from bot.texts import say
from storage.domain.annotations import Category
from storage.domain.changes import (
    Awaited,
    Followed,
    Learned,
    Listed,
    Looked,
    Recorded,
    Spoken,
    Subscribed,
    Unfollowed,
    Unlearned,
    Unsubscribed,
    Wished,
)
from storage.domain.evidence import EvidenceId
from storage.domain.feedback import Offer
from storage.domain.interests import Interests
from storage.domain.kinds import ArticleKind
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.domain.stories import Brief, NewSince, Page, StoryId
from storage.errors import EncoderUnavailable
from tests.bot.flows import NOW, Echo, EverybodyAdministers, Finder, Lists, Newest, Shelf, Written, reply_to
from tests.bot.stores import MemoryOutbox, MemoryShown
from tests.bot_api import telegram_html
from tests.digests import FixedDigests, item
from tests.feedback import GivenEvidence, thing
from tests.given import SentFiles, summarize
from tests.hot import NOON, Follows, HotList, OnePage, followed, hot_story, long_page, page, report
from tests.interests import Learner, interest
from tests.own_data import FixedOwnData
from tests.panels import panels

ORIGIN = Origin(chat_id=7, message_id=1, reader=ReaderId("telegram:7"), language="en", private=True)
GROUP = Origin(chat_id=-5, message_id=1, reader=ReaderId("telegram:7"), language="en", private=False)


class Bot:
    """Handlers over flows that echo, and what they did."""

    def __init__(self) -> None:
        self.echo, self.shelf, self.shown, self.written = Echo(), Shelf(), 0, Written()
        self.hot, self.briefs, self.follows = HotList(), OnePage(), Follows()
        self.find = Finder()
        self.learn, self.digests = Learner(), FixedDigests()
        self.own_data = FixedOwnData()
        self.admins, self.files = EverybodyAdministers(), SentFiles()
        self.handlers = Handlers(
            converse=self.echo,
            latest=Newest(),
            hot=self.hot,
            find=self.find,
            briefs=self.briefs,
            digests=self.digests,
            follows=self.follows,
            learn=self.learn,
            sources=self.shelf,
            lists=Lists(),
            taps=Taps(
                messages=MemoryShown(MemoryOutbox()), feedback=Feedback(shelf=GivenEvidence(), clock=lambda: NOW)
            ),
            panels=panels(self.digests),
            groups=Groups(admins=self.admins),
            own_data=self.own_data,
            draw=Pictures(deadline_seconds=60),
            summarize=summarize(),
            files=self.files,
            writing=self.writing,
            clock=lambda: NOW,
        )

    @contextlib.asynccontextmanager
    async def writing(self, _origin: Origin) -> AsyncIterator[Written]:
        self.shown += 1
        yield self.written

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


async def test_a_question_that_cannot_be_read_is_answered_in_words() -> None:
    assert said(await Bot().handlers.answer(Asked(origin=ORIGIN, text="empty"))) == "Ask me something about the news."


@pytest.mark.parametrize("command", ["start", "help", "privacy"])
async def test_the_bot_speaks_about_itself(command: str) -> None:
    assert len(await Bot().command(command)) > 100


async def test_the_newest_stories_are_a_command_that_no_question_leans_on_and_that_tells_nothing() -> None:
    bot = Bot()

    decision = await bot.decision("latest")

    assert "You asked: newest of all." in said(decision)
    assert decision.changes == ()
    assert bot.shown == 1


async def test_who_wants_the_newest_of_a_topic_cares_about_it_and_in_a_group_the_group_does() -> None:
    private, group = await Bot().decision("latest new chips"), await Bot().decision("latest new chips", GROUP)

    (learned,) = private.changes
    assert isinstance(learned, Learned)
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
        "Courier, Wire · outlets 2 · articles 2 · rising · 2026-11-12 12:00 – 15:00",
        "/brief_128 /follow_128",
    ]
    assert 'href="https://news.example/second"' in "".join(decision.parts)


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
    assert said(await bot.decision("search")).startswith("Tell me what to look for")
    assert said(await bot.decision("search nothing")) == "I found nothing on that."


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
        "New since 2026-11-12 12:00:",
        "A court halted it. [Wire]",
        "",
        "Six ferries were ordered.",
    ]
    assert "Nothing new since 2026-11-12 12:00." in second


async def test_a_story_or_a_topic_is_followed_with_the_reply() -> None:
    bot = Bot()

    story, topic = await bot.decision("follow 128"), await bot.decision("follow chip exports")

    assert said(story) == "You follow “Ferries ordered” now. When something really new comes, I tell you."
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

    assert said(told) == "Noted: ferries. /profile shows what I know of you."
    assert told.changes == (bot.learn.to_tell(ORIGIN.reader, "ferries"),)
    assert said(dropped) == "All I had learned of your interests is forgotten."
    assert dropped.changes == (Unlearned(reader=ORIGIN.reader, evidence=None),)


async def test_what_telling_unmutes_is_said() -> None:
    bot = Bot()
    bot.learn.known = Interests(muted=(interest("gossip"),))

    told = await bot.decision("interests gossip")

    assert said(told) == "Noted: gossip. No longer muted: gossip. /profile shows what I know of you."


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

    assert said(idle) == "There is nothing to cancel."
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
