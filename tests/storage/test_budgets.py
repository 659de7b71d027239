from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.access import AccessStore
from storage.budgets import BudgetStore
from storage.database import Database
from storage.domain.access import Budgets, Counted, Spent, Taken, Used, alias, day_of, next_day
from storage.domain.deliveries import InboxUpdate
from storage.domain.people import ReaderId
from storage.inbox import InboxStore
from storage.readers import ReaderStore
from storage.schema import spending, spending_of_all, spending_of_forgotten
from tests.storage.examples import EPOCH

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")
BOUNDS = Budgets(questions=3, all_questions=5, tokens=100, all_tokens=150)


@pytest.fixture
async def budgets(database: Database) -> BudgetStore:
    updates = [InboxUpdate(update_id=n, payload="{}", received_at=EPOCH, chat_id=7) for n in range(1, 60)]
    await InboxStore(database).accept(updates)
    return BudgetStore(database)


async def counted(database: Database) -> tuple[dict[str, tuple[int, int, int]], tuple[int, int, int]]:
    async with database.reading() as connection:
        rows = await connection.execute(select(spending))
        (all_,) = (await connection.execute(select(spending_of_all))).all()
        return (
            {row.reader_id: (row.questions, row.tokens, row.refused) for row in rows},
            (all_.questions, all_.tokens, all_.refused),
        )


async def test_a_reader_may_ask_so_much_a_day_and_all_together_so_much(
    budgets: BudgetStore, database: Database
) -> None:
    takes = [await budgets.take(n, ADA, EPOCH, BOUNDS) for n in range(1, 5)]
    takes += [await budgets.take(n, BEN, EPOCH, BOUNDS) for n in range(5, 8)]
    tomorrow = await budgets.take(8, ADA, next_day(EPOCH), BOUNDS)

    assert [each.refused for each in takes] == [None, None, None, Spent.OWN, None, None, Spent.ALL]
    assert tomorrow == Taken(left=100)
    async with database.reading() as connection:
        today = spending_of_all.c.day == day_of(EPOCH)
        (row,) = (await connection.execute(select(spending_of_all).where(today))).all()
    assert (row.questions, row.refused) == (5, 2)


async def test_many_at_once_and_from_two_processes_are_no_more_than_may_be(
    budgets: BudgetStore, database: Database, database_url: str
) -> None:
    other = Database(database_url)
    stores = (budgets, BudgetStore(other))

    async def used() -> None:
        for _ in range(60):
            await stores[1].use(Used(reader=ADA, day=day_of(EPOCH), tokens=5))

    *takes, _ = await asyncio.gather(
        *(
            stores[n % 2].take(n, ADA if n % 3 else BEN, EPOCH, Budgets(questions=20, all_questions=30))
            for n in range(1, 60)
        ),
        used(),
    )
    await other.close()

    own, all_ = await counted(database)
    assert sum(each is not None and each.refused is None for each in takes) == 30 == all_[0]
    assert own[ADA][1] == all_[1] == 300
    assert sum(questions for questions, _, _ in own.values()) == 30
    assert max(questions for questions, _, _ in own.values()) <= 20
    assert all_[2] == 29


async def test_what_is_dealt_with_anew_counts_once_and_stays_as_it_was_decided(
    budgets: BudgetStore, database: Database
) -> None:
    one = Budgets(questions=1)

    takes = [await budgets.take(n, ADA, EPOCH, one) for n in (1, 1, 2, 2, 1)]

    assert [each.refused for each in takes] == [None, None, Spent.OWN, Spent.OWN, None]
    assert await counted(database) == ({ADA: (1, 0, 1)}, (1, 0, 1))


async def test_without_bounds_all_is_counted_and_nothing_refused(budgets: BudgetStore, database: Database) -> None:
    takes = {await budgets.take(n, ADA, EPOCH, Budgets()) for n in range(1, 50)}

    assert takes == {Taken()}
    assert await counted(database) == ({ADA: (49, 0, 0)}, (49, 0, 0))


@pytest.mark.usefixtures("budgets")
async def test_what_nothing_bounds_is_counted_with_what_else_its_update_changes_and_once(database: Database) -> None:
    store = InboxStore(database)
    for number, seconds in ((1, 0), (2, 5), (3, 61)):
        typed = Counted(reader=ADA, at=EPOCH + timedelta(seconds=seconds), typed=True)
        await store.done(number, (), (typed,))
    for _ in range(2):
        await store.done(4, (), (Counted(reader=BEN, at=EPOCH),))

    assert await counted(database) == ({ADA: (2, 0, 0), BEN: (1, 0, 0)}, (3, 0, 0))


