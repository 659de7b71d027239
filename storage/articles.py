"""The articles as gathering and listings see them: saved, recognised again, listed. Written in whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select, update

from storage.columns import digest, storable
from storage.corpus import REVISION, Corpus
from storage.database import AnyRow, Database, Transaction, chunks, insert
from storage.domain.news import (
    Article,
    ArticleId,
    Filters,
    Fingerprint,
    Headline,
    HeldArticle,
    PreparedArticle,
    SaveReport,
)
from storage.domain.people import ReaderId
from storage.domain.sources import fold, host_of
from storage.headlines import HEADLINE, IMPORTED, headline, meets, seen_by
from storage.schema import article_bands, article_feeds, articles, counters, passages, removed_passages

# How many near copies are worth a look; those that share most bands come first.
_NEAR_LIMIT = 200

_HELD = (articles.c.id, articles.c.title, articles.c.digest, articles.c.feed_url, articles.c.audience)


class ArticleStore(Corpus):
    """What `retrieval.ports.ArticleStore` and `retrieval.ports.Corpus` ask for, and what listings need."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)

    async def save(self, prepared: Sequence[PreparedArticle]) -> SaveReport:
        """Store what is new, replace what changed, in one transaction.

        An article that is held with the same title and text counts as a duplicate, as does one that another feed
        brought: only the feed that did, for the same audience, or the operator rewrites it. That it came from this
        feed too is kept. One that changed gets new passages, and keeps when it was first seen. Later ones of a batch
        win.
        """
        async with self._database.transaction() as connection:
            revision = await _newest(connection)
            batch = _sort_out(prepared, await _held(connection, prepared))
            if batch.changed:
                await _number(connection, revision + len(batch.changed))
                revisions = {id_: revision + place for place, id_ in enumerate(batch.changed, start=1)}
                await _retire(connection, {id_: revisions[id_] for id_ in batch.changed if id_ in batch.replaced})
                await _write(connection, batch, revisions)
            await _link(connection, (_linked(one) for one in prepared))
        return batch.report

    async def remove(self, ids: Sequence[ArticleId], *, within: Transaction | None = None) -> int:
        """Take articles out, passages and vectors with them, in one transaction; returns how many there were.

        See `Database.transaction` for `within`.
        """
        removed = 0
        async with self._database.transaction(within) as connection:
            revision = await _newest(connection) + 1
            for chunk in chunks(list(dict.fromkeys(ids))):
                await _retire(connection, dict.fromkeys(chunk, revision))
                gone = await connection.execute(delete(articles).where(articles.c.id.in_(chunk)))
                removed += gone.rowcount
            if removed:
                await _number(connection, revision)
        return removed

    async def link(self, feed_url: str, ids: Sequence[ArticleId], audience: str | None = None) -> None:
        """Note that these articles, everyone's or the audience's own, are in this feed too; others are passed over.

        Args:
            feed_url: The feed.
            ids: Articles it carries.
            audience: The feed itself where it is not shared: the link is its readers' alone.
        """
        async with self._database.transaction() as connection:
            held: list[ArticleId] = []
            for chunk in chunks(list(dict.fromkeys(ids))):
                held += await connection.scalars(
                    select(articles.c.id).where(articles.c.id.in_(chunk), _within(audience))
                )
            await _link(connection, ((id_, feed_url, audience is None) for id_ in held))

    async def held(self, canonical_urls: Sequence[str], audience: str | None = None) -> dict[str, HeldArticle]:
        """Which of these URLs are held, everyone's or the audience's own, and as which article.

        Where several share one, it is the audience's own before everyone's, and the first.
        """
        found: dict[str, HeldArticle] = {}
        async with self._database.reading() as connection:
            for chunk in chunks(list(dict.fromkeys(canonical_urls))):
                rows = await connection.execute(
                    select(articles.c.canonical_url, *_HELD)
                    .where(articles.c.canonical_url.in_(chunk), _within(audience))
                    .order_by(articles.c.audience.is_not(None), articles.c.first_seen.desc(), articles.c.id.desc())
                )
                found.update((row.canonical_url, _held_article(row)) for row in rows)
        return found

    async def near(self, bands: Sequence[int], audience: str | None = None) -> Sequence[tuple[ArticleId, Fingerprint]]:
        """Groups that share a band, each with the fingerprint of a member; those that share most bands first.

        Only members that are everyone's or the audience's own count.
        """
        if not bands:
            return ()
        async with self._database.reading() as connection:
            shared = func.count().label("shared")
            close = (
                select(article_bands.c.article_id, shared)
                .join_from(article_bands, articles, article_bands.c.article_id == articles.c.id)
                .where(article_bands.c.band.in_(set(bands)), _within(audience))
                .group_by(article_bands.c.article_id)
                .order_by(shared.desc(), article_bands.c.article_id)
                .limit(_NEAR_LIMIT)
                .subquery()
            )
            members = (
                await connection.execute(
                    select(articles.c.id, articles.c.group_id, articles.c.signature)
                    .join_from(close, articles, articles.c.id == close.c.article_id)
                    .order_by(close.c.shared.desc(), articles.c.id)
                )
            ).all()
            bands_of: dict[str, list[int]] = {}
            for row in await connection.execute(
                select(article_bands.c.article_id, article_bands.c.band)
                .where(article_bands.c.article_id.in_([member.id for member in members]))
                .order_by(article_bands.c.band)
            ):
                bands_of.setdefault(row.article_id, []).append(row.band)
        return tuple(
            (
                ArticleId(member.group_id),
                Fingerprint(signature=member.signature, bands=tuple(bands_of.get(member.id, ()))),
            )
            for member in members
        )

    async def get(self, article_id: ArticleId, reader: ReaderId | None = None) -> Article | None:
        """The article, if it is held and `reader` may see it; `None` sees all."""
        more = (articles.c.text, articles.c.canonical_url, articles.c.feed_url, articles.c.audience, articles.c.live)
        async with self._database.reading() as connection:
            found = await connection.execute(
                select(*HEADLINE, *more).where(articles.c.id == article_id, *seen_by(reader))
            )
            row = found.first()
        if row is None:
            return None
        return Article(
            headline=headline(row),
            text=row.text,
            canonical_url=row.canonical_url,
            feed_url=row.feed_url,
            audience=row.audience,
            live=row.live,
        )

    async def with_prefix(self, prefix: str) -> Sequence[ArticleId]:
        """The articles whose ids begin with `prefix`, in no particular order."""
        # LIKE ignores letter case on some databases.
        begins = func.substr(articles.c.id, 1, len(prefix)) == prefix
        async with self._database.reading() as connection:
            return tuple(map(ArticleId, await connection.scalars(select(articles.c.id).where(begins))))

    async def sources_like(self, part: str, reader: ReaderId | None = None) -> Sequence[str]:
        """The names by which sources can be asked for that hold `part`, in any letter case: of outlets and of hosts.

        One that is `part` itself is the only one. Only those that `reader` sees count, `None` seeing all.
        """
        name = fold(part)
        names: set[str] = set()
        async with self._database.reading() as connection:
            for column in (articles.c.source_key, articles.c.host):
                holds = column.contains(name, autoescape=True)
                named = select(column).where(holds, *seen_by(reader)).distinct()
                names.update(await connection.scalars(named))
        exact = {name, f"www.{name}"} & names
        return sorted(exact or names)

    async def languages(self, reader: ReaderId | None = None) -> Sequence[str]:
        """Those that the articles are in that `reader` sees (ISO 639-1), `None` seeing all; unknown ones are none."""
        known = articles.c.language
        async with self._database.reading() as connection:
            found = await connection.scalars(select(known).where(known.is_not(None), *seen_by(reader)).distinct())
            return sorted(found)

    async def ahead(self, revision: int) -> int:
        """How many articles were saved after a revision: what stands there has not taken them over."""
        async with self._database.reading() as connection:
            saved = select(func.count()).select_from(articles).where(articles.c.revision > revision)
            return int(await connection.scalar(saved) or 0)

    async def latest(self, n: int, filters: Filters, reader: ReaderId | None) -> Sequence[Headline]:
        """Up to n headlines that meet `filters`, newest first; those of unknown time after all others."""
        conditions = (*meets(filters), *seen_by(reader))
        dated: tuple[ColumnElement[bool], ColumnElement[Any]] = (
            articles.c.published.is_not(None),
            articles.c.published.desc(),
        )
        undated: tuple[ColumnElement[bool], ColumnElement[Any]] = (
            articles.c.published.is_(None),
            articles.c.first_seen.desc(),
        )
        found: list[Headline] = []
        async with self._database.reading() as connection:
            for known, order in (dated, undated):
                rows = await connection.execute(
                    select(*HEADLINE).where(known, *conditions).order_by(order).limit(n - len(found))
                )
                found += [headline(row) for row in rows]
        return tuple(found)


