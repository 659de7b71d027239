"""What goes out: messages as rows, each claimed before it is sent and settled afterwards.

    held ──wake──▶ pending ──claim──▶ sending ──▶ sent | failed | unknown
                      ▲                  │
                      └─────release──────┘

Every arrow is one compare-and-set, so a message is sent at most once whoever else is at work. What is settled keeps no
payload: the words of a conversation do not linger here. Of a farewell, once it is settled, nothing is kept.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Integer, Text, and_, bindparam, cast, delete, exists, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.access import lose
from storage.access import name as rename
from storage.counters import HALTED_UNTIL, INHERITED_SENDS, counter, lift, take
from storage.database import AnyRow, Database, Transaction, chunks, insert, present, write
from storage.domain.access import Named
from storage.domain.deliveries import OutboxMessage, OutboxState, is_unasked
from storage.domain.leases import CHAT, of_chat
from storage.domain.people import ReaderId
from storage.emptying import put_back, taken_out
from storage.leases import living
from storage.left import FAREWELLS, cut_short
from storage.moving import relocate
from storage.schema import leases, outbox, paces
from storage.sealed import opened, sealed
from storage.shown import move, number, show
from storage.shut_out import drop_declined, drop_shut_out

_SETTLED = (OutboxState.SENT, OutboxState.UNKNOWN, OutboxState.FAILED)
_ROWS_AT_ONCE = 100
_NOT_OPENED = "dropped: what it says was sealed by a key that is gone"
_LONGEST_HALT = timedelta(hours=1)
"""One that seems longer was told before the clock was set back."""

# For every message: statements that are made once.
_MAY_BE_CLAIMED = (
    outbox.c.state == OutboxState.PENDING,
    # LIKE ignores letter case on some databases.
    func.substr(outbox.c.key, 1, bindparam("length", type_=Integer)) == bindparam("prefix"),
)
_PENDING = select(outbox).where(*_MAY_BE_CLAIMED).order_by(outbox.c.id).limit(bindparam("most", type_=Integer))
_FIRSTS = (
    select(func.min(outbox.c.id))
    .where(*_MAY_BE_CLAIMED, outbox.c.chat_id.not_in(bindparam("leave", type_=BigInteger, expanding=True)))
    .group_by(outbox.c.chat_id)
    .order_by(func.min(outbox.c.id))
    .limit(bindparam("most", type_=Integer))
)
_FIRST_OF_EACH = select(outbox).where(outbox.c.id.in_(_FIRSTS)).order_by(outbox.c.id)
_LAST = outbox.alias("last")
_UP_TO = (
    select(outbox)
    .join(_LAST, and_(outbox.c.chat_id == _LAST.c.chat_id, outbox.c.id <= _LAST.c.id))
    .where(
        _LAST.c.key == bindparam("key"),
        _LAST.c.state == OutboxState.PENDING,
        outbox.c.state == OutboxState.PENDING,
    )
    .order_by(outbox.c.id)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.key == bindparam("claimed"), outbox.c.state == OutboxState.PENDING)
    .values(state=OutboxState.SENDING, attempts=outbox.c.attempts + 1)
    .returning(*outbox.c)
)
# What is set is given beside it.
_SETTLE = update(outbox).where(outbox.c.key == bindparam("mine"), outbox.c.state == OutboxState.SENDING)


class OutboxStore:
    """What `bot.messenger.ports.Outbox` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def enqueue(self, messages: Sequence[OutboxMessage], *, within: Transaction | None = None) -> int:
        """Add those whose key is not known yet, in this order; returns how many. See `Database.transaction`."""
        async with self._database.transaction(within) as connection:
            return await enqueue(connection, messages)

    async def keep(self, message: OutboxMessage) -> OutboxMessage | None:
        """Add it where its key is not known yet, in the state it carries; else what is known under its key."""
        async with self._database.transaction() as connection:
            if await enqueue(connection, [message]):
                return None
            known = await connection.execute(select(outbox).where(outbox.c.key == message.key))
            return (await _messages(connection, known))[0]

    async def pending(self, prefix: str = "", limit: int = 100) -> Sequence[OutboxMessage]:
        """Those that may be claimed and whose key begins with `prefix`, in the order they were enqueued."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_PENDING, {"prefix": prefix, "length": len(prefix), "most": limit})
            return await _messages(connection, rows)

    async def first_of_each(
        self, prefix: str = "", limit: int = 100, leave: Collection[int] = ()
    ) -> Sequence[OutboxMessage]:
        """Of each chat but those to `leave`, the first of its `pending`; in the order they were enqueued."""
        given = {"prefix": prefix, "length": len(prefix), "most": limit, "leave": list(leave)}
        async with self._database.reading() as connection:
            rows = await connection.execute(_FIRST_OF_EACH, given)
            return await _messages(connection, rows)

    async def up_to(self, key: str) -> Sequence[OutboxMessage]:
        """That message and those before it that may be claimed for the same chat, in the order they were enqueued.

        None where it may not be claimed (any more).
        """
        async with self._database.reading() as connection:
            rows = await connection.execute(_UP_TO, {"key": key})
            return await _messages(connection, rows)

    async def get(self, key: str) -> OutboxMessage | None:
        """The message, in whatever state."""
        async with self._database.reading() as connection:
            found = await _messages(connection, await connection.execute(select(outbox).where(outbox.c.key == key)))
            return found[0] if found else None

    async def wake(self, now: datetime) -> int:
        """Let those be claimed that were held until now; returns how many."""
        held = (outbox.c.state == OutboxState.HELD, outbox.c.not_before <= now)
        async with self._database.transaction() as connection:
            woken = await connection.execute(update(outbox).where(*held).values(state=OutboxState.PENDING))
            return woken.rowcount

    async def claim(self, key: str) -> OutboxMessage | None:
        """Take a pending message for sending, or `None` where it is not pending (any more).

        One that nobody asked for is dropped where it may not be sent by now.
        """
        async with self._database.transaction() as connection:
            if is_unasked(key):
                await drop_shut_out(connection, outbox.c.key == key)
                await drop_declined(connection, outbox.c.key == key)
            claimed = await _messages(connection, await connection.execute(_CLAIM, {"claimed": key}))
            if claimed and not claimed[0].payload:
                await _settle(connection, key, state=OutboxState.FAILED, error=_NOT_OPENED, payload="")
                return None
            return claimed[0] if claimed else None

    async def sent(self, key: str, message_id: int | None, name: str | None = None) -> None:
        """It went out, to a chat that has that name by now, such as `@ada`; `None` where that is not said."""
        async with self._database.transaction() as connection:
            await _settle(connection, key, state=OutboxState.SENT, message_id=message_id, error=None, payload="")
            if message_id is not None:
                await number(connection, key, message_id)
            sent_to = select(outbox.c.chat_id).where(outbox.c.key == key)
            if name is not None and (chat_id := await connection.scalar(sent_to)) is not None:
                await rename(connection, Named(reader=ReaderId(f"telegram:{chat_id}"), name=name))

    async def unknown(self, key: str, reason: str) -> None:
        """The request left and no answer came: never claimed again."""
        await self._settle(key, state=OutboxState.UNKNOWN, error=reason, payload="")

    async def failed(self, key: str, reason: str, lost_at: datetime | None = None) -> None:
        """The service refused it for good: never claimed again.

        Where it said that nothing more can reach the chat, that is so from `lost_at` on, until somebody speaks there.
        It is not taken down where the message is no more: it was a farewell, or whoever it was for has been forgotten.
        """
        async with self._database.transaction() as connection:
            await _settle(connection, key, state=OutboxState.FAILED, error=reason, payload="")
            refused = select(outbox.c.chat_id).where(outbox.c.key == key)
            if lost_at is not None and (chat_id := await connection.scalar(refused)) is not None:
                await lose(connection, ReaderId(f"telegram:{chat_id}"), lost_at)

    async def release(self, key: str, reason: str) -> None:
        """Back to pending, in its old place: it certainly was not sent."""
        await self._settle(key, state=OutboxState.PENDING, error=reason)

    async def move(self, chat_id: int, to: int) -> None:
        """A group became another chat: what is not settled goes there, and all that is kept of it."""
        async with self._database.transaction() as connection:
            await connection.execute(
                update(outbox).where(outbox.c.chat_id == chat_id, outbox.c.state.not_in(_SETTLED)).values(chat_id=to)
            )
            await move(connection, chat_id, to)
            await relocate(connection, chat_id, to)

    async def halt(self, wait: timedelta) -> None:
        """The service asks to wait so long from now: to be known to whoever sends next, by the database's clock."""
        async with self._database.transaction() as connection:
            now = await present(connection)
            until, most = now + wait, now + max(wait, _LONGEST_HALT)
            await lift(connection, HALTED_UNTIL, math.ceil(until.timestamp()), most=math.ceil(most.timestamp()))

    async def halted_for(self) -> timedelta:
        """How long it still asks to wait, to the second; nothing or less where it does not."""
        async with self._database.reading() as connection:
            seconds = await counter(connection, HALTED_UNTIL)
            return timedelta(seconds=seconds - (await present(connection)).timestamp())

    async def sweep(self) -> int:
        """What was left in `sending` by a process that is no more becomes `unknown`; returns how many.

        Those count as well that became so meanwhile, as another took their chat.

        Whoever sends has the chat; see `storage.leases`. Where processes share nothing, none has one: for use at start.
        """
        chat = literal(CHAT) + cast(outbox.c.chat_id, Text)
        async with self._database.transaction() as connection:
            theirs = exists().where(leases.c.name == chat, await living(connection, leases.c.owner))
            return await cut_short(connection, ~theirs) + await take(connection, INHERITED_SENDS)

    async def prune(self, before: datetime) -> int:
        """Drop what was settled and enqueued before then; returns how many."""
        async with self._database.transaction() as connection:
            pruned = await connection.execute(
                delete(outbox).where(outbox.c.state.in_(_SETTLED), outbox.c.created_at < before)
            )
            return pruned.rowcount

    async def _settle(self, key: str, **values: str | int | None) -> None:
        async with self._database.transaction() as connection:
            await _settle(connection, key, **values)


