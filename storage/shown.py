"""What messages tell of, to be found again when somebody taps or reacts; written as they are enqueued.

Every row names its reader. The table stands beside the outbox and outlives it, since people react to what they were
sent weeks ago. A message is known by the reply it is part of, which its buttons name, and, once sent, by its number.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from storage.database import AnyRow, Database, Transaction, insert, write
from storage.domain.deliveries import OutboxMessage
from storage.domain.feedback import About, Offer, Thing
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId
from storage.schema import shown_messages

# For every message: made once, and what is set is given beside it.
_NUMBER = update(shown_messages).where(shown_messages.c.key == bindparam("mine"))


class ShownMessageStore:
    """What `bot.messenger.ports.ShownMessages` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, ref: str, chat_id: int) -> About | None:
        """What the reply of that name tells of; `None` where none to that chat is known by it (any more)."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(shown_messages).where(shown_messages.c.ref == ref, shown_messages.c.chat_id == chat_id).limit(1)
            )
            row = rows.first()
            return None if row is None else _about(row)

    async def at(self, chat_id: int, message_id: int) -> About | None:
        """What the message of that number tells of, where it is known."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(shown_messages).where(
                    shown_messages.c.chat_id == chat_id, shown_messages.c.message_id == message_id
                )
            )
            row = rows.first()
            return None if row is None else _about(row)

    async def last(self, chat_id: int) -> About | None:
        """What the last message to that chat tells of that tells of something."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(shown_messages)
                .where(shown_messages.c.chat_id == chat_id)
                .order_by(shown_messages.c.shown_at.desc())
                .limit(1)
            )
            row = rows.first()
            return None if row is None else _about(row)

    async def prune(self, before: datetime) -> int:
        """Drop what was enqueued before then; returns how many messages that were."""
        async with self._database.transaction() as connection:
            return (await connection.execute(delete(shown_messages).where(shown_messages.c.shown_at < before))).rowcount


async def show(connection: Transaction, messages: Sequence[OutboxMessage]) -> None:
    """Take down what these tell of, those that tell of something and are not known yet."""
    rows = [_row(message, message.about) for message in messages if message.about is not None]
    if rows:
        new = insert(connection, shown_messages).on_conflict_do_nothing(index_elements=[shown_messages.c.key])
        await write(connection, new, rows)


async def number(connection: Transaction, key: str, message_id: int) -> None:
    """The message was sent, and has this number in its chat."""
    await write(connection, _NUMBER, {"mine": key, "message_id": message_id})


async def move(connection: Transaction, chat_id: int, to: int) -> None:
    """A group became another chat: what has no number in the old one yet goes to the new one."""
    await connection.execute(
        update(shown_messages)
        .where(shown_messages.c.chat_id == chat_id, shown_messages.c.message_id.is_(None))
        .values(chat_id=to)
    )


def _row(message: OutboxMessage, about: About) -> dict[str, object]:
    return {
        "key": message.key,
        "ref": about.ref,
        "chat_id": message.chat_id,
        "reader_id": about.reader,
        "language": about.language,
        "things": json.dumps([[thing.story, thing.articles] for thing in about.things]),
        "offers": json.dumps(about.offers),
        "shown_at": message.created_at,
    }


def _about(row: AnyRow) -> About:
    return About(
        ref=row.ref,
        reader=ReaderId(row.reader_id),
        language=row.language,
        things=tuple(
            Thing(articles=tuple(map(ArticleId, articles)), story=None if story is None else StoryId(story))
            for story, articles in json.loads(row.things)
        ),
        offers=tuple(map(Offer, json.loads(row.offers))),
    )
