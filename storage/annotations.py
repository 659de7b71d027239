"""What is noted of articles: their subjects, keywords, names and tone. Written along with the stories."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from storage.database import AnyRow, Database, Transaction, chunks, insert
from storage.domain.annotations import Annotation, Category, Keyword, Name
from storage.domain.news import ArticleId
from storage.schema import article_annotations, articles


class AnnotationStore:
    """What is noted of articles, to be read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, ids: Sequence[ArticleId]) -> dict[ArticleId, Annotation]:
        """What is noted of these articles; those that nothing is noted of yet are absent."""
        found: dict[ArticleId, Annotation] = {}
        async with self._database.reading() as connection:
            for chunk in chunks(list(dict.fromkeys(ids))):
                rows = await connection.execute(
                    select(article_annotations).where(article_annotations.c.article_id.in_(chunk))
                )
                found.update((ArticleId(row.article_id), _annotation(row)) for row in rows)
        return found


async def note(connection: Transaction, noted: Mapping[ArticleId, Annotation]) -> None:
    """Write what is noted of articles, in place of what was; articles that are gone are passed over."""
    there = await present(connection, list(noted))
    rows = [_row(id_, each) for id_, each in noted.items() if id_ in there]
    if rows:
        upsert = insert(connection, article_annotations)
        changed = {name: upsert.excluded[name] for name in rows[0] if name != "article_id"}
        await connection.execute(
            upsert.on_conflict_do_update(index_elements=[article_annotations.c.article_id], set_=changed), rows
        )


async def present(connection: Transaction, ids: Sequence[ArticleId]) -> set[str]:
    """Which of these articles are stored."""
    there: set[str] = set()
    for chunk in chunks(ids):
        # Held until the rows that refer to them are written, where writers do not wait for each other anyway.
        found = select(articles.c.id).where(articles.c.id.in_(chunk)).with_for_update(read=True, key_share=True)
        there.update(await connection.scalars(found))
    return there


def _row(id_: ArticleId, noted: Annotation) -> dict[str, object]:
    return {
        "article_id": id_,
        "category": noted.category,
        "category_confidence": noted.category_confidence,
        "sentiment": noted.sentiment,
        "sentiment_confidence": noted.sentiment_confidence,
        "keywords": json.dumps([[each.text, each.score] for each in noted.keywords], ensure_ascii=False),
        "names": json.dumps([[each.text, each.times] for each in noted.names], ensure_ascii=False),
    }


def _annotation(row: AnyRow) -> Annotation:
    return Annotation(
        category=Category(row.category),
        category_confidence=row.category_confidence,
        keywords=tuple(Keyword(text=text, score=score) for text, score in json.loads(row.keywords)),
        names=tuple(Name(text=text, times=times) for text, times in json.loads(row.names)),
        sentiment=row.sentiment,
        sentiment_confidence=row.sentiment_confidence,
    )
