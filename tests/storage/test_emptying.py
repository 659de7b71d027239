"""That what is left of emptied rows is little: a page of SQLite's file is no longer kept for each."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, text

from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.deliveries import InboxState, InboxUpdate, OutboxMessage, OutboxState
from storage.domain.news import ArticleId
from storage.domain.stories import Placed, StoryId, StoryMark, StoryStep
from storage.inbox import InboxStore
from storage.outbox import OutboxStore
from storage.schema import inbox, outbox, story_articles
from storage.stories import StoryStore
from tests.storage.examples import EPOCH, prepared

MANY = 60


async def pages(database: Database) -> int:
    """How many pages of the file hold something; none on a server, which takes emptied rows out by itself."""
    if database.file is None:
        return 0
    async with database.reading() as connection:
        held = [await connection.scalar(text(f"PRAGMA {name}")) for name in ("page_count", "freelist_count")]
    return int(held[0]) - int(held[1])


async def numbers(database: Database) -> Mapping[str, int]:
    async with database.reading() as connection:
        return {row.key: row.id for row in await connection.execute(select(outbox.c.key, outbox.c.id))}


async def test_messages_that_were_enqueued_at_once_leave_little_room_once_they_are_sent(database: Database) -> None:
    store, keys = OutboxStore(database), [f"digest-{number}" for number in range(MANY)]
    before = await pages(database)
    await store.enqueue(
        [OutboxMessage(key=key, chat_id=1, method="sendMessage", payload="x" * 1800, created_at=EPOCH) for key in keys]
    )
    numbered = await numbers(database)

    for at, key in enumerate(keys):
        await store.claim(key)
        await store.sent(key, at)

    assert await pages(database) <= before + MANY / 6
    assert await numbers(database) == numbered
    found = [await store.get(key) for key in keys]
    assert [(each.state, each.message_id) for each in found if each] == [(OutboxState.SENT, at) for at in range(MANY)]


async def test_updates_that_came_at_once_leave_little_room_once_they_are_dealt_with(database: Database) -> None:
    store, ids = InboxStore(database), range(1, MANY + 1)
    before = await pages(database)
    await store.accept([InboxUpdate(update_id=id_, chat_id=id_, payload="x" * 1800, received_at=EPOCH) for id_ in ids])

    for id_ in ids:
        await store.done(id_)
        await store.done(id_)

    assert await pages(database) <= before + MANY / 6
    async with database.reading() as connection:
        rows = (await connection.execute(select(inbox).order_by(inbox.c.id))).all()
    assert [row.update_id for row in rows] == list(ids)
    assert rows[0].id > 0
    assert {(row.state, row.payload) for row in rows} == {(InboxState.DONE, "")}


async def test_a_message_that_was_settled_by_another_stays_as_it_is(database: Database) -> None:
    store = OutboxStore(database)
    await store.enqueue([OutboxMessage(key="a", chat_id=1, method="sendMessage", payload="{}", created_at=EPOCH)])
    await store.claim("a")
    await store.unknown("a", "no answer")

    await store.sent("a", 7)

    found = await store.get("a")
    assert found is not None
    assert (found.state, found.message_id) == (OutboxState.UNKNOWN, None)


async def test_articles_that_stay_with_their_story_leave_little_room(database: Database) -> None:
    store, names = StoryStore(database), [f"article-{number:03}" for number in range(MANY)]
    await ArticleStore(database).save([prepared(name) for name in names])
    before = await pages(database)
    come = tuple(
        Placed(article=ArticleId(name), story=StoryId(1), arrival=at, novelty=0.5, sketch=bytes(1400))
        for at, name in enumerate(names)
    )
    await store.commit(
        StoryStep(after=0, upto=1, placed=come, marks=(StoryMark(id=StoryId(1), key="k", born=0, settled=-1),))
    )

    settled = tuple(map(ArticleId, names[:-1]))
    await store.commit(StoryStep(after=1, upto=2, settled=settled))

    assert await pages(database) <= before + MANY / 6
    async with database.reading() as connection:
        rows = (await connection.execute(select(story_articles).order_by(story_articles.c.arrival))).all()
    assert [(row.article_id, row.story_id, row.novelty) for row in rows] == [(name, 1, 0.5) for name in names]
    assert [row.sketch is None for row in rows] == [True] * (MANY - 1) + [False]