@dataclass(slots=True, kw_only=True)
class _Batch:
    """What a batch comes to: the articles to write, by id, and which of them replace a held one."""

    changed: dict[ArticleId, PreparedArticle] = field(default_factory=dict)
    replaced: set[ArticleId] = field(default_factory=set)
    report: SaveReport = field(default_factory=SaveReport)


def _id(prepared: PreparedArticle) -> ArticleId:
    return ArticleId(storable(prepared.article.headline.id))


def _linked(prepared: PreparedArticle) -> tuple[ArticleId, str | None, bool]:
    return _id(prepared), prepared.article.feed_url, prepared.article.audience is None


def _within(audience: str | None) -> ColumnElement[bool]:
    """Holds for articles that are everyone's, and for the audience's own."""
    everyones = articles.c.audience.is_(None)
    return everyones if audience is None else or_(everyones, articles.c.audience == audience)


def _as_held(prepared: PreparedArticle) -> HeldArticle:
    """`prepared` as it will be held."""
    return HeldArticle(
        id=_id(prepared),
        title=storable(prepared.article.headline.title),
        digest=digest(prepared.article.text),
        feed_url=prepared.article.feed_url,
        audience=prepared.article.audience,
    )


def _stands(held: HeldArticle, given: HeldArticle) -> bool:
    """Whether what is held stays as it is: it is the same, or not for this feed to rewrite."""
    same = (held.title, held.digest) == (given.title, given.digest)
    owned = (held.feed_url, held.audience) == (given.feed_url, given.audience)
    return same or not (owned or given.feed_url is None)


