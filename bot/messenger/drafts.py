"""An answer as far as it is written, shown while it is.

In private it is a draft; among others a message of its own, edited as it grows and taken away before the answer comes.

For show alone, and at its best: it is plain text, so that no markup can be refused; it leaves when there is room, or
not at all; what becomes of it is no error; and none of it is under way any more when the answer itself is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping

from bot.messenger.bot_api import Accepted, Caller, Json, NotSent, Outcome, Refused
from bot.messenger.events import Origin
from bot.messenger.markup import MAX_UNITS, defused, head
from bot.messenger.pace import Pace

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
    """

    def __init__(self, *, api: Caller, pace: Pace, origin: Origin) -> None:
        self._api, self._pace, self._origin = api, pace, origin
        self._every = PRIVATE_EVERY_SECONDS if origin.private else GROUP_EVERY_SECONDS
        self._text = self._shown = ""
        self._over = asyncio.Event()
        self._message: int | None = None
        self._task: asyncio.Task[None] | None = None

    def show(self, text: str) -> None:
        """So much is written by now; any text."""
        self._text = head(defused(text), MAX_UNITS - len(_MORE))
        if self._task is None and self._text:
            self._task = asyncio.create_task(self._run())

    async def end(self) -> None:
        """Show nothing more; what was shown among others is gone when this returns, or as good as."""
        self._over.set()
        if self._task is None:
            return
        _, late = await asyncio.wait([self._task], timeout=_LAST_SECONDS)
        for task in late:
            task.cancel()
        if self._message is not None and not self._pace.halted:
            self._heed(await self._call("deleteMessage", {"message_id": self._message}))

    async def _run(self) -> None:
        wait = FIRST_AFTER_SECONDS
        while not await self._ends_within(wait):
            wait = self._every
            if self._text != self._shown and self._pace.spare(self._origin.chat_id):
                text = self._text
                if not self._heed(await self._put(text)):
                    return
                self._shown = text

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
        if self._message is not None:
            return await self._call("editMessageText", {**fields, "message_id": self._message})
        answers: dict[str, Json] = {"message_id": origin.message_id, "allow_sending_without_reply": True}
        outcome = await self._call(
            "sendMessage", {**fields, "disable_notification": True, "reply_parameters": answers}, threaded=True
        )
        if isinstance(outcome, Accepted) and isinstance(outcome.result, dict):
            number = outcome.result.get("message_id")
            self._message = number if isinstance(number, int) else None
        return outcome

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
