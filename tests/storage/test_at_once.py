from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select

from storage.database import Database, Transaction
from storage.schema import conversations
from tests.storage.at_once import AtOnce


@pytest.fixture(params=[False, True], ids=["in a thread", "at once"])
async def opened(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'tidings.db'}")
    await made.migrate()
    database = AtOnce(tmp_path / "tidings.db") if request.param else made
    yield database
    await database.close()
    await made.close()


async def count(database: Database) -> int:
    async with database.reading() as connection:
        return int(await connection.scalar(select(func.count()).select_from(conversations)) or 0)


async def add(connection: Transaction, name: str) -> None:
    await connection.execute(insert(conversations), [{"id": name, "reader_id": "telegram:7"}])


async def test_all_of_it_is_kept_or_nothing(opened: Database) -> None:
    async with opened.transaction() as connection:
        await add(connection, "one")

    async def fails() -> None:
        async with opened.transaction() as connection:
            await add(connection, "two")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await count(opened) == 1


async def test_nobody_sees_what_is_not_kept_yet_nor_a_reader_what_came_since(opened: Database) -> None:
    async with opened.reading() as reading:
        before = await reading.scalar(select(func.count()).select_from(conversations))
        async with opened.transaction() as connection:
            await add(connection, "one")
            meanwhile = await count(opened)
        after = await reading.scalar(select(func.count()).select_from(conversations))

    assert (before, meanwhile, after, await count(opened)) == (0, 0, 0, 1)


async def test_those_who_write_do_so_one_after_another(opened: Database) -> None:
    async def moved(number: int) -> None:
        async with opened.transaction() as connection:
            held = await connection.scalar(select(func.count()).select_from(conversations))
            await asyncio.sleep(0)
            await add(connection, f"{number}: {held}")

    await asyncio.gather(*map(moved, range(20)))

    assert await count(opened) == 20
    async with opened.transaction() as connection:
        kept = (await connection.scalars(select(conversations.c.id))).all()
        await connection.execute(delete(conversations))
    assert sorted(int(name.partition(": ")[2]) for name in kept) == list(range(20))
