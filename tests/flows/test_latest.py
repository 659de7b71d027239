from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.flows.latest import LATEST_STORIES, Latest
from bot.flows.ports import Hottest
from bot.flows.wording.wished import Newest
from generation.quoting.headlines import headlines
from storage.domain.annotations import Category
from storage.domain.dialogue import Answer, Question, Sentence
from storage.domain.news import (
    Article,
    ArticleId,
    Filters,
    Headline,
    Hit,
    Part,
    Passage,
    PassageId,
    SearchRequest,
    SearchResult,
)
from storage.domain.people import ReaderId
from tests.fakes import Bounded, meets
from tests.hot import nothing_hot

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
READER = ReaderId("terminal:ada")


def article(name: str, *, hours: float, language: str = "en", text: str = "", source: str | None = None) -> Article:
    headline = Headline(
        id=ArticleId(name),
        title=f"Title {name}",
        first_seen=NOW,
        group=ArticleId(name),
        published=NOW - timedelta(hours=hours),
        language=language,
        source=source,
    )
    return Article(headline=headline, text=text or f"Something happened at {name}.")


class Stories:
    def __init__(self, *articles: Article, sources: Sequence[str] = ()) -> None:
        self.sources = sources
        self.articles = {each.headline.id: each for each in articles}
        self.readers: list[ReaderId | None] = []

    async def latest(self, n: int, filters: Filters, reader: ReaderId | None) -> Sequence[Headline]:
        self.readers.append(reader)
        found = [each.headline for each in self.articles.values() if meets(each.headline, filters)]
        return sorted(found, key=lambda each: each.published or NOW, reverse=True)[:n]

    async def get(self, article_id: ArticleId, reader: ReaderId | None) -> Article | None:
        return self.articles.get(article_id)

    async def sources_like(self, part: str, reader: ReaderId | None = None) -> Sequence[str]:
        return [name for name in self.sources if part.lower() in name]


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
        """The most relevant of those within the bounds."""
        self.requests.append(request)
        hits = [hit for hit in self.hits if meets(hit.passage.headline, request.filters)]
        return SearchResult(hits=tuple(hits[: request.k]), without=frozenset((Part.MEANING,)))


def yesterday(text: str, filters: Filters, now: datetime) -> Bounded:
    """Knows one time: the day before."""
    if "yesterday" not in text:
        return Bounded(text=text, filters=filters)
    midnight = now.replace(hour=0)
    left = text.replace("from yesterday", "").replace("yesterday", "")
    return Bounded(
        text=left if left.strip() else text,
        filters=replace(filters, since=midnight - timedelta(days=1), until=midnight, undated=False),
    )


def flow(stories: Stories, search: Found | None = None, hot: Hottest = nothing_hot) -> Latest:
    return Latest(
        stories=stories, hot=hot, search=search or Found(), headlines=headlines, bounds=yesterday, clock=lambda: NOW
    )


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


async def test_stories_in_the_readers_language_come_first_and_alone_where_there_are_enough() -> None:
    chinese = [article(f"zh{i}", hours=50 + i, language="zh", text=f"第{i}件事发生了。") for i in range(LATEST_STORIES)]
    english = [article(f"en{i}", hours=i + 1) for i in range(9)]

    many = await flow(Stories(*english, *chinese)).reply(reader=READER, language="zh")
    few = await flow(Stories(*english, chinese[0])).reply(reader=READER, language="zh")

    assert {citation.article_id[:2] for citation in many.answer.citations} == {"zh"}
    assert [citation.article_id[:2] for citation in few.answer.citations] == ["zh", "en", "en", "en", "en"]


async def test_the_newest_of_a_topic_are_those_found_that_hold_it() -> None:
    older = article("older", hours=9, text="Quillon sells chips.")
    newer = article("newer", hours=2, text="Chips are dear.")
    other = article("other", hours=1, text="It rained.")
    search = Found(older, other, newer)

    reply = await flow(Stories(), search).reply("  chips ", reader=READER, language="en")

    assert [citation.article_id for citation in reply.answer.citations] == ["newer", "older"]
    assert search.requests[0].text == "chips"
    assert reply.answer.topic == "chips"
    assert reply.answer.without == {Part.MEANING}
    assert search.requests[0].reader == READER


async def test_where_there_is_no_story_it_is_a_refusal() -> None:
    assert (await flow(Stories()).reply(reader=READER, language="en")).answer.refused
    assert (await flow(Stories(article("a", hours=1))).reply("chips", reader=READER, language="en")).answer.refused


