"""The inbox and the outbox in memory, by the letter of `bot.messenger.ports`; the real ones pass the same suite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from storage.domain.changes import Awaited, Change, Spoken, Wished
from storage.domain.deliveries import TYPED, InboxState, InboxUpdate, OutboxMessage, OutboxState, Waiting
from storage.domain.feedback import About
from storage.domain.people import ReaderId, ReaderSettings
from storage.domain.times import Clock


class MemoryOutbox:
    def __init__(self) -> None:
        self.rows: dict[str, OutboxMessage] = {}
        self.until = datetime.fromtimestamp(0, UTC)
        self.clock: Clock = lambda: datetime.now(UTC)
        self.unreachable: dict[int, datetime] = {}

    def enqueue(self, messages: Sequence[OutboxMessage]) -> None:
        for message in messages:
            self.rows.setdefault(message.key, message)

    def states(self) -> dict[str, OutboxState]:
        return {key: row.state for key, row in self.rows.items()}

    async def keep(self, message: OutboxMessage) -> OutboxMessage | None:
        known = self.rows.get(message.key)
        self.rows.setdefault(message.key, message)
        return known

    async def get(self, key: str) -> OutboxMessage | None:
        return self.rows.get(key)

    async def pending(self, prefix: str = "", limit: int = 100) -> Sequence[OutboxMessage]:
        found = [r for r in self.rows.values() if r.state is OutboxState.PENDING and r.key.startswith(prefix)]
        return found[:limit]

    async def first_of_each(
        self, prefix: str = "", limit: int = 100, leave: Collection[int] = ()
    ) -> Sequence[OutboxMessage]:
        firsts: dict[int, OutboxMessage] = {}
        for row in await self.pending(prefix, len(self.rows)):
            if row.chat_id not in leave:
                firsts.setdefault(row.chat_id, row)
        return list(firsts.values())[:limit]

    async def up_to(self, key: str) -> Sequence[OutboxMessage]:
        pending = [
            r for r in self.rows.values() if r.state is OutboxState.PENDING and r.chat_id == self.rows[key].chat_id
        ]
        keys = [row.key for row in pending]
        return pending[: keys.index(key) + 1] if key in keys else []

    async def wake(self, now: datetime) -> int:
        held = [row for row in self.rows.values() if row.state is OutboxState.HELD]
        due = [row for row in held if row.not_before is not None and row.not_before <= now]
        self.rows.update((row.key, replace(row, state=OutboxState.PENDING)) for row in due)
        return len(due)

    async def claim(self, key: str) -> OutboxMessage | None:
        row = self.rows[key]
        if row.state is not OutboxState.PENDING:
            return None
        self.rows[key] = replace(row, state=OutboxState.SENDING, attempts=row.attempts + 1)
        return self.rows[key]

    async def sent(self, key: str, message_id: int | None, name: str | None = None) -> None:
        self.rows[key] = replace(self.rows[key], state=OutboxState.SENT, message_id=message_id)

    async def unknown(self, key: str, reason: str) -> None:
        self.rows[key] = replace(self.rows[key], state=OutboxState.UNKNOWN, error=reason)

    async def failed(self, key: str, reason: str, lost_at: datetime | None = None) -> None:
        self.rows[key] = replace(self.rows[key], state=OutboxState.FAILED, error=reason)
        if lost_at is not None:
            self.unreachable.setdefault(self.rows[key].chat_id, lost_at)

    async def release(self, key: str, reason: str) -> None:
        self.rows[key] = replace(self.rows[key], state=OutboxState.PENDING, error=reason)

    async def move(self, chat_id: int, to: int) -> None:
        for key, row in self.rows.items():
            if row.chat_id == chat_id and row.state in {OutboxState.PENDING, OutboxState.SENDING}:
                self.rows[key] = replace(row, chat_id=to)

    async def halt(self, wait: timedelta) -> None:
        self.until = max(self.until, self.clock() + wait)

    async def halted_for(self) -> timedelta:
        return self.until - self.clock()

    async def sweep(self) -> int:
        cut = [key for key, row in self.rows.items() if row.state is OutboxState.SENDING]
        for key in cut:
            await self.unknown(key, "the process ended while sending")
        return len(cut)

    async def prune(self, before: datetime) -> int:
        done = {OutboxState.SENT, OutboxState.UNKNOWN, OutboxState.FAILED}
        old = [key for key, row in self.rows.items() if row.state in done and row.created_at < before]
        for key in old:
            del self.rows[key]
        return len(old)


class MemoryShown:
    """What the messages of an outbox tell of."""

    def __init__(self, outbox: MemoryOutbox) -> None:
        self._outbox = outbox

    async def of(self, ref: str, chat_id: int) -> About | None:
        rows = [row for row in self._outbox.rows.values() if row.about and row.about.ref == ref]
        return next((row.about for row in rows if row.chat_id == chat_id), None)

    async def at(self, chat_id: int, message_id: int) -> About | None:
        rows = self._outbox.rows.values()
        return next((row.about for row in rows if (row.chat_id, row.message_id) == (chat_id, message_id)), None)

    async def last(self, chat_id: int) -> About | None:
        told = [row for row in self._outbox.rows.values() if row.about and row.chat_id == chat_id]
        return max(told, key=lambda row: row.created_at).about if told else None

    async def prune(self, before: datetime) -> int:
        return 0


class MemoryReaders:
    """How the bot is to deal with readers, as an inbox has it changed."""

    def __init__(self, inbox: MemoryInbox) -> None:
        self._inbox = inbox

    async def of(self, reader: ReaderId) -> ReaderSettings:
        said = ReaderSettings()
        for change in self._inbox.changes:
            match change:
                case Spoken(reader=who, language=language) if who == reader:
                    said = replace(said, language=language)
                case Awaited(reader=who, asked=asked) if who == reader:
                    said = replace(said, asked=asked)
                case Wished(settings=settings) if settings.reader == reader:
                    said = replace(said, zone=settings.timetable.zone)
        return said


class MemoryInbox:
    def __init__(self, outbox: MemoryOutbox | None = None) -> None:
        self.outbox = outbox or MemoryOutbox()
        self.rows: dict[int, InboxUpdate] = {}
        self.changes: list[Change] = []
        self.starts: Counter[int] = Counter()

    async def accept(self, updates: Sequence[InboxUpdate]) -> int:
        unknown = [update for update in updates if update.update_id not in self.rows]
        self.rows.update((update.update_id, update) for update in unknown)
        return len(unknown)

    async def pending(self, limit: int, owner: str | None = None) -> Sequence[Waiting]:
        return [
            Waiting(
                update_id=row.update_id,
                chat_id=row.chat_id,
                typed=TYPED in row.payload,
                starts=self.starts[row.update_id],
            )
            for row in self.rows.values()
            if row.state is InboxState.PENDING
        ][:limit]

    async def left(self, at_once: int) -> Sequence[int]:
        oldest: dict[tuple[int | None, bool], int] = {}
        for each in await self.pending(len(self.rows)):
            oldest.setdefault((each.chat_id, each.typed), each.update_id)
        left = list(oldest.values())[:at_once]
        self.starts.update(left)
        return left

    async def spared(self, update_ids: Sequence[int]) -> None:
        self.starts.subtract(update_ids)

    async def get(self, update_id: int) -> InboxUpdate | None:
        return self.rows.get(update_id)

    async def done(self, update_id: int, replies: Sequence[OutboxMessage] = (), changes: Sequence[Change] = ()) -> None:
        if self._settle(update_id, InboxState.DONE, None, replies):
            self.changes += changes

    async def quarantine(self, update_id: int, reason: str, replies: Sequence[OutboxMessage] = ()) -> None:
        self._settle(update_id, InboxState.QUARANTINED, reason, replies)

    async def prune(self, before: datetime) -> int:
        last = next(reversed(self.rows), None)
        finished = [row for row in self.rows.values() if row.state is not InboxState.PENDING]
        old = [row.update_id for row in finished if row.received_at < before and row.update_id != last]
        for update_id in old:
            del self.rows[update_id]
        return len(old)

    def _settle(self, update_id: int, state: InboxState, error: str | None, replies: Sequence[OutboxMessage]) -> bool:
        if self.rows[update_id].state is not InboxState.PENDING:
            return False
        self.rows[update_id] = replace(self.rows[update_id], state=state, error=error)
        self.outbox.enqueue(replies)
        return True
