"""Digests: how readers want them, which hours are done with, and what was shown. Every row names its reader.

An hour is claimed by the row that names it, in the transaction that enqueues the messages: whoever comes second finds
it there, and enqueues nothing.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import AnyRow, Database, Transaction, chunks, insert
from storage.domain.changes import Listed, Wished
from storage.domain.deliveries import OutboxMessage
from storage.domain.digests import Digest, DigestSettings, Outcome, Settled, Shown, ShownList
from storage.domain.evidence import Evidence
from storage.domain.heard import Heard
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId
from storage.evidence import note
from storage.outbox import enqueue
from storage.schema import digest_settings, digest_slots, follow_texts, shown_stories, stories, story_views
from storage.shut_out import sent_unasked
from storage.stories import NO_STORY
from storage.wishes import read, written

log = logging.getLogger(__name__)

ALERT = "alert-"
"""What the names of slots of breaking news begin with; of hours they begin with a year."""
KEPT = timedelta(days=60)
"""How long it is remembered which hours are done with, and what was shown."""


class DigestStore:
    """What `bot.flows.digest.DigestShelf` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # how readers want them

    async def settings(self, reader: ReaderId) -> DigestSettings | None:
        """How a reader wants their digests; `None` where they never said."""
        async with self._database.reading() as connection:
            row = (
                await connection.execute(select(digest_settings).where(digest_settings.c.reader_id == reader))
            ).first()
            return None if row is None else read(reader, row.active, row.wishes)

    async def wish(self, wished: Wished, *, within: Transaction | None = None) -> None:
        """Take down how a reader wants them from then on, and what that tells of them; see `Database.transaction`."""
        settings = wished.settings
        values = {
            "active": settings.active,
            "alerts": settings.alerts is not None,
            "wake_at": wished.wake_at,
            "wishes": written(settings),
        }
        async with self._database.transaction(within) as connection:
            await connection.execute(
                insert(connection, digest_settings)
                .values(reader_id=settings.reader, **values)
                .on_conflict_do_update(index_elements=[digest_settings.c.reader_id], set_=values)
            )
            await note(connection, wished.evidence)

    async def due(
        self, readers: str, now: datetime, beyond: datetime, limit: int, after: ReaderId | None = None
    ) -> Sequence[DigestSettings]:
        """Those of readers whose ids begin so and who are to be looked at by now, in the order of their ids.

        Whoever cannot be reached waits until they speak again.

        Args:
            readers: What the ids begin with.
            now: The present.
            beyond: Who is to be looked at only after that, is by a clock that was wrong, and is looked at now.
            limit: How many at most.
            after: Only those whose ids come after this one.
        """
        wake_at = digest_settings.c.wake_at
        return await self._page(readers, limit, after, digest_settings.c.active, or_(wake_at <= now, wake_at > beyond))

    async def alerted(self, readers: str, limit: int, after: ReaderId | None = None) -> Sequence[DigestSettings]:
        """The same of those who want breaking news at once."""
        return await self._page(readers, limit, after, digest_settings.c.alerts)

    async def _page(
        self, readers: str, limit: int, after: ReaderId | None, *bounds: ColumnElement[bool]
    ) -> Sequence[DigestSettings]:
        named = func.substr(digest_settings.c.reader_id, 1, len(readers)) == readers
        bounds = (*bounds, named, *sent_unasked(digest_settings.c.reader_id))
        if after is not None:
            bounds = (*bounds, digest_settings.c.reader_id > after)
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(digest_settings).where(*bounds).order_by(digest_settings.c.reader_id).limit(limit)
            )
            return tuple(each for row in rows if (each := readable(row)) is not None)

    # what became of them

    async def done(self, readers: Collection[ReaderId], earliest: str) -> dict[ReaderId, frozenset[str]]:
        """The names of the hours that are settled, by reader, from the name `earliest` on; breaking news are none."""
        found: dict[ReaderId, set[str]] = defaultdict(set)
        async with self._database.reading() as connection:
            for chunk in chunks(list(readers)):
                rows = await connection.execute(
                    select(digest_slots.c.reader_id, digest_slots.c.slot).where(
                        digest_slots.c.reader_id.in_(chunk),
                        digest_slots.c.slot >= earliest,
                        digest_slots.c.slot < ALERT,
                    )
                )
                for row in rows:
                    found[ReaderId(row.reader_id)].add(row.slot)
        return {reader: frozenset(slots) for reader, slots in found.items()}

    async def settle(
        self, settled: Settled, messages: Sequence[OutboxMessage] = (), ignored: Sequence[Evidence] = ()
    ) -> bool:
        """Take down what was decided, and enqueue its messages: all of it, or nothing.

        Args:
            settled: What was decided.
            messages: What tells the digest, or that there is none.
            ignored: What the reader did nothing about of what they were shown before.

        Returns:
            Whether the digest is this one's to send; not where its hour was settled by another, or its reader wishes
            otherwise by now. When to look again is taken down in either case.
        """
        digest = settled.digest
        async with self._database.transaction() as connection:
            for name in settled.skipped if await _is_there(connection, settled.settings.reader) else ():
                await _claim(connection, settled.settings.reader, name, Outcome.SKIPPED, settled.at)
            wanted = await _still_wants(connection, settled.settings)
            sent = wanted and digest is not None and await _send(connection, digest, messages)
            if sent:
                await note(connection, ignored)
            # Whoever wished otherwise meanwhile is looked at when that wants it.
            if wanted:
                await connection.execute(
                    update(digest_settings)
                    .where(digest_settings.c.reader_id == settled.settings.reader)
                    .values(wake_at=settled.wake_at)
                )
            return sent

    async def alert(self, digest: Digest, messages: Sequence[OutboxMessage]) -> bool:
        """Take down breaking news and enqueue its messages: all of it, or nothing; whether it was not sent before."""
        async with self._database.transaction() as connection:
            return await _send(connection, digest, messages)

    async def claimed(self, readers: Collection[ReaderId], prefix: str, since: datetime) -> dict[ReaderId, int]:
        """How many slots whose names begin so were settled since then, by reader; none of those who have none."""
        named = func.substr(digest_slots.c.slot, 1, len(prefix)) == prefix
        found: dict[ReaderId, int] = {}
        async with self._database.reading() as connection:
            for chunk in chunks(list(readers)):
                rows = await connection.execute(
                    select(digest_slots.c.reader_id, func.count().label("times"))
                    .where(digest_slots.c.reader_id.in_(chunk), named, digest_slots.c.settled_at >= since)
                    .group_by(digest_slots.c.reader_id)
                )
                found.update({ReaderId(row.reader_id): row.times for row in rows})
        return found

    # what was shown

    async def show(self, listed: Listed, *, within: Transaction | None = None) -> None:
        """Take down what a reader was shown; see `Database.transaction`."""
        async with self._database.transaction(within) as connection:
            await _show(connection, listed.digest)

    async def shown(self, readers: Collection[ReaderId], since: datetime) -> dict[ReaderId, tuple[Shown, ...]]:
        """What each of these readers was shown since then, each story once, as it was shown last.

        So are stories whose page they looked at, and texts that they were told as news of what they follow, of whatever
        story these are.
        """
        last: dict[tuple[str, int], datetime] = {}
        texts: dict[tuple[str, int], Heard] = defaultdict(Heard)
        async with self._database.reading() as connection:
            for chunk in chunks(list(readers)):
                for reader, story, at, told in await _seen(connection, chunk, since):
                    last[reader, story] = max(at, last.get((reader, story), at))
                    texts[reader, story] |= told
        found: dict[ReaderId, list[Shown]] = defaultdict(list)
        for (reader, story), at in last.items():
            shown = Shown(story=StoryId(story), at=at, texts=texts[reader, story])
            found[ReaderId(reader)].append(shown)
        return {reader: tuple(each) for reader, each in found.items()}

    async def lists(self, since: datetime, reader: ReaderId | None = None) -> Sequence[ShownList]:
        """What readers were shown together since then, the earliest first: one, or all."""
        bounds = [shown_stories.c.at >= since]
        if reader is not None:
            bounds.append(shown_stories.c.reader_id == reader)
        async with self._database.reading() as connection:
            return await _lists(connection, bounds)

    async def last(self, readers: Collection[ReaderId], since: datetime) -> dict[ReaderId, ShownList]:
        """The last digest that each of these readers was sent since then, without what they looked at since."""
        found: dict[ReaderId, ShownList] = {}
        async with self._database.reading() as connection:
            for chunk in chunks(list(readers)):
                mine = (shown_stories.c.reader_id.in_(chunk), shown_stories.c.at >= since, shown_stories.c.slot < ALERT)
                latest = (
                    select(shown_stories.c.reader_id, func.max(shown_stories.c.at).label("at"))
                    .where(*mine)
                    .group_by(shown_stories.c.reader_id)
                )
                times = {row.reader_id: row.at for row in await connection.execute(latest)}
                looked = exists().where(
                    story_views.c.reader_id == shown_stories.c.reader_id,
                    story_views.c.story_id == shown_stories.c.story_id,
                    story_views.c.seen_at >= shown_stories.c.at,
                )
                lists = await _lists(connection, [*mine, ~looked])
                found.update({each.reader: each for each in lists if times[each.reader] == each.at})
        return found

    async def prune(self, before: datetime) -> int:
        """Drop what was settled or shown before then; returns how many rows."""
        async with self._database.transaction() as connection:
            slots = await connection.execute(delete(digest_slots).where(digest_slots.c.settled_at < before))
            shown = await connection.execute(delete(shown_stories).where(shown_stories.c.at < before))
            return slots.rowcount + shown.rowcount


