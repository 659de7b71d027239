"""Sends what is in the outbox: claim, send, record what became of it.

A message is sent at most once. What certainly was not sent goes back and is tried again; what may have been sent is
recorded as unknown and never sent again, because Telegram has no way to recognise a repeated request.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from http import HTTPStatus
from weakref import WeakValueDictionary

from bot.messenger.bot_api import Accepted, Caller, Json, NotSent, Outcome, Refused, Unknown
from bot.messenger.markup import plain
from bot.messenger.pace import Pace
from bot.messenger.ports import Outbox
from storage.domain.deliveries import OutboxMessage

_LOG = logging.getLogger(__name__)
_DEFAULT_WAIT = timedelta(seconds=5)
"""For a 429 that does not say how long, and for a token that is refused while running."""
_LONGEST_BACKOFF_SECONDS = 60.0
IN_FLIGHT = 8
"""Messages at once between their claim and the record of what became of them: all that a kill leaves unknown. Enough
for the overall pace where Telegram takes a third of a second."""


class Sender:
    """Sends the outbox's messages, those of one chat one after another.

    Args:
        sleep: Waits that many seconds before a message that could not be sent is tried again.
    """

    def __init__(
        self,
        *,
        outbox: Outbox,
        api: Caller,
        pace: Pace,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._outbox, self._api, self._pace, self._sleep = outbox, api, pace, sleep
        self._chats: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._in_flight = asyncio.Semaphore(IN_FLIGHT)

    async def deliver(self, prefix: str = "") -> None:
        """Send what is pending under keys that begin with `prefix`, in order, until nothing is.

        What waits for the same chat from before goes first, whatever its key: a chat's messages never overtake each
        other, whoever else delivers.
        """
        gone: set[int] = set()
        while messages := await self._outbox.pending(prefix):
            for message in messages:
                lock = self._chats.setdefault(message.chat_id, asyncio.Lock())
                async with lock:
                    for one in await self._outbox.up_to(message.key):
                        if one.chat_id in gone:
                            await self._give_up(one)
                        elif _gone(await self._send(one)):
                            gone.add(one.chat_id)

    async def _give_up(self, message: OutboxMessage) -> None:
        if await self._outbox.claim(message.key):
            await self._outbox.failed(message.key, "the recipient is gone")

    async def _send(self, message: OutboxMessage) -> Outcome | None:
        """What became of it; `None` where someone else is sending or has sent it."""
        backoff = 1.0
        while True:
            await self._pace.turn(message.chat_id)
            async with self._in_flight:
                claimed = await self._outbox.claim(message.key)
                if claimed is None:
                    return None
                outcome = await self._attempt(claimed)
                if not (isinstance(outcome, NotSent) or _later(outcome)):
                    await self._record(claimed, outcome)
                    return outcome
                await self._put_back(claimed, outcome)
            if isinstance(outcome, NotSent):
                await self._sleep(backoff * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret
                backoff = min(backoff * 2, _LONGEST_BACKOFF_SECONDS)

    async def _attempt(self, message: OutboxMessage) -> Outcome:
        """Send it; once more, differently, where the refusal says how."""
        fields: dict[str, Json] = {"chat_id": message.chat_id, **json.loads(message.payload)}
        outcome = await self._api.call(message.method, fields)
        if isinstance(outcome, Refused) and outcome.migrate_to_chat_id is not None:
            _LOG.info("chat moved", extra={"key": message.key})
            await self._outbox.move(message.chat_id, outcome.migrate_to_chat_id)
            fields["chat_id"] = outcome.migrate_to_chat_id
            outcome = await self._api.call(message.method, fields)
        if isinstance(outcome, Refused) and "can't parse entities" in outcome.description:
            _LOG.error("markup refused, sent as plain text", extra={"key": message.key})
            fields.pop("parse_mode", None)
            fields["text"] = plain(str(fields.get("text", "")))
            outcome = await self._api.call(message.method, fields)
        return outcome

    async def _put_back(self, message: OutboxMessage, outcome: Outcome) -> None:
        reason = outcome.reason if isinstance(outcome, NotSent) else "asked to wait"
        await self._outbox.release(message.key, reason)
        if isinstance(outcome, Refused):
            self._pace.halt(outcome.retry_after or _DEFAULT_WAIT)
        _LOG.warning("not sent yet", extra={"key": message.key, "reason": reason})

    async def _record(self, message: OutboxMessage, outcome: Outcome) -> None:
        match outcome:
            case Accepted(result=result):
                self._pace.went()
                message_id = result.get("message_id") if isinstance(result, dict) else None
                await self._outbox.sent(message.key, message_id if isinstance(message_id, int) else None)
            case Unknown(reason=reason):
                _LOG.warning("may or may not have been sent", extra={"key": message.key, "reason": reason})
                await self._outbox.unknown(message.key, reason)
            case Refused(code=code, description=description):
                _LOG.warning("refused", extra={"key": message.key, "code": code, "reason": description})
                await self._outbox.failed(message.key, f"{code} {description}")
            case NotSent():
                raise AssertionError("what was not sent is put back")


def _later(outcome: Outcome) -> bool:
    """Whether the refusal is not about this message: too many of them, or a token that is refused at present."""
    return isinstance(outcome, Refused) and outcome.code in {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.NOT_FOUND,
    }


def _gone(outcome: Outcome | None) -> bool:
    """Whether nothing more can reach this chat: the bot was blocked, or the chat is no more."""
    return isinstance(outcome, Refused) and (
        outcome.code == HTTPStatus.FORBIDDEN or "chat not found" in outcome.description
    )
