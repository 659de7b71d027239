from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

from storage.access import AccessStore
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.domain.access import Judged, Verdict
from storage.domain.changes import Followed, Looked, Recorded, Subscribed, Unfollowed, Unsubscribed
from storage.domain.deliveries import InboxState, InboxUpdate, OutboxMessage, Waiting
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.follows import FollowId
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId
from storage.feeds import FeedStore
from storage.follows import FollowStore
from storage.inbox import InboxStore
from storage.outbox import OutboxStore
from tests.storage.examples import EPOCH

if TYPE_CHECKING:
    import bot.messenger.ports


@pytest.fixture
def inbox(database: Database) -> InboxStore:
    port: bot.messenger.ports.Inbox = (made := InboxStore(database))
    assert port is made
    return made


def update(update_id: int, chat_id: int | None = 1) -> InboxUpdate:
    return InboxUpdate(update_id=update_id, payload=f'{{"update_id":{update_id}}}', received_at=EPOCH, chat_id=chat_id)


def reply(key: str) -> OutboxMessage:
    return OutboxMessage(key=key, chat_id=1, method="sendMessage", payload="{}", created_at=EPOCH)


async def ids(inbox: InboxStore) -> Sequence[int]:
    return [one.update_id for one in await inbox.pending(100)]


async def test_updates_are_pending_in_the_order_they_were_accepted(inbox: InboxStore) -> None:
    accepted = await inbox.accept([update(9), update(7, chat_id=None), update(2**53, chat_id=-(2**52))])

    assert accepted == 3
    first = Waiting(update_id=9, chat_id=1)
    assert await inbox.pending(100) == (first, Waiting(update_id=7), Waiting(update_id=2**53, chat_id=-(2**52)))
    assert await inbox.pending(1) == (first,)


async def test_a_repeated_update_is_kept_once(inbox: InboxStore) -> None:
    await inbox.accept([update(1)])

    accepted = await inbox.accept([update(1), update(2), update(2)])

    assert accepted == 1
    assert await ids(inbox) == [1, 2]


async def test_accepting_nothing_is_nothing(inbox: InboxStore) -> None:
    assert await inbox.accept([]) == 0


async def test_an_update_may_arrive_set_aside(inbox: InboxStore) -> None:
    poison = replace(update(1), state=InboxState.QUARANTINED, error="no such date")

    await inbox.accept([poison, update(2)])

    assert await ids(inbox) == [2]
    assert await inbox.get(1) == poison


async def test_a_done_update_leaves_its_replies_and_none_of_its_words(inbox: InboxStore, database: Database) -> None:
    await inbox.accept([update(1), update(2)])

    await inbox.done(1, [reply("1:0"), reply("1:1")])

    assert await inbox.get(1) == replace(update(1), state=InboxState.DONE, payload="")
    assert await ids(inbox) == [2]
    assert await OutboxStore(database).pending() == (reply("1:0"), reply("1:1"))


async def test_an_update_is_dealt_with_once(inbox: InboxStore, database: Database) -> None:
    await inbox.accept([update(1)])

    await asyncio.gather(*(inbox.done(1, [reply(f"try-{i}")]) for i in range(5)))
    await inbox.done(404, [reply("nobody asked")])

    assert len(await OutboxStore(database).pending()) == 1


async def test_a_quarantined_update_says_why_and_keeps_what_came(inbox: InboxStore, database: Database) -> None:
    await inbox.accept([update(1)])

    await inbox.quarantine(1, "absurd date", [reply("sorry")])
    await inbox.done(1, [reply("late")])

    assert await inbox.get(1) == replace(update(1), state=InboxState.QUARANTINED, error="absurd date")
    assert await OutboxStore(database).pending() == (reply("sorry"),)


BLOCK, ALLOW = (Judged(who="telegram:7", verdict=each, at=EPOCH) for each in (Verdict.BLOCKED, Verdict.ALLOWED))
FROM_ADA = json.dumps({"update_id": 1, "message": {"from": {"id": 7, "username": "Ada_L"}, "text": "secret words"}})
CUT = json.dumps(FROM_ADA[:-1])


