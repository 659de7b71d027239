"""What the Telegram side needs from storage: an inbox and an outbox, durable when a call returns, and what was sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from storage.domain.changes import Change
from storage.domain.deliveries import InboxUpdate, OutboxMessage, Waiting
from storage.domain.feedback import About
from storage.domain.people import ReaderId, ReaderSettings


class Inbox(Protocol):
    """Every update Telegram sent, kept before it is acknowledged."""

    async def accept(self, updates: Sequence[InboxUpdate]) -> int:
        """Keep these, in this order, each with the state it carries; returns how many were not known yet."""
        ...

    async def pending(self, limit: int, owner: str | None = None) -> Sequence[Waiting]:
        """Those not dealt with, in the order they were accepted.

        Args:
            limit: So many at most.
            owner: The process that asks, where there are several: what is of the others' chats is left out.
        """
        ...

    async def left(self, at_once: int) -> Sequence[int]:
        """Count what a process may have begun that is no more, which began so many at once; returns what that is.

        Of each chat that is the oldest that waits, and the oldest of what is typed there.
        """
        ...

    async def spared(self, update_ids: Sequence[int]) -> None:
        """Take back that these were counted: the process that began them then ended in good order."""
        ...

    async def get(self, update_id: int) -> InboxUpdate | None: ...

    async def done(self, update_id: int, replies: Sequence[OutboxMessage] = (), changes: Sequence[Change] = ()) -> None:
        """Mark a pending update dealt with, apply what it changes and enqueue its replies: all of it, or nothing.

        An update that is not pending is left as it is, changes nothing and replies nothing.
        """
        ...

    async def quarantine(self, update_id: int, reason: str, replies: Sequence[OutboxMessage] = ()) -> None:
        """Set a pending update aside for good, with an apology to send where there is one; otherwise like `done`."""
        ...

    async def prune(self, before: datetime) -> int:
        """Drop what was finished and received before then; returns how many."""
        ...


class Outbox(Protocol):
    """Messages to send: each is claimed, sent, and its outcome recorded."""

    async def keep(self, message: OutboxMessage) -> OutboxMessage | None:
        """Add it where its key is not known yet, in the state it carries; else what is known under its key."""
        ...

    async def get(self, key: str) -> OutboxMessage | None:
        """The message, in whatever state."""
        ...

    async def pending(self, prefix: str = "", limit: int = 100) -> Sequence[OutboxMessage]:
        """Those that may be claimed and whose key begins with `prefix`, in the order they were enqueued."""
        ...

    async def first_of_each(
        self, prefix: str = "", limit: int = 100, leave: Collection[int] = ()
    ) -> Sequence[OutboxMessage]:
        """Of each chat but those to `leave`, the first of its `pending`; in the order they were enqueued."""
        ...

    async def up_to(self, key: str) -> Sequence[OutboxMessage]:
        """That message and those before it that may be claimed for the same chat, in the order they were enqueued.

        None where it may not be claimed (any more).
        """
        ...

    async def wake(self, now: datetime) -> int:
        """Let those be claimed that were held until now; returns how many."""
        ...

    async def claim(self, key: str) -> OutboxMessage | None:
        """Take a pending message for sending, or `None` where it is not pending (any more)."""
        ...

    async def sent(self, key: str, message_id: int | None, name: str | None = None) -> None:
        """It went out, to a chat that has that name by now, such as `@ada`; `None` where that is not said."""
        ...

    async def unknown(self, key: str, reason: str) -> None:
        """The request left and no answer came: never claimed again."""
        ...

    async def failed(self, key: str, reason: str, lost_at: datetime | None = None) -> None:
        """The service refused it for good: never claimed again.

        From `lost_at` on, where it is given, nothing more can reach the chat until somebody speaks there, and nothing
        is sent there unasked. Of whoever was forgotten meanwhile that is not kept either.
        """
        ...

    async def release(self, key: str, reason: str) -> None:
        """Back to pending: it certainly was not sent."""
        ...

    async def move(self, chat_id: int, to: int) -> None:
        """A group became another chat: what is still to be sent there goes to the new one."""
        ...

    async def halt(self, wait: timedelta) -> None:
        """Telegram asks to wait so long from now: to be known to whoever sends next."""
        ...

    async def halted_for(self) -> timedelta:
        """How long it still asks to wait, to the second; nothing or less where it does not."""
        ...

    async def sweep(self) -> int:
        """What was left in `sending` by a process that is no more becomes `unknown`; returns how many.

        Whoever sends has the chat (`bot.messenger.wire.leases`). Where processes share nothing: for use at start.
        """
        ...

    async def prune(self, before: datetime) -> int:
        """Drop what was settled and enqueued before then; returns how many."""
        ...


class Readers(Protocol):
    """How the bot is to deal with readers."""

    async def of(self, reader: ReaderId) -> ReaderSettings:
        """What a reader said of it; nothing where they said nothing."""
        ...


class ShownMessages(Protocol):
    """What messages tell of, kept as they are enqueued."""

    async def of(self, ref: str, chat_id: int) -> About | None:
        """What the reply of that name tells of; `None` where none to that chat is known by it (any more)."""
        ...

    async def at(self, chat_id: int, message_id: int) -> About | None:
        """What the message of that number tells of, where it is known."""
        ...

    async def last(self, chat_id: int) -> About | None:
        """What the last message to that chat tells of that tells of something."""
        ...

    async def prune(self, before: datetime) -> int:
        """Drop what was enqueued before then; returns how many messages that were."""
        ...
