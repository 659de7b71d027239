"""A change of encoder in a process that is killed in the middle, again and again, with searches going on elsewhere."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from retrieval.search.searcher import Searcher
from storage.domain.encoders import EncoderRole
from storage.domain.news import Article, ArticleId, Fingerprint, Headline, PassageDraft, PreparedArticle, SearchRequest
from tests.fakes import EPOCH
from tests.retrieval.index.switching import Instance, instance, model

pytestmark = pytest.mark.early

ROOT = Path(__file__).resolve().parents[3]
SECONDS_A_RUN = 180
ASKED = 40
"""Stories asked for at the end, the oldest, the newest and some between."""


def ignore(_what: str, _done: int, _total: int | None) -> None:
    return


def text_of(n: int) -> str:
    return " ".join(f"word{n}x{j}" for j in range(6)) + " flood"


def document_text_of(n: int) -> str:
    return f"Story {n} {text_of(n)}"


def article(n: int) -> PreparedArticle:
    text = text_of(n)
    headline = Headline(id=ArticleId(f"a{n}"), title=f"Story {n}", first_seen=EPOCH, group=ArticleId(f"a{n}"))
    return PreparedArticle(
        article=Article(headline=headline, text=text),
        passages=(PassageDraft(position=0, start=0, end=len(text), text=text),),
        fingerprint=Fingerprint(signature=b"", bands=()),
    )


@dataclass(slots=True)
class Load:
    """Searches one after another for stories that are in; `wrong` are those that did not find theirs.

    `kills` counts what was done to the process that sees to the change meanwhile.
    """

    stories: int
    searches: int = 0
    kills: int = 0
    wrong: list[str] = field(default_factory=list)

    async def run(self, searcher: Searcher) -> None:
        chance = random.Random(7)  # noqa: S311 - repeatable on purpose
        while True:
            await self.ask(searcher, chance.randrange(self.stories))
            # Half of a core is left to the process that sees to the change.
            await asyncio.sleep(0.02)

    async def ask(self, searcher: Searcher, n: int) -> None:
        self.searches += 1
        (hit, *_) = (await searcher.search(SearchRequest(text=document_text_of(n)))).hits or (None,)
        # Its own words: in any one space the question and the story are the same, and in two mixed they are not.
        if hit is None or hit.passage.headline.id != f"a{n}" or not hit.bm25 or (hit.similarity or 0) < 0.999:
            self.wrong.append(f"a{n}: {hit}")


@asynccontextmanager
async def searching(reader: Instance, load: Load) -> AsyncIterator[None]:
    """Searches go on, in a process that only reads, until the block ends; one that fails ends the test."""
    task = asyncio.create_task(load.run(reader.searcher))
    try:
        yield
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def run_until(folder: Path, wanted: str, *arguments: str, steps: int | None = None, last: str = "") -> bool:
    """Kill a process that sees to the change after so many steps, or once it says `last`; whether it said that."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.retrieval.index.switching", str(folder), wanted, *arguments,
        stdout=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        said = 0
        async with asyncio.timeout(SECONDS_A_RUN):
            while line := (await process.stdout.readline()).decode().strip():
                if line == last:
                    return True
                said += 1
                if steps is not None and said >= steps:
                    return False
        pytest.fail("the process ended by itself")
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def change(folder: Path, reader: Instance, wanted: str, kills: int, chance: random.Random) -> int:
    """Change to `wanted`, killed so often while its vectors are made, and half as often while the old go.

    Late stories come in meanwhile. Returns how many kills that were.
    """
    late = await reader.store.passage_count()
    for kill in range(kills):
        await reader.store.save([article(late + kill)])
        await run_until(folder, wanted, steps=chance.randint(1, 12), last="level")
    await run_until(folder, wanted, last="level")
    async with asyncio.timeout(SECONDS_A_RUN):
        while (await reader.spaces.current()).encoder.name != wanted:  # noqa: ASYNC110 - it looks once a second
            await asyncio.sleep(0.05)
    for _ in range(kills // 2):
        await run_until(folder, wanted, "later", steps=chance.randint(1, 3), last="alone")
    await run_until(folder, wanted, "later", last="alone")
    return kills + kills // 2 + 2


async def prove(folder: Path, *, stories: int, changes: int, kills: int) -> Load:
    chance = random.Random(11)  # noqa: S311 - repeatable on purpose
    async with instance(folder, "first") as first:
        await first.store.save([article(n) for n in range(stories)])
        await first.keeper.sync(ignore)
    load = Load(stories)
    async with instance(folder, "first") as reader, searching(reader, load):
        for at in range(changes):
            wanted, before = ("second", "first") if at % 2 == 0 else ("first", "second")
            load.kills += await change(folder, reader, wanted, kills, chance)
            await assert_changed(folder, reader, wanted, before)
    return load


async def assert_changed(folder: Path, reader: Instance, wanted: str, before: str) -> None:
    stored = await reader.store.passage_count()
    assert [(each.model.name, each.role) for each in await reader.encoders.kept()] == [(wanted, EncoderRole.SERVING)]
    assert dict((await reader.store.counts()).vectors) == {wanted: stored}
    everything = [passage.id for passage in (await reader.store.changes(0, 1_000_000)).added]
    assert len(await reader.store.vectors(wanted, everything)) == len(set(everything)) == stored
    assert await reader.store.vectors(before, everything) == {}
    async with instance(folder, wanted) as owner:
        assert (await owner.keeper.check(ignore)).rebuilt == ()
        assert await owner.spaces.space(model(wanted)).dense.count() == await owner.lexical.count() == stored
        assert await owner.spaces.space(model(before)).dense.count() == 0
        some = Load(stored)
        for n in (*range(0, stored, stored // ASKED), stored - 1):
            await some.ask(owner.searcher, n)
    assert some.wrong == []


async def test_a_change_of_encoder_that_is_killed_over_and_over_fails_no_search_and_loses_nothing(
    tmp_path: Path,
) -> None:
    load = await prove(tmp_path, stories=300, changes=1, kills=1)

    assert load.wrong == []
    assert load.searches > 50


@pytest.mark.slow
async def test_many_changes_of_encoder_under_many_kills_fail_no_search_and_lose_nothing(tmp_path: Path) -> None:
    load = await prove(tmp_path, stories=1500, changes=4, kills=8)

    assert load.wrong == []
    assert load.kills == 56
    assert load.searches > 1000
