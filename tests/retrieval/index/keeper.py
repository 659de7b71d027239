"""A keeper over indexes in memory."""

from __future__ import annotations

from pathlib import Path

from retrieval.index.lock import IndexLock
from retrieval.index.sync import IndexKeeper
from retrieval.ports import DenseIndex, LexicalIndex
from tests.fakes import HashingEncoder, InMemoryCorpus, InMemoryDense, InMemoryLexical, make_passage


def ignore(_what: str, _done: int, _total: int | None) -> None:
    return


class Room:
    def __init__(
        self,
        folder: Path,
        n: int = 5,
        *,
        dense: DenseIndex | None = None,
        lexical: LexicalIndex | None = None,
        encoder: HashingEncoder | None = None,
    ) -> None:
        self.corpus = InMemoryCorpus(
            [make_passage(i, f"story {i} about thing{i}", title=f"Title {i}") for i in range(n)]
        )
        self.encoder = encoder or HashingEncoder(dimensions=512)
        self.dense = dense or InMemoryDense()
        self.lexical = lexical or InMemoryLexical()
        self.lock = IndexLock(folder / "index.lock")
        self.keeper = IndexKeeper(self.corpus, self.encoder, self.dense, self.lexical, self.lock)

    async def counts(self) -> tuple[int, int]:
        return await self.lexical.count(), await self.dense.count()

    async def revisions(self) -> tuple[int, int]:
        return await self.lexical.revision(), await self.dense.revision()
