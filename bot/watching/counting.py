"""Where it is counted: around the ports, so that neither flows nor stores know of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, cast

from bot.messenger.answers.flows import Converse
from bot.messenger.ports import Inbox, Outbox
from bot.watching.meter import (
    ANSWERING,
    CUT_SHORT,
    DELIVERY,
    LAPSES,
    QUESTIONS,
    SENDS,
    UPDATES,
    Answered,
    Kind,
    Meter,
    Sending,
    Stage,
    Update,
)
from storage.domain.changes import Change
from storage.domain.deliveries import (
    BREAKING,
    BROADCAST,
    DIGEST,
    NOTICE,
    REPORT,
    InboxState,
    InboxUpdate,
    OutboxMessage,
)
from storage.domain.dialogue import Answer, ConversationId, Reply, Sentence
from storage.domain.people import ReaderId
from storage.domain.summaries import GivenDocument
from storage.domain.times import Clock

if TYPE_CHECKING:
    from bot.serve import Rooms

_KINDS = {
    NOTICE: Kind.NOTICE,
    DIGEST: Kind.DIGEST,
    BREAKING: Kind.BREAKING,
    BROADCAST: Kind.BROADCAST,
    REPORT: Kind.REPORT,
}
_UNDER_WAY = 10_000
"""Updates that are timed at once, at most: of those whose replies another process sends, none would ever end."""


def watched(rooms: Rooms, meter: Meter) -> Rooms:
    """The same, counted."""
    times = _UnderWay(meter=meter, clock=rooms.clock)
    return replace(
        rooms,
        inbox=cast("Inbox", CountedInbox(rooms.inbox, meter, times)),
        outbox=cast("Outbox", CountedOutbox(rooms.outbox, meter, times)),
        converse=CountedConverse(converse=rooms.converse, meter=meter),
    )


def kind(key: str) -> Kind:
    """What the message of that key is."""
    return next((kind for prefix, kind in _KINDS.items() if key.startswith(prefix)), Kind.REPLY)


class _UnderWay:
    """When the updates were accepted that are being answered, by themselves and by the key of their last reply."""

    def __init__(self, *, meter: Meter, clock: Clock) -> None:
        self._meter, self._clock = meter, clock
        self._begun: dict[int | str, datetime] = {}

    def begin(self, key: int | str, at: datetime) -> None:
        self._begun[key] = at
        if len(self._begun) > _UNDER_WAY:
            del self._begun[next(iter(self._begun))]

    def drop(self, key: int | str) -> datetime | None:
        return self._begun.pop(key, None)

    def end(self, key: str) -> None:
        if (begun := self.drop(key)) is not None:
            # Clocks are set back, and those of two machines differ.
            self._meter.took(DELIVERY, max(0.0, (self._clock() - begun).total_seconds()))


class CountedInbox:
    """An inbox that tells what becomes of its updates; all that is not here is as it is."""

    def __init__(self, inbox: Inbox, meter: Meter, times: _UnderWay) -> None:
        self._inbox, self._meter, self._times = inbox, meter, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inbox, name)

    async def accept(self, updates: Sequence[InboxUpdate]) -> int:
        new = await self._inbox.accept(updates)
        aside = sum(each.state is InboxState.QUARANTINED for each in updates)
        self._meter.count(UPDATES, Update.ACCEPTED, by=new)
        self._meter.count(UPDATES, Update.QUARANTINED, by=min(new, aside))
        return new

    async def get(self, update_id: int) -> InboxUpdate | None:
        found = await self._inbox.get(update_id)
        if found is not None and found.state is InboxState.PENDING:
            self._times.begin(update_id, found.received_at)
        return found

    async def done(self, update_id: int, replies: Sequence[OutboxMessage] = (), changes: Sequence[Change] = ()) -> None:
        self._wait_for(update_id, replies)
        await self._inbox.done(update_id, replies, changes)
        self._meter.count(UPDATES, Update.HANDLED)

    async def quarantine(self, update_id: int, reason: str, replies: Sequence[OutboxMessage] = ()) -> None:
        self._wait_for(update_id, replies)
        await self._inbox.quarantine(update_id, reason, replies)
        self._meter.count(UPDATES, Update.QUARANTINED)

    def _wait_for(self, update_id: int, replies: Sequence[OutboxMessage]) -> None:
        begun = self._times.drop(update_id)
        if begun is not None and replies:
            self._times.begin(replies[-1].key, begun)


class CountedOutbox:
    """An outbox that tells what becomes of its messages; all that is not here is as it is."""

    def __init__(self, outbox: Outbox, meter: Meter, times: _UnderWay) -> None:
        self._outbox, self._meter, self._times = outbox, meter, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outbox, name)

    async def sent(self, key: str, message_id: int | None, name: str | None = None) -> None:
        await self._outbox.sent(key, message_id, name)
        self._meter.count(SENDS, kind(key), Sending.SENT)
        self._times.end(key)

    async def unknown(self, key: str, reason: str) -> None:
        await self._outbox.unknown(key, reason)
        self._lost(key, Sending.UNKNOWN)

    async def failed(self, key: str, reason: str, lost_at: datetime | None = None) -> None:
        await self._outbox.failed(key, reason, lost_at)
        self._lost(key, Sending.FAILED)

    async def release(self, key: str, reason: str) -> None:
        await self._outbox.release(key, reason)
        self._meter.count(SENDS, kind(key), Sending.PUT_BACK)

    async def sweep(self) -> int:
        left = await self._outbox.sweep()
        self._meter.count(CUT_SHORT, by=left)
        return left

    def _lost(self, key: str, how: Sending) -> None:
        self._meter.count(SENDS, kind(key), how)
        self._times.drop(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedConverse:
    """Answers, and tells what questions got and how long it took."""

    converse: Converse
    meter: Meter

    async def answer(
        self,
        text: str,
        *,
        reader: ReaderId | None,
        conversation: ConversationId | None,
        language: str | None,
        zone: tzinfo,
    ) -> AsyncGenerator[Sentence | Reply, None]:
        """As it is answered."""
        parts = self.converse.answer(text, reader=reader, conversation=conversation, language=language, zone=zone)
        async with aclosing(parts):
            async for part in parts:
                if isinstance(part, Reply):
                    self._count(part.answer)
                    took = part.timings
                    self.meter.took(ANSWERING, took.retrieve.total_seconds(), Stage.RETRIEVE)
                    self.meter.took(ANSWERING, took.first_token.total_seconds(), Stage.FIRST_WORDS)
                    self.meter.took(ANSWERING, took.total.total_seconds(), Stage.WHOLE)
                yield part

    async def about(self, text: str, given: GivenDocument, *, language: str | None) -> Answer:
        """As it is answered."""
        answer = await self.converse.about(text, given, language=language)
        self._count(answer)
        return answer

    def _count(self, answer: Answer) -> None:
        self.meter.count(QUESTIONS, _answered(answer))
        if answer.lapse is not None:
            self.meter.count(LAPSES, answer.lapse)


def _answered(answer: Answer) -> Answered:
    if answer.refused:
        return Answered.REFUSAL
    if answer.remark is not None:
        return Answered.REMARK
    return Answered.LISTING if answer.listing else Answered.ANSWER
