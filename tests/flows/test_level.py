from __future__ import annotations

import pytest

from bot.flows.level import Level
from storage.domain.news import Part, SearchRequest, SearchResult
from storage.errors import IndexUnavailable

ASKED = SearchRequest(text="dams")


class Without:
    """A search of which this part failed."""

    def __init__(self, part: Part = Part.RERANKER) -> None:
        self.part = part

    async def search(self, request: SearchRequest) -> SearchResult:
        return SearchResult(hits=(), without=frozenset((self.part,)))


class Shelves:
    """So many articles are stored, and of these so many in no index; tells how often it was asked."""

    def __init__(self, stored: int, *behind: int) -> None:
        self.all, self.left, self.counted, self.now = stored, list(behind), 0, 0.0

    async def behind(self) -> int:
        self.counted += 1
        return self.left.pop(0)

    async def stored(self) -> int:
        return self.all

    def search(self) -> Level:
        return Level(search_in=Without(), behind=self.behind, stored=self.stored, seconds=lambda: self.now)


@pytest.mark.parametrize(("behind", "told"), [(0, False), (2, False), (5, True), (100, True)])
async def test_much_that_cannot_be_found_yet_is_told_beside_what_failed(behind: int, told: bool) -> None:
    found = await Shelves(100, behind).search().search(ASKED)

    assert found.without == {Part.RERANKER, *([Part.INDEX] if told else [])}


async def test_it_is_told_until_the_indexes_are_made_and_not_counted_every_time() -> None:
    shelves = Shelves(100, 100, 0)
    search = shelves.search()

    first, second = [await search.search(ASKED) for _ in range(2)]
    shelves.now = 6.0
    third = await search.search(ASKED)

    assert [Part.INDEX in each.without for each in (first, second, third)] == [True, True, False]
    assert shelves.counted == 2


async def test_where_an_index_cannot_be_used_the_search_tells_it() -> None:
    async def broken() -> int:
        raise IndexUnavailable("words", "is damaged")

    search = Level(search_in=Without(), behind=broken, stored=broken)

    assert (await search.search(ASKED)).without == {Part.RERANKER}


@pytest.mark.parametrize("part", [Part.MEANING, Part.WORDS])
async def test_where_an_index_failed_nothing_is_counted(part: Part) -> None:
    async def hanging() -> int:
        raise AssertionError

    search = Level(search_in=Without(part), behind=hanging, stored=hanging)

    assert (await search.search(ASKED)).without == {part}
