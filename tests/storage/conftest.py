"""Every test of a store runs on SQLite, and on PostgreSQL where its programs are installed."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from storage import migrations
from storage.database import Database
from storage.schema import metadata

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL, without a database's name, of a PostgreSQL of our own on loopback."""
    if not (shutil.which("initdb") and shutil.which("postgres")):
        pytest.skip("PostgreSQL (initdb, postgres) is not installed")
    as_user = []
    if os.geteuid() == 0:
        # The server refuses to run as root.
        as_user = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--"]
        if (
            not shutil.which("setpriv")
            or subprocess.run([*as_user, "true"], check=False, capture_output=True).returncode
        ):
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres to run it as")
    folder = Path(tempfile.mkdtemp(prefix="tidings-postgres-"))
    if as_user:
        shutil.chown(folder, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    subprocess.run(
        [*as_user, "initdb", "-D", folder / "data", "-U", "tidings", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        capture_output=True,
        cwd=folder,
    )
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [*as_user, "postgres", "-D", folder / "data", "-h", "127.0.0.1", "-p", str(port), "-k", folder, "-F"],
            stdout=log,
            stderr=log,
            cwd=folder,
        )
        try:
            url = f"postgresql://tidings@127.0.0.1:{port}"
            _wait_for(url)
            yield url
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=30)
            shutil.rmtree(folder)


def _wait_for(url: str) -> None:
    for _ in range(1000):
        try:
            psycopg.connect(f"{url}/postgres").close()
        except psycopg.OperationalError:
            continue
        return
    pytest.fail("PostgreSQL did not start")


async def _made(url: str) -> str:
    database = Database(url)
    await database.migrate()
    await database.close()
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables made; copying it is quicker than making them."""
    file = tmp_path_factory.mktemp("template") / "tidings.db"
    asyncio.run(_made(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgres_tables(postgres: str) -> str:
    """The URL of a database with the tables made, which one test after another empties and uses."""
    return asyncio.run(_made(_create(postgres)))


@pytest.fixture
def empty_postgres(postgres: str) -> str:
    """A database of the test's own, without tables."""
    return _create(postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, its tables made."""
    if request.param == "sqlite":
        file = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "tidings.db")
        return f"sqlite:///{file}"
    url: str = request.getfixturevalue("postgres_tables")
    with psycopg.connect(url) as connection:
        connection.execute(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY".encode())
        connection.execute("INSERT INTO counters (name, value) VALUES ('corpus', 0)")
        connection.execute("UPDATE alembic_version SET version_num = %s", [migrations.HEAD])
    return url


def _create(server: str) -> str:
    name = f"t{next(_NUMBERS)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{server}/{name}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The database of `database_url`, open."""
    opened = Database(database_url)
    yield opened
    await opened.close()
