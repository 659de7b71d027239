from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.index.encoder import SentenceEncoder
from retrieval.index.words import WordCutter


@pytest.fixture(scope="session")
def encoder(cache: Path) -> Iterator[SentenceEncoder]:
    """The packaged model as it is used by default, loaded once."""
    encoder = SentenceEncoder(cache=cache / "encoders")
    yield encoder
    encoder.close()


@pytest.fixture(scope="session")
def cutter(tmp_path_factory: pytest.TempPathFactory) -> WordCutter:
    """One for all, since its dictionary takes most of a second to load."""
    return WordCutter(tmp_path_factory.mktemp("words"))