async def test_the_news_of_a_time_are_of_that_time() -> None:
    stories = Stories(article("today", hours=2), article("before", hours=20), article("old", hours=60))

    reply = await flow(stories).reply("", reader=READER, language="en")
    question = Question(
        text="any news from yesterday?", language="en", asked_at=NOW, standalone="any news from yesterday?"
    )
    answer = await flow(stories).answer(question, "", READER, Filters(until=NOW, undated=True))

    assert [each.title for each in reply.answer.citations] == ["Title today", "Title before", "Title old"]
    assert [each.title for each in answer.citations] == ["Title before"]
    assert not reply.answer.otherwise
    assert not answer.otherwise


async def test_a_time_without_news_shows_the_newest_there_are_of_a_topic_too() -> None:
    stories = Stories(article("old", hours=60))
    search = Found(article("tides", hours=70, text="The tides rose."), article("rain", hours=65, text="It rained."))
    question = Question(text="news from yesterday", language="en", asked_at=NOW, standalone="news from yesterday")

    of_tides = replace(question, standalone="news about tides from yesterday")
    answer = await flow(stories).answer(question, "", READER, Filters())
    topical = await flow(stories, search).answer(of_tides, "tides", READER, Filters())

    assert [each.title for each in answer.citations] == ["Title old"]
    assert [each.title for each in topical.citations] == ["Title tides"]
    assert answer.otherwise
    assert topical.otherwise


async def test_a_time_alone_says_when_the_newest_are_to_be_of_but_is_no_wish_in_a_conversation() -> None:
    latest = flow(Stories(article("today", hours=2), article("before", hours=20)))

    reply = await latest.reply("yesterday", reader=READER, language="en")

    assert latest.wish("yesterday?", Filters(), NOW) is None
    assert [each.title for each in reply.answer.citations] == ["Title before"]


@pytest.mark.parametrize("asked", ["news from yesterday", "yesterday's news", "what happened yesterday?"])
async def test_a_time_is_no_topic(asked: str) -> None:
    latest = flow(Stories(article("today", hours=2), article("before", hours=20)))

    wished = latest.wish(asked, Filters(), NOW)
    reply = await latest.reply(asked, reader=READER, language="en")

    assert isinstance(wished, Newest)
    assert wished.topic == ""
    assert [each.title for each in reply.answer.citations] == ["Title before"]


async def test_a_topic_with_a_time_is_of_both() -> None:
    chips = [article(f"c{hours}", hours=hours, text="Chips are dear.") for hours in (1, 20, 60)]

    reply = await flow(Stories(), Found(*chips)).reply("chips yesterday", reader=READER, language="en")

    assert [each.title for each in reply.answer.citations] == ["Title c20"]
    assert not reply.answer.otherwise


async def test_a_topic_that_holds_the_words_for_a_time_is_what_was_asked_for() -> None:
    search = Found(article("film", hours=70, text="The film Yesterday won."))

    reply = await flow(Stories(), search).reply("news about the film yesterday", reader=READER, language="en")

    assert not reply.answer.otherwise


@pytest.mark.parametrize("name", ["harbour post", "harbour post – world", "www.harbourpost.example"])
async def test_the_news_of_a_source_are_those_it_brought(name: str) -> None:
    asked = "HarbourPost" if "." in name else "Harbour Post"
    stories = Stories(
        article("theirs", hours=9, source=name), article("other", hours=1, source="gazette"), sources=[name]
    )
    search = Found(article("of_them", hours=2, text="Harbour Post was sold."))

    reply = await flow(stories, search).reply(asked, reader=READER, language="en")

    assert [each.title for each in reply.answer.citations] == ["Title theirs"]


async def test_a_part_of_the_name_of_a_source_is_a_topic() -> None:
    stories = Stories(article("theirs", hours=1, source="harbour post"), sources=["harbour post"])
    search = Found(article("ships", hours=2, text="The harbour is full."))

    reply = await flow(stories, search).reply("harbour", reader=READER, language="en")

    assert [each.title for each in reply.answer.citations] == ["Title ships"]


async def test_the_newest_of_a_topic_are_found_behind_many_older_ones_that_say_more_of_it() -> None:
    old = [article(f"old{i}", hours=300 + i, text="Chips, chips and chips.") for i in range(50)]
    new = [article(f"new{i}", hours=30 + i, text="Ferries ran late for want of chips.") for i in range(10)]

    reply = await flow(Stories(), Found(*old, *new)).reply("chips", reader=READER, language="en")

    assert [each.article_id for each in reply.answer.citations] == [f"new{i}" for i in range(LATEST_STORIES)]


