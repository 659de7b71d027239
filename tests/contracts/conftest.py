"""The same claims for each implementation of a port: the real adapter and the stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.index.chroma import ChromaIndex
from retrieval.index.lexical import TantivyIndex
from retrieval.index.words import WordCutter
from retrieval.ports import DenseIndex, LexicalIndex
from tests.fakes import InMemoryDense, InMemoryLexical


@pytest.fixture(scope="session")
def cutter(tmp_path_factory: pytest.TempPathFactory) -> WordCutter:
    """One for all, since its dictionary takes most of a second to load."""
    return WordCutter(tmp_path_factory.mktemp("words"))


@pytest.fixture(params=["chroma", "chroma server", "in memory"])
def dense(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DenseIndex]:
    if request.param == "in memory":
        yield InMemoryDense()
        return
    server = request.param == "chroma server"
    place = request.getfixturevalue("chroma_server") if server else tmp_path / "chroma"
    # Each test's encoder is its own, since the server is that of all.
    index = ChromaIndex(place, f"encoder-{request.node.name}", folder=tmp_path / "catalogues")
    yield index
    index.close()


@pytest.fixture(params=["tantivy", "in memory"])
def lexical(request: pytest.FixtureRequest, tmp_path: Path, cutter: WordCutter) -> Iterator[LexicalIndex]:
    if request.param == "in memory":
        yield InMemoryLexical()
        return
    index = TantivyIndex(tmp_path / "lexical", cutter)
    yield index
    index.close()
