from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.retrieval.ingest.gathering import Bench


@pytest.fixture
async def bench(database: Database) -> AsyncIterator[Bench]:
    bench = Bench(database)
    yield bench
    await bench.gatherer.close()