def _sort_out(prepared: Sequence[PreparedArticle], held: Mapping[ArticleId, HeldArticle]) -> _Batch:
    """Tell new, changed and duplicate apart, an article that comes twice in the batch included."""
    batch = _Batch(replaced=set(held))
    current = dict(held)
    for one in prepared:
        given = _as_held(one)
        id_ = given.id
        if id_ in current and _stands(current[id_], given):
            batch.report += SaveReport(duplicates=1)
            continue
        batch.report += SaveReport(updated=1) if id_ in current else SaveReport(new=1)
        current[id_] = given
        batch.changed[id_] = one
    return batch


async def _held(connection: Transaction, prepared: Sequence[PreparedArticle]) -> dict[ArticleId, HeldArticle]:
    """Those that are held already."""
    held: dict[ArticleId, HeldArticle] = {}
    for chunk in chunks(list({_id(one) for one in prepared})):
        rows = await connection.execute(select(*_HELD).where(articles.c.id.in_(chunk)))
        held.update((ArticleId(row.id), _held_article(row)) for row in rows)
    return held


def _held_article(row: AnyRow) -> HeldArticle:
    return HeldArticle(
        id=ArticleId(row.id), title=row.title, digest=row.digest, feed_url=row.feed_url, audience=row.audience
    )


