"""Where a database is, as people write it and as the library connects to it: SQLite in a file, or PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, unquote

from sqlalchemy import URL, Connection, event, exc, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.errors import StorageError
from storage.sqlite_files import READS, FileConnection, OpenFiles

# Connecting to a server that does not answer.
_CONNECT_TIMEOUT_SECONDS = 10
# Connections kept open; each SQLite one is a thread.
POOL_SIZE = 5
# The journal of a large import is cut back to this once it is merged.
_JOURNAL_LIMIT_BYTES = 64 * 1024 * 1024
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
BEGIN = "tidings_begin"
"""The option of a connection that says how its transactions begin."""


def address(url: str) -> URL:
    """The address that `url` writes.

    Raises:
        StorageError: It is not one of a file in SQLite or a database in PostgreSQL.
    """
    try:
        where = make_url(url)
    except (exc.ArgumentError, ValueError):
        # Without the cause, which repeats the URL and with it a password.
        raise StorageError("database URL: cannot be read; write sqlite:////path/to/file.db or postgresql://…") from None
    driver = _DRIVERS.get(where.drivername.partition("+")[0])
    if driver is None:
        raise StorageError(f"database URL: {where.drivername} is not supported; use sqlite or postgresql")
    if driver.startswith("sqlite") and where.database in {None, "", ":memory:"}:
        raise StorageError("database URL: names no file; write sqlite:////path/to/file.db")
    return where.set(drivername=driver)


def server_url(url: str) -> str | None:
    """`url` as PostgreSQL's own programs write it, with its password; `None` where it names a file in SQLite.

    Raises:
        StorageError: As for `Database`.
    """
    where = address(url)
    if where.get_backend_name() == "sqlite":
        return None
    return where.set(drivername="postgresql").render_as_string(hide_password=False)


def keys_url(url: str) -> str:
    """Where the keys are of what is sealed in the database of that URL, unless somebody says otherwise.

    In SQLite that is a file beside it, `tidings-keys.db` beside `tidings.db`; on a server it is the same database.

    Raises:
        StorageError: As for `Database`.
    """
    where = address(url)
    if where.get_backend_name() != "sqlite":
        return url
    file = file_of(where)
    return file_url(file.with_name(f"{file.stem}-keys{file.suffix}"))


def left_behind(keys: Path) -> Path:
    """What stands beside a file of keys that were taken along to a server: whom these know is decided there."""
    return keys.with_name(f"{keys.name}.left-behind")


def file_url(file: Path, *, reads: bool = False) -> str:
    """The URL of a file in SQLite, whatever it is called.

    Args:
        file: It need not be there.
        reads: Whether it is only to be read.
    """
    if reads:
        return URL.create("sqlite", database=read_only(file), query={"uri": "true"}).render_as_string()
    return URL.create("sqlite", database=str(file)).render_as_string()


def read_only(file: Path) -> str:
    """What SQLite itself calls a file that is to be read; nothing is left beside it, unless somebody has it open."""
    beside = file.resolve()
    alone = "" if beside.with_name(f"{beside.name}-wal").exists() else "&immutable=1"
    return f"file:{quote(str(file.absolute()))}?mode=ro{alone}"


def is_same_file(url: str, other: str) -> bool:
    """Whether both are one file in SQLite, whatever it is called in each.

    Raises:
        StorageError: As for `Database`.
    """
    both = [address(each) for each in (url, other)]
    if any(each.get_backend_name() != "sqlite" for each in both):
        return False
    file, another = map(file_of, both)
    return file.resolve() == another.resolve() or (file.exists() and another.exists() and file.samefile(another))


def file_of(where: URL) -> Path:
    """The file of an address in SQLite, which may be one of SQLite's own, as `file:/path/to/file.db?mode=ro`."""
    name = str(where.database)
    return Path(unquote(name.removeprefix("file:").partition("?")[0]) if name.startswith("file:") else name)


def shown(where: URL) -> str:
    """The address for people: never a password, wherever in the URL it stands."""
    if where.get_backend_name() == "sqlite":
        return str(file_of(where))
    shown = URL.create("postgresql", where.username, None, where.host, where.port, where.database)
    return shown.render_as_string()


def sqlite_engine(where: URL, files: OpenFiles) -> AsyncEngine:
    """What connects to a file, a few times at once."""
    engine = create_async_engine(
        where,
        pool_size=POOL_SIZE,
        pool_timeout=files.lock_timeout,
        hide_parameters=True,
        connect_args={"timeout": files.lock_timeout, "async_creator_fn": files.connect},
    )

    def configure(connection: Any, _record: object) -> None:
        # The driver's own transactions begin too late; `begin` below begins them.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "synchronous=FULL",  # a commit survives the loss of power
            "foreign_keys=ON",
            "secure_delete=ON",  # what is forgotten is overwritten
            f"journal_size_limit={_JOURNAL_LIMIT_BYTES}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin(connection: Connection) -> None:
        # A writer locks at once: one that reads first and locks later can find that it may not.
        file = cast(FileConnection, connection.connection.driver_connection)
        file.begin(connection.get_execution_options().get(BEGIN, READS))

    event.listen(engine.sync_engine, "connect", configure)
    event.listen(engine.sync_engine, "begin", begin)
    return engine


def server_engine(where: URL, lock_timeout: float) -> AsyncEngine:
    """What connects to a server; a statement waits so many seconds for a lock."""
    milliseconds = int(lock_timeout * 1000)
    return create_async_engine(
        where,
        pool_size=POOL_SIZE,
        pool_timeout=lock_timeout,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": _CONNECT_TIMEOUT_SECONDS,
            "options": f"-c lock_timeout={milliseconds} -c timezone=UTC",
        },
    )
