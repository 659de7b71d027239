"""A database for tests that ask it a million things: a file in SQLite whose statements are executed at once.

The tables, the statements and what is one transaction are the same as everywhere, and other work goes on between two
statements now and then; there is no thread to hand them to, which is most of what a small one costs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Dialect, create_engine

from storage.database import Database, Transaction
from storage.keys import KEYS, Keys

_SIDE_BY_SIDE = 5
"""Connections that read at the same time: as many as any database keeps open."""
_BREATH = 5
"""After so many statements others have a turn."""


class AtOnce(Database):
    """A database that `Database` has migrated."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"sqlite:///{file}")
        self._places = asyncio.Semaphore(_SIDE_BY_SIDE)
        self._direct = create_engine(f"sqlite:///{file}", pool_size=_SIDE_BY_SIDE + 1, hide_parameters=True)
        self._free: list[_Now] = []

    @asynccontextmanager
    async def transaction(self, within: Transaction | None = None) -> AsyncIterator[Transaction]:
        if within is not None:
            yield within
            return
        with self._faults():
            async with self._one_writer, self._begun("BEGIN IMMEDIATE", "COMMIT") as now:
                yield now

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        with self._faults():
            async with self._places, self._begun("BEGIN", "ROLLBACK") as now:
                yield now

    @asynccontextmanager
    async def _begun(self, begin: str, end: str) -> AsyncIterator[Transaction]:
        now = self._free.pop() if self._free else _Now(self._direct.connect(), self.keys)
        try:
            now.say(begin)
            try:
                yield cast(Transaction, now)
            except BaseException:
                now.say("ROLLBACK")
                raise
            now.say(end)
        finally:
            self._free.append(now)

    async def close(self) -> None:
        for now in self._free:
            now.close()
        self._direct.dispose()
        await super().close()


class _Now:
    """What a store asks of a connection; it begins and ends no transaction of itself."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection.execution_options(isolation_level="AUTOCOMMIT", **{KEYS: keys})
        self._driver: Any = connection.connection.driver_connection
        self._asked = 0
        self.say("PRAGMA foreign_keys=ON")

    def say(self, statement: str) -> None:
        self._driver.execute(statement)

    def close(self) -> None:
        self._connection.close()

    @property
    def sync_connection(self) -> Connection:
        return self._connection

    @property
    def dialect(self) -> Dialect:
        return self._connection.dialect

    async def execute(self, *given: Any) -> Any:
        await self._breathe()
        return self._connection.execute(*given)

    async def scalars(self, *given: Any) -> Any:
        await self._breathe()
        return self._connection.scalars(*given)

    async def scalar(self, *given: Any) -> Any:
        await self._breathe()
        return self._connection.scalar(*given)

    async def _breathe(self) -> None:
        self._asked += 1
        if self._asked % _BREATH == 0:
            await asyncio.sleep(0)
