"""What readers follow, what was told of it, and when they looked at which story. Every row names its reader.

What is told moves `told_at` on from where it stood as that was decided, in the transaction that enqueues the messages:
of two that would tell the same, one finds it moved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from storage.database import AnyRow, Database, Transaction, insert
from storage.domain.changes import Followed, Looked, Unfollowed
from storage.domain.deliveries import OutboxMessage
from storage.domain.follows import Follow, FollowId, Update
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId
from storage.evidence import note
from storage.outbox import enqueue
from storage.schema import follow_texts, follows, stories, story_views
from storage.sealed import opened, sealed
from storage.shut_out import sent_unasked

KEPT = timedelta(days=30)
"""How long it is remembered what was told, and what ended; far longer than anything counts as new."""

_KEPT_STORY = func.coalesce(stories.c.merged_into, follows.c.story_id)
_FOLLOWS = (
    select(follows, _KEPT_STORY.label("kept_story"))
    .join_from(follows, stories, follows.c.story_id == stories.c.id, isouter=True)
    .where(follows.c.ended_at.is_(None))
    .order_by(follows.c.id)
)


class FollowStore:
    """What `bot.flows.follow.FollowShelf` and `bot.flows.pages.Views` ask for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, reader: ReaderId) -> Sequence[Follow]:
        """What a reader follows, the longest followed first, no story twice."""
        async with self._database.reading() as connection:
            found = await connection.execute(_FOLLOWS.where(follows.c.reader_id == reader))
            rows = await opened(connection, found, follows)
            told = await connection.execute(select(follow_texts).where(follow_texts.c.reader_id == reader))
            return _follows(rows, told.all())

    async def active(self, readers: str) -> Sequence[Follow]:
        """The same of all readers whose ids begin so, of those who can be reached."""
        rows, texts = (_begins(table.c.reader_id, readers) for table in (follows, follow_texts))
        async with self._database.reading() as connection:
            found = await connection.execute(_FOLLOWS.where(rows, *sent_unasked(follows.c.reader_id)))
            plain = await opened(connection, found, follows)
            return _follows(plain, (await connection.execute(select(follow_texts).where(texts))).all())

    async def follow(self, wanted: Followed, *, within: Transaction | None = None) -> bool:
        """Begin to follow, and take down what that tells; whether it was new. See `Database.transaction`."""
        async with self._database.transaction(within) as connection:
            if wanted.story is not None:
                kept = await connection.scalar(select(stories.c.merged_into).where(stories.c.id == wanted.story))
                same = _KEPT_STORY.in_([kept or wanted.story])
            else:
                same = follows.c.story_id.is_(None)
            known = await connection.execute(_FOLLOWS.where(follows.c.reader_id == wanted.reader, same))
            # The words of a topic are sealed, and cannot be looked for.
            if any(
                wanted.story is not None or row.words == wanted.words
                for row in await opened(connection, known, follows)
            ):
                return False
            mine = follows.c.reader_id == wanted.reader
            highest = select(func.coalesce(func.max(follows.c.number), 0)).where(mine)
            row = {
                "reader_id": wanted.reader,
                "story_id": wanted.story,
                "words": wanted.words,
                "language": wanted.language,
                "since": wanted.at,
                "told_at": wanted.at,
            }
            (written,) = await sealed(connection, follows, [row])
            await connection.execute(follows.insert().values(**written, number=highest.scalar_subquery() + 1))
            await note(connection, wanted.evidence)
            return True

    async def unfollow(self, unwanted: Unfollowed, *, within: Transaction | None = None) -> bool:
        """Follow it no longer, under whichever numbers its story was followed; whether it was."""
        mine = follows.c.reader_id == unwanted.reader
        async with self._database.transaction(within) as connection:
            rows = (await connection.execute(_FOLLOWS.where(mine))).all()
            story = next((row.kept_story for row in rows if row.id == unwanted.follow), None)
            ids = [row.id for row in rows if row.id == unwanted.follow or (story and row.kept_story == story)]
            done = await connection.execute(delete(follows).where(mine, follows.c.id.in_(ids)))
            return done.rowcount > 0

    async def settle(self, told: Update, messages: Sequence[OutboxMessage] = ()) -> bool:
        """Take down that an update is told and enqueue its messages: all of it, or nothing.

        Returns:
            Whether it was; not where the follow is none any longer, or something was told of it since it was read.
        """
        follow = told.follow
        async with self._database.transaction() as connection:
            moved = await connection.execute(
                update(follows)
                .where(follows.c.id == follow.id, follows.c.told_at == follow.told_at, follows.c.ended_at.is_(None))
                .values(told_at=told.at, ended_at=told.at if told.ends else None)
            )
            if not moved.rowcount:
                return False
            texts = dict.fromkeys(text for news in told.news for text in news.texts)
            if texts:
                rows = [
                    {"follow_id": follow.id, "group_id": text, "reader_id": follow.reader, "told_at": told.at}
                    for text in texts
                ]
                await connection.execute(insert(connection, follow_texts).on_conflict_do_nothing(), rows)
            await _forget_old(connection, told.at - KEPT)
            await enqueue(connection, messages)
            return True

    async def look(self, looked: Looked, *, within: Transaction | None = None) -> None:
        """Take down that a reader looked at a story; an earlier look than is known changes nothing."""
        async with self._database.transaction(within) as connection:
            upsert = insert(connection, story_views).values(
                reader_id=looked.reader, story_id=looked.story, seen_at=looked.at
            )
            await connection.execute(
                upsert.on_conflict_do_update(
                    index_elements=[story_views.c.reader_id, story_views.c.story_id],
                    set_={"seen_at": upsert.excluded.seen_at},
                    where=story_views.c.seen_at < upsert.excluded.seen_at,
                )
            )

    async def seen(self, reader: ReaderId, story: StoryId) -> datetime | None:
        """When a reader last looked at that story, or at one that is part of it by now; `None` where they never did."""
        kept = func.coalesce(stories.c.merged_into, stories.c.id)
        async with self._database.reading() as connection:
            views = await connection.execute(
                select(story_views.c.seen_at)
                .join_from(story_views, stories, story_views.c.story_id == stories.c.id)
                .where(and_(story_views.c.reader_id == reader, kept == story))
                .order_by(story_views.c.seen_at.desc())
                .limit(1)
            )
            row = views.first()
            return None if row is None else row.seen_at