def readable(row: AnyRow) -> DigestSettings | None:
    """The settings in a row; one that this version cannot read is logged, and stops nobody else."""
    try:
        return read(ReaderId(row.reader_id), row.active, row.wishes)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        log.warning("digest_wishes_not_read", extra={"error": type(error).__name__})
        return None


async def _send(connection: Transaction, digest: Digest, messages: Sequence[OutboxMessage]) -> bool:
    """Claim the slot of a digest, take down what it shows and enqueue its messages; not where it is claimed already.

    Nor where its reader was forgotten while it was made.
    """
    if digest.slot is None or digest.reader is None:
        raise ValueError("a digest that is sent has a reader and an hour")
    if not await _is_there(connection, digest.reader):
        return False
    outcome = Outcome.SENT if digest.items else Outcome.EMPTY
    if not await _claim(connection, digest.reader, digest.slot.name, outcome, digest.at):
        return False
    await _show(connection, digest)
    await enqueue(connection, messages)
    return True


async def _still_wants(connection: Transaction, settings: DigestSettings) -> bool:
    """Whether a reader wishes what they did when it was decided; who changed their mind meanwhile is decided anew.

    What is wished is compared, and not how it is written: another version may have written it. It stays so until the
    transaction ends.
    """
    mine = select(digest_settings).where(digest_settings.c.reader_id == settings.reader).with_for_update()
    row = (await connection.execute(mine)).first()
    return row is not None and readable(row) == settings


