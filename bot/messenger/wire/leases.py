"""Which chats, and which works, are this process's at present, where several share them. See `storage.leases`.

What has one user in a process has it for all in it: who answers in a chat may send there. Who could not say in time
that they are there has nothing, whatever they had: others may have taken it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
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

    async def beat(self) -> None: ...

    async def leave(self) -> None: ...

    async def take(self, name: str) -> Lease: ...

    async def give_back(self, name: str) -> None: ...


class Leasing(Protocol):
    """Asks for what others may have."""

    def of(self, name: str) -> AbstractAsyncContextManager[Lease]:
        """For as long as the block lasts it is this process's, or it is said that it is another's."""
        ...


class Alone:
    """Of a process that shares nothing."""

    @asynccontextmanager
    async def of(self, _name: str) -> AsyncIterator[Lease]:
        """It is."""
        yield Lease.MINE


async def alone(
    leases: Leasing, name: str, work: Callable[[], Awaitable[None]], *, again_in: float | None = None
) -> None:
    """Do what only one process does at a time, unless another does; where seconds are said, look again for its end."""
    while True:
        async with leases.of(name) as lease:
            if lease.held:
                await work()
        if lease.held or again_in is None:
            return
        await asyncio.sleep(again_in)


@dataclass(slots=True)
class _Held:
    users: int = 0
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

    async def begin(self) -> None:
        """Say for the first time that this process is there.

        Raises:
            StorageError: The database cannot be used.
        """
        at = self._monotonic()
        await self._shelf.beat()
        self._beat_at = at

    async def run(self) -> NoReturn:
        """Say so again and again."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            at = self._monotonic()
            try:
                await self._shelf.beat()
            except StorageError as error:
                _LOG.warning("not said to be there", extra={"reason": str(error)})
                continue
            if not self._trusted:
                self._held.clear()
            self._beat_at = at

    async def close(self) -> None:
        """Give back all; what cannot be is inherited."""
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
        held = self._held.setdefault(name, _Held())
        async with self._asking(name, held):
            lease = await self._enter(name, held)
        if not lease.held:
            yield lease
            return
        try:
            yield lease
        finally:
            async with self._asking(name, held):
                await self._leave(name, held)

    @asynccontextmanager
    async def _asking(self, name: str, held: _Held) -> AsyncIterator[None]:
        """One after another; what nobody uses or asks for is known no longer."""
        held.asking += 1
        try:
            async with held.turn:
                yield
        finally:
            held.asking -= 1
            if not held.users and not held.asking and self._held.get(name) is held:
                del self._held[name]

    async def _enter(self, name: str, held: _Held) -> Lease:
        if not self._trusted:
            return Lease.ELSEWHERE
        if held.users:
            held.users += 1
            return Lease.MINE
        if self._elsewhere.get(name, 0.0) > self._monotonic():
            return Lease.ELSEWHERE
        lease = await self._shelf.take(name)
        if lease.held:
            held.users += 1
        else:
            self._note(name)
        return lease

    def _note(self, name: str) -> None:
        """It is another's, and will be for a while."""
        now = self._monotonic()
        if len(self._elsewhere) >= _REMEMBERED:
            self._elsewhere = {each: until for each, until in self._elsewhere.items() if until > now}
        self._elsewhere[name] = now + AGAIN_SECONDS

    async def _leave(self, name: str, held: _Held) -> None:
        held.users -= 1
        if held.users or self._held.get(name) is not held:
            return
        try:
            await self._shelf.give_back(name)
        except StorageError as error:
            # Whoever takes it next inherits it: this process, or another once this one has ended.
            _LOG.warning("lease not given back", extra={"reason": str(error)})

    @property
    def _trusted(self) -> bool:
        return self._monotonic() - self._beat_at < TRUSTED_SECONDS
