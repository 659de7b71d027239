from __future__ import annotations

from collections.abc import Callable

import pytest

from retrieval.index.words import WordCutter
from retrieval.ports import Candidate
from retrieval.search.asked import Asked
from retrieval.search.features import NAMES, features
from retrieval.search.rerank import as_asked

Rows = Callable[..., list[dict[str, float]]]


@pytest.fixture(scope="session")
def cutter(tmp_path_factory: pytest.TempPathFactory) -> WordCutter:
    return WordCutter(tmp_path_factory.mktemp("words"))


@pytest.fixture
def asked(cutter: WordCutter) -> Callable[[str], Asked]:
    return lambda question: as_asked(question, cutter)


@pytest.fixture
def rows(cutter: WordCutter) -> Rows:
    """The features of candidates by name, a row each."""

    def measured(question: str, *candidates: Candidate) -> list[dict[str, float]]:
        table = features(as_asked(question, cutter), candidates)
        return [dict(zip(NAMES, row.tolist(), strict=True)) for row in table]

    return measured