async def _is_there(connection: Transaction, reader: ReaderId) -> bool:
    """Whether a reader still has settings, which stay until the transaction ends."""
    mine = select(digest_settings.c.reader_id).where(digest_settings.c.reader_id == reader)
    return await connection.scalar(mine.with_for_update()) is not None


async def _claim(connection: Transaction, reader: ReaderId, name: str, outcome: Outcome, at: datetime) -> bool:
    """Take down what became of an hour; whether nothing had been yet."""
    new = await connection.scalars(
        insert(connection, digest_slots)
        .values(reader_id=reader, slot=name, outcome=outcome, settled_at=at)
        .on_conflict_do_nothing()
        .returning(digest_slots.c.slot)
    )
    return new.first() is not None


def _kept(table: Table) -> ColumnElement[int]:
    """The story that the one of a row is part of by now."""
    return func.coalesce(stories.c.merged_into, table.c.story_id).label("story")


async def _seen(
    connection: Transaction, readers: Sequence[ReaderId], since: datetime
) -> list[tuple[str, int, datetime, Heard]]:
    """(reader, story as it is by now, when, texts) of all that these readers saw since then."""
    listed = await connection.execute(
        select(shown_stories.c.reader_id, shown_stories.c.at, shown_stories.c.heard, _kept(shown_stories))
        .join_from(shown_stories, stories, shown_stories.c.story_id == stories.c.id, isouter=True)
        .where(shown_stories.c.reader_id.in_(readers), shown_stories.c.at >= since)
    )
    looked = await connection.execute(
        select(story_views.c.reader_id, story_views.c.seen_at, _kept(story_views))
        .join_from(story_views, stories, story_views.c.story_id == stories.c.id, isouter=True)
        .where(story_views.c.reader_id.in_(readers), story_views.c.seen_at >= since)
    )
    followed = await connection.execute(
        select(follow_texts.c.reader_id, follow_texts.c.told_at, follow_texts.c.group_id).where(
            follow_texts.c.reader_id.in_(readers), follow_texts.c.told_at >= since
        )
    )
    return [
        *((row.reader_id, row.story, row.at, Heard.unpacked(row.heard)) for row in listed),
        *((row.reader_id, row.story, row.seen_at, Heard()) for row in looked),
        *((row.reader_id, NO_STORY, row.told_at, Heard.of([ArticleId(row.group_id)])) for row in followed),
    ]


async def _lists(connection: AsyncConnection, bounds: Sequence[ColumnElement[bool]]) -> tuple[ShownList, ...]:
    found: dict[tuple[str, datetime], list[AnyRow]] = defaultdict(list)
    rows = await connection.execute(
        select(shown_stories)
        .where(*bounds)
        .order_by(shown_stories.c.at, shown_stories.c.reader_id, shown_stories.c.place)
    )
    for row in rows:
        found[row.reader_id, row.at].append(row)
    return tuple(
        ShownList(
            reader=ReaderId(who),
            at=at,
            slot=held[0].slot,
            articles=tuple(tuple(map(ArticleId, json.loads(row.articles))) for row in held),
            features=tuple(json.loads(row.features) for row in held),
        )
        for (who, at), held in found.items()
    )


async def _show(connection: Transaction, digest: Digest) -> None:
    if not digest.items or digest.reader is None:
        return
    rows = [
        {
            "reader_id": digest.reader,
            "at": digest.at,
            "place": place,
            "slot": None if digest.slot is None else digest.slot.name,
            "story_id": item.story,
            "articles": json.dumps(item.articles),
            "heard": Heard.of(item.texts).packed(),
            "features": json.dumps({name: round(value, 5) for name, value in item.features.items()}),
        }
        for place, item in enumerate(digest.items)
    ]
    # The same list, decided anew, has the same time only by chance.
    await connection.execute(insert(connection, shown_stories).on_conflict_do_nothing(), rows)
