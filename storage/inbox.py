"""What came in: every update as it was sent, kept before it is acknowledged, dealt with once.

What is done keeps no payload: the words of a conversation do not linger here. That an update is done, what it changed
and what is replied to it are one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from sqlalchemy import Integer, Text, bindparam, cast, delete, exists, func, literal, select, update

from storage.access import AccessStore
from storage.broadcasts import BroadcastStore
from storage.database import AnyRow, Database, Transaction, chunks, insert
from storage.dialogues import DialogueStore
from storage.digests import DigestStore
from storage.domain.access import Counted, Judged, Named, Returned, TurnedAway, Used
from storage.domain.broadcasts import Begun, Cancelled, Declined, Drafted
from storage.domain.changes import (
    Awaited,
    Change,
    Followed,
    Forgotten,
    Given,
    Learned,
    Listed,
    Looked,
    Numbered,
    Recorded,
    Relocated,
    Spoken,
    Subscribed,
    Unfollowed,
    Unlearned,
    Unsubscribed,
    Wished,
)
from storage.domain.deliveries import TYPED, InboxState, InboxUpdate, OutboxMessage, Waiting
from storage.domain.leases import CHAT, NO_CHAT
from storage.emptying import put_back, taken_out
from storage.evidence import EvidenceStore
from storage.feeds import FeedStore
from storage.follows import FollowStore
from storage.given import GivenStore
from storage.leases import living
from storage.left import count_begun
from storage.moving import relocate
from storage.outbox import put
from storage.reader_settings import ReaderSettingsStore
from storage.readers import ReaderStore
from storage.schema import inbox, leases
from storage.sealed import opened, sealed
from storage.shut_out import empty_unread, may_be_kept

_ROWS_AT_ONCE = 100

# For every update: statements that are made once. What is set is given beside the last.
_PENDING = (
    select(inbox.c.update_id, inbox.c.chat_id, inbox.c.typed, inbox.c.starts)
    .where(inbox.c.state == InboxState.PENDING)
    .order_by(inbox.c.id)
    .limit(bindparam("most", type_=Integer))
)
_GET = select(inbox).where(inbox.c.update_id == bindparam("mine"))
_FINISH = update(inbox).where(inbox.c.update_id == bindparam("mine"), inbox.c.state == InboxState.PENDING)


class InboxStore:
    """What `bot.messenger.ports.Inbox` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._dialogues, self._feeds = DialogueStore(database), FeedStore(database)
        self._follows, self._evidence = FollowStore(database), EvidenceStore(database)
        self._access, self._broadcasts = AccessStore(database), BroadcastStore(database)
        self._digests, self._readers = DigestStore(database), ReaderSettingsStore(database)
        self._everything, self._given = ReaderStore(database), GivenStore(database)

    async def accept(self, updates: Sequence[InboxUpdate]) -> int:
        """Keep these, in this order, each with the state it carries; returns how many were not known yet.

        Of whoever may not use the bot nothing is kept that arrives set aside, but that it did.
        """
        accepted = 0
        async with self._database.transaction() as connection:
            updates = [await _sifted(connection, each) for each in updates]
            for chunk in chunks(updates, _ROWS_AT_ONCE):
                new = await connection.scalars(
                    # With its rows beside it, it is one statement however many there are, and made once.
                    insert(connection, inbox)
                    .on_conflict_do_nothing(index_elements=[inbox.c.update_id])
                    .returning(inbox.c.id),
                    await sealed(connection, inbox, [_row(one) for one in chunk]),
                )
                accepted += len(new.all())
        return accepted

    async def pending(self, limit: int, owner: str | None = None) -> Sequence[Waiting]:
        """Those not dealt with, in the order they were accepted.

        Args:
            limit: So many at most.
            owner: The process that asks, where there are several: what is of the others' chats is left out.
        """
        async with self._database.reading() as connection:
            wanted = _PENDING
            if owner is not None:
                chat = literal(CHAT) + func.coalesce(cast(inbox.c.chat_id, Text), NO_CHAT)
                alive = await living(connection, leases.c.owner)
                wanted = wanted.where(~exists().where(leases.c.name == chat, leases.c.owner != owner, alive))
            rows = await connection.execute(wanted, {"most": limit})
            return tuple(
                Waiting(update_id=row.update_id, chat_id=row.chat_id, typed=row.typed, starts=row.starts)
                for row in rows
            )

    async def left(self, at_once: int) -> Sequence[int]:
        """Count what a process may have begun that is no more, which began so many at once; returns what that is."""
        async with self._database.transaction() as connection:
            return await count_begun(connection, most=at_once)

    async def spared(self, update_ids: Sequence[int]) -> None:
        """Take back that these were counted: the process that began them then ended in good order."""
        async with self._database.transaction() as connection:
            await connection.execute(
                update(inbox)
                .where(inbox.c.update_id.in_(update_ids), inbox.c.state == InboxState.PENDING, inbox.c.starts > 0)
                .values(starts=inbox.c.starts - 1)
            )

    async def get(self, update_id: int) -> InboxUpdate | None:
        """The update, in whatever state."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_GET, {"mine": update_id})
            found = await opened(connection, rows, inbox, lost="")
            return _update(found[0]) if found else None

    async def done(self, update_id: int, replies: Sequence[OutboxMessage] = (), changes: Sequence[Change] = ()) -> None:
        """Mark a pending update dealt with, apply what it changes and enqueue its replies: all of it, or nothing.

        Its payload is emptied; of somebody who is turned away the chat goes, too. An update that is not pending is left
        as it is, changes nothing and replies nothing.
        """
        values: dict[str, str | None] = {"state": InboxState.DONE, "payload": ""}
        if any(isinstance(change, TurnedAway) for change in changes):
            values["chat_id"] = None
        await self._finish(update_id, values, replies, changes)

    async def quarantine(self, update_id: int, reason: str, replies: Sequence[OutboxMessage] = ()) -> None:
        """Set a pending update aside for good, with an apology to send where there is one; otherwise like `done`.

        Its payload stays until it is pruned, so that an operator can see what could not be read; not where it is from
        somebody who may not use the bot.
        """
        await self._finish(update_id, {"state": InboxState.QUARANTINED, "error": reason}, replies)

    async def prune(self, before: datetime) -> int:
        """Drop what was finished and received before then, but never the last; returns how many."""
        async with self._database.transaction() as connection:
            last = select(func.max(inbox.c.id)).scalar_subquery()
            pruned = await connection.execute(
                delete(inbox).where(
                    inbox.c.state != InboxState.PENDING, inbox.c.received_at < before, inbox.c.id < last
                )
            )
            return pruned.rowcount

    async def _finish(
        self,
        update_id: int,
        values: Mapping[str, str | None],
        replies: Sequence[OutboxMessage],
        changes: Sequence[Change] = (),
    ) -> None:
        async with self._database.transaction() as connection:
            emptied = taken_out(connection, _FINISH, inbox.c.id)
            finished = await connection.execute(emptied, {"mine": update_id, **values})
            await put_back(connection, inbox.c.id)
            if not finished.rowcount:
                return
            for change in changes:
                await self._apply(change, connection)
            await put(connection, replies)
            if values["state"] == InboxState.QUARANTINED:
                await empty_unread(connection, inbox.c.update_id == update_id)

    async def _apply(self, change: Change, within: Transaction) -> None:
        match change:
            case Recorded(conversation=conversation, reader=reader, turn=turn, evidence=evidence):
                await self._dialogues.record(conversation, reader, turn, evidence=evidence, within=within)
            case Given():
                await self._given.keep(change, within=within)
            case Subscribed() | Unsubscribed():
                await self._apply_to_feeds(change, within)
            case Followed() | Unfollowed() | Looked():
                await self._apply_to_follows(change, within)
            case Learned() | Unlearned() | Numbered():
                await self._apply_to_evidence(change, within)
            case Wished() | Listed():
                await self._apply_to_digests(change, within)
            case Spoken() | Awaited() | Relocated() | Forgotten():
                await self._apply_to_reader(change, within)
            case Judged() | TurnedAway() | Returned() | Named() | Used() | Counted():
                await self._access.admit(change, within=within)
            case Drafted() | Begun() | Cancelled() | Declined():
                await self._broadcasts.change(change, within=within)
            case _:
                assert_never(change)

    async def _apply_to_feeds(self, change: Subscribed | Unsubscribed, within: Transaction) -> None:
        if isinstance(change, Subscribed):
            await self._feeds.subscribe(change.reader, change.feed, within=within)
        else:
            await self._feeds.unsubscribe(change.reader, change.url, within=within)

    async def _apply_to_reader(self, change: Spoken | Awaited | Relocated | Forgotten, within: Transaction) -> None:
        match change:
            case Spoken():
                await self._readers.speak(change, within=within)
            case Awaited():
                await self._readers.wait(change, within=within)
            case Relocated(was=was, now=now):
                await relocate(within, was, now)
            case Forgotten(reader=reader, alias=alias):
                await self._everything.forget(reader, unread=False, alias=alias, within=within)

    async def _apply_to_evidence(self, change: Learned | Unlearned | Numbered, within: Transaction) -> None:
        match change:
            case Learned():
                await self._evidence.learn(change, within=within)
            case Unlearned():
                await self._evidence.unlearn(change, within=within)
            case Numbered():
                await self._evidence.number(change, within=within)

    async def _apply_to_digests(self, change: Wished | Listed, within: Transaction) -> None:
        if isinstance(change, Wished):
            await self._digests.wish(change, within=within)
        else:
            await self._digests.show(change, within=within)

    async def _apply_to_follows(self, change: Followed | Unfollowed | Looked, within: Transaction) -> None:
        match change:
            case Followed():
                await self._follows.follow(change, within=within)
            case Unfollowed():
                await self._follows.unfollow(change, within=within)
            case Looked():
                await self._follows.look(change, within=within)


async def _sifted(connection: Transaction, update_: InboxUpdate) -> InboxUpdate:
    kept = update_.state is not InboxState.QUARANTINED or await may_be_kept(connection, update_.payload)
    return update_ if kept else replace(update_, payload="", chat_id=None)


def _row(update_: InboxUpdate) -> dict[str, object]:
    return {
        "update_id": update_.update_id,
        "chat_id": update_.chat_id,
        "payload": update_.payload,
        "typed": TYPED in update_.payload,
        "received_at": update_.received_at,
        "state": update_.state,
        "error": update_.error,
    }


def _update(row: AnyRow) -> InboxUpdate:
    return InboxUpdate(
        update_id=row.update_id,
        chat_id=row.chat_id,
        payload=row.payload,
        received_at=row.received_at,
        state=InboxState(row.state),
        error=row.error,
    )
