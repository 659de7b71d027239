"""Taps and reactions in a bot that serves."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

from bot.flows.feedback import Feedback
from bot.serve import Rooms, Serving
from storage.domain.changes import Change, Learned, Recorded
from tests.bot.flows import NOW
from tests.bot.stores import MemoryInbox, MemoryOutbox, MemoryShown
from tests.bot.test_serve import serving_now
from tests.bot_api.server import BOT, FakeBotApi
from tests.feedback import GivenEvidence
from tests.hot import HotList, hot_story


async def test_a_tap_is_answered_counts_and_is_taken_back_by_the_next(
    serving: Serving, rooms: Rooms, api: FakeBotApi, inbox: MemoryInbox
) -> None:
    minutes = iter(range(100))
    shelf = GivenEvidence()
    feedback = Feedback(shelf=shelf, clock=lambda: NOW + timedelta(minutes=next(minutes)))

    async with serving_now(serving, replace(rooms, feedback=feedback)):
        api.say("How high is the tide?", language="zh-hans")
        (reply,) = await api.replies(1)
        before = api.buttons(reply)
        api.tap(reply, "👍", language="zh-hans")
        await api.until(lambda: "👍 ✓" in api.buttons(reply)[0])
        shelf.make(taken(inbox))
        liked = shelf.said()
        api.tap(reply, "👎", language="zh-hans")
        await api.until(lambda: "👎 ✓" in api.buttons(reply)[0])
        shelf.make(taken(inbox))
        disliked = shelf.said()
        api.tap(reply, "👎 ✓", language="zh-hans")
        await api.until(lambda: api.buttons(reply) == before)

    assert before == [["👍", "👎"], ["More like this", "Less like this"]]
    assert (liked, disliked) == ([("liked", "a1")], [("disliked", "a1")])
    assert api.answers == ["记下了：你喜欢这条。", "记下了：你不喜欢这条。", "已收回。"]
    assert not api.sent[1:]


async def test_a_number_of_a_list_becomes_the_buttons_of_its_story_and_leads_to_its_page_and_back(
    serving: Serving, rooms: Rooms, api: FakeBotApi
) -> None:
    hot = HotList(stories=(hot_story(128), hot_story(129, title="Bridge closed")))

    async with serving_now(serving, replace(rooms, hot=hot)):
        api.say("/hot")
        (listed,) = await api.replies(1)
        numbers = api.buttons(listed)
        api.tap(listed, "2")
        await api.until(lambda: len(api.buttons(listed)) > 1)
        actions = api.buttons(listed)
        api.tap(listed, "At a glance")
        _, page = await api.replies(2)
        api.tap(listed, "Follow")
        await api.until(lambda: len(api.answers) == 3)
        api.tap(listed, "↩")
        await api.until(lambda: api.buttons(listed) == numbers)

    assert numbers == [["1", "2"]]
    assert actions == [["2. 👍", "2. 👎"], ["More like this", "Less like this"], ["At a glance", "Follow"], ["↩"]]
    assert api.buttons(page) == [["👍", "👎"], ["More like this", "Less like this"], ["Follow"]]
    assert api.answers[2].startswith("You follow “Ferries ordered” now.")


async def test_stale_foreign_and_made_up_taps_are_answered_in_the_language_of_who_taps(
    serving: Serving, rooms: Rooms, api: FakeBotApi, inbox: MemoryInbox
) -> None:
    async with serving_now(serving, rooms):
        api.say("How high is the tide?")
        (reply,) = await api.replies(1)
        data = json.loads(reply.fields["reply_markup"])["inline_keyboard"][0][0]["callback_data"]
        elsewhere = replace(reply, fields={**reply.fields, "chat_id": "8"})
        api.tap_data(elsewhere, data)
        api.tap_data(reply, "made up", language="zh-hans")
        await api.until(lambda: len(api.answers) == 2)
        inbox.outbox.rows.clear()
        api.tap_data(reply, data)
        await api.until(lambda: len(api.answers) == 3)

    assert sorted(set(api.answers)) == [
        "I no longer know what this message was about, so its buttons do nothing any more.",
        "我已不记得这条消息讲的是什么，它的按钮不再起作用。",
    ]
    assert not any(isinstance(change, Learned) for change in inbox.changes)


async def test_a_reaction_counts_without_a_word_in_a_group_for_whoever_reacts(
    serving: Serving, rooms: Rooms, api: FakeBotApi, inbox: MemoryInbox
) -> None:
    async with serving_now(serving, rooms):
        api.say("/latest@tidings_bot", chat=-5, sender=7)
        (reply,) = await api.replies(1)
        api.promote(-5, BOT["id"])
        api.react(reply, "🔥", sender=9)
        api.say("/hot@tidings_bot", chat=-5, sender=7)
        await api.replies(2)

    (learned,) = [change for change in inbox.changes if isinstance(change, Learned)]
    assert [(each.reader, each.kind, each.key) for each in learned.evidence] == [("telegram:9", "liked", "a1")]
    assert len(api.sent) == 2


async def test_what_messages_tell_of_is_dropped_after_a_month(serving: Serving, rooms: Rooms, api: FakeBotApi) -> None:
    pruned: list[datetime] = []

    class Shown(MemoryShown):
        async def prune(self, before: datetime) -> int:
            pruned.append(before)
            return 0

    async with serving_now(serving, replace(rooms, shown=Shown(MemoryOutbox()))):
        await api.until(lambda: bool(pruned))

    assert pruned == [NOW - timedelta(days=30)]


def taken(inbox: MemoryInbox) -> list[Change]:
    """What was changed since this was last asked."""
    changes = [each for each in inbox.changes if not isinstance(each, Recorded)]
    inbox.changes.clear()
    return changes
