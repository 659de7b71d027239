"""What operators tell all readers: kept as a draft, then enqueued reader by reader, each once.

How far it has come is moved on in the transaction that enqueues the messages; the key of each names the broadcast and
the reader. So whoever is cut short goes on where it stood, and nobody is told twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import assert_never

from sqlalchemy import ColumnElement, delete, exists, func, select, union, update
from sqlalchemy.sql import Select

from storage.database import Database, Transaction, insert
from storage.digests import readable
from storage.domain.broadcasts import (
    Begun,
    Broadcast,
    BroadcastId,
    Broadcasting,
    BroadcastState,
    Cancelled,
    Declined,
    Drafted,
)
from storage.domain.deliveries import BROADCAST, OutboxMessage, OutboxState
from storage.domain.digests import DigestSettings
from storage.domain.people import ReaderId
from storage.outbox import enqueue
from storage.schema import (
    broadcasts,
    conversations,
    declined_broadcasts,
    digest_settings,
    follows,
    outbox,
    reader_settings,
    shown_messages,
)
from storage.shut_out import drop_declined, sent_unasked

_PAGE = 500
_CANCELLED = "the broadcast was cancelled"
_WAITING = (OutboxState.PENDING, OutboxState.HELD)

Telling = Callable[[Broadcast, ReaderId, DigestSettings | None, str | None], OutboxMessage]
"""The message that tells a reader, who may have said how they want their digests, and in which language."""


class BroadcastStore:
    """What `bot.messenger.operators.broadcasts.Broadcasts` asks for.

    Args:
        readers: What the ids begin with of those who are told; the number of their private chat follows.
    """

    def __init__(self, database: Database, readers: str = "telegram:") -> None:
        self._database, self._prefix = database, readers

    async def count(self) -> int:
        """How many readers would be told now."""
        async with self._database.reading() as connection:
            everyone = union(*self._everyone()).subquery()
            return int(await connection.scalar(select(func.count()).select_from(everyone)) or 0)

    async def get(self, id_: BroadcastId) -> Broadcast | None:
        """The broadcast, as it stands."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(broadcasts).where(broadcasts.c.id == id_))).first()
            if row is None:
                return None
            return Broadcast(id=id_, text=row.text, made_at=row.made_at, state=BroadcastState(row.state))

    async def change(self, change: Broadcasting, *, within: Transaction | None = None) -> None:
        """Take down what changes what everybody is told; see `Database.transaction`."""
        async with self._database.transaction(within) as connection:
            match change:
                case Drafted(broadcast=held):
                    row = {"id": held.id, "text": held.text, "state": held.state, "made_at": held.made_at}
                    new = insert(connection, broadcasts).values(**row, upto="")
                    await connection.execute(new.on_conflict_do_nothing())
                case Begun(id=id_):
                    await _turn(connection, id_, BroadcastState.DRAFT, state=BroadcastState.SENDING)
                case Cancelled(id=id_):
                    await _cancel(connection, id_)
                case Declined(reader=reader, declined=True):
                    wanted = insert(connection, declined_broadcasts).values(reader_id=reader)
                    await connection.execute(wanted.on_conflict_do_nothing())
                    await drop_declined(connection)
                case Declined(reader=reader):
                    await connection.execute(
                        delete(declined_broadcasts).where(declined_broadcasts.c.reader_id == reader)
                    )
                case _:
                    assert_never(change)

    async def spread(self, telling: Telling) -> int | None:
        """Enqueue the messages to some more readers of a broadcast that is being sent.

        Returns:
            How many; `None` where none is being sent.
        """
        async with self._database.transaction() as connection:
            going = select(broadcasts).where(broadcasts.c.state == BroadcastState.SENDING).order_by(broadcasts.c.id)
            row = (await connection.execute(going.limit(1).with_for_update())).first()
            if row is None:
                return None
            id_ = BroadcastId(row.id)
            some = [select(each.subquery()) for each in self._everyone(after=row.upto)]
            page = list(await connection.scalars(union(*some).order_by("reader_id").limit(_PAGE)))
            if not page:
                await _turn(connection, id_, BroadcastState.SENDING, state=BroadcastState.DONE, text="", upto="")
                return 0
            held = Broadcast(id=id_, text=row.text, made_at=row.made_at, state=BroadcastState.SENDING)
            wishes, spoken = await _wishes(connection, page), await _spoken(connection, page)
            messages = [telling(held, ReaderId(each), wishes.get(each), spoken.get(each)) for each in page]
            enqueued = await enqueue(connection, messages)
            await _turn(connection, id_, BroadcastState.SENDING, upto=page[-1])
            return enqueued

    async def prune(self, before: datetime) -> int:
        """Drop those that were written before then, but for one that is being sent; returns how many."""
        old = delete(broadcasts).where(broadcasts.c.made_at < before, broadcasts.c.state != BroadcastState.SENDING)
        async with self._database.transaction() as connection:
            return (await connection.execute(old)).rowcount

    def _everyone(self, after: str | None = None) -> Sequence[Select[tuple[str]]]:
        """Whoever talks to the bot in private, by where that is known from; a page of each, where one is asked for."""
        private = (
            (conversations.c.reader_id, (conversations.c.id == conversations.c.reader_id,)),
            (reader_settings.c.reader_id, ()),
            (digest_settings.c.reader_id, ()),
            (follows.c.reader_id, ()),
            (shown_messages.c.reader_id, (shown_messages.c.chat_id > 0,)),
        )
        chosen = []
        for reader, bounds in private:
            wanted = ~exists().where(declined_broadcasts.c.reader_id == reader)
            found = select(reader.label("reader_id")).where(
                *bounds, *self._theirs(reader), *sent_unasked(reader), wanted
            )
            if after is not None:
                found = found.where(reader > after).order_by(reader).limit(_PAGE)
            chosen.append(found.distinct())
        return chosen

    def _theirs(self, reader: ColumnElement[str]) -> tuple[ColumnElement[bool], ...]:
        # A number below 0 is a group's, or a channel's that speaks there.
        group = f"{self._prefix}-"
        return (
            func.substr(reader, 1, len(self._prefix)) == self._prefix,
            func.substr(reader, 1, len(group)) != group,
        )


