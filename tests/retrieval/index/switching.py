"""An instance whose encoder changes, and a process that sees to the change, saying what it does.

    python -m tests.retrieval.index.switching FOLDER WANTED [later]

It owns the folder and follows, as a running instance does, until it is killed. `later` says that the time has come to
drop what is retired. Each step takes few passages, so that there are many to be killed in.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from retrieval.index import following
from retrieval.index.chroma import ChromaIndex
from retrieval.index.generations import GRACE
from retrieval.index.lexical import TantivyIndex
from retrieval.index.lock import IndexLock
from retrieval.index.spaces import LivingSpaces, OpenedSpace
from retrieval.index.sync import IndexKeeper
from retrieval.index.words import WordCutter
from retrieval.ports import Space
from retrieval.search.searcher import Searcher
from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.encoders import EncoderModel
from storage.encoders import EncoderStore
from tests.fakes import HashingEncoder

WIDTHS = {"first": 256, "second": 192}
"""The encoders there are, each with the width of its vectors."""

SMALL_STEP = 16
SMALL_DROP = 100


def model(name: str) -> EncoderModel:
    return EncoderModel(name=name, model=name, precision="float32")


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A process over the folder, with the real database and the real indexes."""

    store: ArticleStore
    encoders: EncoderStore
    spaces: LivingSpaces
    lexical: TantivyIndex
    keeper: IndexKeeper
    searcher: Searcher


@asynccontextmanager
async def instance(folder: Path, wanted: str, later: timedelta = timedelta(0)) -> AsyncIterator[Instance]:
    """One whose settings name `wanted`, and whose clock is ahead by `later`."""
    database = Database(f"sqlite:///{folder}/tidings.db")
    await database.migrate()
    store, encoders = SmallSteps(database), EncoderStore(database)
    lexical = TantivyIndex(folder / "lexical", WordCutter(folder / "words"))
    lock = IndexLock(folder / "index.lock")

    def now() -> datetime:
        return datetime.now(UTC) + later

    def open_(which: EncoderModel) -> OpenedSpace:
        dense = ChromaIndex(folder / "chroma", which.name)
        encoder = HashingEncoder(dimensions=WIDTHS[which.name], name=which.name)
        return OpenedSpace(space=Space(encoder=encoder, dense=dense), close=dense.close)

    spaces = LivingSpaces(encoders, model(wanted), open_, now)
    try:
        yield Instance(
            store=store,
            encoders=encoders,
            spaces=spaces,
            lexical=lexical,
            keeper=IndexKeeper(store, encoders, spaces, lexical, lock, now),
            searcher=Searcher(store, spaces, lexical),
        )
    finally:
        await spaces.close()
        lexical.close()
        lock.release()
        await database.close()


class SmallSteps(ArticleStore):
    """Forgets few vectors at a time, saying so."""

    async def forget_vectors(self, encoder: str, *, after: int = 0, limit: int = SMALL_DROP) -> int | None:
        last = await super().forget_vectors(encoder, after=after, limit=limit)
        say("forgot", encoder, last)
        return last


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


async def main(folder: Path, wanted: str, later: timedelta) -> None:
    following._DENSE_STEP = SMALL_STEP
    async with instance(folder, wanted, later) as here:
        follow = asyncio.create_task(here.keeper.follow(say, timedelta(milliseconds=20)))
        told: set[str] = set()
        while not follow.done():
            plan = await here.spaces.plan()
            done = {"level"} if plan.coming is None and plan.recorded else set()
            if done and not plan.leaving:
                done.add("alone")
            for each in sorted(done - told):
                say(each)
            told |= done
            await asyncio.sleep(0.05)
        follow.result()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], GRACE if "later" in sys.argv[3:] else timedelta(0)))
