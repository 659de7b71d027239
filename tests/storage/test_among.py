from __future__ import annotations

import pytest
from sqlalchemy import select

from storage.among import is_among
from storage.database import Database
from storage.schema import counters

HELD = {"one": 1, "many": 2**40, "less": -7}
LOOKED_UP = select(counters.c.name).where(is_among(counters.c.value, "numbers"), counters.c.name.in_(HELD))


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ([], set()),
        ([1], {"one"}),
        ([2**40, -7, 3, 3], {"many", "less"}),
        # More than either database lets a statement have placeholders for.
        (list(range(100_000)), {"one"}),
    ],
    ids=["none", "one", "some", "very many"],
)
async def test_what_is_among_many_is_found_by_one_statement(
    database: Database, numbers: list[int], found: set[str]
) -> None:
    async with database.transaction() as connection:
        await connection.execute(counters.insert(), [{"name": name, "value": held} for name, held in HELD.items()])
        rows = await connection.scalars(LOOKED_UP, {"numbers": numbers})

        assert set(rows) == found
