"""Sends what is in the outbox: claim, send, record what became of it.

A message is sent at most once. What certainly was not sent goes back and is tried again; what may have been sent is
recorded as unknown and never sent again, because Telegram has no way to recognise a repeated request.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from weakref import WeakValueDictionary

from bot.messenger.paragraphs.markup import plain
from bot.messenger.ports import Outbox
from bot.messenger.wire.bot_api import Accepted, Caller, Json, NotSent, Outcome, Refused, Unknown
from bot.messenger.wire.leases import Alone, Losing
from bot.messenger.wire.pace import Pace
from storage.domain.deliveries import OutboxMessage, is_unasked
from storage.domain.leases import of_chat
from storage.domain.times import Clock
from storage.errors import StorageError

_LOG = logging.getLogger(__name__)
_DEFAULT_WAIT = timedelta(seconds=5)
"""For a 429 that does not say how long, and for a token that is refused while running."""
_LONGEST_BACKOFF_SECONDS = 60.0
_LONGEST_KEPT = timedelta(hours=1)
"""A process that starts waits no longer for what an earlier one was asked: the clock may have been changed."""
IN_FLIGHT = 8
"""Messages at once between their claim and the record of what became of them: all that a kill leaves unknown. Enough
for the overall pace where Telegram takes a third of a second."""
AT_ONCE = 100
"""Messages of the outbox that are looked at together."""
_MOST_ELSEWHERE = 1_000
"""Where so many chats are other processes', the rest is left for another time: it may be that all are."""
_UNASKED_IN_FLIGHT = IN_FLIGHT - 2
"""And of those that nobody waits for: somebody who does finds room, however slow Telegram is."""
_ASKED_TO_WAIT = "asked to wait"
_GONE = (
    "chat not found", "user not found", "peer_id_invalid", "user is deactivated", "user_is_blocked",
    "input_user_deactivated", "group chat was deactivated", "have no rights to send a message", "chat_write_forbidden",
)  # fmt: skip
"""How Telegram says with a 400 that nothing can reach a chat (any more)."""
_SO_ALREADY = ("message is not modified", "message to delete not found")
"""How Telegram refuses to make a message what it is already, as after a second tap on the same button."""
_BESIDE = frozenset(("answerCallbackQuery", "answerInlineQuery"))
"""What is shown to one person over their chat, or any, and is no message of it."""
_UNPACED = _BESIDE | {"deleteMessage"}
"""What does not count as a message to a chat."""
_TOO_LATE = "too late to be sent"
_MOVED_AWAY = "the chat it became is another process's"


