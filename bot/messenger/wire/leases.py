"""Which chats, and which works, are this process's at present, where several share them. See `storage.leases`.

What has one user in a process has it for all in it: who answers in a chat may send there. Who could not say in time
that they are there has nothing, whatever they had: others may have taken it. What may be one's alone ends then.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import NoReturn, Protocol

from storage.domain.leases import Lease
from storage.errors import StorageError

_LOG = logging.getLogger(__name__)
BEAT_SECONDS = 3.0
"""Several a lease, so that one that fails costs nothing."""
AGAIN_SECONDS = 1.0
"""How soon it is asked again for what is another's. Many chats may wait for a process that is busy with them."""
_REMEMBERED = 10_000
TRUSTED_SECONDS = 12.0
"""How long after it was said that this process is there it acts on it: less than others wait."""


class Shelf(Protocol):
    """Where it is kept, for all processes."""

    async def beat(self) -> bool:
        """Say that this process is there; whether others believed it all the while."""
        ...

    async def leave(self) -> None: ...

    async def take(self, name: str) -> Lease: ...

    async def give_back(self, name: str) -> None: ...


class Leasing(Protocol):
    """Asks for what others may have."""

    def of(self, name: str) -> AbstractAsyncContextManager[Lease]:
        """For as long as the block lasts it is this process's, or it is said that it is another's."""
        ...


class Losing(Leasing, Protocol):
    """And says when that is over before its time."""

    @property
    def lost(self) -> asyncio.Event:
        """Set once others may have whatever is this process's now."""
        ...


class Alone:
    """Of a process that shares nothing."""

    def __init__(self) -> None:
        self.lost = asyncio.Event()

    @asynccontextmanager
    async def of(self, _name: str) -> AsyncIterator[Lease]:
        """It is."""
        yield Lease.MINE


async def alone(
    leases: Losing, name: str, work: Callable[[], Coroutine[None, None, None]], *, again_in: float | None = None
) -> None:
    """Do what only one process does at a time, unless another does; where seconds are said, look again for its end.

    What others may have meanwhile is cancelled, and looked at again like what they have.
    """
    while True:
        async with leases.of(name) as lease:
            done = lease.held and await _unless(leases.lost, work())
        if done or again_in is None:
            return
        await asyncio.sleep(again_in)


async def _unless(lost: asyncio.Event, work: Coroutine[None, None, None]) -> bool:
    """Do it to its end, or until that is set; whether it came to its end."""
    tasks = asyncio.create_task(work), asyncio.create_task(lost.wait())
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ended = tasks[0].done()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if ended:
        tasks[0].result()
    return ended


@dataclass(slots=True)
class _Held:
    users: set[object] = field(default_factory=set)
    asking: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Leases:
    """Takes, shares within this process, and gives back.

    Args:
        monotonic: Seconds.
    """

    def __init__(self, shelf: Shelf, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._shelf, self._monotonic = shelf, monotonic
        self._held: dict[str, _Held] = {}
        self._elsewhere: dict[str, float] = {}
        self._beat_at = float("-inf")
        self._distrust: asyncio.TimerHandle | None = None
        self.lost = asyncio.Event()
        """Set once others may have whatever is this process's now."""

    async def begin(self) -> None:
        """Say for the first time that this process is there.

        Raises:
            StorageError: The database cannot be used.
        """
        at = self._monotonic()
        await self._shelf.beat()
        self._trust(at)

    async def run(self) -> NoReturn:
        """Say so again and again."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            at = self._monotonic()
            try:
                believed = await self._shelf.beat()
            except StorageError as error:
                _LOG.warning("not said to be there", extra={"reason": str(error)})
                continue
            if not (believed and self._trusted):
                self._lose()
            self._trust(at)

    def _trust(self, at: float) -> None:
        self._beat_at = at
        if self._distrust is not None:
            self._distrust.cancel()
        left = at + TRUSTED_SECONDS - self._monotonic()
        self._distrust = asyncio.get_running_loop().call_later(left, self._lose)

    def _lose(self) -> None:
        """Others may have all of it by now."""
        if any(held.users for held in self._held.values()):
            _LOG.warning("not known to be there in time, others may have what was this process's")
        for held in self._held.values():
            held.users.clear()
        self.lost.set()
        self.lost = asyncio.Event()

    async def close(self) -> None:
        """Give back all; what cannot be is inherited."""
        if self._distrust is not None:
            self._distrust.cancel()
        try:
            await self._shelf.leave()
        except StorageError as error:
            _LOG.warning("leases not given back", extra={"reason": str(error)})

    @asynccontextmanager
    async def of(self, name: str) -> AsyncIterator[Lease]:
        """For as long as the block lasts it is this process's, or it is said that it is another's.

        Raises:
            StorageError: The database cannot be used.
        """
        user = object()
        async with self._asking(name) as held:
            lease = await self._enter(name, held, user)
        if not lease.held:
            yield lease
            return
        try:
            yield lease
        finally:
            async with self._asking(name) as held:
                await self._leave(name, held, user)

    @asynccontextmanager
    async def _asking(self, name: str) -> AsyncIterator[_Held]:
        """One after another; what nobody uses or asks for is known no longer."""
        held = self._held.setdefault(name, _Held())
        held.asking += 1
        try:
            async with held.turn:
                yield held
        finally:
            held.asking -= 1
            if not held.users and not held.asking:
                del self._held[name]

    async def _enter(self, name: str, held: _Held, user: object) -> Lease:
        if not self._trusted:
            return Lease.ELSEWHERE
        if held.users:
            held.users.add(user)
            return Lease.MINE
        if self._elsewhere.get(name, 0.0) > self._monotonic():
            return Lease.ELSEWHERE
        lost = self.lost
        lease = await self._shelf.take(name)
        if not lease.held:
            self._note(name)
        elif lost.is_set():
            await self._give_back(name)
            return Lease.ELSEWHERE
        else:
            held.users.add(user)
        return lease

    def _note(self, name: str) -> None:
        """It is another's, and will be for a while."""
        now = self._monotonic()
        if len(self._elsewhere) >= _REMEMBERED:
            self._elsewhere = {each: until for each, until in self._elsewhere.items() if until > now}
        self._elsewhere[name] = now + AGAIN_SECONDS

    async def _leave(self, name: str, held: _Held, user: object) -> None:
        """Whose it is no more gives it back as well, unless it was taken here again: it may not have been elsewhere."""
        held.users.discard(user)
        if not held.users:
            await self._give_back(name)

    async def _give_back(self, name: str) -> None:
        try:
            await self._shelf.give_back(name)
        except StorageError as error:
            # Whoever takes it next inherits it: this process, or another once this one has ended.
            _LOG.warning("lease not given back", extra={"reason": str(error)})

    @property
    def _trusted(self) -> bool:
        return self._monotonic() - self._beat_at < TRUSTED_SECONDS
