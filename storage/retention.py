"""What is let go by its age: articles, of which a trace stays so that no feed brings them back, and what was talked.

An article's age is counted up to the last day but one on which any came in, not by the clock: an instance that was off
for long, or whose clock was years ahead for a day, lets nothing go before there is news in its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, exists, func, select, update

from storage.articles import ArticleStore
from storage.columns import digest, storable
from storage.corpus import REVISION
from storage.counters import counter
from storage.database import Database, Transaction, chunks, insert
from storage.domain.evidence import EvidenceKind
from storage.domain.news import ArticleId
from storage.schema import (
    articles,
    conversations,
    dropped_articles,
    evidence,
    stories,
    story_articles,
    story_views,
    turns,
)
from storage.stories import STORIES

TRACES_KEPT = timedelta(days=365)
"""How long a trace stays after a feed had the article last."""

_AT_ONCE = 5_000
_TOGETHER = 100
"""Articles of one transaction: of 12 passages each a fifth of a second, in which nobody else writes in SQLite."""
_MET_AGAIN_AFTER = timedelta(days=1)
"""A feed that is read every quarter of an hour need not have it written each time what it still has."""
_EVERYONES = ""
_QUESTIONS = (EvidenceKind.ASKED, EvidenceKind.FOLLOWED_UP)

_target = stories.alias("target")
_told = exists().where(story_articles.c.story_id == stories.c.id)


class RetentionStore:
    """What `bot.flows.ports.RetentionShelf` and `retrieval.ports.Dropped` ask for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._articles = ArticleStore(database)
        self._clean_before: datetime | None = None
        self._emptied = True

    async def drop_articles(self, kept: timedelta) -> int:
        """Let some thousand articles go that came in longer ago than `kept`; how many: call it again until that is 0.

        Those stay that a reader did something about, for their interests are learned from them. Stories of which
        nothing is left go once the stories have taken over what went.

        Raises:
            StorageError: The database cannot be used; what went before is gone.
        """
        async with self._database.reading() as connection:
            last = await connection.scalar(select(func.max(articles.c.first_seen)))
            if last is None:
                return 0
            earlier = articles.c.first_seen < _day(last)
            newest = await connection.scalar(select(func.max(articles.c.first_seen)).where(earlier))
            if newest is None:
                return 0
        gone = await self._drop_before(_day(newest) - kept, newest)
        self._emptied = self._emptied or gone > 0
        if self._emptied and not gone:
            async with self._database.transaction() as connection:
                self._emptied = not await _drop_emptied(connection)
        return gone

    async def _drop_before(self, before: datetime, newest: datetime) -> int:
        if before == self._clean_before:
            return 0
        async with self._database.reading() as connection:
            wanted = select(evidence.c.key).where(evidence.c.kind != EvidenceKind.IGNORED)
            old = await connection.scalars(
                select(articles.c.id)
                .where(articles.c.first_seen < before, articles.c.id.not_in(wanted))
                .order_by(articles.c.first_seen)
                .limit(_AT_ONCE)
            )
            ids = [ArticleId(each) for each in old]
        gone = 0
        for chunk in chunks(ids, _TOGETHER):
            async with self._database.transaction() as connection:
                await _leave_traces(connection, chunk, newest)
                gone += await self._articles.remove(chunk, within=connection)
        if len(ids) < _AT_ONCE:
            async with self._database.transaction() as connection:
                over = dropped_articles.c.met_at < newest - TRACES_KEPT
                await connection.execute(delete(dropped_articles).where(over))
            self._clean_before = before
        return gone

    async def met(self, known: Mapping[str, str], audience: str | None, now: datetime) -> frozenset[str]:
        """Those of what a feed has that was dropped by its age, everyone's or the audience's own.

        Args:
            known: By any name, what an article is known by: its canonical URL, or its text where it has none.
            audience: The feed whose readers alone see its articles; `None` where they are everyone's.
            now: It is dropped for as long again from now on.
        """
        named: dict[bytes, list[str]] = {}
        for name, by in known.items():
            named.setdefault(digest(storable(by)), []).append(name)
        whose = dropped_articles.c.audience.in_({_EVERYONES, audience or _EVERYONES})
        found: set[bytes] = set()
        stale: set[bytes] = set()
        async with self._database.reading() as connection:
            for chunk in chunks(list(named)):
                rows = await connection.execute(
                    select(dropped_articles.c.key, dropped_articles.c.met_at).where(
                        whose, dropped_articles.c.key.in_(chunk)
                    )
                )
                for row in rows:
                    found.add(row.key)
                    if row.met_at < now - _MET_AGAIN_AFTER:
                        stale.add(row.key)
        if stale:
            async with self._database.transaction() as connection:
                for chunk in chunks(sorted(stale)):
                    still = update(dropped_articles).where(whose, dropped_articles.c.key.in_(chunk))
                    await connection.execute(still.values(met_at=now))
        return frozenset(name for key in found for name in named[key])

    async def drop_talk(self, before: datetime) -> int:
        """Let go what readers asked and were answered before then, and what it told of them; how many questions.

        What they said of themselves stays, as does what of their interests was learned by now, which fades by itself.
        """
        asked = and_(evidence.c.at < before, evidence.c.kind.in_(_QUESTIONS), evidence.c.text.is_not(None))
        # They are looked for while others write, and deleted some at a time.
        async with self._database.reading() as connection:
            old = (
                await connection.execute(select(turns.c.id, turns.c.conversation_id).where(turns.c.at < before))
            ).all()
            told = list(await connection.scalars(select(evidence.c.id).where(asked)))
        said = exists().where(turns.c.conversation_id == conversations.c.id)
        gone = 0
        for some in chunks(old):
            async with self._database.transaction() as connection:
                ids, talks = [row.id for row in some], {row.conversation_id for row in some}
                gone += (await connection.execute(delete(turns).where(turns.c.id.in_(ids)))).rowcount
                await connection.execute(delete(conversations).where(conversations.c.id.in_(talks), ~said))
        for each in chunks(told):
            async with self._database.transaction() as connection:
                await connection.execute(delete(evidence).where(evidence.c.id.in_(each)))
        return gone