async def _newest(connection: Transaction) -> int:
    """The newest revision, held until the commit: writers queue here, so that what they number commits in order."""
    newest = await connection.scalar(select(counters.c.value).where(counters.c.name == REVISION).with_for_update())
    return int(newest or 0)


async def _number(connection: Transaction, newest: int) -> None:
    await connection.execute(update(counters).where(counters.c.name == REVISION).values(value=newest))


async def _retire(connection: Transaction, revisions: Mapping[ArticleId, int]) -> None:
    """Drop the passages, with their vectors, and the bands of articles about to be replaced or removed."""
    for chunk in chunks(list(revisions)):
        old = await connection.execute(
            select(passages.c.id, passages.c.article_id).where(passages.c.article_id.in_(chunk))
        )
        gone = [{"passage_id": row.id, "revision": revisions[ArticleId(row.article_id)]} for row in old]
        if gone:
            await connection.execute(removed_passages.insert(), gone)
        await connection.execute(delete(passages).where(passages.c.article_id.in_(chunk)))
        await connection.execute(delete(article_bands).where(article_bands.c.article_id.in_(chunk)))


async def _write(connection: Transaction, batch: _Batch, revisions: Mapping[ArticleId, int]) -> None:
    rows = {id_: _row(one, revisions[id_]) for id_, one in batch.changed.items()}
    new = [row for id_, row in rows.items() if id_ not in batch.replaced]
    changed = [{**row, "held_id": id_} for id_, row in rows.items() if id_ in batch.replaced]
    if new:
        await connection.execute(articles.insert(), new)
    if changed:
        columns = [name for name in changed[0] if name not in {"held_id", "id", "first_seen", "live"}]
        await connection.execute(
            update(articles)
            .where(articles.c.id == bindparam("held_id"))
            .values({name: bindparam(name) for name in columns}),
            [{name: row[name] for name in (*columns, "held_id")} for row in changed],
        )
    cut = [
        {"article_id": id_, "position": p.position, "start": p.start, "end": p.end, "text": p.text}
        for id_, one in batch.changed.items()
        for p in one.passages
    ]
    if cut:
        await connection.execute(passages.insert(), cut)
    bands = [
        {"band": band, "article_id": id_} for id_, one in batch.changed.items() for band in set(one.fingerprint.bands)
    ]
    if bands:
        await connection.execute(article_bands.insert(), bands)


def _row(prepared: PreparedArticle, revision: int) -> dict[str, Any]:
    shown = prepared.article.headline
    return {
        "id": shown.id,
        "revision": revision,
        "title": shown.title,
        "url": shown.url,
        "canonical_url": prepared.article.canonical_url,
        "host": host_of(shown.url),
        "source": shown.source,
        "source_key": fold(shown.source) if shown.source else None,
        "author": shown.author,
        "published": shown.published,
        "language": shown.language,
        "first_seen": shown.first_seen,
        "group_id": shown.group,
        "feed_url": prepared.article.feed_url,
        "audience": prepared.article.audience,
        "live": prepared.article.live,
        "digest": digest(prepared.article.text),
        "signature": prepared.fingerprint.signature,
        "text": prepared.article.text,
    }


async def _link(connection: Transaction, links: Iterable[tuple[ArticleId, str | None, bool]]) -> None:
    """Note articles, feeds and whether that is public, which is never taken back."""
    rows = [
        {"article_id": id_, "feed_url": feed or IMPORTED, "public": public}
        for id_, feed, public in dict.fromkeys(links)
    ]
    if rows:
        upsert = insert(connection, article_feeds)
        await connection.execute(
            upsert.on_conflict_do_update(
                index_elements=[article_feeds.c.article_id, article_feeds.c.feed_url],
                set_={"public": True},
                where=upsert.excluded.public & ~article_feeds.c.public,
            ),
            rows,
        )
