"""Breaking news at once, for those who asked for that: what many outlets tell of, each story once, a few a day.

What a reader muted, what is not to their taste and what they were shown already is none of it, and nothing comes in
their quiet hours.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.flows.asking import Wanted
from bot.flows.digest import Recommends, Sending
from bot.flows.schedule import is_quiet
from storage.domain.deliveries import OutboxMessage
from storage.domain.digests import Digest, DigestSettings, Slot
from storage.domain.people import ReaderId
from storage.domain.times import Clock

log = logging.getLogger(__name__)

BREAKING = timedelta(hours=6)
"""What broke longer ago is told by the next digest."""
ALERT = "alert-"
"""What the name of such a slot begins with; the number of its story follows."""

_AT_ONCE = 256
_DAY = timedelta(days=1)


class AlertShelf(Protocol):
    """Who wants breaking news, and which they were sent."""

    async def settings(self, reader: ReaderId) -> DigestSettings | None: ...

    async def alerted(self, readers: str, limit: int, after: ReaderId | None = None) -> Sequence[DigestSettings]:
        """Those of readers whose ids begin so and who want them, in the order of their ids."""
        ...

    async def claimed(self, readers: Collection[ReaderId], prefix: str, since: datetime) -> Mapping[ReaderId, int]:
        """How many slots whose names begin so were settled since then."""
        ...

    async def alert(self, digest: Digest, messages: Sequence[OutboxMessage]) -> bool:
        """Take it down and enqueue its messages; whether it was not sent before."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerting:
    """Finds what breaks, for each reader."""

    shelf: AlertShelf
    recommend: Recommends
    clock: Clock

    async def send(self, readers: str, sending: Sending) -> int:
        """Enqueue what breaks for the readers whose ids begin so; returns how many messages that are due to.

        What cannot be found out now is found out after the next round of reading, as long as it is breaking.
        """
        sent, after = 0, None
        while page := await self.shelf.alerted(readers, _AT_ONCE, after):
            after = page[-1].reader
            try:
                sent += await self._sent(page, sending)
            except Exception as error:  # noqa: BLE001 - the boundary of some readers: the others go on
                log.warning("alerts_failed", extra={"readers": len(page), "error": type(error).__name__})
        return sent

    async def due_for(self, reader: ReaderId) -> Digest | None:
        """What breaks for one reader, for the caller to show: no other call returns or sends the same.

        Raises:
            EncoderUnavailable: The model cannot be loaded.
        """
        held = await self.shelf.settings(reader)
        if held is None or held.alerts is None:
            return None
        made: list[Digest] = []

        def shown(digest: Digest, _settings: DigestSettings) -> tuple[OutboxMessage, ...]:
            made.append(digest)
            return ()

        return made[0] if await self._sent([held], shown) else None

    async def _sent(self, page: Sequence[DigestSettings], sending: Sending) -> int:
        now = self.clock()
        told = await self.shelf.claimed([each.reader for each in page], ALERT, now - _DAY)
        settings = {
            each.reader: each
            for each in page
            if each.alerts and told.get(each.reader, 0) < each.alerts.a_day and not is_quiet(each.timetable, now)
        }
        wanted = [
            Wanted(
                reader=each.reader,
                length=1,
                style=each.style,
                tastes=each.tastes,
                language=each.language,
                lately=BREAKING,
                outlets=each.alerts.outlets,
            )
            for each in settings.values()
            if each.alerts
        ]
        sent = 0
        for digest in await self.recommend.digests(wanted, now) if wanted else ():
            # What they were shown before is no breaking news, though it moved.
            if digest.reader is None or not digest.items or digest.items[0].new_since is not None:
                continue
            named = replace(digest, slot=Slot(name=f"{ALERT}{digest.items[0].story}", at=now))
            sent += await self.shelf.alert(named, sending(named, settings[digest.reader]))
        return sent