async def test_who_asks_what_is_hot_in_a_subject_gets_that_and_the_newest_on_it_where_nothing_is() -> None:
    asked: list[Filters] = []

    async def listed(
        question: Question, filters: Filters, _reader: ReaderId | None, shown: Collection[ArticleId]
    ) -> Answer:
        del shown
        asked.append(filters)
        return Answer(question=question, sentences=(Sentence(text="Hot.", citations=()),), hottest=True, engine="e")

    question = Question(text="What is hot in sport?", language="en", asked_at=NOW, standalone="What is hot in sport?")
    search = Found(article("match", hours=2, text="A sport event was won."))

    hottest = await flow(Stories(), hot=listed).hottest(question, READER, Filters())
    without = await flow(Stories(), search).hottest(question, READER, Filters())

    assert (hottest.text, hottest.topic) == ("Hot.", "sport")
    assert [each.category for each in asked] == [Category.SPORT]
    assert [each.title for each in without.citations] == ["Title match"]


async def test_who_asks_what_is_going_on_gets_what_most_tell_of_and_the_newest_where_that_is_nothing() -> None:
    asked: list[Filters] = []

    async def listed(
        question: Question, filters: Filters, reader: ReaderId | None, shown: Collection[ArticleId]
    ) -> Answer:
        del shown
        asked.append(filters)
        assert reader == READER
        return Answer(question=question, sentences=(Sentence(text="Hot.", citations=()),), hottest=True, engine="e")

    question = Question(
        text="yesterday: what happened?", language="en", asked_at=NOW, standalone="yesterday: what happened?"
    )
    newest = Stories(article("today", hours=2), article("before", hours=20))

    hottest = await flow(newest, hot=listed).hottest(question, READER, Filters())
    without = await flow(newest).hottest(question, READER, Filters())

    assert hottest.text == "Hot."
    assert asked[0].since is not None
    assert [each.title for each in without.citations] == ["Title before"]


async def test_what_was_shown_is_left_out_of_what_comes_after_it() -> None:
    stories = Stories(*(article(f"n{i}", hours=i + 1) for i in range(12)))

    first = await flow(stories).reply(reader=READER, language="en")
    shown = {each.article_id for each in first.answer.citations}
    wished = Newest(topic="", language="en")
    after = await flow(stories).more(first.answer.question, wished, READER, Filters(), shown)
    nothing = await flow(stories).more(first.answer.question, wished, READER, Filters(), set(stories.articles))

    assert [each.article_id for each in after.citations] == [f"n{i}" for i in range(5, 10)]
    assert nothing.refused


async def test_the_newest_of_a_subject_are_those_that_are_noted_to_be_of_it() -> None:
    class Noted(Stories):
        async def latest(self, n: int, filters: Filters, reader: ReaderId | None) -> Sequence[Headline]:
            found = await super().latest(n, replace(filters, category=None), reader)
            return [each for each in found if filters.category in {None, Category.SPORT}]

    search = Found(article("other", hours=1, text="A book on sport and science came out."))
    latest = flow(Noted(article("match", hours=2)), search)

    replies = [await latest.reply(topic, reader=READER, language="en") for topic in ("sport", "体育", "science")]

    listed = [[str(each.article_id) for each in reply.answer.citations] for reply in replies]
    assert listed == [["match"], ["match"], ["other"]]
    assert [reply.answer.topic for reply in replies] == ["sport", "体育", "science"]


async def test_after_all_that_is_hot_the_newest_do_not_come() -> None:
    async def listed(question: Question, filters: Filters, reader: ReaderId | None, shown: object) -> Answer:
        del filters, reader
        told = () if shown else (Sentence(text="Hot.", citations=()),)
        return Answer(question=question, sentences=told, hottest=True, engine="e")

    question = Question(text="next", language="en", asked_at=NOW, standalone="What is hot?")
    wished, shown = Newest(topic="", language="en", hottest=True), {ArticleId("hot")}
    newest = Stories(article("new", hours=1))

    after = await flow(newest, hot=listed).more(question, wished, READER, Filters(), shown)
    nothing_was = await flow(newest).more(question, wished, READER, Filters(), shown)

    assert (after.refused, [each.article_id for each in nothing_was.citations]) == (True, ["new"])
