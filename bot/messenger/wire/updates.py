"""Receives updates, by polling or by webhook. An update is committed to the inbox before Telegram is told it arrived.

Each update is kept as the JSON it came as; one that cannot even be kept as that is set aside by its number, and the
rest of its batch goes on.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import random
import re
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

from bot.messenger.ports import Inbox
from bot.messenger.wire.bot_api import Accepted, Caller, Json, NotSent, Outcome, Refused, Unknown, read_json
from storage.domain.deliveries import InboxState, InboxUpdate
from storage.domain.times import Clock
from storage.errors import SettingsError, StorageError

_LOG = logging.getLogger(__name__)

_TYPED = "inline_query"
ALLOWED_UPDATES: list[Json] = [
    "message",
    "channel_post",
    "my_chat_member",
    "callback_query",
    "message_reaction",
    _TYPED,
]
"""The kinds asked for: what is not listed here Telegram does not send."""
POLL_SECONDS = 30
BATCH = 100
MAX_BODY_BYTES = 1024 * 1024
"""Of a webhook call; an update is a few kilobytes."""
_LONGEST_BACKOFF_SECONDS = 60.0
_UPDATE_ID = re.compile(r'"update_id"\s*:\s*([0-9]{1,18})\b')
_CHAT_HOLDERS = (
    "message", "edited_message", "channel_post", "my_chat_member", "chat_member", "chat_join_request",
    "message_reaction",
)  # fmt: skip


def kept(item: Json, clock: Clock) -> InboxUpdate | None:
    """The inbox's row for an update as decoded JSON; `None` for what is no update at all."""
    update_id = item.get("update_id") if isinstance(item, dict) else None
    if not isinstance(item, dict) or type(update_id) is not int or not 0 <= update_id < 2**63:
        return None
    try:
        payload = json.dumps(item)
    except RecursionError:
        return set_aside(f'"update_id": {update_id}', clock)
    return InboxUpdate(update_id=update_id, payload=payload, received_at=clock(), chat_id=_chat_id(item))


def set_aside(text: str, clock: Clock) -> InboxUpdate | None:
    """The inbox's row for the text of an update that is no readable JSON; `None` where not even its number is found."""
    found = _UPDATE_ID.search(text)
    if found is None:
        return None
    return InboxUpdate(
        update_id=int(found[1]),
        payload=json.dumps(text[:MAX_BODY_BYTES]),
        received_at=clock(),
        state=InboxState.QUARANTINED,
        error="not readable as JSON",
    )


def _chat_id(item: dict[str, Json]) -> int | None:
    query = item.get("callback_query")
    tapped = query.get("message") if isinstance(query, dict) else None
    for held in (tapped, *(item.get(holder) for holder in _CHAT_HOLDERS)):
        chat = held.get("chat") if isinstance(held, dict) else None
        chat_id = chat.get("id") if isinstance(chat, dict) else None
        if isinstance(chat_id, int) and abs(chat_id) < 2**63:
            return chat_id
    typed = item.get(_TYPED)
    who = typed.get("from") if isinstance(typed, dict) else None
    person = who.get("id") if isinstance(who, dict) else None
    return person if isinstance(person, int) and abs(person) < 2**63 else None


class ReceivedElsewhere(SettingsError):
    """Another process receives this bot's updates; of those that share nothing only one may."""

    def __init__(self) -> None:
        super().__init__("TELEGRAM_BOT_TOKEN", "another process receives this bot's updates; only one may")


