"""The newest stories, of everything that is in or of a topic: what a reader gets who asks for the news.

Knows nothing of how the wish was put or how the stories will look.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.flows.ports import Bounds, Headlines, Hottest, Search, Stories
from bot.flows.wishes import about, wish
from bot.flows.wording.vocabulary import subject_named
from bot.flows.wording.wished import Newest, Wish
from storage.domain.dialogue import Answer, Question, Reply, Timings
from storage.domain.news import ArticleId, Filters, Headline, Hit, Passage, PassageId, SearchRequest
from storage.domain.people import ReaderId
from storage.domain.sources import called
from storage.domain.times import Clock

LATEST_STORIES = 5
# Some articles hold nothing to quote, and some are one story.
_SPARE = 2
_TOPIC_PASSAGES = 32
_WIDENING_DAYS = (1, 7, 30)
# The opening of an article stands in this many of its characters.
_OPENING_CHARACTERS = 2_000
_OF_ANYTHING = {"en": "latest news", "zh": "最新新闻"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """The newest stories, of everything or of a topic.

    Args:
        hot: Lists what most outlets tell of within some bounds; a refusal where that is nothing.
        headlines: Lists the newest of what was found.
        bounds: Reads "yesterday" and "in Chinese".
    """

    stories: Stories
    hot: Hottest
    search: Search
    headlines: Headlines
    bounds: Bounds
    clock: Clock

    def wish(self, text: str, filters: Filters, now: datetime) -> Wish | None:
        """The wish that all of `text` is, its topic without the times and languages that bound the news."""
        read = self.bounds(text, filters, now)
        return wish(text, None if read.text == text else read.text)

    async def reply(
        self, topic: str = "", *, reader: ReaderId | None, language: str, shown: Collection[ArticleId] = ()
    ) -> Reply:
        """What a command for the newest shows: an answer like any other, or a refusal where there is nothing.

        Args:
            topic: What the stories must be about, in the reader's words; empty where anything will do.
            reader: Whose sources to look in; `None` is the operator.
            language: The reader's, whose stories come first.
            shown: Those that were listed already, and are not again.
        """
        start, now = time.perf_counter(), self.clock()
        topic = " ".join(topic.split())
        filters = Filters(until=now, undated=True)
        said = topic
        wished = self.wish(said, filters, now)
        if not isinstance(wished, Newest):
            said = about(topic) if topic else _OF_ANYTHING.get(language, _OF_ANYTHING["en"])
            wished = self.wish(said, filters, now)
        told = wished.topic if isinstance(wished, Newest) else topic
        asked = Question(text=topic, language=language, asked_at=now, standalone=said)
        answer = await self._within(asked, told, reader, filters, self.bounds(said, filters, now).filters, shown)
        took = timedelta(seconds=time.perf_counter() - start)
        return Reply(answer=answer, timings=Timings(retrieve=took, first_token=took, total=took))

    async def answer(
        self,
        question: Question,
        topic: str,
        reader: ReaderId | None,
        filters: Filters,
        shown: Collection[ArticleId] = (),
    ) -> Answer:
        """The newest stories that meet `filters` and what the question says of times and languages.

        Those in the language of the question come first. Where a time has no such news, the newest of all times are
        shown, and said to be of another time. What was `shown` already is left out.
        """
        bounded = self.bounds(question.standalone, filters, question.asked_at).filters
        return await self._within(question, topic, reader, filters, bounded, shown)

    async def hottest(
        self, question: Question, reader: ReaderId | None, filters: Filters, shown: Collection[ArticleId] = ()
    ) -> Answer:
        """What most outlets tell of in the time the question names, or lately; the newest where that is nothing.

        Of a subject, where the question names one.
        """
        bounded = self.bounds(question.standalone, filters, question.asked_at).filters
        wished = self.wish(question.standalone, filters, question.asked_at)
        topic = wished.topic if isinstance(wished, Newest) else ""
        of_subject = replace(bounded, category=subject_named(topic))
        answer = await self.hot(question, of_subject, reader, shown)
        # After all that is hot comes nothing: the newest are another list, for where nothing ever was.
        if answer.refused and not (shown and not (await self.hot(question, of_subject, reader, ())).refused):
            return await self.answer(question, topic, reader, filters, shown)
        return answer if answer.refused else replace(answer, topic=topic)

    async def more(
        self,
        question: Question,
        wished: Newest,
        reader: ReaderId | None,
        filters: Filters,
        shown: Collection[ArticleId],
    ) -> Answer:
        """What comes after those that were shown of what was wished for; a refusal where nothing does."""
        if wished.hottest:
            return await self.hottest(question, reader, filters, shown)
        return await self.answer(question, wished.topic, reader, filters, shown)

    async def _within(
        self,
        question: Question,
        topic: str,
        reader: ReaderId | None,
        filters: Filters,
        bounded: Filters,
        shown: Collection[ArticleId],
    ) -> Answer:
        answer = await self._listed(question, topic, reader, bounded, shown)
        if not answer.refused or bounded == filters or shown:
            return answer
        # The time may well be part of what was asked for: Black Friday.
        put = wish(question.standalone)
        whole = (isinstance(put, Newest) and topic and put.topic) or topic
        for each in dict.fromkeys((whole, topic)):
            answer = await self._listed(question, each, reader, filters, shown)
            if not answer.refused:
                timed = (bounded.since, bounded.until) != (filters.since, filters.until)
                return replace(answer, otherwise=timed and not _tells_of(answer, whole, topic))
        return answer

    async def _listed(
        self, question: Question, topic: str, reader: ReaderId | None, filters: Filters, shown: Collection[ArticleId]
    ) -> Answer:
        if not topic:
            hits = await self._newest(filters, question.language, reader, shown)
            return self.headlines(question, hits, topic, LATEST_STORIES)
        sources = () if filters.sources else called(topic, await self.stories.sources_like(topic, reader))
        if sources:
            answer = await self._listed(question, "", reader, replace(filters, sources=sources), shown)
            if not answer.refused:
                return answer
        if (subject := subject_named(topic)) is not None:
            answer = await self._listed(question, "", reader, replace(filters, category=subject), shown)
            if not answer.refused:
                return replace(answer, topic=topic)
        return replace(await self._of_topic(question, topic, reader, filters, shown), topic=topic)

    async def _of_topic(
        self, question: Question, topic: str, reader: ReaderId | None, filters: Filters, shown: Collection[ArticleId]
    ) -> Answer:
        """The newest stories of a topic: the search ranks by relevance, so the newest are looked through first."""
        for recent in _widening(filters, question.asked_at):
            answer = await self._found(question, topic, reader, recent, shown)
            if len(answer.sentences) >= LATEST_STORIES:
                return answer
        return await self._found(question, topic, reader, filters, shown)

    async def _found(
        self, question: Question, topic: str, reader: ReaderId | None, filters: Filters, shown: Collection[ArticleId]
    ) -> Answer:
        request = SearchRequest(text=topic, k=_TOPIC_PASSAGES + len(shown), filters=filters, reader=reader)
        found = await self.search.search(request)
        hits = [each for each in found.hits if each.passage.headline.id not in shown]
        return replace(self.headlines(question, hits, topic, LATEST_STORIES), without=found.without)

    async def _newest(
        self, filters: Filters, language: str, reader: ReaderId | None, shown: Collection[ArticleId]
    ) -> tuple[Hit, ...]:
        """The openings of the newest articles in `language`, and of others where these are too few."""
        n = LATEST_STORIES * _SPARE + len(shown)
        found: dict[ArticleId, Headline] = {}
        for bounds in (replace(filters, language=filters.language or language), filters):
            if len(found) < LATEST_STORIES:
                for each in await self.stories.latest(n, bounds, reader):
                    if each.id not in shown and each.group not in shown:
                        found.setdefault(each.group, each)
        held = [await self.stories.get(each.id, reader) for each in found.values()]
        return tuple(
            Hit(
                passage=Passage(
                    id=PassageId(i), position=0, text=article.text[:_OPENING_CHARACTERS], headline=article.headline
                ),
                score=0.0,
            )
            for i, article in enumerate(held)
            if article is not None
        )


def _tells_of(answer: Answer, whole: str, topic: str) -> bool:
    """Whether what `whole` has besides `topic` stands in what was found: then it was said of the topic, and no time."""
    known = set(topic.casefold().split())
    more = [word for word in whole.casefold().split() if word not in known]
    told = " ".join([*(each.title for each in answer.citations), answer.text]).casefold()
    return bool(more) and all(word in told for word in more)


def _widening(filters: Filters, now: datetime) -> Iterator[Filters]:
    """The last day, week and month of what is within `filters`."""
    for days in _WIDENING_DAYS:
        since = now - timedelta(days=days)
        if filters.since is None or filters.since < since:
            yield replace(filters, since=since, undated=False)
