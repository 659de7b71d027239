"""Fixtures for every test. Nothing here reaches past loopback."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.canary import WATCH, telling_everything, watching

# Read when the library is imported, which a test's own imports may do before any fixture runs.
os.environ["HF_HUB_OFFLINE"] = "1"

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The evaluation data beside the checkout; tests that need it are skipped by name where it is not."""
    data = SHARED / "data"
    if not data.is_dir():
        pytest.skip("the evaluation data (../shared/data) is not beside this checkout")
    return data


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all tests keep encoders made int8: making one takes seconds."""
    return tmp_path_factory.getbasetemp() / "cache"


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cache: Path) -> None:
    """No test sees the developer's own instance, token or model hub."""
    for name in ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_BASE_URL", "TIDINGS_DATABASE_URL", "TIDINGS_CHROMA_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TIDINGS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TIDINGS_CACHE", str(cache))
    monkeypatch.setenv("ANONYMIZED_TELEMETRY", "False")


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


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database in a real SQLite file, its tables made."""
    opened = Database(f"sqlite:///{tmp_path / 'tidings.db'}")
    await opened.migrate()
    yield opened
    await opened.close()
