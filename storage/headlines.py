"""What every query about articles shares: the columns of a headline, the bounds of a filter, who may see what."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, exists, or_

from storage.database import AnyRow
from storage.domain.news import ArticleId, Filters, Headline
from storage.domain.people import ReaderId
from storage.domain.sources import fold
from storage.schema import article_annotations, article_feeds, articles, subscriptions

ADDED = "added"
REMOVED = "removed"
LEFT = "left"
IMPORTED = ""
"""Stands for the feed of an article that came in without one."""

HEADLINE = (
    articles.c.id.label("article_id"),
    articles.c.title,
    articles.c.first_seen,
    articles.c.group_id,
    articles.c.url,
    articles.c.source,
    articles.c.author,
    articles.c.published,
    articles.c.language,
)

_FIELDS = ("id", "title", "first_seen", "group", "url", "source", "author", "published", "language")
_REMEMBERED = 4_096
"""Headlines that are at hand: a search reads some 460 passages, and mostly those of searches before."""


@lru_cache(maxsize=_REMEMBERED)
def headline_of(*columns: Any) -> Headline:
    """The headline whose columns of `HEADLINE` are these; the same ones are one value, made once."""
    return Headline(**dict(zip(_FIELDS, columns, strict=True)))


def headline(row: AnyRow) -> Headline:
    """The headline in a row that holds the columns of `HEADLINE`."""
    return Headline(
        id=ArticleId(row.article_id),
        title=row.title,
        first_seen=row.first_seen,
        group=ArticleId(row.group_id),
        url=row.url,
        source=row.source,
        author=row.author,
        published=row.published,
        language=row.language,
    )


def meets(filters: Filters) -> list[ColumnElement[bool]]:
    """Conditions on `articles` that hold where the filters are met."""
    conditions: list[ColumnElement[bool]] = []
    if filters.language:
        conditions.append(articles.c.language == filters.language)
    if filters.category:
        noted = article_annotations.c.article_id == articles.c.id
        conditions.append(exists().where(noted, article_annotations.c.category == filters.category).correlate(articles))
    if filters.sources:
        names = [fold(source) for source in filters.sources]
        hosts = [*names, *(f"www.{name}" for name in names)]
        conditions.append(or_(articles.c.source_key.in_(names), articles.c.host.in_(hosts)))
    bounds: list[ColumnElement[bool]] = []
    if filters.since is not None:
        bounds.append(articles.c.published >= filters.since)
    if filters.until is not None:
        bounds.append(articles.c.published < filters.until)
    if bounds:
        dated = and_(*bounds)
        conditions.append(or_(dated, articles.c.published.is_(None)) if filters.undated else dated)
    return conditions


def seen_by(reader: ReaderId | BindParameter[str] | None) -> list[ColumnElement[bool]]:
    """Conditions on `articles` that hold where one of the sources is the reader's; `None` sees all.

    Where the statement is made once, the reader is given beside it.
    """
    if reader is None:
        return []
    mine = subscriptions.c.state
    source = article_feeds.outerjoin(
        subscriptions,
        and_(subscriptions.c.feed_url == article_feeds.c.feed_url, subscriptions.c.reader_id == reader),
    )
    return [
        exists()
        .select_from(source)
        .where(
            article_feeds.c.article_id == articles.c.id,
            or_(mine.in_((ADDED, LEFT)), and_(article_feeds.c.public, mine.is_(None))),
        )
        .correlate(articles)
    ]
