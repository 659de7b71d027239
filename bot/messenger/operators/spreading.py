"""Sends what operators tell everybody: to each reader once, after their quiet hours.

How far it has come is in the database; see `storage.broadcasts`: a process that is killed goes on where it stood.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from bot.flows.schedule import after_quiet, is_night
from bot.messenger.operators.broadcasts import Broadcasts, seen
from bot.messenger.paragraphs.markup import said
from bot.messenger.paragraphs.notices import READERS
from bot.messenger.ports import Outbox
from storage.broadcasts import Telling, key
from storage.domain.broadcasts import Broadcast
from storage.domain.deliveries import BROADCAST, OutboxMessage, OutboxState
from storage.domain.digests import DigestSettings
from storage.domain.people import ReaderId
from storage.domain.times import Clock
from storage.errors import StorageError

_LOG = logging.getLogger(__name__)
_LOOK_SECONDS = 5.0


def telling(now: datetime) -> Telling:
    """The message to a reader in private, as of now; in their quiet hours it is held until these end."""

    def told(
        broadcast: Broadcast, reader: ReaderId, settings: DigestSettings | None, language: str | None
    ) -> OutboxMessage:
        spoken = language or (settings.language if settings is not None else None)
        (text,) = seen(broadcast, spoken)
        held = None if settings is None else after_quiet(settings.timetable, now)
        silent = settings is not None and is_night(settings.timetable, held or now)
        return OutboxMessage(
            key=f"{key(broadcast.id)}{reader}",
            chat_id=int(reader.removeprefix(READERS)),
            method="sendMessage",
            payload=json.dumps({**said(text), "disable_notification": silent}),
            created_at=now,
            state=OutboxState.PENDING if held is None else OutboxState.HELD,
            not_before=held,
        )

    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreading:
    """Sends what is confirmed, a page of readers after another, and what was held once it may be.

    A page is sent before the next is decided on, so that nobody's quiet hours have begun meanwhile.

    Args:
        deliver: Sends what is pending under keys that begin like that.
    """

    broadcasts: Broadcasts
    outbox: Outbox
    deliver: Callable[[str], Awaitable[None]]
    clock: Clock
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self) -> NoReturn:
        """Until cancelled."""
        while True:
            try:
                busy = await self.go_on()
            except StorageError as error:
                _LOG.warning("broadcasts wait", extra={"reason": str(error)})
                busy = False
            if not busy:
                await self.sleep(_LOOK_SECONDS)

    async def go_on(self) -> bool:
        """Some more; whether there was anything to do."""
        told = await self.broadcasts.spread(telling(self.clock()))
        woken = await self.outbox.wake(self.clock())
        if told or woken:
            await self.deliver(BROADCAST)
        return bool(told or woken)
