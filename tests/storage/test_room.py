"""That what a file takes is known by its rows, and what nothing uses is told apart."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import delete

from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.deliveries import OutboxMessage
from storage.outbox import OutboxStore
from storage.room import PAGE, pages, passages_of, reckoned, taken
from storage.schema import outbox
from tests.storage.examples import EPOCH, prepared


async def fill(database: Database, many: int) -> None:
    """Articles of all lengths, and messages that wait."""
    chance = random.Random(3)  # noqa: S311 - to be repeated
    texts = [("Some words of it. " if at % 2 else "一些新闻。") * chance.randrange(1, 400) for at in range(many)]
    await ArticleStore(database).save([prepared(f"{chance.getrandbits(64):x}", text) for text in texts])
    messages = [
        OutboxMessage(
            key=f"digest-{at}",
            chat_id=at,
            method="sendMessage",
            payload="x" * chance.randrange(2_500),
            created_at=EPOCH,
        )
        for at in range(many)
    ]
    await OutboxStore(database).enqueue(messages)


@pytest.mark.parametrize("many", [0, 40, 400])
async def test_what_a_file_takes_is_known_by_its_rows(database: Database, many: int) -> None:
    if many:
        await fill(database, many)

    found = await reckoned(database)

    assert sum(found.values()) == pytest.approx(await taken(database), rel=0.1)
    assert bool(found) == (database.file is not None)


async def test_room_that_nothing_uses_is_not_reckoned(database: Database) -> None:
    await fill(database, 200)
    before = sum((await reckoned(database)).values())
    async with database.transaction() as connection:
        await connection.execute(delete(outbox))

    after, on_disk = sum((await reckoned(database)).values()), await taken(database)

    assert after < before or database.file is None
    assert after < 0.9 * on_disk or database.file is None


async def test_of_what_is_indexed_chinese_is_told_apart(database: Database) -> None:
    await ArticleStore(database).save([prepared("a", "Ten letter"), prepared("b", "新闻")])

    found = await passages_of(database)

    assert (found.number, found.letters, found.chinese, found.vectors, found.dimensions) == (4, 10, 6, 0, 0)


def test_rows_fill_pages_and_what_is_longer_has_pages_of_its_own() -> None:
    assert pages([]) == 0
    assert pages([1_000] * 4) == 1
    assert pages([1_000] * 5) == 2
    # Two of these do not fit on one.
    assert pages([2_200] * 3) == 3
    assert pages([2 * PAGE]) == 3
