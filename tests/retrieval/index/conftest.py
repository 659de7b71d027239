from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.index.encoder import SentenceEncoder
from retrieval.index.pretrained import PACKAGED
from retrieval.index.words import WordCutter


@pytest.fixture(scope="session")
def encoder(cache: Path) -> Iterator[SentenceEncoder]:
    """The packaged model made int8, loaded once."""
    encoder = SentenceEncoder(PACKAGED, cache=cache / "encoders")
    yield encoder
    encoder.close()


@pytest.fixture(scope="session")
def cutter(tmp_path_factory: pytest.TempPathFactory) -> WordCutter:
    """One for all, since its dictionary takes most of a second to load."""
    return WordCutter(tmp_path_factory.mktemp("words"))