class Polling:
    """Asks Telegram for updates for as long as it runs.

    Args:
        arrived: Called when something new is in the inbox.
        sleep: Waits that many seconds after a failure.
    """

    def __init__(
        self,
        *,
        api: Caller,
        inbox: Inbox,
        clock: Clock,
        arrived: Callable[[], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._api, self._inbox, self._clock = api, inbox, clock
        self._arrived, self._sleep = arrived, sleep
        self._offset: int | None = None
        self._limit = BATCH
        self._backoff = 1.0

    async def run(self) -> None:
        """Receive until cancelled.

        Raises:
            ReceivedElsewhere: Another process receives this bot's updates.
            SettingsError: The token is refused.
        """
        while True:
            fields: dict[str, Json] = {
                "offset": self._offset,
                "limit": self._limit,
                "timeout": POLL_SECONDS,
                "allowed_updates": ALLOWED_UPDATES,
            }
            outcome = await self._api.call("getUpdates", fields, read_timeout=POLL_SECONDS + 10.0)
            wait = await self._handle(outcome)
            if wait:
                await self._sleep(wait)

    async def _handle(self, outcome: Outcome) -> float:
        """Seconds to wait before asking again."""
        match outcome:
            case Accepted(result=list(items)):
                return await self._keep([row for item in items if (row := kept(item, self._clock))], len(items))
            case Unknown(body=str(body)):
                return await self._unreadable(body)
            case Refused():
                return self._refused(outcome)
            case NotSent(reason=reason) | Unknown(reason=reason):
                return self._failed(reason)
            case Accepted():
                return self._failed("an answer that is no list")

    async def _keep(self, rows: Sequence[InboxUpdate], received: int) -> float:
        if received and not rows:
            return self._failed("nothing that is an update")
        if rows:
            try:
                await self._inbox.accept(rows)
            except StorageError as error:
                return self._failed(str(error))
            self._offset = max(row.update_id for row in rows) + 1
            self._arrived()
        self._limit, self._backoff = BATCH, 1.0
        return 0.0

    async def _unreadable(self, body: str) -> float:
        """A batch that is no readable JSON is asked for one by one, and the one that is to blame is set aside."""
        row = set_aside(body, self._clock)
        if row is None:
            return self._failed("an answer that cannot be read")
        if self._limit > 1:
            self._limit = 1
            return 0.0
        _LOG.warning("update set aside", extra={"update": row.update_id, "reason": row.error})
        return await self._keep([row], 1)

    def _refused(self, refusal: Refused) -> float:
        if refusal.code == HTTPStatus.CONFLICT:
            raise ReceivedElsewhere
        if refusal.code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
            raise SettingsError("TELEGRAM_BOT_TOKEN", "Telegram does not accept it (any more)")
        if refusal.retry_after is not None:
            return refusal.retry_after.total_seconds()
        return self._failed(f"{refusal.code} {refusal.description}")

    def _failed(self, reason: str) -> float:
        wait = self._backoff * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret
        _LOG.warning("updates not received", extra={"reason": reason, "again_in": round(wait, 1)})
        self._backoff = min(self._backoff * 2, _LONGEST_BACKOFF_SECONDS)
        return wait


class Webhook:
    """Takes what Telegram posts.

    Args:
        secret: What Telegram repeats with each call.
        arrived: Called when something new is in the inbox.
    """

    def __init__(self, *, secret: str, inbox: Inbox, clock: Clock, arrived: Callable[[], None]) -> None:
        self._secret = secret.encode()
        self._inbox, self._clock, self._arrived = inbox, clock, arrived

    def trusts(self, secret: str | None) -> bool:
        """Whether a call carries the secret, in a time that tells nothing about it."""
        return hmac.compare_digest((secret or "").encode("utf-8", "surrogateescape"), self._secret)

    async def receive(self, body: bytes) -> HTTPStatus:
        """Keep the update in `body`; the status to answer with, which Telegram takes as its receipt if it is 200."""
        text = body.decode("utf-8", "replace")
        try:
            row = kept(read_json(text), self._clock)
        except ValueError:
            row = set_aside(text, self._clock)
        if row is None:
            return HTTPStatus.BAD_REQUEST
        try:
            await self._inbox.accept([row])
        except StorageError as error:
            _LOG.error("update not kept", extra={"update": row.update_id, "reason": str(error)})
            return HTTPStatus.SERVICE_UNAVAILABLE
        self._arrived()
        return HTTPStatus.OK
