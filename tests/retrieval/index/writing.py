"""What follows a database into Chroma, to be killed while it writes, and is held against exact search when it starts.

It starts as an instance does: it takes over what is missing, looks over what it has, and makes it anew where that is
not sound. Then it says what came of that and whether it answers rightly, stores news, takes some away, rewrites some,
and says `writing` and each step it has written.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.index import chroma
from retrieval.index.chroma import ChromaIndex
from retrieval.index.following import Errand, FollowingVectors, Tally
from retrieval.ports import Space, Vectors
from storage.articles import ArticleStore
from storage.database import Database
from storage.domain.news import Article, ArticleId, Filters, Fingerprint, Headline, PassageDraft, PreparedArticle
from storage.errors import IndexDamaged
from tests.fakes import EPOCH

_WIDTH = 64
_NEWS, _TAKEN_AWAY, _REWRITTEN = 400, 40, 40
_ASKED, _WANTED = 20, 10
_RARE = 7
"""One article in so many is in Chinese."""


class Scattering:
    """An encoder whose vectors point anywhere, so that the nearest are few and no mistake can pass for a near one."""

    name = "scattering"

    async def encode_documents(self, texts: Sequence[str]) -> Vectors:
        return np.stack([_anywhere(text) for text in texts])

    async def encode_query(self, text: str) -> NDArray[np.float32]:
        return _anywhere(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What an index did when it was opened, and how it answered then.

    Args:
        behind: Whether the database held what it did not.
        rebuilt: Whether it was made anew.
        stored: How many passages the database holds.
        held: And the index.
        strangers: Answers that are no passage of the database, or whose similarity is not what it is.
        missed: Questions whose very nearest is not the first answer.
        recall: The share of the ten nearest among the answers.
    """

    behind: bool
    rebuilt: bool
    stored: int
    held: int
    strangers: int
    missed: int
    recall: float

    @property
    def right(self) -> bool:
        """Whether it answers as the database would."""
        return self.held == self.stored and not self.strangers and not self.missed and self.recall >= 0.97


class Desk:
    """A database that news come into, and the index that follows it."""

    def __init__(self, store: ArticleStore, dense: ChromaIndex, number: int) -> None:
        self._store, self._dense, self._random = store, dense, np.random.default_rng(number)
        self._number, self._times = number, 0
        self._following = FollowingVectors(store, Space(encoder=Scattering(), dense=dense))

    async def start(self) -> Start:
        """As an instance starts, and what it answers then."""
        tally = Tally()
        try:
            behind = await self._following.is_behind()
        except IndexDamaged:
            behind = True
        await self._following.bring_and_check(Errand(tally=tally, progress=_unseen))
        passages = list({passage.id: passage for passage in (await self._store.changes(0, 1_000_000)).added}.values())
        chinese = np.asarray([passage.headline.language == "zh" for passage in passages])
        kept = await self._store.vectors(Scattering.name, [passage.id for passage in passages])
        ids = np.asarray([passage.id for passage in passages])
        stored = np.stack([kept[passage.id] for passage in passages]) if passages else np.zeros((0, _WIDTH), np.float32)
        strangers = missed = 0
        recalls = []
        for question in range(_ASKED if passages else 0):
            # Half of them under a filter, which the catalogue beside the graph answers.
            among = np.flatnonzero(chinese) if question % 2 else np.arange(len(ids))
            asked = _unit(stored[self._random.choice(among)] + 0.5 * _unit(self._random.standard_normal(_WIDTH)))
            found = await self._dense.nearest(asked, _WANTED, Filters(language="zh") if question % 2 else Filters())
            cosines = stored[among] @ asked
            true = dict(zip(ids[among].tolist(), cosines.tolist(), strict=True))
            best = [int(id_) for id_ in ids[among][np.argsort(-cosines)[:_WANTED]]]
            strangers += sum(abs(true.get(match.id, 9.0) - match.score) > 5e-3 for match in found)
            missed += not found or found[0].id != best[0]
            recalls.append(len({match.id for match in found} & set(best)) / len(best))
        return Start(
            behind=behind,
            rebuilt=bool(tally.rebuilt),
            stored=len(passages),
            held=await self._dense.count(),
            strangers=strangers,
            missed=missed,
            recall=float(np.mean(recalls)) if recalls else 1.0,
        )

    async def news(self) -> None:
        """News come in, some are taken away, some rewritten; the index is not told."""
        known = [each.headline.id for each in (await self._store.changes(0, 1_000_000)).added]
        drawn = [known[at] for at in self._random.permutation(len(known))]
        await self._store.remove(drawn[:_TAKEN_AWAY])
        name = f"{self._number}-{self._times}"
        self._times += 1
        rewritten = [_article(id_, f"rewritten {name}") for id_ in drawn[_TAKEN_AWAY:][:_REWRITTEN]]
        await self._store.save([*rewritten, *(_article(f"a{name}-{n}", "new") for n in range(_NEWS))])

    async def write(self, say: Callable[[object], None]) -> None:
        """The index takes it over, step by step."""
        await self._following.bring(Errand(tally=Tally(), progress=lambda _what, done, _of: say(done)))


@asynccontextmanager
async def desk(folder: Path, number: int, *, place: Path | str | None = None) -> AsyncIterator[Desk]:
    """One over the folder, its index at `place` where that is not inside."""
    database = Database(f"sqlite:///{folder / 'tidings.db'}")
    await database.migrate()
    dense = ChromaIndex(place or folder / "chroma", Scattering.name, folder / "catalogues")
    try:
        yield Desk(ArticleStore(database), dense, number)
    finally:
        dense.close()
        await database.close()


def eager(every: int) -> None:
    """Have new graphs of neighbours go to the disk after so many vectors, which is where a kill may do most harm."""
    if every:
        chroma._GRAPH = {**chroma._GRAPH, "batch_size": every, "sync_threshold": every}


def _article(id_: str, what: str) -> PreparedArticle:
    text = f"{id_} {what}"
    headline = Headline(
        id=ArticleId(id_),
        title=id_,
        first_seen=EPOCH,
        group=ArticleId(id_),
        language="en" if _number_of(id_) % _RARE else "zh",
    )
    return PreparedArticle(
        article=Article(headline=headline, text=text),
        passages=(PassageDraft(position=0, start=0, end=len(text), text=text),),
        fingerprint=Fingerprint(signature=b"", bands=()),
    )


def _number_of(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def _anywhere(text: str) -> NDArray[np.float32]:
    return _unit(np.random.default_rng(_number_of(text)).standard_normal(_WIDTH))


def _unit(vector: NDArray[np.floating]) -> NDArray[np.float32]:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def _unseen(_what: str, _done: int, _of: int | None) -> None:
    return


async def _written(folder: Path, every: int, number: int, say: Callable[[object], None]) -> None:
    eager(every)
    async with desk(folder, number) as here:
        say(await here.start())
        await here.news()
        say("writing")
        await here.write(say)
        say("written")
        await asyncio.sleep(math.inf)


def write(folder: Path, every: int, number: int, told: Connection) -> None:
    """Of a process of its own: start over the folder, say what came of that, and write until it is killed."""
    asyncio.run(_written(folder, every, number, told.send))
