"""A process that keeps the indexes of a folder, saying on standard output what it does.

    python -m tests.retrieval.index.keeping FOLDER sync|look|hold

`sync` takes over what is stored; `look` answers a question as a second process would; `hold` owns the folder until
its standard input ends.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from retrieval.index.chroma import ChromaIndex
from retrieval.index.lexical import TantivyIndex
from retrieval.index.lock import IndexLock
from retrieval.index.spaces import LivingSpaces, OpenedSpace
from retrieval.index.sync import IndexKeeper
from retrieval.index.words import WordCutter
from retrieval.ports import Space
from retrieval.search.searcher import Searcher
from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.news import SearchRequest
from storage.encoders import EncoderStore
from tests.fakes import HashingEncoder
from tests.retrieval.index.keeper import model_of


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything over one folder, with the real database and the real indexes."""

    store: ArticleStore
    encoder: HashingEncoder
    dense: ChromaIndex
    lexical: TantivyIndex
    keeper: IndexKeeper
    searcher: Searcher


@asynccontextmanager
async def opened(folder: Path, place: Path | str | None = None) -> AsyncIterator[House]:
    """The house in `folder`, with Chroma at `place` where that is not inside."""
    database = Database(f"sqlite:///{folder}/tidings.db")
    await database.migrate()
    store, encoders, encoder = ArticleStore(database), EncoderStore(database), HashingEncoder(dimensions=256)
    dense = ChromaIndex(place or folder / "chroma", encoder.name, folder / "chroma")
    lexical = TantivyIndex(folder / "lexical", WordCutter(folder / "words"))
    lock = IndexLock(folder / "index.lock")
    only = OpenedSpace(space=Space(encoder=encoder, dense=dense), close=dense.close)
    spaces = LivingSpaces(encoders, model_of(encoder), lambda _model: only, now)
    try:
        yield House(
            store=store,
            encoder=encoder,
            dense=dense,
            lexical=lexical,
            keeper=IndexKeeper(store, encoders, spaces, lexical, lock, now),
            searcher=Searcher(store, spaces, lexical),
        )
    finally:
        await spaces.close()
        lexical.close()
        lock.release()
        await database.close()


def now() -> datetime:
    return datetime.now(UTC)


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


async def main(folder: Path, what: str) -> None:
    async with opened(folder) as house:
        report = await house.keeper.sync(say)
        say("held elsewhere" if report.held_elsewhere else "synced", report.added)
        if what == "look":
            result = await house.searcher.search(SearchRequest(text="word7x1 word7x2"))
            say("found", *(hit.passage.headline.id for hit in result.hits[:1]))
            say("counts", await house.lexical.count(), await house.dense.count())
        if what == "hold":
            await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
