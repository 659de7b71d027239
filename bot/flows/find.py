"""What the news hold on some words, as they stand: an article each, with the passage that was found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.flows.asked import clean_question
from bot.flows.ports import Search
from storage.domain.news import ArticleId, Headline, Part, SearchRequest
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId

ARTICLES = 10


class StoryNumbers(Protocol):
    """Knows which articles are in a story."""

    async def of(self, articles: Sequence[ArticleId]) -> dict[ArticleId, StoryId]:
        """Which of these are, and in which."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article, the passage of it that was found, word for word, and the story it is in, if it is in one."""

    headline: Headline
    passage: str
    story: StoryId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found, the best first, and `without` which parts of the search, as they failed."""

    articles: tuple[Found, ...]
    without: frozenset[Part] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """Looks words up."""

    search: Search
    stories: StoryNumbers

    async def articles(self, words: str, *, reader: ReaderId | None, k: int = ARTICLES) -> Finding:
        """Up to `k` that a reader may see, the best first; none is a result.

        Raises:
            InputError: There are no words, or too many.
        """
        request = SearchRequest(text=clean_question(words), k=k, per_article=1, reader=reader)
        result = await self.search.search(request)
        stories = await self.stories.of([hit.passage.headline.id for hit in result.hits])
        found = tuple(
            Found(headline=hit.passage.headline, passage=hit.passage.text, story=stories.get(hit.passage.headline.id))
            for hit in result.hits
        )
        return Finding(articles=found, without=result.without)
