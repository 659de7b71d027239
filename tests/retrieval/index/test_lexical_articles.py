"""What an article says counts for each of its passages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.index.lexical import TantivyIndex
from retrieval.index.words import WordCutter
from storage.domain.news import Changes, Filters, PassageId
from tests.fakes import make_passage

DAM = make_passage(1, "The Kestrel dam is to be rebuilt.", article="dam", title="Kestrel dam")
COST = make_passage(2, "The work will cost 48 million crowns.", article="dam", title="Kestrel dam")
FERRY = make_passage(
    3, "The work on six ferries will cost 48 million crowns.", article="ferry", title="Ferries", source="Lake Herald"
)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[TantivyIndex]:
    opened = TantivyIndex(tmp_path / "lexical", WordCutter(tmp_path / "words"))
    yield opened
    opened.close()


async def ids(index: TantivyIndex, text: str, k: int = 10) -> list[int]:
    return [match.id for match in await index.search(text, k, Filters())]


async def test_a_passage_is_lifted_by_what_the_rest_of_its_article_says(index: TantivyIndex) -> None:
    await index.apply(Changes(revision=1, added=(DAM, COST, FERRY), removed=()))

    found = await ids(index, "Kestrel cost")

    assert found.index(2) < found.index(3)


async def test_an_article_is_found_by_its_source_alone(index: TantivyIndex) -> None:
    await index.apply(Changes(revision=1, added=(DAM, COST, FERRY), removed=()))

    assert await ids(index, "herald") == [3]


async def test_an_article_goes_with_its_passages(index: TantivyIndex) -> None:
    await index.apply(Changes(revision=1, added=(DAM, COST, FERRY), removed=()))

    await index.apply(Changes(revision=2, added=(), removed=(PassageId(1), PassageId(2))))

    assert await ids(index, "Kestrel dam") == []
    assert await index.count() == 1


async def test_an_article_that_changed_says_only_what_it_says_now(index: TantivyIndex) -> None:
    await index.apply(Changes(revision=1, added=(DAM, COST), removed=()))

    rewritten = make_passage(4, "The bridge is to be rebuilt.", article="dam", title="Bridge")
    await index.apply(Changes(revision=2, added=(rewritten,), removed=(PassageId(1), PassageId(2))))

    assert await ids(index, "Kestrel") == []
    assert await ids(index, "bridge") == [4]


async def test_no_more_than_k_are_found_and_none_twice(index: TantivyIndex) -> None:
    await index.apply(Changes(revision=1, added=(DAM, COST, FERRY), removed=()))

    found = await ids(index, "Kestrel dam ferries work", k=2)

    assert len(found) == len(set(found)) == 2
