"""Small values for the tests of storage, everything that does not matter filled in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from storage.database import Database
from storage.domain.deliveries import OutboxMessage
from storage.domain.news import Article, ArticleId, Fingerprint, Headline, PassageDraft, PreparedArticle
from storage.outbox import OutboxStore

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def prepared(
    id_: str,
    text: str = "One sentence. Another sentence.",
    *,
    title: str = "A title",
    url: str | None = None,
    canonical_url: str | None = None,
    feed: str | None = None,
    audience: str | None = None,
    group: str | None = None,
    source: str | None = None,
    language: str | None = "en",
    published: datetime | None = None,
    first_seen: datetime = EPOCH,
    bands: Sequence[int] = (),
    pieces: int = 2,
) -> PreparedArticle:
    """An article cut into `pieces` passages of about the same length."""
    borders = [len(text) * i // pieces for i in range(pieces + 1)]
    return PreparedArticle(
        article=Article(
            headline=Headline(
                id=ArticleId(id_),
                title=title,
                first_seen=first_seen,
                group=ArticleId(group or id_),
                url=url,
                source=source,
                published=published,
                language=language,
            ),
            text=text,
            canonical_url=canonical_url,
            feed_url=feed,
            audience=audience,
        ),
        passages=tuple(
            PassageDraft(position=i, start=start, end=end, text=text[start:end])
            for i, (start, end) in enumerate(pairwise(borders))
        ),
        fingerprint=Fingerprint(signature=id_.encode(), bands=tuple(bands)),
    )


async def lose(database: Database, chat_id: int, at: datetime = EPOCH) -> None:
    """Something that was sent to a chat could not reach it."""
    outbox, key = OutboxStore(database), f"to-{chat_id}"
    message = OutboxMessage(key=key, chat_id=chat_id, method="sendMessage", payload="{}", created_at=at)
    await outbox.enqueue([message])
    await outbox.claim(key)
    await outbox.failed(key, "403 Forbidden", at)