async def _turn(connection: Transaction, id_: BroadcastId, only: BroadcastState, **values: str) -> None:
    mine = (broadcasts.c.id == id_, broadcasts.c.state == only)
    await connection.execute(update(broadcasts).where(*mine).values(**values))


async def _cancel(connection: Transaction, id_: BroadcastId) -> None:
    """Give it up, and what of it waits to be sent."""
    for state in (BroadcastState.DRAFT, BroadcastState.SENDING, BroadcastState.DONE):
        await _turn(connection, id_, state, state=BroadcastState.CANCELLED, text="", upto="")
    given_up = select(broadcasts.c.id).where(broadcasts.c.id == id_, broadcasts.c.state == BroadcastState.CANCELLED)
    if (await connection.execute(given_up)).first() is None:
        return
    prefix = key(id_)
    await connection.execute(
        update(outbox)
        .where(outbox.c.state.in_(_WAITING), func.substr(outbox.c.key, 1, len(prefix)) == prefix)
        .values(state=OutboxState.FAILED, error=_CANCELLED, payload="")
    )


async def _wishes(connection: Transaction, readers: Sequence[str]) -> dict[str, DigestSettings]:
    rows = await connection.execute(select(digest_settings).where(digest_settings.c.reader_id.in_(readers)))
    return {row.reader_id: settings for row in rows if (settings := readable(row)) is not None}


async def _spoken(connection: Transaction, readers: Sequence[str]) -> dict[str, str]:
    """The languages that they chose."""
    mine = (reader_settings.c.reader_id.in_(readers), reader_settings.c.language.is_not(None))
    rows = await connection.execute(select(reader_settings.c.reader_id, reader_settings.c.language).where(*mine))
    return {row.reader_id: row.language for row in rows}


def key(id_: BroadcastId) -> str:
    """What the keys of its messages begin with."""
    return f"{BROADCAST}{id_}:"
