"""An answer as far as it is written, shown while it is.

In private it is a draft; among others a message of its own, edited as it grows and taken away before the answer comes.

For show alone, and at its best: it is plain text, so that no markup can be refused; it leaves when there is room, or
not at all; and what becomes of it is no error. A message among others stays until it is taken away, so that it is a row
of the outbox from before it is sent, and so is its removal, which goes ahead of the answer, however often Telegram asks
to wait. One that arrives when the answer is there already is taken away then; after one of which nobody knows whether
it arrived, none is sent again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping

from bot.messenger.incoming.events import Origin
from bot.messenger.paragraphs.markup import MAX_UNITS, defused, head
from bot.messenger.ports import Outbox
from bot.messenger.wire.bot_api import Accepted, Caller, Json, NotSent, Outcome, Refused, Unknown
from bot.messenger.wire.pace import Pace
from storage.domain.deliveries import OutboxMessage, OutboxState
from storage.domain.times import Clock
from storage.errors import StorageError

_LOG = logging.getLogger(__name__)

FIRST_AFTER_SECONDS = 0.25
"""An answer that is whole so soon after its first words is sent without showing these."""
PRIVATE_EVERY_SECONDS, GROUP_EVERY_SECONDS = 0.6, 1.6
_DEADLINE_SECONDS = 5.0
_LAST_SECONDS = 2.0
"""How long the answer waits for what is under way."""
_MORE = " …"


class Draft:
    """What is shown of one answer. Its calls go out one after another.

    Args:
        pace: Gives room; a request to wait is told to it.
        outbox: Where what is shown among others is kept.
        deliver: Sends what is pending under keys that begin like that.
    """

    def __init__(
        self,
        *,
        api: Caller,
        pace: Pace,
        origin: Origin,
        outbox: Outbox,
        deliver: Callable[[str], Awaitable[None]],
        clock: Clock,
    ) -> None:
        self._api, self._pace, self._origin = api, pace, origin
        self._outbox, self._deliver, self._clock = outbox, deliver, clock
        self._key = f"draft-{origin.chat_id}-{origin.message_id}"
        self._every = PRIVATE_EVERY_SECONDS if origin.private else GROUP_EVERY_SECONDS
        self._text = self._shown = ""
        self._over = asyncio.Event()
        self._message: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._late = False

    def show(self, text: str) -> None:
        """So much is written by now; any text."""
        self._text = head(defused(text), MAX_UNITS - len(_MORE))
        if self._task is None and self._text:
            self._task = asyncio.create_task(self._run() if self._origin.private else self._run_among_others())

    async def end(self) -> asyncio.Task[None] | None:
        """Show nothing more; what is known to be shown among others is to be taken away when this returns.

        Returns:
            What is still under way, which takes away what it shows; to be kept, and cancelled when all ends.
        """
        self._over.set()
        late: asyncio.Task[None] | None = None
        if self._task is not None:
            _, waiting = await asyncio.wait([self._task], timeout=_LAST_SECONDS)
            late = next(iter(waiting), None)
            self._late = late is not None
        if self._origin.private:
            if late is not None:
                late.cancel()
            return None
        with _logged(self._key):
            await self._take_away()
        return late

    async def _run(self) -> None:
        wait = FIRST_AFTER_SECONDS
        while not await self._ends_within(wait):
            wait = self._every
            if self._text != self._shown and self._pace.spare(self._origin.chat_id):
                text = self._text
                if not self._heed(await self._put(text)):
                    return
                self._shown = text

    async def _run_among_others(self) -> None:
        with _logged(self._key):
            await self._run()
            if self._late and await self._take_away():
                await self._deliver(self._key)

    async def _ends_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), seconds)
        return self._over.is_set()

    async def _put(self, text: str) -> Outcome:
        origin = self._origin
        if origin.private:
            # Its number is that of what it answers, so that it is the same draft that grows.
            return await self._call("sendMessageDraft", {"draft_id": origin.message_id or 1, "text": text})
        fields: dict[str, Json] = {"text": text + _MORE, "link_preview_options": {"is_disabled": True}}
        if self._message is None:
            known = await self._outbox.keep(self._row(self._key, "sendMessage", {}, OutboxState.SENDING))
            if known is None:
                return await self._post(fields)
            if known.message_id is None:
                # An earlier try sends it, or nobody knows what became of it.
                return Unknown(reason=known.state)
            # A process that was killed has sent it, or an earlier try.
            self._message = known.message_id
        return await self._call("editMessageText", {**fields, "message_id": self._message})

    async def _post(self, fields: dict[str, Json]) -> Outcome:
        origin = self._origin
        answers: dict[str, Json] = {"message_id": origin.message_id, "allow_sending_without_reply": True}
        outcome = await self._call(
            "sendMessage", {**fields, "disable_notification": True, "reply_parameters": answers}, threaded=True
        )
        match outcome:
            case Accepted(result={"message_id": int(number)}):
                self._message = number
                await self._outbox.sent(self._key, number)
            case Refused(description=reason) | NotSent(reason=reason):
                await self._outbox.failed(self._key, reason)
            case Accepted() | Unknown():
                _LOG.warning("a draft may be left", extra={"key": self._key})
                await self._outbox.unknown(self._key, "nobody knows whether it was shown")
        return outcome

    async def _take_away(self) -> bool:
        """Have what is shown among others taken away; whether anything is known to be."""
        kept = await self._outbox.get(self._key) if self._message is None else None
        number = self._message if kept is None else kept.message_id
        if number is None:
            return False
        gone = self._row(f"{self._key}-gone-{number}", "deleteMessage", {"message_id": number}, OutboxState.PENDING)
        await self._outbox.keep(gone)
        return True

    def _row(self, key: str, method: str, fields: dict[str, Json], state: OutboxState) -> OutboxMessage:
        return OutboxMessage(
            key=key,
            chat_id=self._origin.chat_id,
            method=method,
            payload=json.dumps(fields),
            created_at=self._clock(),
            state=state,
        )

    async def _call(self, method: str, fields: Mapping[str, Json], *, threaded: bool = False) -> Outcome:
        to: dict[str, Json] = {"chat_id": self._origin.chat_id}
        if self._origin.thread_id is not None and (threaded or self._origin.private):
            to["message_thread_id"] = self._origin.thread_id
        return await self._api.call(method, {**to, **fields}, read_timeout=_DEADLINE_SECONDS)

    def _heed(self, outcome: Outcome) -> bool:
        """Whether to go on; a request to wait is one to everybody."""
        if isinstance(outcome, Refused) and outcome.retry_after is not None:
            self._pace.halt(outcome.retry_after)
        return isinstance(outcome, Accepted | NotSent)


@contextlib.contextmanager
def _logged(key: str) -> Iterator[None]:
    """What is for show alone lets nothing else fail."""
    try:
        yield
    except StorageError as error:
        _LOG.warning("a draft may be left", extra={"key": key, "reason": str(error)})
