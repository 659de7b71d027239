"""The stories: which article tells of which event. Written by whoever clusters, read by those who list.

Everything a step changes is committed with the revision it leads to, and only where the stories still stand at the
one it began at: two processes that take the same articles over cannot both do so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, case, delete, distinct, func, or_, select, true, update

from storage.annotations import note, present
from storage.counters import advance, counter
from storage.database import AnyRow, Database, Transaction, chunks, insert
from storage.domain.news import ArticleId, Filters
from storage.domain.people import ReaderId
from storage.domain.stories import Company, Placed, Report, RetiredStory, Stand, Story, StoryId, StoryMark, StoryStep
from storage.emptying import empty_some
from storage.headlines import ADDED, HEADLINE, LEFT, headline, meets, seen_by
from storage.schema import (
    article_feeds,
    articles,
    counters,
    follows,
    shown_stories,
    stories,
    story_articles,
    story_views,
    subscriptions,
)

STORIES = "stories"
"""The counter of the revision that the stories stand at."""

NO_STORY = StoryId(0)
"""No story has this number."""
# Of a story so many reports are looked at; the newest tell where it stands.
_MOST_REPORTS = 1_000
# Of a feed of readers' own that more have, articles are compared with its own alone.
_MOST_READERS = 20
_MOST_SETTLED = 500

_at = func.coalesce(articles.c.published, articles.c.first_seen)
_timed = or_(articles.c.published.is_not(None), articles.c.live)
# An article that came before the arrival that made its story was in another one then.
_own = (story_articles.c.arrival >= stories.c.born).label("own")
_MEMBERS = (
    select(story_articles.c.story_id, story_articles.c.novelty, stories.c.roundup, articles.c.live, _own, *HEADLINE)
    .join_from(story_articles, articles, story_articles.c.article_id == articles.c.id)
    .join(stories, story_articles.c.story_id == stories.c.id)
    .order_by(story_articles.c.story_id, _at, articles.c.revision)
)

_MARKS = select(stories).where(stories.c.merged_into.is_(None))
_PLACED = (
    select(story_articles)
    .join_from(story_articles, stories, story_articles.c.story_id == stories.c.id)
    .order_by(story_articles.c.arrival)
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

    async def stand(self, archived: int) -> Stand:
        """Where the stories stand, with the latest `archived` of those that are retired."""
        async with self._database.reading() as connection:
            revision = await counter(connection, STORIES)
            living = await connection.execute(_MARKS.where(stories.c.retired.is_(None)).order_by(stories.c.id))
            gone = (
                await connection.execute(
                    _MARKS.where(stories.c.retired.is_not(None))
                    .order_by(stories.c.retired.desc(), stories.c.id.desc())
                    .limit(archived)
                )
            ).all()[::-1]
            members = await connection.execute(
                _PLACED.where(
                    stories.c.retired.is_(None), story_articles.c.sketch.is_not(None), story_articles.c.arrival >= 0
                )
            )
            return Stand(
                revision=revision,
                marks=tuple(map(_mark, (*living, *gone))),
                members=tuple(map(_placed, members)),
                retired=tuple(RetiredStory(id=StoryId(row.id), signs=row.signs, since=row.retired) for row in gone),
            )

    async def retired(self, id_: StoryId) -> tuple[StoryMark, Sequence[Placed]] | None:
        """A story, and those of its articles that have a sketch, in the order they came; `None` once it is dropped."""
        async with self._database.reading() as connection:
            marked = (await connection.execute(select(stories).where(stories.c.id == id_))).first()
            if marked is None:
                return None
            rows = await connection.execute(
                _PLACED.where(story_articles.c.story_id == id_, story_articles.c.sketch.is_not(None))
            )
            return _mark(marked), tuple(map(_placed, rows))

    async def next_id(self) -> StoryId:
        """A number that no story has, nor any after it."""
        async with self._database.reading() as connection:
            return StoryId(int(await connection.scalar(select(func.max(stories.c.id))) or 0) + 1)

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

    async def private(self, ids: Sequence[ArticleId]) -> dict[ArticleId, str]:
        """Which of these articles only some readers see, and of which feed."""
        found: dict[ArticleId, str] = {}
        async with self._database.reading() as connection:
            for chunk in chunks(ids):
                bound = articles.c.id.in_(chunk), articles.c.audience.is_not(None)
                rows = await connection.execute(select(articles.c.id, articles.c.audience).where(*bound))
                found.update((ArticleId(row.id), row.audience) for row in rows)
        return found

    async def company(self, feed: str, limit: int) -> Company:
        """The articles that exactly those see who see what this feed brings; the latest `limit` of them."""
        async with self._database.reading() as connection:
            feeds = await _of_the_same_readers(connection, feed)
            rows = (
                await connection.execute(
                    select(stories.c.key, story_articles)
                    .join_from(story_articles, articles, story_articles.c.article_id == articles.c.id)
                    .join(stories, stories.c.id == story_articles.c.story_id)
                    # By what the feeds brought, which has an index: what is everybody's is not looked through.
                    .join(article_feeds, article_feeds.c.article_id == articles.c.id)
                    .where(article_feeds.c.feed_url.in_(feeds), article_feeds.c.feed_url == articles.c.audience)
                    .where(story_articles.c.sketch.is_not(None))
                    .order_by(articles.c.revision.desc())
                    .limit(limit + _MOST_SETTLED)
                )
            ).all()
        return Company(
            feeds=feeds,
            members=tuple((row.key, _placed(row)) for row in rows[:limit][::-1]),
            settled=tuple(ArticleId(row.article_id) for row in rows[limit:]),
        )

    async def commit(self, step: StoryStep) -> bool:
        """Write a step whole; whether it was: not where another process has taken the stories on from `step.after`."""
        async with self._database.transaction() as connection:
            if not await advance(connection, STORIES, after=step.after, upto=step.upto):
                return False
            await _mark_all(connection, step.marks)
            for old, kept in step.merged:
                await _merge(connection, old, kept)
            await _place(connection, step.placed)
            await _move(connection, step.moved)
            for chunk in chunks(step.settled):
                done = story_articles.c.article_id.in_(chunk)
                await empty_some(connection, story_articles, done, {"sketch": None})
            for id_ in step.revived:
                await connection.execute(update(stories).where(stories.c.id == id_).values(retired=None, signs=None))
            for each in step.retired:
                await connection.execute(
                    update(stories).where(stories.c.id == each.id).values(retired=each.since, signs=each.signs)
                )
            await note(connection, step.noted)
        return True

    async def clear(self) -> None:
        """Forget which article tells of which event; the next step begins at the first article.

        Numbers begin anew: what readers follow by number is followed by its name from here on.
        """
        async with self._database.transaction() as connection:
            await connection.execute(update(follows).values(story_id=None))
            await connection.execute(update(shown_stories).values(story_id=NO_STORY))
            await connection.execute(delete(story_views))
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

    async def recent(
        self, since: datetime, until: datetime, filters: Filters, reader: ReaderId | None, limit: int
    ) -> Sequence[Story]:
        """The stories that something was published of in a time, those of most texts and outlets first.

        Each with its reports that `reader` may see up to `until`, the newest of very many. Those of which it is not
        known when anything came out are the last, by when it was first seen.

        Args:
            since: By the published time; by when it was first seen where that is unknown, if that was soon after.
            until: What is later is left out.
            filters: Bounds that one such report meets.
            reader: Whose sources count; `None` sees all.
            limit: How many stories at most.
        """
        within = and_(_at >= since, _at < until)
        dated = func.max(case((_timed, 1), else_=0))
        outlets = func.count(distinct(func.coalesce(articles.c.source_key, "")))
        texts = func.count(distinct(articles.c.group_id))
        moving = (
            select(story_articles.c.story_id)
            .join_from(story_articles, articles, story_articles.c.article_id == articles.c.id)
            # Both columns have an index, what is made of them has none.
            .where(or_(articles.c.published >= since, articles.c.first_seen >= since))
            .where(within, *meets(filters), *seen_by(reader))
            .group_by(story_articles.c.story_id)
            .order_by(dated.desc(), outlets.desc(), texts.desc(), func.max(_at).desc(), story_articles.c.story_id)
            .limit(limit)
        )
        async with self._database.reading() as connection:
            ids = list(await connection.scalars(moving))
            found: list[Story] = []
            for chunk in chunks(ids):
                newest = func.row_number().over(partition_by=story_articles.c.story_id, order_by=_at.desc())
                ranked = (
                    select(story_articles.c.article_id.label("id"), newest.label("place"))
                    .join_from(story_articles, articles, story_articles.c.article_id == articles.c.id)
                    .where(story_articles.c.story_id.in_(chunk), _at < until, *seen_by(reader))
                    .subquery()
                )
                shown = select(ranked.c.id).where(ranked.c.place <= _MOST_REPORTS)
                found += _stories(await connection.execute(_MEMBERS.where(articles.c.id.in_(shown))))
        places = {id_: place for place, id_ in enumerate(ids)}
        # One that came out before is not of this time because something undated is.
        moved = [
            story
            for story in found
            if not story.timed or any(each.timed and each.at >= since for each in story.reports)
        ]
        return sorted(moved, key=lambda story: places[story.id])

    async def published(self, since: datetime, until: datetime, limit: int) -> Sequence[tuple[str, datetime]]:
        """(source, when) of the newest articles of a time that are everyone's: what outlets usually publish."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(articles.c.source, articles.c.published)
                .where(
                    articles.c.published >= since,
                    articles.c.published < until,
                    articles.c.source.is_not(None),
                    articles.c.audience.is_(None),
                )
                .order_by(articles.c.published.desc())
                .limit(limit)
            )
            return [(row.source, row.published) for row in rows]


