"""Fixtures of what several tests of stores stand on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database


@pytest.fixture
async def saved(tmp_path: Path, database: Database) -> AsyncIterator[Database]:
    """The database that is saved in a file, to be read by the keys of the one that it is of."""
    file = Database(f"sqlite:///{tmp_path / 'saved.db'}", keys=database.keys)
    yield file
    await file.close()
