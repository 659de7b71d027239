from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.flows.comparing import Comparing
from generation.reading.several import compared
from storage.domain.news import (
    ArticleId,
    Filters,
    Headline,
    Hit,
    Passage,
    PassageId,
    SearchRequest,
    SearchResult,
)
from storage.domain.people import ReaderId

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@dataclass
class Recorded:
    """Finds five passages of whatever is asked for."""

    requests: list[SearchRequest] = field(default_factory=list)

    async def search(self, request: SearchRequest) -> SearchResult:
        begin = 3 * len(self.requests)
        self.requests.append(request)
        headline = Headline(id=ArticleId("a"), title="A", first_seen=NOW, group=ArticleId("a"))
        passages = [Passage(id=PassageId(begin + i), position=i, text="A", headline=headline) for i in range(5)]
        return SearchResult(hits=tuple(Hit(passage=each, score=1) for each in passages), took=timedelta(0))


async def names(part: str, _reader: ReaderId | None) -> Sequence[str]:
    known = ("bbc news - world", "edition.cnn.com", "www.aljazeera.com", "tidings sample edition · norvale wire")
    return [name for name in known if part in name]


def comparing(search: Recorded) -> Comparing:
    return Comparing(search=search, names=names, compared=compared)


@pytest.mark.parametrize(
    ("asked", "looked_for"),
    [
        (
            "How do the BBC and Al Jazeera differ on the dam?",
            [("the dam", ("bbc news - world",)), ("the dam", ("www.aljazeera.com",))],
        ),
        (
            "How do CNN and Norvale Wire differ on the dam?",
            [("the dam", ("edition.cnn.com",)), ("the dam", ("tidings sample edition · norvale wire",))],
        ),
        (
            "How do the Wire and the BBC differ on the dam?",
            [("the dam", ("tidings sample edition · norvale wire",)), ("the dam", ("bbc news - world",))],
        ),
        ("How do the Wire and Velin differ on water?", [("Wire water", ()), ("Velin water", ())]),
        ("How do Ostra and Velin differ on water?", [("Ostra water", ()), ("Velin water", ())]),
    ],
)
async def test_each_side_is_looked_for_by_itself(asked: str, looked_for: list[tuple[str, tuple[str, ...]]]) -> None:
    search = Recorded()

    await comparing(search).find(asked, SearchRequest(text=asked, k=6))

    assert [(request.text, request.filters.sources) for request in search.requests] == looked_for


async def test_either_side_has_its_turn_and_nothing_is_found_twice() -> None:
    found = await comparing(Recorded()).find("Ostra vs Velin", SearchRequest(text="", k=6))

    assert found is not None
    assert [hit.passage.id for hit in found.hits] == [0, 3, 1, 4, 2, 5]


async def test_bounds_that_were_set_stay() -> None:
    search = Recorded()
    request = SearchRequest(text="", filters=Filters(sources=("kell post",)))

    await comparing(search).find("How do BBC and CNN differ on the dam?", request)

    assert {each.filters.sources for each in search.requests} == {("kell post",)}


async def test_other_questions_are_not_its_own() -> None:
    assert await comparing(Recorded()).find("Who won?", SearchRequest(text="")) is None
