"""What the drivers of databases say about the state of the world, by their codes."""

from __future__ import annotations

import sqlite3

from storage.errors import StorageBusy, StorageError, StorageFull

Fault = tuple[type[StorageError], str]
"""What it comes to, and why, for people."""

_DISK_FULL = "the disk is full, or refuses to take more; free some space, nothing was half-written"
_SQLITE_FULL = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_TRUNCATE,
}
_SQLITE_FAULTS: dict[int, Fault] = {
    sqlite3.SQLITE_FULL: (StorageFull, _DISK_FULL),
    sqlite3.SQLITE_BUSY: (StorageBusy, "is locked by another process; try again once that is done"),
    sqlite3.SQLITE_LOCKED: (StorageBusy, "is locked by another process; try again once that is done"),
    sqlite3.SQLITE_CANTOPEN: (StorageError, "cannot be opened; check that its folder exists and may be written"),
    sqlite3.SQLITE_READONLY: (StorageError, "may not be written; check the permissions of the file and its folder"),
    sqlite3.SQLITE_PERM: (StorageError, "may not be written; check the permissions of the file and its folder"),
    sqlite3.SQLITE_NOTADB: (StorageError, "is not a database; move the file away, or put a backup in its place"),
    sqlite3.SQLITE_CORRUPT: (StorageError, "is damaged; move the file away, or put a backup in its place"),
    sqlite3.SQLITE_IOERR: (StorageError, "cannot be read or written; check the disk"),
}


def sqlite_fault(cause: BaseException | None) -> Fault | None:
    """What SQLite's driver said; `None` where it is about our code."""
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        return None
    if code in _SQLITE_FULL:
        return StorageFull, _DISK_FULL
    return _SQLITE_FAULTS.get(code & 0xFF)


# By SQLSTATE, the longest prefix that fits; https://www.postgresql.org/docs/current/errcodes-appendix.html
_SERVER_FAULTS: dict[str, Fault] = {
    "53100": (StorageFull, _DISK_FULL),
    "53": (StorageBusy, "the server is out of resources; try again"),
    "55P03": (StorageBusy, "is locked by another process; try again once that is done"),
    "40": (StorageBusy, "another process changed the same rows; try again"),
    "57P": (StorageError, "the server is shutting down or starting; try again"),
    "08": (StorageError, "the connection to the server was lost; try again"),
    "25006": (StorageError, "may only be read; connect to the primary"),
    "42501": (StorageError, "the user may not do this; grant it the rights to the database"),
}


def server_fault(cause: BaseException | None) -> Fault | None:
    """What the driver of a server said; `None` where it is about our code."""
    state = getattr(cause, "sqlstate", None)
    if state is None:
        # No answer from a server at all, or none that lets us in; the driver's first line says which.
        lines = str(cause).strip().splitlines() if "Operational" in type(cause).__name__ else []
        return (StorageError, f"cannot be reached: {lines[0]}") if lines else None
    return next((_SERVER_FAULTS[state[:length]] for length in (5, 3, 2) if state[:length] in _SERVER_FAULTS), None)
