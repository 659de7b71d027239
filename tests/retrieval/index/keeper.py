"""A keeper over indexes in memory."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from retrieval.index.lock import IndexLock
from retrieval.index.spaces import LivingSpaces, OpenedSpace
from retrieval.index.sync import IndexKeeper
from retrieval.ports import DenseIndex, Encoder, LexicalIndex, Space
from storage.domain.encoders import EncoderModel
from tests.fakes import (
    EPOCH,
    HashingEncoder,
    InMemoryCorpus,
    InMemoryDense,
    InMemoryEncoders,
    InMemoryLexical,
    make_passage,
)


def ignore(_what: str, _done: int, _total: int | None) -> None:
    return


def model_of(encoder: Encoder) -> EncoderModel:
    return EncoderModel(name=encoder.name, model=encoder.name, precision="float32")


class Spaces:
    """What opens the spaces of encoders that are there; `closed` are those it was told to let go of."""

    def __init__(self, *spaces: Space) -> None:
        self.spaces = {space.encoder.name: space for space in spaces}
        self.closed: list[str] = []

    def add(self, encoder: Encoder, dense: DenseIndex | None = None) -> Space:
        space = self.spaces[encoder.name] = Space(encoder=encoder, dense=dense or InMemoryDense())
        return space

    def open(self, model: EncoderModel) -> OpenedSpace:
        return OpenedSpace(space=self.spaces[model.name], close=lambda: self.closed.append(model.name))


class Room:
    """An instance in memory; `now` is what its clock says."""

    def __init__(
        self,
        folder: Path,
        n: int = 5,
        *,
        dense: DenseIndex | None = None,
        lexical: LexicalIndex | None = None,
        encoder: HashingEncoder | None = None,
        corpus: InMemoryCorpus | None = None,
    ) -> None:
        self.corpus = corpus or InMemoryCorpus(
            [make_passage(i, f"story {i} about thing{i}", title=f"Title {i}") for i in range(n)]
        )
        self.now = EPOCH
        self.encoders = InMemoryEncoders(self.corpus)
        self.encoder = encoder or HashingEncoder(dimensions=512)
        self.dense = dense or InMemoryDense()
        self.lexical = lexical or InMemoryLexical()
        self.lock = IndexLock(folder / "index.lock")
        self.opener = Spaces(Space(encoder=self.encoder, dense=self.dense))
        self.spaces, self.keeper = self.started(self.encoder)

    def started(self, wanted: Encoder) -> tuple[LivingSpaces, IndexKeeper]:
        """A process that starts with settings that name `wanted`."""
        spaces = LivingSpaces(self.encoders, model_of(wanted), self.opener.open, self.clock)
        return spaces, IndexKeeper(self.corpus, self.encoders, spaces, self.lexical, self.lock, self.clock)

    def restart(self, wanted: Encoder) -> IndexKeeper:
        """The same, in the place of the one before."""
        self.spaces, self.keeper = self.started(wanted)
        return self.keeper

    def clock(self) -> datetime:
        return self.now

    async def counts(self) -> tuple[int, int]:
        return await self.lexical.count(), await self.dense.count()

    async def revisions(self) -> tuple[int, int]:
        return await self.lexical.revision(), await self.dense.revision()