async def enqueue(connection: Transaction, messages: Sequence[OutboxMessage]) -> int:
    """Add those whose key is not known yet, in this order; returns how many."""
    added = 0
    for chunk in chunks(messages, _ROWS_AT_ONCE):
        rows = await sealed(connection, outbox, [_row(message) for message in chunk])
        new = await connection.scalars(_new(connection).returning(outbox.c.id), rows)
        added += len(new.all())
    await show(connection, messages)
    return added


async def put(connection: Transaction, messages: Sequence[OutboxMessage]) -> None:
    """The same where nobody asks how many."""
    if messages:
        rows = await sealed(connection, outbox, [_row(message) for message in messages])
        await write(connection, _new(connection), rows)
        await show(connection, messages)


def _new(connection: Transaction) -> sqlite.Insert | postgresql.Insert:
    """With its rows beside it, it is one statement however many there are, and made once."""
    return insert(connection, outbox).on_conflict_do_nothing(index_elements=[outbox.c.key])


async def _settle(connection: Transaction, key: str, **values: str | int | None) -> None:
    if FAREWELLS in key and values["state"] in _SETTLED:
        mine = (outbox.c.key == key, outbox.c.state == OutboxState.SENDING)
        chats = await connection.scalars(delete(outbox).where(*mine).returning(outbox.c.chat_id))
        await connection.execute(delete(paces).where(paces.c.name.in_([of_chat(each) for each in chats])))
    elif values["state"] in _SETTLED:
        await write(connection, taken_out(connection, _SETTLE, outbox.c.id), {"mine": key, **values})
        await put_back(connection, outbox.c.id)
    else:
        await write(connection, _SETTLE, {"mine": key, **values})


def _row(message: OutboxMessage) -> dict[str, object]:
    return {
        "key": message.key,
        "chat_id": message.chat_id,
        "method": message.method,
        "payload": message.payload,
        "created_at": message.created_at,
        "state": message.state,
        "attempts": message.attempts,
        "error": message.error,
        "message_id": message.message_id,
        "expires_at": message.expires_at,
        "not_before": message.not_before,
    }


async def _messages(connection: Transaction, rows: Iterable[AnyRow]) -> Sequence[OutboxMessage]:
    return tuple(map(_message, await opened(connection, rows, outbox, lost="")))


def _message(row: AnyRow) -> OutboxMessage:
    return OutboxMessage(
        key=row.key,
        chat_id=row.chat_id,
        method=row.method,
        payload=row.payload,
        created_at=row.created_at,
        state=OutboxState(row.state),
        attempts=row.attempts,
        error=row.error,
        message_id=row.message_id,
        expires_at=row.expires_at,
        not_before=row.not_before,
    )
