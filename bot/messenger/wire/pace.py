"""How fast messages may leave: a global rate, a rate for each chat, and a halt when Telegram asks for one.

Time is monotonic, so that a changed clock neither opens the gate nor closes it for ever.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from storage.domain.pacing import Bounds, Turn

_REMEMBERED_CHATS = 10_000
_TOLERANCE_SECONDS = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Messages a second.

    Args:
        overall: At most; Telegram speaks of about 30.
        slowest: What the overall rate never falls below, however often Telegram asks to wait.
        chat: To one person, sustained.
        group: To one group; Telegram speaks of 20 a minute.
        burst: Messages that may leave at once to one chat after it was quiet.
    """

    overall: float = 25.0
    slowest: float = 1.0
    chat: float = 1.0
    group: float = 1 / 3
    burst: int = 3


class Pace:
    """Hands out turns to send.

    Args:
        rates: How fast.
        clock: Monotonic seconds.
        sleep: Waits that many seconds.
    """

    def __init__(
        self,
        rates: Rates | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._rates = rates or Rates()
        self._clock, self._sleep = clock, sleep
        self._rate = self._rates.overall
        self._halted_until = 0.0
        self._next = 0.0
        self._chats: dict[int, float] = {}
        self._asked: Counter[int] = Counter()

    @property
    def rate(self) -> float:
        """Messages a second at present, all chats together."""
        return self._rate

    @property
    def halted(self) -> bool:
        """Whether Telegram asks to wait at present."""
        return self.left.total_seconds() > _TOLERANCE_SECONDS

    @property
    def left(self) -> timedelta:
        """For how long Telegram still asks to wait; nothing or less where it does not."""
        return timedelta(seconds=self._halted_until - self._clock())

    async def clear(self) -> None:
        """Wait while Telegram asks to wait: for what is no message, and has no rate."""
        while (delay := self._halted_until - self._clock()) > _TOLERANCE_SECONDS:
            await self._sleep(delay)

    async def turn(self, chat_id: int, *, unasked: bool = False) -> None:
        """Wait until a message to this chat may leave; what is sent unasked lets pass what somebody waits for."""
        if unasked:
            while (delay := self._delay(chat_id)) > _TOLERANCE_SECONDS or self._is_waited_for():
                await self._sleep(max(delay, 1 / self._rate))
        else:
            self._asked[chat_id] += 1
            try:
                while (delay := self._delay(chat_id)) > _TOLERANCE_SECONDS:
                    await self._sleep(delay)
            finally:
                self._asked -= Counter((chat_id,))
        self._take(chat_id)

    def spare(self, chat_id: int) -> bool:
        """Whether a message that may be left out may leave at once, with room for another after it; it is counted."""
        now = self._clock()
        waits = self._chats.get(chat_id, 0.0) - (self._rates.burst - 2) * self._interval(chat_id)
        if self.halted or waits > now or self._next > now + 1 / self._rate:
            return False
        self._take(chat_id)
        return True

    def halt(self, time_to_wait: timedelta) -> None:
        """Telegram asked to wait: nothing leaves until then, and what follows goes at half the rate."""
        # It may say so to each of the messages that were on their way.
        if not self.halted:
            self._rate = max(self._rates.slowest, self._rate / 2)
        self._halted_until = max(self._halted_until, self._clock() + time_to_wait.total_seconds())

    def went(self) -> None:
        """A message was taken: the rate recovers, in some hundred messages."""
        self._rate = min(self._rates.overall, self._rate + self._rates.overall / 100)

    def _delay(self, chat_id: int) -> float:
        return max(self._halted_until, self._next, self._free(chat_id)) - self._clock()

    def _free(self, chat_id: int) -> float:
        """When this chat may have another message."""
        return self._chats.get(chat_id, 0.0) - (self._rates.burst - 1) * self._interval(chat_id)

    def _is_waited_for(self) -> bool:
        """Whether somebody waits for the next turn of all, and not for their chat's."""
        soon = max(self._clock(), self._next) + _TOLERANCE_SECONDS
        return any(self._free(chat) <= soon for chat in self._asked)

    def _take(self, chat_id: int) -> None:
        now = self._clock()
        self._next = max(self._next, now) + 1 / self._rate
        if len(self._chats) >= _REMEMBERED_CHATS:
            self._chats = {chat: free for chat, free in self._chats.items() if free > now}
        self._chats[chat_id] = max(self._chats.get(chat_id, 0.0), now) + self._interval(chat_id)

    def _interval(self, chat_id: int) -> float:
        return 1 / (self._rates.group if chat_id < 0 else self._rates.chat)


class Turns(Protocol):
    """Where all who share a bot ask for their turns."""

    async def turn(self, chat_id: int, bounds: Bounds, *, others: int = 0) -> Turn:
        """See `storage.domain.pacing.turn`."""
        ...


class SharedPace(Pace):
    """The pace of one of several processes: whoever's turn it is here then asks for a turn among all.

    One at a time asks, and leaves when its turn comes: nobody's turn is far ahead, so that what somebody waits for lets
    pass only one message of each process. What may be left out (`spare`) goes without one; the next makes up for it.
    """

    def __init__(
        self,
        turns: Turns,
        rates: Rates | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(rates, clock=clock, sleep=sleep)
        self._turns, self._asking, self._others = turns, asyncio.Lock(), 0

    async def turn(self, chat_id: int, *, unasked: bool = False) -> None:
        """Wait until a message to this chat may leave, whoever else sends.

        Raises:
            StorageError: It cannot be asked.
        """
        await super().turn(chat_id, unasked=unasked)
        bounds = Bounds(
            overall=self._rates.overall,
            slowest=self._rates.slowest,
            interval=self._interval(chat_id),
            burst=self._rates.burst,
        )
        while True:
            async with self._asking:
                others, self._others = self._others, 0
                turn = await self._turns.turn(chat_id, bounds, others=others)
                if turn.taken:
                    await self._sleep(turn.wait)
                    return
                self._others += others
            await self._sleep(turn.wait)

    def spare(self, chat_id: int) -> bool:
        """Whether a message that may be left out may leave at once."""
        spare = super().spare(chat_id)
        self._others += spare
        return spare
