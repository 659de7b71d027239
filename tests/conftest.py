"""Fixtures for every test. Nothing here reaches past loopback."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests import chroma
from tests import postgres as server
from tests.canary import WATCH, telling_everything, watching

# Read when the library is imported, which a test's own imports may do before any fixture runs.
os.environ["HF_HUB_OFFLINE"] = "1"

_NUMBERS = itertools.count()
SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest is begun first, so that no process of the suite is left with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("early") is None)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The evaluation data beside the checkout; tests that need it are skipped by name where it is not."""
    data = SHARED / "data"
    if not data.is_dir():
        pytest.skip("the evaluation data (../shared/data) is not beside this checkout")
    return data


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all tests of a run, in whichever process, keep encoders made int8: making one takes seconds."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "cache"


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cache: Path) -> None:
    """No test sees the developer's own instance, token or model hub."""
    leave_own_alone(monkeypatch, tmp_path / "home", cache)


def leave_own_alone(environment: pytest.MonkeyPatch, home: Path, cache: Path) -> None:
    """The same for what is made once for many tests, which comes before what is made for each."""
    for name in ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_BASE_URL", "TIDINGS_DATABASE_URL", "TIDINGS_CHROMA_URL"):
        environment.delenv(name, raising=False)
    environment.setenv("TIDINGS_HOME", str(home))
    environment.setenv("TIDINGS_CACHE", str(cache))
    environment.setenv("ANONYMIZED_TELEMETRY", "False")


@pytest.fixture(scope="session", autouse=True)
def watched() -> Iterator[None]:
    """What all tests write and log is taken down."""
    with watching():
        yield


@pytest.fixture(autouse=True)
def discreet() -> Iterator[None]:
    """No test makes the code log, at DEBUG, what people write or what is secret."""
    WATCH.clear()
    with telling_everything():
        yield
    if leaks := WATCH.leaks():
        pytest.fail("words or secrets in the log:\n" + "\n".join(leaks[:5]))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL, without a database's name, of a PostgreSQL of our own."""
    with server.running() as url:
        yield url


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Chroma server of our own."""
    with chroma.running(tmp_path_factory.mktemp("chroma-server")) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables made; copying it is quicker than making them."""
    file = tmp_path_factory.mktemp("template") / "tidings.db"
    asyncio.run(_made(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgres_tables(postgres: str) -> str:
    """The URL of a database with the tables made, which one test after another empties and uses."""
    return asyncio.run(_made(server.create(postgres, f"t{next(_NUMBERS)}")))


@pytest.fixture
def empty_postgres(postgres: str) -> str:
    """A database of the test's own, without tables."""
    return server.create(postgres, f"t{next(_NUMBERS)}")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, its tables made."""
    if request.param == "sqlite":
        file = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "tidings.db")
        return f"sqlite:///{file}"
    url: str = request.getfixturevalue("postgres_tables")
    server.empty(url)
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The database of `database_url`, open: whatever touches one is tested on both."""
    opened = Database(database_url)
    yield opened
    await opened.close()


async def _made(url: str) -> str:
    database = Database(url)
    await database.migrate()
    await database.close()
    return url