class Sender:
    """Sends the outbox's messages: those of one chat one after another, different chats side by side.

    Args:
        leases: Says which chats are this process's; what waits for those of others is left to them.
        clock: The time of day, by which a message is too late, and somebody cannot be reached any more.
        sleep: Waits that many seconds before a message that could not be sent is tried again.
    """

    def __init__(
        self,
        *,
        outbox: Outbox,
        api: Caller,
        pace: Pace,
        leases: Losing | None = None,
        clock: Clock = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._outbox, self._api, self._pace = outbox, api, pace
        self._leases = leases or Alone()
        self._clock, self._sleep = clock, sleep
        self._chats: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._in_flight = asyncio.Semaphore(IN_FLIGHT)
        self._unasked = asyncio.Semaphore(_UNASKED_IN_FLIGHT)
        self._under_way: set[asyncio.Task[Outcome | None]] = set()
        self._became: dict[int, int] = {}

    async def deliver(self, prefix: str = "", *, whole: bool = False) -> None:
        """Send what is pending under keys that begin with `prefix`, until nothing is; different chats side by side.

        Where the `whole` of it is there already, as the replies to an update are, it is not looked at again. Otherwise
        the chats take turns: none waits for the many messages of another. What is another process's is left to it.

        What waits for the same chat from before goes first, whatever its key: a chat's messages never overtake each
        other, whoever else delivers. Between chats what somebody waits for goes first.
        """
        gone, elsewhere = set[int](), set[int]()
        if whole:
            messages = await self._outbox.pending(prefix, AT_ONCE)
            await self._deliver_each(messages, gone, elsewhere)
            if len(messages) < AT_ONCE:
                return
        while len(elsewhere) < _MOST_ELSEWHERE and (
            firsts := await self._outbox.first_of_each(prefix, AT_ONCE, elsewhere)
        ):
            await self._deliver_each(firsts, gone, elsewhere)

    async def resume(self) -> None:
        """Heed what Telegram asked of a process that has ended; for use before anything is sent."""
        if (left := await self._outbox.halted_for()) > timedelta(0):
            self._pace.halt(min(left, _LONGEST_KEPT))

    async def close(self, seconds: float) -> None:
        """Let the messages end that are being sent, for so long; of the others it is then unknown whether they went."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _deliver_each(self, messages: Sequence[OutboxMessage], gone: set[int], elsewhere: set[int]) -> None:
        last = {message.chat_id: message.key for message in messages}
        await _side_by_side([partial(self._deliver_to, chat, key, gone, elsewhere) for chat, key in last.items()])

    async def _deliver_to(self, chat_id: int, last: str, gone: set[int], elsewhere: set[int]) -> None:
        """Send what waits for a chat, up to the message of that key; or note that it is another process's."""
        async with self._chats.setdefault(chat_id, asyncio.Lock()), self._leases.of(of_chat(chat_id)) as lease:
            if not lease.held:
                elsewhere.add(chat_id)
                return
            # Whoever was held up for so long that others took the chat leaves to them what comes next in it.
            lost = self._leases.lost
            for message in await self._outbox.up_to(last):
                if message.chat_id in gone:
                    await self._give_up(message)
                elif _gone(await self._send(message, lost)) and message.method not in _BESIDE:
                    gone.add(message.chat_id)
                if lost.is_set():
                    elsewhere.add(chat_id)
                    return
                if (to := self._became.pop(chat_id, None)) is not None:
                    break
            else:
                return
        # What waited behind it waits in the chat that it became, which may be another process's.
        await self._deliver_to(to, last, gone, elsewhere)

    async def _give_up(self, message: OutboxMessage) -> None:
        if await self._outbox.claim(message.key):
            await self._surely(partial(self._outbox.failed, message.key, "the recipient is gone"))

    async def _send(self, message: OutboxMessage, lost: asyncio.Event) -> Outcome | None:
        """What became of it; `None` where someone else is sending or has sent it, or is to, as where that is `lost`."""
        backoff, unasked = 1.0, is_unasked(message.key)
        while True:
            if message.method in _UNPACED:
                await self._pace.clear()
            else:
                await self._pace.turn(message.chat_id, unasked=unasked)
            if lost.is_set():
                return None
            # Whoever waits for it may be cancelled; it is not, between its claim and the record of what became of it.
            once = asyncio.create_task(self._once(message.key))
            self._under_way.add(once)
            once.add_done_callback(self._under_way.discard)
            outcome = await asyncio.shield(once)
            if isinstance(outcome, NotSent):
                await self._sleep(backoff * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret
                backoff = min(backoff * 2, _LONGEST_BACKOFF_SECONDS)
            elif outcome is None or not _later(outcome):
                return outcome

    async def _once(self, key: str) -> Outcome | None:
        """Claim it, send it and record what became of it, or put it back."""
        mine = self._unasked if is_unasked(key) else contextlib.nullcontext()
        async with mine, self._in_flight, contextlib.AsyncExitStack() as until_recorded:
            claimed = await self._outbox.claim(key)
            if claimed is None:
                return None
            if claimed.expires_at is not None and self._clock() >= claimed.expires_at:
                await self._surely(partial(self._outbox.failed, key, _TOO_LATE))
                return None
            # Telegram may have asked to wait since it was this one's turn.
            halted = self._pace.halted
            outcome = NotSent(reason=_ASKED_TO_WAIT) if halted else await self._attempt(claimed, until_recorded)
            if isinstance(outcome, Accepted):
                self._pace.went()
            if outcome is None:
                await self._surely(partial(self._outbox.release, key, _MOVED_AWAY))
            elif isinstance(outcome, NotSent) or _later(outcome):
                await self._surely(partial(self._put_back, claimed, outcome))
            else:
                await self._surely(partial(self._record, claimed, outcome))
            return outcome

    async def _surely(self, write: Callable[[], Awaitable[None]]) -> None:
        """Write down what became of a message, however long the database is busy: nobody else knows it."""
        backoff = 0.1
        while True:
            try:
                return await write()
            except StorageError as error:
                _LOG.warning("not recorded yet", extra={"reason": str(error)})
            await self._sleep(backoff * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret
            backoff = min(backoff * 2, _LONGEST_BACKOFF_SECONDS)

    async def _attempt(self, message: OutboxMessage, until_recorded: contextlib.AsyncExitStack) -> Outcome | None:
        """Send it; once more, differently, where the refusal says how. `None` where another process is to."""
        fields: dict[str, Json] = json.loads(message.payload)
        if message.method not in _BESIDE:
            fields["chat_id"] = message.chat_id
        outcome = await self._api.call(message.method, fields)
        if isinstance(outcome, Refused) and outcome.migrate_to_chat_id is not None:
            _LOG.info("chat moved", extra={"key": message.key})
            fields["chat_id"] = outcome.migrate_to_chat_id
            try:
                lease = await until_recorded.enter_async_context(self._leases.of(of_chat(outcome.migrate_to_chat_id)))
                await self._move(message.chat_id, outcome.migrate_to_chat_id)
            except StorageError as error:
                # It was refused, so it was not sent, and is told so again.
                return NotSent(reason=str(error))
            if not lease.held:
                return None
            await self._pace.clear()
            outcome = await self._api.call(message.method, fields)
        if isinstance(outcome, Refused) and "can't parse entities" in outcome.description:
            _LOG.error("markup refused, sent as plain text", extra={"key": message.key})
            fields.pop("parse_mode", None)
            fields["text"] = plain(str(fields.get("text", "")))
            await self._pace.clear()
            outcome = await self._api.call(message.method, fields)
        if isinstance(outcome, Refused) and any(each in outcome.description for each in _SO_ALREADY):
            return Accepted(result=None)
        return outcome

    async def _move(self, chat_id: int, to: int) -> None:
        """What waits for a chat goes to the one it became, in which nobody overtakes what is being sent."""
        if (lock := self._chats.get(chat_id)) is not None:
            self._chats[to] = lock
        await self._outbox.move(chat_id, to)
        self._became[chat_id] = to

    async def _put_back(self, message: OutboxMessage, outcome: Outcome) -> None:
        reason = outcome.reason if isinstance(outcome, NotSent) else _ASKED_TO_WAIT
        if isinstance(outcome, Refused):
            # At once, before anything is waited for: others are about to send.
            self._pace.halt(outcome.retry_after or _DEFAULT_WAIT)
            await self._outbox.halt(self._pace.left)
        await self._outbox.release(message.key, reason)
        _LOG.warning("not sent yet", extra={"key": message.key, "reason": reason})

    async def _record(self, message: OutboxMessage, outcome: Outcome) -> None:
        match outcome:
            case Accepted(result=result):
                message_id = result.get("message_id") if isinstance(result, dict) else None
                name = _name(result) if is_unasked(message.key) else None
                await self._outbox.sent(message.key, message_id if isinstance(message_id, int) else None, name)
            case Unknown(reason=reason):
                _LOG.warning("may or may not have been sent", extra={"key": message.key, "reason": reason})
                await self._outbox.unknown(message.key, reason)
            case Refused(code=code, description=description):
                _LOG.warning("refused", extra={"key": message.key, "code": code, "reason": description})
                lost = _gone(outcome) and message.method not in _BESIDE
                await self._outbox.failed(message.key, f"{code} {description}", self._clock() if lost else None)
            case NotSent():
                raise AssertionError("what was not sent is put back")


async def _side_by_side(acts: Sequence[Callable[[], Awaitable[None]]]) -> None:
    """Do all of these, so many at once as may be in flight; those that fail let the others end."""
    left = iter(acts)

    async def some() -> None:
        for act in left:
            await act()

    ends = await asyncio.gather(*(some() for _ in acts[:IN_FLIGHT]), return_exceptions=True)
    for error in filter(None, ends):
        raise error


def _later(outcome: Outcome) -> bool:
    """Whether the refusal is not about this message: too many of them, or a token that is refused at present."""
    return isinstance(outcome, Refused) and outcome.code in {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.NOT_FOUND,
    }


def _name(sent: Json) -> str | None:
    """The name of the chat that something was sent to, as operators may call it; `None` where none is said."""
    chat = sent.get("chat") if isinstance(sent, dict) else None
    username = chat.get("username") if isinstance(chat, dict) else None
    return f"@{username.lower()}" if isinstance(username, str) and username else None


def _gone(outcome: Outcome | None) -> bool:
    """Whether nothing more can reach this chat: the bot was blocked, or the chat is no more."""
    if not isinstance(outcome, Refused):
        return False
    said = outcome.description.lower()
    return outcome.code == HTTPStatus.FORBIDDEN or any(each in said for each in _GONE)
