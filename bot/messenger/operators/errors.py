"""Tells operators that something went wrong: what kind of thing, where, and how often; never what anybody wrote.

What is told is taken from the log, where every boundary takes down what it caught. Of a record only names are read: of
the event, of the error's class, and of the line that raised it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NoReturn

from bot.messenger.operators.operating import Enqueue
from bot.messenger.paragraphs.markup import Paragraph, Piece, own, parts, said
from bot.messenger.ports import Readers
from bot.texts import say
from storage.domain.deliveries import REPORT, OutboxMessage
from storage.domain.people import ReaderId
from storage.domain.times import Clock
from storage.errors import StorageError

_LOG = logging.getLogger(__name__)
_OURS = frozenset(("bot", "generation", "retrieval", "storage"))
_EVERY = timedelta(minutes=15)
"""Operators are told no more often, by each process."""
_LOOK_SECONDS = 20.0
"""How soon they are told of the first; what follows upon it is told with it."""
_MOST_TOLD = 10
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,80}", re.ASCII)
_EVENT = re.compile(r"[A-Za-z][A-Za-z ,_'-]{0,80}", re.ASCII)
_PLACE = re.compile(r"(?:.*/)?((?:bot|generation|retrieval|storage)/[\w/]+\.py:[0-9]+)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A kind of thing that went wrong, and where."""

    event: str
    kind: str
    place: str


class Faults(logging.Handler):
    """Counts what is logged as an error, whoever logs it, until that is taken."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._counts: Counter[Fault] = Counter()
        self._counting = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        """Count it."""
        with self._counting:
            self._counts[fault_of(record)] += 1

    def take(self) -> Mapping[Fault, int]:
        """How many of each there were since the last time."""
        with self._counting:
            taken, self._counts = self._counts, Counter()
        return taken

    def put_back(self, faults: Mapping[Fault, int]) -> None:
        """They could not be told yet."""
        with self._counting:
            self._counts.update(faults)


def fault_of(record: logging.LogRecord) -> Fault:
    """What a record tells by names alone: of a library's, whose words may quote anything, less than of ours."""
    ours = record.name.partition(".")[0] in _OURS
    event = record.msg if ours and isinstance(record.msg, str) and not record.args else ""
    raised = record.exc_info[0] if record.exc_info else None
    kind = raised.__name__ if raised is not None else getattr(record, "error", "") if ours else ""
    at = _PLACE.fullmatch(str(getattr(record, "at", ""))) if ours else None
    return Fault(
        event=event if _EVENT.fullmatch(event) else "",
        kind=kind if isinstance(kind, str) and _NAME.fullmatch(kind) else "",
        place=at[1] if at is not None else f"{record.name}:{record.lineno}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Tells operators, in private.

    Args:
        faults: What went wrong.
        admins: Who they are.
        enqueue: Puts messages into the outbox.
        deliver: Sends what is pending under keys that begin like that.
    """

    admins: Collection[ReaderId]
    readers: Readers
    enqueue: Enqueue
    deliver: Callable[[str], Awaitable[None]]
    clock: Clock
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    faults: Faults = field(default_factory=Faults)

    async def run(self) -> NoReturn:
        """Until cancelled."""
        log = logging.getLogger()
        log.addHandler(self.faults)
        try:
            while True:
                told = await self.tell()
                await self.sleep(_EVERY.total_seconds() if told else _LOOK_SECONDS)
        finally:
            log.removeHandler(self.faults)

    async def tell(self) -> bool:
        """Tell what went wrong since the last time; whether anything did, and could be told."""
        found = self.faults.take()
        if not found or not self.admins:
            return False
        try:
            await self.enqueue([await self._message(admin, found) for admin in sorted(self.admins)])
            await self.deliver(REPORT)
        except StorageError as error:
            self.faults.put_back(found)
            _LOG.warning("errors not told yet", extra={"reason": str(error)})
            return False
        return True

    async def _message(self, admin: ReaderId, found: Mapping[Fault, int]) -> OutboxMessage:
        at, language = self.clock(), (await self.readers.of(admin)).language
        return OutboxMessage(
            key=f"{REPORT}{at.timestamp():.6f}:{admin}",
            chat_id=int(admin.partition(":")[2]),
            method="sendMessage",
            payload=json.dumps(said(parts(_told(found, language))[0])),
            created_at=at,
        )


def _told(found: Mapping[Fault, int], language: str | None) -> Sequence[Paragraph]:
    often = Counter(found).most_common()
    lines: list[Paragraph] = [(own(say(language, "report_title")),), ()]
    for fault, count in often[:_MOST_TOLD]:
        names = " · ".join(filter(None, (fault.event, fault.kind, fault.place)))
        lines.append((own(f"• {count} × "), Piece(text=names)))
    if more := len(often) - _MOST_TOLD:
        lines += [(own(say(language, "report_more", more=more)),)] if more > 0 else []
    return (*lines, (), (own(say(language, "report_hint"), "i"),))
