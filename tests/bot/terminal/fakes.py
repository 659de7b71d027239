"""What stands in for the flows, the keyboard and the terminal in the tests of the chat."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from bot.flows.feedback import Feedback
from bot.terminal.chat import chat
from bot.terminal.keyboard import Key
from bot.terminal.parts import Chat
from bot.terminal.screen import Screen, plain_console
from storage.domain.dialogue import Answer, Citation, ConversationId, Question, Reply, Sentence, Timings
from storage.domain.news import Article, ArticleId, Feed, Headline, IngestReport
from storage.domain.people import ReaderId
from storage.domain.progress import Progress
from storage.errors import InputError
from tests.digests import FixedAlerts, FixedDigests
from tests.feedback import GivenEvidence
from tests.hot import Follows, HotList, OnePage
from tests.interests import Learner
from tests.own_data import FixedOwnData

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
READER = ReaderId("terminal:ada")
CONVERSATION = ConversationId("terminal:ada:1")


def citation(n: int = 1, **given: object) -> Citation:
    about = {
        "article_id": ArticleId(f"a{n}"),
        "title": f"Title {n}",
        "quote": f"Quote {n}.",
        "url": f"https://news.example/{n}",
        "source": f"Outlet {n}",
        "published": NOON,
    }
    return Citation(n=n, **{**about, **given})  # type: ignore[arg-type]  # the test's own fields


def headline(name: str = "near", **given: object) -> Headline:
    about = {"title": f"Title {name}", "url": f"https://news.example/{name}", "source": "Outlet", "published": NOON}
    values = {**about, **given}
    return Headline(id=ArticleId(name), first_seen=NOON, group=ArticleId(name), **values)  # type: ignore[arg-type]


def reply(
    *sentences: Sentence, citations: Sequence[Citation] = (), nearest: Sequence[Headline] = (), language: str = "en"
) -> Reply:
    question = Question(text="q", language=language, asked_at=NOON, standalone="q")
    answer = Answer(
        question=question,
        sentences=sentences,
        citations=tuple(citations),
        nearest=tuple(nearest),
        as_of=NOON if citations else None,
        engine="fake",
    )
    return Reply(
        answer=answer,
        timings=Timings(
            retrieve=timedelta(milliseconds=18),
            first_token=timedelta(milliseconds=20),
            total=timedelta(milliseconds=41),
        ),
    )


def cited_reply() -> Reply:
    """One sentence resting on two citations."""
    return reply(Sentence(text="It rained.", citations=(1, 2)), citations=(citation(1), citation(2)))


class Replies:
    """Answers questions with the same reply, or with what is scripted for a question."""

    def __init__(self, scripted: dict[str, Reply | Exception] | None = None) -> None:
        self.scripted = scripted or {}
        self.asked: list[tuple[str, ReaderId, ConversationId, str | None]] = []
        self.stuck = asyncio.Event()

    async def ask(
        self,
        text: str,
        *,
        reader: ReaderId,
        conversation: ConversationId,
        language: str | None = None,
        zone: tzinfo | None = None,
    ) -> AsyncIterator[Sentence | Reply]:
        self.asked.append((text, reader, conversation, language))
        scripted = self.scripted.get(text, cited_reply())
        if isinstance(scripted, Exception):
            raise scripted
        for sentence in scripted.answer.sentences:
            yield sentence
        if text == "stuck":
            self.stuck.set()
            await asyncio.Event().wait()
        yield scripted


@dataclass(slots=True)
class Shelf:
    """Feeds in memory."""

    feeds: list[Feed] = field(default_factory=list)

    async def list(self, reader: ReaderId) -> Sequence[Feed]:
        assert reader == READER
        return tuple(self.feeds)

    async def add(self, reader: ReaderId, url: str) -> Feed:
        assert reader == READER
        if not url:
            raise InputError("address", "give the link of a feed or of a site", key="address_missing")
        self.feeds.append(Feed(url=url, title="Added"))
        return self.feeds[-1]

    async def remove(self, reader: ReaderId, which: str) -> Feed:
        assert reader == READER
        for number, each in enumerate(self.feeds, start=1):
            if which in {str(number), each.url}:
                return self.feeds.pop(number - 1)
        raise InputError(which, "is not among the sources", key="source_unknown", wanted=which)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    articles: int = 1204
    sources: int = 25
    newest: datetime | None = NOON
    sample: bool = False


@dataclass(slots=True)
class Wire:
    """Reads nothing, and says what it is told to."""

    counted: Counts = field(default_factory=Counts)
    report: IngestReport | Exception = field(default_factory=IngestReport)
    rounds: int = 0
    visited: list[str] = field(default_factory=list)
    may_end: asyncio.Event | None = None
    unindexed: int = 0

    async def round(self, progress: Progress) -> IngestReport:
        self.rounds += 1
        progress("One", 3, 25)
        if self.may_end:
            await self.may_end.wait()
        if isinstance(self.report, Exception):
            raise self.report
        return self.report

    async def visit(self, feeds: Sequence[Feed], progress: Progress) -> IngestReport:
        progress("feeds", 0, len(feeds))
        self.visited.extend(feed.url for feed in feeds)
        return IngestReport()

    async def counts(self, reader: ReaderId) -> Counts:
        assert reader == READER
        return self.counted

    async def empty(self, reader: ReaderId) -> bool:
        assert reader == READER
        return not self.counted.articles

    async def waiting(self) -> int:
        return self.unindexed


@dataclass(slots=True)
class Newest:
    """Lists the same story whatever is asked for."""

    asked: list[tuple[str, str]] = field(default_factory=list)

    async def reply(self, topic: str, *, reader: ReaderId, language: str, shown: Collection[ArticleId] = ()) -> Reply:
        assert reader == READER
        self.asked.append((topic, language))
        newest = cited_reply()
        answer = newest.answer
        sentences, citations = answer.sentences[:1], answer.citations[:1]
        listing = replace(answer, sentences=sentences, citations=citations, listing=True, topic=topic)
        return replace(newest, answer=listing)


@dataclass(slots=True)
class Dialogues:
    forgotten: list[ConversationId] = field(default_factory=list)

    async def forget(self, conversation: ConversationId) -> None:
        self.forgotten.append(conversation)


Typed = str | Key | Callable[[], Awaitable[object]]


class Typist:
    """Types lines one after another, then leaves. A callable among them is awaited before the next."""

    def __init__(self, *lines: Typed, attended: bool = True) -> None:
        self.attended = attended
        self.statuses: list[str | None] = []
        self.forgotten = 0
        self._lines = list(lines)

    def expect(self, line: Typed) -> None:
        self._lines.append(line)

    async def line(self) -> str | Key:
        while self._lines:
            # As at a terminal, others get their turn while a line is typed.
            await asyncio.sleep(0)
            line = self._lines.pop(0)
            if isinstance(line, str | Key):
                return line
            await line()
        return Key.LEAVE

    def show_status(self, status: str | None) -> None:
        self.statuses.append(status)

    def forget(self) -> None:
        self.forgotten += 1


def screen(*, terminal: bool = False, width: int = 80, language: str = "en") -> Screen:
    console = plain_console(file=io.StringIO(), width=width, terminal=terminal)
    return Screen(console=console, language=language, zone=UTC)


def printed(on: Screen) -> str:
    assert isinstance(on.console.file, io.StringIO)
    return on.console.file.getvalue()


async def no_article(article_id: ArticleId) -> Article | None:
    del article_id
    return None


def no_browser(url: str) -> bool:
    del url
    return False


def parts(home: Path, **given: object) -> Chat:
    """A chat over fakes; what is given takes a fake's place."""
    values: dict[str, object] = {
        "converse": Replies(),
        "sources": Shelf([Feed(url="https://feeds.example/1", title="One")]),
        "news": Wire(),
        "latest": Newest(),
        "hot": HotList(),
        "briefs": OnePage(),
        "digests": FixedDigests(),
        "alerts": FixedAlerts(),
        "follows": Follows(),
        "learn": Learner(),
        "own_data": FixedOwnData(),
        "feedback": Feedback(shelf=GivenEvidence(), clock=lambda: NOON),
        "dialogues": Dialogues(),
        "article": no_article,
        "reader": READER,
        "conversation": CONVERSATION,
        "language": "en",
        "home": home,
        "open_page": no_browser,
    }
    return Chat(**{**values, **given})  # type: ignore[arg-type]  # the test's own fields


async def until(claim: Callable[[], bool]) -> None:
    """Let the others go on until `claim` holds."""
    for _ in range(10_000):
        if claim():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to hold")


def wait_for(claim: Callable[[], bool]) -> Typed:
    """Type nothing until `claim` holds, and a little longer, so that what is told can be printed."""

    async def pause() -> None:
        await until(claim)
        for _ in range(100):
            await asyncio.sleep(0)

    return pause


async def transcript(home: Path, *lines: Typed, attended: bool = True, language: str = "en", **given: object) -> str:
    on = screen(language=language)

    status = await chat(parts(home, **given), screen=on, keyboard=Typist(*lines, attended=attended))

    assert status == 0
    return printed(on)
