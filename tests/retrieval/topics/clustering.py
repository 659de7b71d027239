"""A process that puts a database's articles into stories, and says on standard output how many after each step.

python -m tests.retrieval.topics.clustering FILE WORDS
"""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path

from retrieval.index.words import WordCutter
from retrieval.ports import Space
from retrieval.topics import keeper
from retrieval.topics.keeper import StoryKeeper
from storage.articles import ArticleStore
from storage.database import Database
from storage.stories import StoryStore
from tests.fakes import HashingEncoder, InMemoryDense
from tests.storage.examples import EPOCH, prepared

STEP = 4
"""Passages a step takes over: few, so that there are many moments between."""
_SYLLABLES = ("ka", "lo", "mi", "ren", "tor", "vas", "del", "nu", "per", "sol", "gra", "hem")


class Spaces:
    """Searches look among vectors that follow from the words alone."""

    def __init__(self) -> None:
        self.space = Space(encoder=HashingEncoder(dimensions=384), dense=InMemoryDense())

    async def current(self) -> Space:
        return self.space


async def fill(file: Path, articles: int) -> None:
    """Articles of as many events as a fifth of them, their vectors beside them; the same every time."""
    chance = random.Random(articles)  # noqa: S311 - makes words up, keeps no secret
    events = [[_word(chance) for _ in range(14)] for _ in range(max(2, articles // 5))]
    database = Database(f"sqlite:///{file}")
    await database.migrate()
    store, encoder = ArticleStore(database), Spaces().space.encoder
    texts = [" ".join(chance.sample(chance.choice(events), 11)) + "." for _ in range(articles)]
    await store.save([prepared(str(n), text, title="", pieces=1, published=EPOCH) for n, text in enumerate(texts)])
    passages = await store.unencoded(encoder.name, articles)
    vectors = await encoder.encode_documents([passage.text for passage in passages])
    await store.store_vectors(encoder.name, [passage.id for passage in passages], vectors)
    await database.close()


async def cluster(file: Path, words: Path) -> None:
    """Until every article is in a story."""
    keeper._STEP = STEP
    database = Database(f"sqlite:///{file}")

    def say(_what: str, done: int, _of: int | None) -> None:
        sys.stdout.write(f"{done}\n")
        sys.stdout.flush()

    await StoryKeeper(
        ArticleStore(database), StoryStore(database), Spaces(), WordCutter(words), lambda: True, words
    ).follow(say)
    await database.close()


def _word(chance: random.Random) -> str:
    return "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, 4)))


if __name__ == "__main__":
    asyncio.run(cluster(Path(sys.argv[1]), Path(sys.argv[2])))
