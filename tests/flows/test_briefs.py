from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.flows.briefs import LINES, PASSAGES, Briefs
from storage.domain.dialogue import Citation
from storage.domain.news import ArticleId, Filters, Hit, Part, Passage, PassageId, SearchRequest, SearchResult
from storage.domain.people import ReaderId
from storage.domain.stories import Brief, HotStory, Story, StoryId
from storage.errors import InputError
from tests.hot import hot_story

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ADA = ReaderId("terminal:ada")
STORY = hot_story(128)


class RecordingSearch:
    def __init__(self) -> None:
        self.requests: list[SearchRequest] = []

    async def search(self, request: SearchRequest) -> SearchResult:
        self.requests.append(request)
        return SearchResult(hits=(), without=frozenset((Part.MEANING,)))


class OneStory:
    """Knows the story of number 128, which only Ada sees."""

    async def open(
        self, id_: StoryId, *, lines: int, language: str | None = None, reader: ReaderId | None = None
    ) -> HotStory | None:
        assert lines == LINES
        del language
        return STORY if (id_, reader) == (128, ADA) else None

    async def hits(self, story: Story, reader: ReaderId | None) -> Sequence[Hit]:
        assert reader == ADA
        return [
            Hit(passage=Passage(id=PassageId(1), position=0, text="Text.", headline=each.headline), score=0.0)
            for each in story.reports
        ]

    async def of(self, articles: Sequence[ArticleId]) -> dict[ArticleId, StoryId]:
        held = {each.headline.id for each in STORY.story.reports}
        return {article: STORY.story.id for article in articles if article in held}


def titled(topic: str, hits: Sequence[Hit], now: datetime) -> Brief:
    """Says what was asked for; of the ferries it cites two articles of the story and another one."""
    cited = ("first", "second", "other") if "ferries" in topic else ()
    citations = tuple(Citation(n=n, article_id=ArticleId(each), title="", quote="q") for n, each in enumerate(cited, 1))
    return Brief(title=f"{topic} at {now:%H:%M}, {len(hits)} hits", citations=citations)


def cited(topic: str, hits: Sequence[Hit], now: datetime) -> Brief:
    """Finds an article on anything."""
    del topic
    return titled("ferries", hits, now)


def briefs(search: RecordingSearch) -> Briefs:
    return Briefs(search=search, stories=OneStory(), write=titled, write_story=titled, clock=lambda: NOW)


async def test_a_topic_is_looked_for_among_what_the_reader_may_see_until_now() -> None:
    search = RecordingSearch()

    page = await briefs(search).about(" the\ndam ", reader=ADA)

    [request] = search.requests
    assert (request.text, request.k, request.reader) == ("the dam", PASSAGES, ADA)
    assert request.filters == Filters(until=NOW, undated=True)
    assert page.brief.title == "the dam at 08:00, 0 hits"
    assert page.opened is None
    assert page.without == {Part.MEANING}


@pytest.mark.parametrize("topic", ["128", "#128"])
async def test_a_number_opens_the_story_that_has_it(topic: str) -> None:
    search = RecordingSearch()

    page = await briefs(search).about(topic, reader=ADA)

    assert search.requests == []
    assert page.brief.title == "Ferries ordered at 08:00, 2 hits"
    assert page.opened is STORY


async def test_a_number_that_no_story_of_the_reader_has_is_a_topic_like_any_other() -> None:
    search = RecordingSearch()

    page = await replace(briefs(search), write=cited).about("128")

    assert [request.text for request in search.requests] == ["128"]
    assert page.opened is None
    assert page.without == {Part.MEANING}
    assert not page.refused


async def test_a_number_that_no_story_has_and_that_nothing_is_about_is_said_to_be_none() -> None:
    with pytest.raises(InputError, match="no story has this number"):
        await briefs(RecordingSearch()).about("128")


async def test_a_topic_that_a_story_is_about_opens_it_beside_the_brief() -> None:
    page = await briefs(RecordingSearch()).about("ferries", reader=ADA)

    assert page.opened is STORY
    assert page.brief.title.startswith("ferries")


async def test_a_topic_without_words_is_refused() -> None:
    with pytest.raises(InputError):
        await briefs(RecordingSearch()).about("?!")