async def _of_the_same_readers(connection: Transaction, feed: str) -> frozenset[str]:
    """The feeds of readers' own that exactly those have who have this one; of one that many have, it alone."""
    has = subscriptions.c.state.in_((ADDED, LEFT))
    readers = set(
        await connection.scalars(
            select(subscriptions.c.reader_id).where(subscriptions.c.feed_url == feed, has).limit(_MOST_READERS + 1)
        )
    )
    if not readers or len(readers) > _MOST_READERS:
        return frozenset([feed])
    theirs = select(subscriptions.c.feed_url).where(subscriptions.c.reader_id == min(readers), has)
    # Of those that many others have, who they are is not looked up.
    as_many = (
        select(subscriptions.c.feed_url)
        .where(subscriptions.c.feed_url.in_(theirs), has)
        .group_by(subscriptions.c.feed_url)
        .having(func.count() == len(readers))
    )
    rows = await connection.execute(
        select(subscriptions.c.feed_url, subscriptions.c.reader_id).where(subscriptions.c.feed_url.in_(as_many), has)
    )
    who: dict[str, set[str]] = {}
    for row in rows:
        who.setdefault(row.feed_url, set()).add(row.reader_id)
    return frozenset([feed, *(each for each, having in who.items() if having == readers)])


async def _mark_all(connection: Transaction, marks: Sequence[StoryMark]) -> None:
    if marks:
        upsert = insert(connection, stories)
        changed = {"settled": upsert.excluded.settled, "roundup": upsert.excluded.roundup}
        await connection.execute(
            upsert.on_conflict_do_update(index_elements=[stories.c.id], set_=changed),
            [
                {
                    "id": each.id,
                    "key": each.key,
                    "born": each.born,
                    "settled": each.settled,
                    "roundup": each.roundup,
                }
                for each in marks
            ],
        )