async def _forget_old(connection: Transaction, before: datetime) -> None:
    await connection.execute(delete(follow_texts).where(follow_texts.c.told_at < before))
    await connection.execute(delete(follows).where(follows.c.ended_at < before))


def _begins(column: ColumnElement[str], prefix: str) -> ColumnElement[bool]:
    # LIKE ignores letter case on some databases.
    return func.substr(column, 1, len(prefix)) == prefix


def _follows(rows: Sequence[AnyRow], texts: Sequence[AnyRow]) -> tuple[Follow, ...]:
    """The follows of rows in their order, of each story the first of a reader's."""
    told: dict[int, dict[ArticleId, datetime]] = defaultdict(dict)
    heard: dict[str, set[ArticleId]] = defaultdict(set)
    for text in texts:
        told[text.follow_id][ArticleId(text.group_id)] = text.told_at
        heard[text.reader_id].add(ArticleId(text.group_id))
    first: dict[tuple[str, int], AnyRow] = {}
    for row in rows:
        # A topic is its own, whatever its number.
        first.setdefault((row.reader_id, row.kept_story if row.kept_story is not None else -row.id), row)
    return tuple(
        Follow(
            id=FollowId(row.id),
            number=row.number,
            reader=ReaderId(row.reader_id),
            story=None if row.kept_story is None else StoryId(row.kept_story),
            words=row.words,
            language=row.language,
            since=row.since,
            told_at=row.told_at,
            told=told[row.id],
            heard=frozenset(heard[row.reader_id]),
        )
        for row in first.values()
    )
