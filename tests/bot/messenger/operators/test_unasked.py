"""What nobody asked for costs all together, and is quoted once that is used up; over real stores."""

from __future__ import annotations

import pytest

from bot.messenger.operators.unasked import Unasked
from generation.metering import MeteredModel, measured
from generation.storytelling import GroundedStoryteller
from storage.budgets import BudgetStore
from storage.database import Database
from storage.domain.access import Budgets, Used, day_of
from storage.domain.dialogue import Lapse
from storage.domain.people import ReaderId
from storage.domain.summaries import Gist
from tests.bot.flows import NOW
from tests.fakes import ScriptedModel
from tests.generation.conftest import make_hit

TOLD = "The council voted to buy six electric ferries."
HITS = [make_hit(f"{TOLD} They replace diesel boats.", article="courier", title="Council picks Halvorsen")]


class Round:
    """Tells a story for each of some readers."""

    def __init__(self, database: Database, budgets: Budgets) -> None:
        self.counts = BudgetStore(database)
        self.unasked = Unasked(counts=self.counts, measured=measured, budgets=budgets, clock=lambda: NOW)
        self.model = ScriptedModel(f"{TOLD} [1]")
        self.teller = GroundedStoryteller(model=MeteredModel(self.model))
        self.told: list[Gist] = []

    async def make(self) -> int:
        for _ in range(3):
            self.told.append(await self.teller.gist(HITS, 1))
        return 3

    async def fail(self) -> int:
        await self.make()
        raise ValueError("no")

    async def used(self) -> int:
        left = await self.counts.left(None, NOW, Budgets(all_tokens=10**6))
        assert left is not None
        return 10**6 - left


async def test_what_a_model_writes_unasked_counts_on_the_day_of_all_and_is_no_reader_s(database: Database) -> None:
    made = Round(database, Budgets(tokens=1))

    assert await made.unasked.made(made.make) == 3
    assert [gist.engine for gist in made.told] == ["scripted"] * 3
    assert await made.used() > 0
    assert await made.counts.left(ReaderId("telegram:7"), NOW, Budgets(tokens=9)) == 9


async def test_where_it_is_used_up_in_the_midst_the_rest_is_quoted(database: Database) -> None:
    made = Round(database, Budgets(all_tokens=1))

    await made.unasked.made(made.make)
    await made.unasked.made(made.make)

    assert [gist.lapse for gist in made.told] == [None, *[Lapse.SPENT] * 5]
    assert all(gist.lines for gist in made.told)
    assert len(made.model.prompts) == 1


async def test_what_readers_used_up_leaves_nothing_for_it(database: Database) -> None:
    made = Round(database, Budgets(all_tokens=50))
    await made.counts.use(Used(reader=ReaderId("telegram:7"), day=day_of(NOW), tokens=50))

    await made.unasked.made(made.make)

    assert made.model.prompts == []


async def test_what_was_used_by_one_that_fails_counts(database: Database) -> None:
    made = Round(database, Budgets())

    with pytest.raises(ValueError, match="no"):
        await made.unasked.made(made.fail)

    assert await made.used() > 0
