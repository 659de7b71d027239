"""The stories: which article tells of which event. Written by whoever clusters, read by those who list.

Everything a step changes is committed with the revision it leads to, and only where the stories still stand at the
one it began at: two processes that take the same articles over cannot both do so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, func, or_, select, true, update

from storage.annotations import note, present
from storage.counters import advance, counter
from storage.database import AnyRow, Database, Transaction, chunks, insert
from storage.domain.annotations import Annotation
from storage.domain.news import ArticleId, Filters
from storage.domain.people import ReaderId
from storage.domain.stories import Placed, Report, Story, StoryId
from storage.headlines import HEADLINE, headline, meets, seen_by
from storage.schema import articles, counters, stories, story_articles

STORIES = "stories"
"""The counter of the revision that the stories stand at."""

_AT = func.coalesce(articles.c.published, articles.c.first_seen)
_MEMBERS = (
    select(story_articles.c.story_id, story_articles.c.novelty, *HEADLINE)
    .join_from(story_articles, articles, story_articles.c.article_id == articles.c.id)
    .order_by(story_articles.c.story_id, _AT, articles.c.revision)
)


class StoryStore:
    """What `retrieval.ports.StoryBook` and `bot.flows.ports.StoryShelf` ask for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # for whoever clusters

    async def revision(self) -> int:
        """The revision of the corpus that the stories stand at."""
        async with self._database.reading() as connection:
            return await counter(connection, STORIES)

    async def placed(self, limit: int) -> tuple[Sequence[Placed], StoryId]:
        """The newest articles that have a sketch, the oldest of them first, and the highest number of a story."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(story_articles)
                .join_from(story_articles, articles, story_articles.c.article_id == articles.c.id)
                .where(story_articles.c.sketch.is_not(None))
                .order_by(articles.c.revision.desc())
                .limit(limit)
            )
            found = [
                Placed(
                    article=ArticleId(row.article_id),
                    story=StoryId(row.story_id),
                    novelty=row.novelty,
                    sketch=row.sketch,
                )
                for row in rows
            ]
            highest = await connection.scalar(select(func.max(stories.c.id)))
        return found[::-1], StoryId(highest or 0)

    async def known(self, ids: Sequence[ArticleId]) -> dict[ArticleId, StoryId]:
        """Which of these articles are in a story, and in which."""
        found: dict[ArticleId, StoryId] = {}
        async with self._database.reading() as connection:
            for chunk in chunks(list(dict.fromkeys(ids))):
                rows = await connection.execute(
                    select(story_articles.c.article_id, story_articles.c.story_id).where(
                        story_articles.c.article_id.in_(chunk)
                    )
                )
                found.update((ArticleId(row.article_id), StoryId(row.story_id)) for row in rows)
        return found

    async def commit(
        self,
        *,
        after: int,
        upto: int,
        placed: Sequence[Placed] = (),
        moved: Mapping[ArticleId, StoryId] | None = None,
        merged: Mapping[StoryId, StoryId] | None = None,
        faded: Sequence[ArticleId] = (),
        noted: Mapping[ArticleId, Annotation] | None = None,
    ) -> bool:
        """Write one step: new articles of stories, old ones that moved, stories that became one, sketches not needed.

        Args:
            after: The revision the step began at.
            upto: The one it leads to.
            placed: Articles and their stories, which are begun where they are new. Those that are gone are passed over.
            moved: Articles that are in another story than before.
            merged: Stories that are no more, and what they are part of.
            faded: Articles whose sketches are dropped.
            noted: What is noted of articles. Those that are gone are passed over.

        Returns:
            Whether it was written: not where another process has taken the stories on from `after`.
        """
        moved, merged = moved or {}, merged or {}
        async with self._database.transaction() as connection:
            if not await advance(connection, STORIES, after=after, upto=upto):
                return False
            await _begin(connection, {*(each.story for each in placed), *moved.values(), *merged, *merged.values()})
            await _place(connection, placed)
            await note(connection, noted or {})
            await _move(connection, moved)
            for old, kept in merged.items():
                await _merge(connection, old, kept)
            for chunk in chunks(list(faded)):
                gone = story_articles.c.article_id.in_(chunk)
                await connection.execute(update(story_articles).where(gone).values(sketch=None))
        return True

    async def clear(self) -> None:
        """Forget which article tells of which event; the next step begins at the first article."""
        async with self._database.transaction() as connection:
            await connection.execute(delete(story_articles))
            await connection.execute(delete(stories))
            await connection.execute(delete(counters).where(counters.c.name == STORIES))

    # for those who list

    async def story(self, id_: StoryId, reader: ReaderId | None) -> Story | None:
        """The story of that number, or the one it is part of by now, with the reports `reader` may see, if any."""
        async with self._database.reading() as connection:
            kept = await connection.scalar(select(stories.c.merged_into).where(stories.c.id == id_))
            rows = await connection.execute(
                _MEMBERS.where(story_articles.c.story_id == (kept or id_), true(), *seen_by(reader))
            )
            return next(iter(_stories(rows)), None)

    async def recent(self, since: datetime, filters: Filters, reader: ReaderId | None) -> Sequence[Story]:
        """The stories that something was published of since then, each with all its reports that `reader` may see.

        Args:
            since: By the published time; by when it was first seen where that is unknown.
            filters: Bounds that one such report meets.
            reader: Whose sources count; `None` sees all.
        """
        late = or_(articles.c.published >= since, and_(articles.c.published.is_(None), articles.c.first_seen >= since))
        moving = (
            select(story_articles.c.story_id)
            .join_from(story_articles, articles, story_articles.c.article_id == articles.c.id)
            .where(late, *meets(filters), *seen_by(reader))
        )
        async with self._database.reading() as connection:
            rows = await connection.execute(
                _MEMBERS.where(story_articles.c.story_id.in_(moving), true(), *seen_by(reader))
            )
            return _stories(rows)

    async def published(self, since: datetime, until: datetime, limit: int) -> Sequence[tuple[str, datetime]]:
        """(source, when) of the newest articles of a time: what outlets usually publish."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(articles.c.source, articles.c.published)
                .where(articles.c.published >= since, articles.c.published < until, articles.c.source.is_not(None))
                .order_by(articles.c.published.desc())
                .limit(limit)
            )
            return [(row.source, row.published) for row in rows]


