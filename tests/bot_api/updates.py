"""What waits for a bot: updates, until it has taken them by polling or a webhook; never by both."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import Callable
from http import HTTPStatus

from tests.bot_api.chats import Json
from tests.bot_api.http import answer, post, refuse
from tests.canary import WATCH

_ONLY_ASKED_FOR = frozenset(("chat_member", "message_reaction", "message_reaction_count"))
"""Kinds of update that a bot gets only if it names them."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Updates:
    """Keeps them in order.

    Attributes:
        webhook: As it was set; empty where there is none.
        allowed: The kinds of update that the bot asked for; `None` where it took the usual ones.
    """

    def __init__(self) -> None:
        self.webhook: dict[str, str] = {}
        self.webhook_error: str | None = None
        self.allowed: frozenset[str] | None = None
        self._queue: dict[int, str] = {}
        self._numbers = itertools.count(1)
        self._changed = asyncio.Condition()
        self._polls = 0
        self._pushing: asyncio.Task[None] | None = None

    @property
    def polling(self) -> bool:
        """Whether someone has asked for updates."""
        return self._polls > 0

    @property
    def waiting(self) -> int:
        """How many updates are not confirmed yet."""
        return len(self._queue)

    def add(self, update: Json) -> int | None:
        """Queue an update; it gets its number here. One of a kind that the bot did not ask for is not kept."""
        WATCH.note_json(update)
        kind = next(iter(update))
        if kind in _ONLY_ASKED_FOR if self.allowed is None else kind not in self.allowed:
            return None
        return self.add_raw(lambda number: json.dumps({"update_id": number, **update}))

    def add_raw(self, text: Callable[[int], str]) -> int:
        """Queue an update as the text that `text` makes with its number, readable or not."""
        number = next(self._numbers)
        self._queue[number] = text(number)
        asyncio.get_running_loop().create_task(self._notify())
        return number

    async def _received(self, method: str, fields: dict[str, str]) -> tuple[int, bytes] | None:
        """What a call comes to that is about how updates are taken; `None` where it is none."""
        match method:
            case "getUpdates":
                return await self._get_updates(fields)
            case "setWebhook":
                return await self._set_webhook(fields)
            case "deleteWebhook":
                return self._delete_webhook(fields)
            case "getWebhookInfo":
                return answer(self._webhook_info())
            case _:
                return None

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _allow(self, fields: dict[str, str]) -> None:
        """Which kinds of update are wanted; those of the last time where that is not said."""
        if "allowed_updates" in fields:
            self.allowed = frozenset(json.loads(fields["allowed_updates"])) or None

    async def _set_webhook(self, fields: dict[str, str]) -> tuple[int, bytes]:
        """Any address on loopback will do, which Telegram says of servers that run in local mode."""
        if not fields["url"]:
            return self._delete_webhook(fields)
        if not _SECRET.fullmatch(fields.get("secret_token", "x")):
            return refuse(400, "Bad Request: secret token contains unallowed characters")
        self._allow(fields)
        self.webhook = fields
        self._polls += 1
        self._pushing = self._pushing or asyncio.create_task(self._push())
        return answer(True)

    def _delete_webhook(self, fields: dict[str, str]) -> tuple[int, bytes]:
        if fields.get("drop_pending_updates", "").lower() in {"true", "1"}:
            self._queue.clear()
        self.webhook = {}
        if self._pushing is not None:
            self._pushing.cancel()
            self._pushing = None
        return answer(True)

    def _webhook_info(self) -> Json:
        told = {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": self.waiting,
        }
        failed = {} if self.webhook_error is None else {"last_error_message": self.webhook_error, "last_error_date": 1}
        asked = {} if self.allowed is None else {"allowed_updates": sorted(self.allowed)}
        return {**told, **failed, **asked}

    async def _get_updates(self, fields: dict[str, str]) -> tuple[int, bytes]:
        if self.webhook:
            return refuse(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
                "webhook first",
            )  # fmt: skip
        self._allow(fields)
        offset = int(fields.get("offset", "0"))
        first = offset if offset >= 0 else next(iter([*self._queue][offset:]), 0)
        for number in [number for number in self._queue if number < first]:
            del self._queue[number]
        self._polls += 1
        mine = self._polls
        async with self._changed:
            self._changed.notify_all()
            try:
                async with asyncio.timeout(float(fields.get("timeout", "0"))):
                    await self._changed.wait_for(lambda: bool(self._queue) or self._polls != mine)
            except TimeoutError:
                pass
        if self._polls != mine:
            by = "setWebhook request" if self.webhook else (
                "other getUpdates request; make sure that only one bot instance is running"
            )  # fmt: skip
            return refuse(409, f"Conflict: terminated by {by}")
        most = min(max(int(fields.get("limit", "100")), 1), 100)
        texts = list(self._queue.values())[:most]
        return 200, f'{{"ok":true,"result":[{",".join(texts)}]}}'.encode()

    async def _push(self) -> None:
        """Post what is queued to the webhook, one after another, again until it is taken."""
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: bool(self._queue))
            number, text = next(iter(self._queue.items()))
            status = await asyncio.to_thread(post, self.webhook["url"], text, self.webhook.get("secret_token", ""))
            if status == HTTPStatus.OK:
                self._queue.pop(number, None)
            else:
                self.webhook_error = f"Wrong response from the webhook: {status}"
                await asyncio.sleep(0.1)