def _day(at: datetime) -> datetime:
    """When its day began."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


async def _leave_traces(connection: Transaction, ids: Sequence[ArticleId], at: datetime) -> None:
    rows = await connection.execute(
        select(articles.c.canonical_url, articles.c.digest, articles.c.audience).where(articles.c.id.in_(ids))
    )
    traces = {
        (row.audience or _EVERYONES, row.digest if row.canonical_url is None else digest(row.canonical_url))
        for row in rows
    }
    if traces:
        upsert = insert(connection, dropped_articles)
        keyed = [dropped_articles.c.audience, dropped_articles.c.key]
        await connection.execute(
            upsert.on_conflict_do_update(index_elements=keyed, set_={"met_at": at}),
            [{"audience": audience, "key": key, "met_at": at} for audience, key in sorted(traces)],
        )


async def _drop_emptied(connection: Transaction) -> bool:
    """Drop the stories of which nothing is left, and who looked at them; whether that could be done now.

    Not while whoever puts articles into them has yet to take over what went, and may add to one. One that others lead
    to goes before those. The newest stays, so that no number comes to mean another story.
    """
    if await counter(connection, STORIES) < await counter(connection, REVISION):
        return False
    newest = select(func.max(stories.c.id)).scalar_subquery()
    await connection.execute(delete(stories).where(stories.c.merged_into.is_(None), ~_told, stories.c.id < newest))
    leads = exists().where(_target.c.id == stories.c.merged_into)
    await connection.execute(delete(stories).where(stories.c.merged_into.is_not(None), ~leads, ~_told))
    known = exists().where(stories.c.id == story_views.c.story_id)
    await connection.execute(delete(story_views).where(~known))
    return True
