from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.flows.latest import LATEST_STORIES, Latest
from generation.headlines import headlines
from storage.domain.dialogue import Question
from storage.domain.news import (
    Article,
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
from tests.fakes import meets

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
READER = ReaderId("terminal:ada")


def article(name: str, *, hours: float, language: str = "en", text: str = "") -> Article:
    headline = Headline(
        id=ArticleId(name),
        title=f"Title {name}",
        first_seen=NOW,
        group=ArticleId(name),
        published=NOW - timedelta(hours=hours),
        language=language,
    )
    return Article(headline=headline, text=text or f"Something happened at {name}.")


class Stories:
    def __init__(self, *articles: Article) -> None:
        self.articles = {each.headline.id: each for each in articles}
        self.readers: list[ReaderId | None] = []

    async def latest(self, n: int, filters: Filters, reader: ReaderId | None) -> Sequence[Headline]:
        self.readers.append(reader)
        found = [each.headline for each in self.articles.values() if meets(each.headline, filters)]
        return sorted(found, key=lambda each: each.published or NOW, reverse=True)[:n]

    async def get(self, article_id: ArticleId, reader: ReaderId | None) -> Article | None:
        return self.articles.get(article_id)


class Found:
    def __init__(self, *articles: Article) -> None:
        self.requests: list[SearchRequest] = []
        self.hits = tuple(
            Hit(
                passage=Passage(id=PassageId(i), position=0, text=each.text, headline=each.headline),
                score=1.0 / (i + 1),
            )
            for i, each in enumerate(articles)
        )

    async def search(self, request: SearchRequest) -> SearchResult:
        self.requests.append(request)
        return SearchResult(hits=self.hits, took=timedelta(0))


def yesterday(text: str, filters: Filters, now: datetime) -> Filters:
    """Knows one time: the day before."""
    if "yesterday" not in text:
        return filters
    midnight = now.replace(hour=0)
    return replace(filters, since=midnight - timedelta(days=1), until=midnight, undated=False)


def flow(stories: Stories, search: Found | None = None) -> Latest:
    return Latest(stories=stories, search=search or Found(), headlines=headlines, bounds=yesterday, clock=lambda: NOW)


async def test_the_newest_stories_a_reader_may_see_are_shown_newest_first() -> None:
    stories = Stories(*(article(f"n{i}", hours=i + 1) for i in reversed(range(12))))

    reply = await flow(stories).reply(reader=READER, language="en")

    assert [citation.article_id for citation in reply.answer.citations] == [f"n{i}" for i in range(LATEST_STORIES)]
    assert reply.answer.as_of == NOW - timedelta(hours=1)
    assert set(stories.readers) == {READER}


async def test_what_claims_to_be_from_the_future_is_not_the_newest() -> None:
    reply = await flow(Stories(article("now", hours=1), article("future", hours=-900))).reply(
        reader=READER, language="en"
    )

    assert [citation.article_id for citation in reply.answer.citations] == ["now"]


async def test_stories_in_the_readers_language_are_preferred_where_there_are_enough() -> None:
    chinese = [article(f"zh{i}", hours=50 + i, language="zh", text=f"第{i}件事发生了。") for i in range(LATEST_STORIES)]
    english = [article(f"en{i}", hours=i + 1) for i in range(9)]

    many = await flow(Stories(*english, *chinese)).reply(reader=READER, language="zh")
    few = await flow(Stories(*english, chinese[0])).reply(reader=READER, language="zh")

    assert {citation.article_id[:2] for citation in many.answer.citations} == {"zh"}
    assert [citation.article_id[:2] for citation in few.answer.citations] == ["en"] * LATEST_STORIES


async def test_the_newest_of_a_topic_are_those_found_that_hold_it() -> None:
    older = article("older", hours=9, text="Quillon sells chips.")
    newer = article("newer", hours=2, text="Chips are dear.")
    other = article("other", hours=1, text="It rained.")
    search = Found(older, other, newer)

    reply = await flow(Stories(), search).reply("  chips ", reader=READER, language="en")

    assert [citation.article_id for citation in reply.answer.citations] == ["newer", "older"]
    assert search.requests[0].text == "chips"
    assert search.requests[0].reader == READER


async def test_where_there_is_no_story_it_is_a_refusal() -> None:
    assert (await flow(Stories()).reply(reader=READER, language="en")).answer.refused
    assert (await flow(Stories(article("a", hours=1))).reply("chips", reader=READER, language="en")).answer.refused


async def test_the_news_of_a_time_are_of_that_time() -> None:
    stories = Stories(article("today", hours=2), article("before", hours=20), article("old", hours=60))

    reply = await flow(stories).reply("", reader=READER, language="en")
    question = Question(text="any news from yesterday?", language="en", asked_at=NOW, standalone="")
    answer = await flow(stories).answer(question, "", READER, Filters(until=NOW, undated=True))

    assert [each.title for each in reply.answer.citations] == ["Title today", "Title before", "Title old"]
    assert [each.title for each in answer.citations] == ["Title before"]


async def test_a_time_without_news_shows_the_newest_there_are_but_of_a_topic_nothing() -> None:
    stories = Stories(article("old", hours=60))
    question = Question(text="news from yesterday", language="en", asked_at=NOW, standalone="")

    answer = await flow(stories).answer(question, "", READER, Filters())
    topical = await flow(stories).answer(question, "tides", READER, Filters())

    assert [each.title for each in answer.citations] == ["Title old"]
    assert topical.refused
