from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.flows.briefs import PASSAGES, Briefs
from storage.domain.news import Filters, Hit, SearchRequest, SearchResult
from storage.domain.people import ReaderId
from storage.domain.stories import Brief
from storage.errors import InputError

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ADA = ReaderId("terminal:ada")


class RecordingSearch:
    def __init__(self) -> None:
        self.requests: list[SearchRequest] = []

    async def search(self, request: SearchRequest) -> SearchResult:
        self.requests.append(request)
        return SearchResult(hits=(), took=timedelta(0))


def titled(topic: str, _hits: Sequence[Hit], now: datetime) -> Brief:
    return Brief(title=f"{topic} at {now:%H:%M}")


async def test_a_topic_is_looked_for_among_what_the_reader_may_see_until_now() -> None:
    search = RecordingSearch()

    made = await Briefs(search=search, write=titled, clock=lambda: NOW).about(" the\ndam ", reader=ADA)

    [request] = search.requests
    assert (request.text, request.k, request.reader) == ("the dam", PASSAGES, ADA)
    assert request.filters == Filters(until=NOW, undated=True)
    assert made == Brief(title="the dam at 08:00")


async def test_a_topic_without_words_is_refused() -> None:
    with pytest.raises(InputError):
        await Briefs(search=RecordingSearch(), write=titled, clock=lambda: NOW).about("?!")
