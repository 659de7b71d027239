"""Taps and reactions, over what they are about and what was said before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.drawing.pictures import Pictures
from bot.flows.feedback import Feedback
from bot.messenger.answers.decisions import Decision
from bot.messenger.answers.groups import Groups
from bot.messenger.answers.handlers import Handlers
from bot.messenger.answers.taps import Taps
from bot.messenger.incoming.buttons import Press, Pressed, keyboard
from bot.messenger.incoming.events import Event, Origin, Reacted, Tapped
from storage.domain.changes import Followed, Looked, Recorded
from storage.domain.deliveries import OutboxMessage
from storage.domain.evidence import EvidenceKind
from storage.domain.feedback import About, Offer
from storage.domain.interests import Undone
from storage.domain.people import ReaderId
from storage.errors import InputError
from tests.bot.flows import NOW, Echo, EverybodyAdministers, Finder, Lists, Newest, Shelf, some_article, unseen
from tests.bot.stores import MemoryOutbox, MemoryShown
from tests.bot_api import telegram_html
from tests.digests import FixedDigests
from tests.feedback import ADA, REF, GivenEvidence, about, thing
from tests.given import SentFiles, summarize
from tests.hot import Follows, HotList, OnePage
from tests.interests import Learner
from tests.own_data import FixedOwnData
from tests.panels import panels

PRIVATE = Origin(chat_id=7, message_id=41, reader=ADA, language="en", private=True)
GROUP = replace(PRIVATE, chat_id=-5, private=False)
BEN = ReaderId("telegram:8")
ONE = about(thing("a", "b"))
TWO = about(thing("a", story=1), thing("b", story=128), offers=(Offer.BRIEF, Offer.FOLLOW))


class Learning(Learner):
    """Takes back what was said."""

    def __init__(self, evidence: GivenEvidence) -> None:
        super().__init__()
        self.evidence = evidence

    async def to_undo(self, reader: ReaderId) -> Undone:
        return self.evidence.to_undo(reader, NOW)


class Chat:
    """A message that tells of something, in a private chat or a group, and what those who see it say of it."""

    def __init__(self, told: About = ONE, *, at: int = 7) -> None:
        self.evidence, self.outbox, self.now = GivenEvidence(), MemoryOutbox(), NOW
        self.follows, self.briefs = Follows(), OnePage()
        self.admins = EverybodyAdministers()
        self.outbox.enqueue([
            OutboxMessage(
                key="k:1", chat_id=at, method="sendMessage", payload="{}", created_at=NOW, message_id=41, about=told
            )
        ])  # fmt: skip
        self.handlers = Handlers(
            converse=Echo(),
            latest=Newest(),
            hot=HotList(),
            find=Finder(),
            briefs=self.briefs,
            digests=FixedDigests(),
            follows=self.follows,
            learn=Learning(self.evidence),
            sources=Shelf(),
            lists=Lists(),
            taps=Taps(
                messages=MemoryShown(self.outbox), feedback=Feedback(shelf=self.evidence, clock=lambda: self.now)
            ),
            panels=panels(),
            groups=Groups(admins=self.admins),
            own_data=FixedOwnData(),
            draw=Pictures(deadline_seconds=60),
            summarize=summarize(),
            files=SentFiles(),
            article=some_article,
            writing=unseen,
            clock=lambda: self.now,
        )

    async def tap(
        self, press: Press, number: int = 1, *, origin: Origin = PRIVATE, ref: str = REF, apart: float = 60
    ) -> Decision:
        """A tap that long after the one before, in seconds, and what it changes made so."""
        self.now += timedelta(seconds=apart)
        pressed = Pressed(ref=ref, press=press, number=number)
        return await self.done(Tapped(origin=origin, query="q", pressed=pressed))

    async def react(self, verdict: EvidenceKind | None, origin: Origin = PRIVATE) -> Decision:
        self.now += timedelta(seconds=60)
        return await self.done(Reacted(origin=origin, verdict=verdict))

    async def done(self, event: Event) -> Decision:
        decision = await self.handlers.answer(event)
        self.evidence.make([each for each in decision.changes if not isinstance(each, Followed | Looked | Recorded)])
        return decision


def said(decision: Decision) -> str:
    return "" if decision.shown is None else decision.shown.said


def shown(decision: Decision) -> Any:
    return None if decision.shown is None else decision.shown.keyboard


@pytest.mark.parametrize(
    ("press", "kind", "sentence"),
    [
        (Press.LIKED, "liked", "Noted: you like this."),
        (Press.DISLIKED, "disliked", "Noted: you do not like this."),
        (Press.MORE, "more", "Noted: more like this."),
        (Press.LESS, "less", "Noted: less like this."),
    ],
)
async def test_a_button_is_evidence_said_so_and_marked(press: Press, kind: str, sentence: str) -> None:
    chat = Chat()

    decision = await chat.tap(press)

    assert chat.evidence.said() == [(kind, "a"), (kind, "b")]
    assert said(decision) == sentence
    assert shown(decision) == keyboard(ONE, given=(EvidenceKind(kind),))
    assert decision.parts == ()


async def test_the_same_button_takes_it_back_and_its_opposite_replaces_it() -> None:
    chat = Chat()

    await chat.tap(Press.MORE)
    await chat.tap(Press.LIKED)
    replaced = await chat.tap(Press.DISLIKED)
    both = chat.evidence.said()
    taken_back = await chat.tap(Press.DISLIKED)

    assert both == [("more", "a"), ("more", "b"), ("disliked", "a"), ("disliked", "b")]
    assert shown(replaced) == keyboard(ONE, given=(EvidenceKind.MORE, EvidenceKind.DISLIKED))
    assert said(taken_back) == "Taken back."
    assert shown(taken_back) == keyboard(ONE, given=(EvidenceKind.MORE,))
    assert chat.evidence.said() == [("more", "a"), ("more", "b")]


async def test_an_impatient_second_tap_takes_nothing_back() -> None:
    chat = Chat()

    await chat.tap(Press.LIKED)
    again = await chat.tap(Press.LIKED, apart=0.4)

    assert (said(again), shown(again), again.changes) == (
        "Noted a moment ago. Once more in a while takes it back.",
        None,
        (),
    )
    assert chat.evidence.said() == [("liked", "a"), ("liked", "b")]


async def test_each_thing_of_a_list_is_spoken_of_by_itself() -> None:
    chat = Chat(TWO)

    opened = await chat.tap(Press.OPEN, 2)
    liked = await chat.tap(Press.LIKED, 2)
    await chat.tap(Press.DISLIKED, 1)
    again = await chat.tap(Press.OPEN, 2)
    back = await chat.tap(Press.BACK, 2)

    assert (said(opened), shown(opened)) == ("", keyboard(TWO, 2))
    assert shown(liked) == shown(again) == keyboard(TWO, 2, (EvidenceKind.LIKED,))
    assert shown(back) == keyboard(TWO)
    assert chat.evidence.said() == [("liked", "b"), ("disliked", "a")]


async def test_taps_in_a_group_count_for_the_one_who_taps_and_mark_nothing() -> None:
    chat = Chat(TWO, at=-5)
    ben = replace(GROUP, reader=BEN, language="zh")

    ada, other = await chat.tap(Press.LIKED, origin=GROUP), await chat.tap(Press.LIKED, origin=ben)
    await chat.tap(Press.LIKED, origin=GROUP)
    opened = await chat.tap(Press.OPEN, 1, origin=ben)

    assert (said(ada), said(other)) == ("Noted: you like this.", "记下了：你喜欢这条。")
    assert (shown(ada), shown(other)) == (None, None)
    assert (chat.evidence.said(), chat.evidence.said(BEN)) == ([], [("liked", "a")])
    assert shown(opened) == keyboard(TWO, 1)


@pytest.mark.parametrize(
    ("tap", "origin"),
    [
        ({"press": Press.LIKED, "ref": "0000-gone-00"}, PRIVATE),
        ({"press": Press.LIKED}, replace(PRIVATE, chat_id=8)),
        ({"press": Press.LIKED, "number": 3}, PRIVATE),
        ({"press": Press.OPEN, "number": 0}, PRIVATE),
    ],
)
async def test_a_button_of_what_is_not_known_here_is_answered_in_one_sentence(
    tap: dict[str, Any], origin: Origin
) -> None:
    chat = Chat(TWO)

    english, chinese = (
        await chat.tap(**tap, origin=origin),
        await chat.tap(**tap, origin=replace(origin, language="zh")),
    )

    assert said(english) == "I no longer know what this message was about, so its buttons do nothing any more."
    assert said(chinese) == "我已不记得这条消息讲的是什么，它的按钮不再起作用。"
    assert (shown(english), english.changes, english.parts) == (None, (), ())


async def test_what_is_no_button_of_ours_is_answered_too() -> None:
    decision = await Chat().handlers.answer(Tapped(origin=PRIVATE, query="q", pressed=None))

    assert said(decision).startswith("I no longer know")


async def test_a_button_opens_the_page_of_a_story_with_buttons_of_its_own() -> None:
    chat = Chat(TWO)

    decision = await chat.tap(Press.BRIEF, 2)

    assert chat.briefs.asked == [("128", ADA, "en")]
    assert telegram_html.parse(decision.parts[0]).text.startswith("Ferries ordered")
    assert [type(each) for each in decision.changes] == [Looked]
    assert (said(decision), shown(decision)) == ("", None)
    assert decision.things == (thing("second", story=128),)
    assert decision.offers == (Offer.FOLLOW,)


async def test_a_button_follows_a_story_and_says_so_to_who_tapped() -> None:
    chat = Chat(TWO)

    decision = await chat.tap(Press.FOLLOW, 2)

    assert said(decision) == "You follow “Ferries ordered” now. When something really new comes, I tell you."
    assert [type(each) for each in decision.changes] == [Followed]
    assert decision.parts == ()


async def test_what_cannot_be_followed_is_said_to_who_tapped() -> None:
    chat = Chat(about(thing("a", story=999), offers=(Offer.FOLLOW,)))

    private = await chat.tap(Press.FOLLOW)
    chat.admins.answer = False
    group = await chat.tap(Press.FOLLOW, origin=replace(GROUP, chat_id=7))

    assert said(private).startswith("There is no story 999.")
    assert said(group) == "Only administrators can change what I do here."
    assert (private.changes, group.changes) == ((), ())


async def test_a_page_that_cannot_be_opened_is_said_to_who_tapped() -> None:
    class Broken(OnePage):
        async def about(self, topic: str, **_given: object) -> Any:
            raise InputError(topic, "no", key="story_unknown", number=topic)

    chat = Chat(TWO)
    chat.handlers = replace(chat.handlers, briefs=Broken())

    decision = await chat.tap(Press.BRIEF, 2)

    assert said(decision) == "I have no story of the number 128. /hot lists some."
    assert decision.parts == ()


async def test_a_reaction_counts_and_is_taken_back_with_it() -> None:
    chat = Chat()

    liked = await chat.react(EvidenceKind.LIKED)
    held = chat.evidence.said()
    again = await chat.react(EvidenceKind.LIKED)
    await chat.react(EvidenceKind.DISLIKED)
    turned = chat.evidence.said()
    await chat.react(None)

    assert held == [("liked", "a"), ("liked", "b")]
    assert turned == [("disliked", "a"), ("disliked", "b")]
    assert chat.evidence.said() == []
    assert (liked.parts, liked.shown, again.changes) == ((), None, ())


async def test_a_reaction_stands_in_place_of_what_a_button_said_and_the_mark_goes() -> None:
    chat = Chat()
    await chat.tap(Press.LESS)
    await chat.tap(Press.DISLIKED)

    reacted = await chat.react(EvidenceKind.LIKED)
    instead = chat.evidence.said()
    tapped = await chat.tap(Press.LIKED)

    assert instead == [("less", "a"), ("less", "b"), ("liked", "a"), ("liked", "b")]
    assert shown(reacted) == keyboard(ONE, given=(EvidenceKind.LESS,))
    assert said(tapped) == "Noted: you like this."
    assert chat.evidence.said() == instead


async def test_a_reaction_to_a_list_says_a_little_of_each() -> None:
    chat = Chat(TWO)

    await chat.react(EvidenceKind.LIKED)

    assert [(each.key, each.worth) for each in chat.evidence.held.values()] == [("a", 1.0), ("b", 1.0)]


async def test_a_reaction_to_what_the_bot_did_not_send_says_nothing() -> None:
    chat = Chat()

    decision = await chat.react(EvidenceKind.LIKED, replace(PRIVATE, message_id=40))

    assert decision == Decision()