async def _begin(connection: Transaction, ids: set[StoryId]) -> None:
    if ids:
        begun = insert(connection, stories).on_conflict_do_nothing()
        await connection.execute(begun, [{"id": each} for each in sorted(ids)])


async def _place(connection: Transaction, placed: Sequence[Placed]) -> None:
    there = await present(connection, [each.article for each in placed])
    rows = [
        {"article_id": each.article, "story_id": each.story, "novelty": each.novelty, "sketch": each.sketch}
        for each in placed
        if each.article in there
    ]
    if rows:
        upsert = insert(connection, story_articles)
        changed = {name: upsert.excluded[name] for name in ("story_id", "novelty", "sketch")}
        await connection.execute(
            upsert.on_conflict_do_update(index_elements=[story_articles.c.article_id], set_=changed), rows
        )


async def _move(connection: Transaction, moved: Mapping[ArticleId, StoryId]) -> None:
    if moved:
        moving = update(story_articles).where(story_articles.c.article_id == bindparam("article"))
        await connection.execute(
            moving.values(story_id=bindparam("story")),
            [{"article": article, "story": story} for article, story in moved.items()],
        )


async def _merge(connection: Transaction, old: StoryId, kept: StoryId) -> None:
    """Lead from the old number, and from those that led to it, to the one that is kept: one step from any."""
    leading = or_(stories.c.id == old, stories.c.merged_into == old)
    await connection.execute(update(stories).where(leading).values(merged_into=kept))
    await connection.execute(update(story_articles).where(story_articles.c.story_id == old).values(story_id=kept))


def _stories(rows: Iterable[AnyRow]) -> list[Story]:
    """The stories of rows that come story by story."""
    found: dict[StoryId, list[Report]] = {}
    for row in rows:
        found.setdefault(StoryId(row.story_id), []).append(Report(headline=headline(row), novelty=row.novelty))
    return [Story(id=id_, reports=tuple(reports)) for id_, reports in found.items()]
