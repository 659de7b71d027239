"""Connections to SQLite files, each a thread of its own: a statement goes there once and comes back with its rows.

The driver takes five trips for a statement (cursor, execution, rows, closing, and one before for BEGIN), each of which
waits for both threads to be awake: most of what a small statement costs. Of one whose result nobody reads, not even
that: it goes along with the next one, or with the commit.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any, Self
from weakref import WeakSet

import aiosqlite

READS = "BEGIN"
"""Begins a transaction that only reads."""
_CHUNK = 64
"""Rows at a time where somebody takes them one by one; the driver's own number."""

Parameters = Sequence[Any]
Act = Callable[[sqlite3.Connection], object]


class OpenFiles:
    """The connections opened to one file, so that none outlives the database.

    The pool forgets a connection whose opening or use was cancelled or failed; its thread would end some time later
    and, with the event loop gone by then, complain that there is none to tell.

    Args:
        lock_timeout: Seconds to wait for another process's lock, and for a thread to end.
    """

    def __init__(self, lock_timeout: float) -> None:
        self.lock_timeout = lock_timeout
        self._connections: WeakSet[FileConnection] = WeakSet()
        self._threads: WeakSet[Thread] = WeakSet()

    async def connect(self, file: str, **options: Any) -> FileConnection:
        """Open one more; the arguments are the driver's."""
        connection = FileConnection(partial(sqlite3.connect, Path(file), **options), _CHUNK)
        connection.thread.daemon = True
        self._connections.add(connection)
        self._threads.add(connection.thread)
        await connection
        return connection

    async def close(self) -> None:
        """Stop what is still open and wait for the threads to end."""
        for connection in list(self._connections):
            connection.stop()
        for thread in list(self._threads):
            await asyncio.to_thread(thread.join, self.lock_timeout)


class FileConnection(aiosqlite.Connection):
    """The driver's connection, with fewer trips to its thread."""

    _begins = ""
    _reads = _open = False
    _unread = False
    _along: tuple[Act, ...] = ()

    @property
    def thread(self) -> Thread:
        """Where its statements are executed."""
        return self._thread

    def begin(self, statement: str) -> None:
        """Begin a transaction so, along with its first statement; without one there is none."""
        self._begins = statement
        self._reads = statement == READS

    def cursor(self) -> FileCursor:  # type: ignore[override] # needs no waiting for
        return FileCursor(self)

    def leave_unread(self) -> None:
        """What the next statement gives is read by nobody, so that it goes along with what comes after it.

        If it fails, that fails in its place.
        """
        self._unread = True

    async def trip(self, act: Act) -> None:
        """Do that in the connection's thread, within the transaction that was begun."""
        if self._unread:
            self._unread, self._along = False, (*self._along, act)
            return
        # Taken here: whoever is cancelled may roll back before the thread comes to it.
        begins, self._begins = self._begins, ""
        along, self._along = self._along, ()
        self._open = self._open or bool(begins)
        await self._execute(self._within, begins, (*along, act))  # type: ignore[no-untyped-call] # the driver's

    async def commit(self) -> None:
        if self._along:
            await self.trip(sqlite3.Connection.commit)
        elif self._open:
            await super().commit()
        self._begins, self._open = "", False

    async def rollback(self) -> None:
        self._begins, self._along, self._unread = "", (), False
        if not self._open:
            return
        self._open = False
        if self._reads:
            # Nothing depends on when the view of a reader ends; what comes next on this connection comes after.
            self._tx.put_nowait((None, self._let_go))
        else:
            await super().rollback()

    def _within(self, begins: str, acts: Sequence[Act]) -> None:
        if begins:
            try:
                self._conn.execute(begins)
            except sqlite3.Error:
                self._begins, self._along = begins, tuple(acts[:-1])
                raise
        for act in acts:
            act(self._conn)

    def _let_go(self) -> None:
        try:
            self._conn.rollback()
        except sqlite3.Error:
            # Whoever has it next is told that it is closed, and gets another.
            self._conn.close()


class FileCursor:
    """One statement and what it gave."""

    def __init__(self, connection: FileConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Parameters = ()) -> Self:
        """Execute it and take its rows."""
        await self._connection.trip(lambda connection: self._take(connection.execute(statement, parameters)))
        return self

    async def executemany(self, statement: str, parameters: Iterable[Parameters]) -> Self:
        """Execute it with each of these."""
        await self._connection.trip(lambda connection: self._take(connection.executemany(statement, parameters)))
        return self

    async def fetchall(self) -> list[Any]:
        """The rows."""
        return self._rows

    async def close(self) -> None:
        """Let go of the rows."""
        self._rows = []

    def _take(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        # Of what returns rows it is known only once these are taken.
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()