async def test_tokens_that_are_used_up_forbid_a_model_and_no_question(budgets: BudgetStore, database: Database) -> None:
    access = AccessStore(database)
    await access.admit(Used(reader=ADA, day=day_of(EPOCH), tokens=99))
    before = await budgets.take(1, ADA, EPOCH, BOUNDS)
    await access.admit(Used(reader=ADA, day=day_of(EPOCH), tokens=31))
    after, others = await budgets.take(2, ADA, EPOCH, BOUNDS), await budgets.take(3, BEN, EPOCH, BOUNDS)
    await access.admit(Used(reader=BEN, day=day_of(EPOCH), tokens=20))
    everyone = await budgets.take(4, BEN, EPOCH, BOUNDS)

    assert (before, after) == (Taken(left=1), Taken(left=0))
    assert (others, everyone) == (Taken(left=20), Taken(left=0))
    assert await budgets.left(ADA, EPOCH, BOUNDS) == 0
    assert await budgets.left(ADA, EPOCH, Budgets(questions=1)) is None


async def test_what_is_used_for_nobody_who_asked_is_of_all_together(budgets: BudgetStore, database: Database) -> None:
    before = await budgets.left(None, EPOCH, BOUNDS)

    for _ in range(2):
        await budgets.use(Used(reader=None, day=day_of(EPOCH), tokens=70))

    left = [await budgets.left(reader, EPOCH, BOUNDS) for reader in (None, ADA)]
    assert (before, left) == (150, [10, 10])
    assert await counted(database) == ({}, (0, 140, 0))


async def test_what_was_counted_is_dropped_with_its_day_and_of_the_forgotten_only_the_sum_is_left(
    budgets: BudgetStore, database: Database
) -> None:
    for n, reader in enumerate((ADA, BEN), start=1):
        await budgets.take(n, reader, EPOCH, BOUNDS)

    await ReaderStore(database).forget(ADA)

    assert await counted(database) == ({BEN: (1, 0, 0)}, (2, 0, 0))
    assert await budgets.prune(EPOCH) == 0
    assert await budgets.prune(EPOCH + timedelta(days=1)) == 1


KEY = b"of the instance"


async def test_of_who_is_forgotten_what_they_used_that_day_counts_on_by_no_name_and_goes_with_the_day(
    budgets: BudgetStore, database: Database
) -> None:
    bounded, evening = BudgetStore(database, KEY), next_day(EPOCH) - timedelta(minutes=1)
    await bounded.take(1, ADA, EPOCH - timedelta(days=1), BOUNDS)
    for n in (2, 3):
        await bounded.take(n, ADA, EPOCH, BOUNDS)
        await bounded.use(Used(reader=ADA, day=day_of(EPOCH), tokens=20))
        await ReaderStore(database).forget(ADA, alias=alias(KEY, ADA, EPOCH))
    async with database.reading() as connection:
        kept = [tuple(row) for row in await connection.execute(select(spending_of_forgotten))]

    left = [await store.left(ADA, evening, BOUNDS) for store in (bounded, BudgetStore(database, b"another"), budgets)]
    takes = [(await bounded.take(n, ADA, evening, BOUNDS)).refused for n in (4, 5)]
    dropped = [await bounded.drop_forgotten(at) for at in (evening, next_day(EPOCH))]

    assert kept == [(alias(KEY, ADA, EPOCH).name, day_of(EPOCH), 2, 40)]
    assert "7" != kept[0][0] != alias(KEY, ADA, next_day(EPOCH)).name
    assert left == [60, 100, 100]
    assert takes == [None, Spent.OWN]
    assert dropped == [0, 1]
    assert await bounded.left(BEN, EPOCH, BOUNDS) == 100


async def test_of_who_used_nothing_that_day_or_where_nothing_is_bounded_nothing_is_kept(
    budgets: BudgetStore, database: Database
) -> None:
    await budgets.take(1, ADA, EPOCH, BOUNDS)
    await budgets.take(2, BEN, EPOCH - timedelta(days=1), BOUNDS)

    await ReaderStore(database).forget(ADA)
    await ReaderStore(database).forget(BEN, alias=alias(KEY, BEN, EPOCH))

    async with database.reading() as connection:
        assert (await connection.execute(select(spending_of_forgotten))).all() == []