@pytest.mark.parametrize(
    ("said", "closed", "payload", "kept"),
    [
        (None, False, FROM_ADA, True),
        (BLOCK, False, FROM_ADA, False),
        (BLOCK, False, CUT, False),
        (replace(BLOCK, who="@ada_l"), False, FROM_ADA, False),
        (replace(BLOCK, who="@ada_l"), False, CUT, False),
        (replace(BLOCK, who="telegram:70"), False, FROM_ADA, True),
        (replace(BLOCK, who="telegram:70"), False, '"secret words of nobody knows who"', False),
        (None, True, FROM_ADA, False),
        (None, True, '"secret words of nobody knows who"', False),
        (ALLOW, True, FROM_ADA, True),
    ],
)
@pytest.mark.parametrize("when", ["as it comes", "as it is dealt with", "before"])
async def test_of_who_may_not_use_the_bot_nothing_is_kept_that_was_set_aside(
    inbox: InboxStore, database: Database, said: Judged | None, closed: bool, payload: str, kept: bool, when: str
) -> None:
    access = AccessStore(database)

    async def judge() -> None:
        if said is not None:
            await access.admit(said)
        await access.settle([], EPOCH, closed=closed)

    if when != "before":
        await judge()
    came = InboxState.PENDING if when == "as it is dealt with" else InboxState.QUARANTINED
    await inbox.accept([replace(update(1), payload=payload, state=came)])
    await inbox.quarantine(1, "why")
    if when == "before":
        await judge()

    aside = await inbox.get(1)
    assert aside is not None
    assert (aside.state, aside.payload) == (InboxState.QUARANTINED, payload if kept else "")
    assert (aside.chat_id is None) is not kept


async def test_finished_updates_are_pruned_but_never_the_last(inbox: InboxStore) -> None:
    await inbox.accept([update(1), update(2), update(3), update(4)])
    for update_id in (1, 3, 4):
        await inbox.done(update_id)

    pruned = await inbox.prune(EPOCH + timedelta(days=1))

    assert pruned == 2
    assert await ids(inbox) == [2]
    assert await inbox.get(4) is not None


CONVERSATION, ADA = ConversationId("telegram:1"), ReaderId("telegram:1")
TURN = Turn(question="Who?", standalone="Who?", answer="They. [1]", cited=(), at=EPOCH)
CHANGES = (
    Recorded(conversation=CONVERSATION, reader=ADA, turn=TURN),
    Subscribed(reader=ADA, feed=Feed(url="https://new.example/", shared=False)),
    Unsubscribed(reader=ADA, url="https://old.example/"),
    Followed(reader=ADA, story=None, words="chips", language="en", at=EPOCH),
    Looked(reader=ADA, story=StoryId(1), at=EPOCH),
)


async def seen(database: Database) -> list[str]:
    return [feed.url for feed in await FeedStore(database).list(ADA)]


async def followed(database: Database) -> list[str]:
    return [each.words for each in await FollowStore(database).of(ADA)]


async def test_what_an_update_changes_happens_once_however_often_it_is_done(
    inbox: InboxStore, database: Database
) -> None:
    await FeedStore(database).add([Feed(url="https://old.example/"), Feed(url="https://kept.example/")])
    await inbox.accept([update(1)])

    for _ in range(2):
        await inbox.done(1, [reply("1:0")], CHANGES)
    await inbox.done(404, [reply("nobody asked")], CHANGES)

    assert await DialogueStore(database).history(CONVERSATION, 5) == (TURN,)
    assert await seen(database) == ["https://kept.example/", "https://new.example/"]
    assert await followed(database) == ["chips"]
    assert await OutboxStore(database).pending() == (reply("1:0"),)


async def test_changes_replies_and_done_commit_together_or_not_at_all(inbox: InboxStore, database: Database) -> None:
    await FeedStore(database).add([Feed(url="https://old.example/")])
    await inbox.accept([update(1)])
    unfit = replace(reply("1:0"), chat_id=None)  # type: ignore[arg-type]

    with pytest.raises(IntegrityError):
        await inbox.done(1, [unfit], CHANGES)

    assert await ids(inbox) == [1]
    assert await DialogueStore(database).history(CONVERSATION, 5) == ()
    assert await seen(database) == ["https://old.example/"]
    assert await followed(database) == []
    assert await OutboxStore(database).pending() == ()


async def test_an_update_can_end_what_another_began_to_follow(inbox: InboxStore, database: Database) -> None:
    await inbox.accept([update(1), update(2)])
    await inbox.done(1, [], CHANGES)
    (held,) = await FollowStore(database).of(ADA)

    await inbox.done(2, [], [Unfollowed(reader=ADA, follow=held.id)])

    assert held.id == FollowId(1)
    assert await followed(database) == []
