from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.flows.find import Find, Found
from storage.domain.news import ArticleId, Hit, Part, SearchRequest, SearchResult
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId
from storage.errors import InputError
from tests.fakes import make_passage

READER = ReaderId("telegram:7")


class Two:
    """Finds two articles, of which one is in a story."""

    def __init__(self) -> None:
        self.requests: list[SearchRequest] = []
        self.passages = [make_passage(1, "The dam broke."), make_passage(2, "The tide is high.")]

    async def search(self, request: SearchRequest) -> SearchResult:
        self.requests.append(request)
        return SearchResult(
            hits=tuple(Hit(passage=each, score=1.0) for each in self.passages), without=frozenset((Part.WORDS,))
        )

    async def of(self, articles: Sequence[ArticleId]) -> dict[ArticleId, StoryId]:
        return {articles[1]: StoryId(128)}


async def test_articles_come_in_their_order_with_what_was_found_in_them_and_their_story() -> None:
    two = Two()

    found = await Find(search=two, stories=two).articles("dams", reader=READER)

    first, second = two.passages
    assert found.without == {Part.WORDS}
    assert found.articles == (
        Found(headline=first.headline, passage="The dam broke.", story=None),
        Found(headline=second.headline, passage="The tide is high.", story=StoryId(128)),
    )
    (request,) = two.requests
    assert (request.text, request.reader, request.per_article) == ("dams", READER, 1)


@pytest.mark.parametrize("words", ["", "  ", "?!", "x" * 2_001])
async def test_what_has_no_words_or_too_many_is_not_looked_up(words: str) -> None:
    two = Two()

    with pytest.raises(InputError):
        await Find(search=two, stories=two).articles(words, reader=READER)

    assert two.requests == []
