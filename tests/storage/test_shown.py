from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from storage.database import Database
from storage.domain.deliveries import OutboxMessage
from storage.domain.feedback import About, Offer, Thing
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId
from storage.outbox import OutboxStore
from storage.shown import ShownMessageStore
from tests.storage.examples import EPOCH

if TYPE_CHECKING:
    import bot.messenger.ports

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")
GROUP, SUPERGROUP = -5, -1_002_003_004_005
TOLD = About(
    ref="AbCdEfGhIjKl",
    reader=ADA,
    language="zh",
    things=(
        Thing(articles=(ArticleId("a"), ArticleId("澜")), story=StoryId(128)),
        Thing(articles=(ArticleId("b"),)),
    ),
    offers=(Offer.BRIEF, Offer.FOLLOW),
)


@pytest.fixture
def shown(database: Database) -> ShownMessageStore:
    port: bot.messenger.ports.ShownMessages = (made := ShownMessageStore(database))
    assert port is made
    return made


def message(key: str, about: About | None = TOLD, chat_id: int = 7) -> OutboxMessage:
    return OutboxMessage(key=key, chat_id=chat_id, method="sendMessage", payload="{}", created_at=EPOCH, about=about)


async def send(outbox: OutboxStore, key: str, message_id: int | None) -> None:
    await outbox.claim(key)
    await outbox.sent(key, message_id)


async def test_what_a_reply_tells_of_is_found_by_its_name_in_its_chat_before_it_is_sent(
    database: Database, shown: ShownMessageStore
) -> None:
    await OutboxStore(database).enqueue([message("k:1"), message("k:2"), message("other", about=None)])

    assert await shown.of(TOLD.ref, 7) == TOLD
    assert await shown.of(TOLD.ref, 8) is None
    assert await shown.of("abcdefghijkl", 7) is None
    assert await shown.at(7, 41) is None


async def test_it_is_found_by_the_number_of_each_of_its_messages_once_they_are_sent(
    database: Database, shown: ShownMessageStore
) -> None:
    outbox = OutboxStore(database)
    await outbox.enqueue([message("k:1"), message("k:2"), message("other", about=None)])

    for number, key in enumerate(("k:1", "k:2", "other"), start=41):
        await send(outbox, key, number)

    assert [await shown.at(7, number) for number in (41, 42, 43)] == [TOLD, TOLD, None]
    assert await shown.at(8, 41) is None


async def test_it_outlives_the_message_and_one_of_unknown_fate_is_still_known_by_its_buttons(
    database: Database, shown: ShownMessageStore
) -> None:
    outbox = OutboxStore(database)
    await outbox.enqueue([message("k:1"), message("k:2", replace(TOLD, ref="unknown-fate"))])
    await send(outbox, "k:1", 41)
    await outbox.claim("k:2")
    await outbox.unknown("k:2", "no answer")

    await outbox.prune(EPOCH + timedelta(days=1))

    assert await shown.at(7, 41) == TOLD
    assert await shown.of("unknown-fate", 7) is not None


async def test_a_replayed_reply_changes_nothing(database: Database, shown: ShownMessageStore) -> None:
    outbox = OutboxStore(database)
    await outbox.enqueue([message("k:1")])
    await send(outbox, "k:1", 41)

    await outbox.enqueue([message("k:1", replace(TOLD, things=TOLD.things[1:]))])

    assert await shown.at(7, 41) == TOLD


async def test_what_is_not_sent_yet_follows_a_group_that_moved(database: Database, shown: ShownMessageStore) -> None:
    outbox = OutboxStore(database)
    old, new = replace(TOLD, ref="old-message-"), replace(TOLD, ref="new-message-")
    await outbox.enqueue([message("k:1", old, GROUP), message("k:2", new, GROUP)])
    await send(outbox, "k:1", 41)

    await outbox.move(GROUP, to=SUPERGROUP)
    await send(outbox, "k:2", 1)

    assert await shown.of(old.ref, GROUP) == old
    assert await shown.at(SUPERGROUP, 1) == new


async def test_more_than_one_statement_takes_is_kept_whole(database: Database, shown: ShownMessageStore) -> None:
    many = [message(f"k:{n}", replace(TOLD, ref=f"r{n:011}")) for n in range(250)]

    await OutboxStore(database).enqueue(many)

    assert await shown.of("r00000000249", 7) is not None


async def test_what_is_old_is_pruned(database: Database, shown: ShownMessageStore) -> None:
    old, new = replace(TOLD, ref="reply-0-----"), replace(TOLD, ref="reply-1-----")
    fresh = EPOCH + timedelta(days=1)
    await OutboxStore(database).enqueue([message("k:0", old), replace(message("k:1", new), created_at=fresh)])

    assert await shown.prune(fresh) == 1

    assert [await shown.of(each.ref, 7) for each in (old, new)] == [None, new]
