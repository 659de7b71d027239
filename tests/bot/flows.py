"""Flows that answer without reading anything."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from bot.flows.asked import clean_question
from bot.flows.feed_lists import Taken
from bot.flows.find import Finding, Found
from bot.flows.latest import Latest
from bot.messenger.incoming.events import Origin
from generation.quoting.headlines import headlines
from storage.domain.dialogue import Answer, Citation, ConversationId, Question, Reply, Sentence, Timings
from storage.domain.news import Article, ArticleId, Feed, Filters, Headline, Hit, Part, SearchRequest, SearchResult
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId
from storage.domain.summaries import GivenDocument
from storage.domain.why import Why
from storage.errors import FeedError, InputError
from tests.fakes import unbounded
from tests.hot import nothing_hot

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_NO_TIME = timedelta(0)


def reply_to(text: str, language: str = "en") -> Reply:
    """Cites one article, and says which question it answers."""
    citation = Citation(
        n=1,
        article_id=ArticleId("a1"),
        title="Tides & <b>times</b>",
        quote="The tide is high.",
        url="https://news.example/tides?a=1&b=2",
        source="The Harbour Post",
        published=datetime(2026, 11, 21, tzinfo=UTC),
    )
    answer = Answer(
        question=Question(text=text, language=language, asked_at=NOW, standalone=text),
        sentences=(Sentence(text=f"You asked: {text}. The tide is < high & rising.", citations=(1,)),),
        citations=(citation,),
        as_of=citation.published,
        engine="echo",
    )
    return Reply(answer=answer, timings=Timings(retrieve=_NO_TIME, first_token=_NO_TIME, total=_NO_TIME))


class Echo:
    """Answers every question with itself. "boom" is one that fails, "empty" one that cannot be read."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None, str | None]] = []
        self.failing: dict[str, Exception] = {
            "boom": RuntimeError("a secret message text"),
            "empty": InputError("question", "there are no words in it", key="question_empty"),
        }

    async def answer(
        self,
        text: str,
        *,
        reader: ReaderId | None,
        conversation: ConversationId | None,
        language: str | None,
        zone: tzinfo,
    ) -> AsyncIterator[Sentence | Reply]:
        self.asked.append((text, reader, conversation))
        if (error := self.failing.get(text)) is not None:
            raise error
        reply = reply_to(text, language or "en")
        for sentence in reply.answer.sentences:
            yield sentence
        yield reply

    async def about(self, text: str, given: GivenDocument, *, language: str | None) -> Answer:
        return replace(reply_to(text, language or "en").answer, given=True)


class EchoEngine:
    """An engine that answers every question with itself."""

    name = "echo"

    async def answer(self, question: Question, hits: Sequence[Hit]) -> AsyncIterator[Sentence | Answer]:
        answer = reply_to(question.text, question.language).answer
        for sentence in answer.sentences:
            yield sentence
        yield replace(answer, question=question)


class Nowhere:
    """A search that finds nothing."""

    async def search(self, request: SearchRequest) -> SearchResult:
        return SearchResult(hits=(), took=_NO_TIME)


class NoStories:
    """A shelf with nothing on it."""

    async def latest(self, n: int, filters: Filters, reader: ReaderId | None) -> Sequence[Headline]:
        return ()

    async def get(self, article_id: ArticleId, reader: ReaderId | None) -> Article | None:
        return None

    async def sources_like(self, part: str, reader: ReaderId | None = None) -> Sequence[str]:
        return ()


def nothing_new() -> Latest:
    """The newest stories where there are none."""
    return Latest(
        stories=NoStories(), hot=nothing_hot, search=Nowhere(), headlines=headlines, bounds=unbounded, clock=lambda: NOW
    )


class Newest:
    """Says of which topic the newest stories were wanted."""

    async def reply(self, topic: str = "", *, reader: ReaderId | None, language: str) -> Reply:
        reply = reply_to(f"newest of {topic or 'all'}", language)
        return replace(reply, answer=replace(reply.answer, listing=True, topic=topic))


class AnyFeed:
    """Finds a feed at every address."""

    async def discover(self, url: str) -> Feed:
        return Feed(url=url, title=f"Feed of {url.removeprefix('https://')}")


class Shelf:
    """A reader's feeds, which never change."""

    def __init__(self) -> None:
        self.feeds: list[Feed] = [Feed(url="https://one.example/rss", title="One", articles=3)]

    async def list(self, reader: ReaderId | None) -> Sequence[Feed]:
        return tuple(self.feeds)

    async def to_add(self, reader: ReaderId | None, url: str) -> Feed:
        if "broken" in url:
            raise FeedError(url, "no feed there", why=Why.NO_FEED)
        return Feed(url=url, title=f"Feed of {url}", shared=False)

    async def to_remove(self, reader: ReaderId | None, which: str) -> Feed:
        if not which.isdecimal() or not 1 <= int(which) <= len(self.feeds):
            raise InputError(which, "is not there", key="source_unknown", wanted=which)
        return self.feeds[int(which) - 1]


class Lists:
    """Lists as files of an address a line."""

    async def given(self, reader: ReaderId) -> bytes:
        return f"<opml of {reader}>".encode()

    async def to_take(self, reader: ReaderId, content: bytes, name: str) -> Taken:
        lines = content.decode().split()
        if not lines:
            raise InputError(name, "is no list", key="opml_unreadable", name=name)
        feeds = tuple(Feed(url=line, shared=False) for line in lines)
        return Taken(feeds=feeds, known=1, unusable=0, left=2, waiting=len(lines) // 20, minutes=len(lines) * 3)


class Written:
    """What was shown of answers while they were written."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def show(self, text: str) -> None:
        self.texts.append(text)


@contextlib.asynccontextmanager
async def unseen(_origin: Origin) -> AsyncIterator[Written]:
    """Shows nobody that an answer is being written."""
    yield Written()


class Finder:
    """Finds the same article for any words but "nothing"."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ReaderId | None]] = []
        self.without: frozenset[Part] = frozenset()

    async def articles(self, words: str, *, reader: ReaderId | None) -> Finding:
        asked = clean_question(words)
        self.asked.append((asked, reader))
        if asked == "nothing":
            return Finding(articles=(), without=self.without)
        headline = Headline(
            id=ArticleId("a1"),
            title="Tides & <b>times</b>",
            first_seen=NOW,
            group=ArticleId("a1"),
            url="https://news.example/tides?a=1&b=2",
            source="The Harbour Post",
            published=NOW,
        )
        passage = "The tide is < high & rising.\nIt turns."
        return Finding(articles=(Found(headline=headline, passage=passage, story=StoryId(128)),), without=self.without)


class EverybodyAdministers:
    """Everybody administers every group, unless said otherwise; `None` is where nobody knows."""

    def __init__(self, answer: bool | None = True) -> None:
        self.answer = answer

    async def administers(self, origin: Origin) -> bool | None:
        return self.answer


async def some_article(article_id: ArticleId, reader: ReaderId | None) -> Article | None:
    """Any article there may be, titled by its id."""
    del reader
    headline = Headline(
        id=article_id, title=f"Title {article_id}", first_seen=NOW, group=article_id, url="https://news.example/1"
    )
    return Article(headline=headline, text="It rained.")
