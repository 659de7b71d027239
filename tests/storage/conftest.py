"""Every test of a store runs on SQLite, and on PostgreSQL where its programs are installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from storage.database import Database


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL, without a database's name, of a PostgreSQL of our own on loopback."""
    if not (shutil.which("initdb") and shutil.which("postgres")):
        pytest.skip("PostgreSQL (initdb, postgres) is not installed")
    as_user = []
    if os.geteuid() == 0:
        # The server refuses to run as root.
        if subprocess.run(["runuser", "-u", "postgres", "--", "true"], check=False, capture_output=True).returncode:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres to run it as")
        as_user = ["runuser", "-u", "postgres", "--"]
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
            server.terminate()
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


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database, its tables made."""
    url = f"sqlite:///{tmp_path / 'tidings.db'}"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        name = f"t{abs(hash(tmp_path))}"
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type] - a name cannot be bound
        url = f"{server}/{name}"
    opened = Database(url)
    await opened.migrate()
    yield opened
    await opened.close()