async def _place(connection: Transaction, placed: Sequence[Placed]) -> None:
    there = await present(connection, [each.article for each in placed])
    rows = [
        {
            "article_id": each.article,
            "story_id": each.story,
            "arrival": each.arrival,
            "novelty": each.novelty,
            "sketch": each.sketch,
        }
        for each in placed
        if each.article in there
    ]
    if rows:
        upsert = insert(connection, story_articles)
        changed = {name: upsert.excluded[name] for name in ("story_id", "arrival", "novelty", "sketch")}
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


def _mark(row: AnyRow) -> StoryMark:
    return StoryMark(id=StoryId(row.id), key=row.key, born=row.born, settled=row.settled, roundup=row.roundup)


def _placed(row: AnyRow) -> Placed:
    return Placed(
        article=ArticleId(row.article_id),
        story=StoryId(row.story_id),
        arrival=row.arrival,
        novelty=row.novelty,
        sketch=row.sketch,
    )


def _stories(rows: Iterable[AnyRow]) -> list[Story]:
    """The stories of rows that come story by story."""
    found: dict[StoryId, list[Report]] = {}
    begun: dict[StoryId, datetime] = {}
    roundups: set[StoryId] = set()
    for row in rows:
        id_, report = StoryId(row.story_id), Report(headline=headline(row), novelty=row.novelty, live=row.live)
        found.setdefault(id_, []).append(report)
        if row.roundup:
            roundups.add(id_)
        if row.own:
            begun[id_] = min(begun.get(id_, report.headline.first_seen), report.headline.first_seen)
    return [
        Story(id=id_, reports=tuple(reports), begun=begun.get(id_), roundup=id_ in roundups)
        for id_, reports in found.items()
    ]
