from __future__ import annotations

from collections.abc import Iterator

import pytest

from retrieval.annotation.keywords import Cut
from retrieval.index.encoder import SentenceEncoder
from retrieval.index.shipped import SHIPPED
from retrieval.index.words import WordCutter


@pytest.fixture(scope="session")
def cutter(tmp_path_factory: pytest.TempPathFactory) -> WordCutter:
    return WordCutter(tmp_path_factory.mktemp("words"))


@pytest.fixture(scope="session")
def cut(cutter: WordCutter) -> Cut:
    return cutter.words


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SentenceEncoder]:
    found = SentenceEncoder(SHIPPED, precision="int8", cache=tmp_path_factory.mktemp("encoders"), threads=1)
    yield found
    found.close()
