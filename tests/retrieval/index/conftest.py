from __future__ import annotations

from collections.abc import Iterator

import pytest

from retrieval.index.encoder import SentenceEncoder
from retrieval.index.words import WordCutter


@pytest.fixture(scope="session")
def encoder() -> Iterator[SentenceEncoder]:
    """The packaged model, loaded once: its libraries take seconds to import."""
    encoder = SentenceEncoder()
    yield encoder
    encoder.close()


@pytest.fixture(scope="session")
def cutter(tmp_path_factory: pytest.TempPathFactory) -> WordCutter:
    """One for all, since its dictionary takes most of a second to load."""
    return WordCutter(tmp_path_factory.mktemp("words"))
