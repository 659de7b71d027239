"""What is said of what somebody hands over to be read: what it says in short, kept so that they can ask about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from bot.flows.summarize import Summarized
from bot.messenger.answers.decisions import Decision, Parts, Writing, words
from bot.messenger.answers.desk import Desk
from bot.messenger.answers.flows import AnswersAbout, Summarize
from bot.messenger.incoming.events import Commanded, Origin
from bot.messenger.incoming.readables import MOST_FETCHED_BYTES, File, Link, Readable, Words
from bot.messenger.paragraphs import render
from bot.messenger.paragraphs.markup import Paragraph, Piece, own, parts
from bot.messenger.paragraphs.render import titled
from bot.texts import say
from storage.domain.changes import Given, Recorded
from storage.domain.dialogue import Turn
from storage.domain.people import ReaderId
from storage.domain.summaries import Document, GivenDocument
from storage.domain.times import Clock
from storage.domain.why import Why
from storage.errors import FeedError


class Files(Protocol):
    """Fetches what people sent."""

    def stored(self, file: File) -> AbstractAsyncContextManager[Path]:
        """Where a file lies, for as long as the block lasts.

        Raises:
            FetchError: It cannot be had; its subject is the file's name.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryCommands:
    """Reads what is handed over."""

    summarize: Summarize
    converse: AnswersAbout
    files: Files
    desk: Desk
    writing: Writing
    clock: Clock

    async def summary(self, event: Commanded) -> Decision:
        """Of the link that is named, or of the message that the command answers."""
        origin, named = event.origin, _named(event.argument)
        if named is None and (event.argument or event.about is None):
            return words(origin.language, "summary_usage")
        return await self.read(origin, named or event.about or Words(text=event.argument))

    async def read(self, origin: Origin, what: Readable, asked: str = "") -> Decision:
        """What it says on what is asked of it, or else what it says; in one line, why that cannot be told."""
        called = _called(what)
        try:
            async with self.writing(origin):
                found = await self._summarized(what, origin.reader)
                given = self._given(origin, found.document)
                answer = await self.converse.about(asked, given, language=origin.language) if asked else None
        except FeedError as error:
            if called is None:
                return words(origin.language, "read_nothing_told")
            return words(origin.language, "read_failed", what=titled(called), reason=say(origin.language, error.why))
        if answer is not None and answer.turn is not None and not answer.refused:
            return _kept(origin, render.answer(answer, origin.clock), given, answer.turn)
        title = found.document.title or called or ""
        turn = Turn(question=title, standalone=title, answer=found.summary.text, cited=(given.id,), at=given.at)
        return _kept(origin, parts(_paragraphs(found, called, origin.language)), given, turn)

    def _given(self, origin: Origin, document: Document) -> GivenDocument:
        return GivenDocument(reader=origin.place, conversation=origin.conversation, document=document, at=self.clock())

    async def _summarized(self, what: Readable, reader: ReaderId) -> Summarized:
        match what:
            case Words(text=text, title=title):
                return await self.summarize.of(Document(text=text, title=title), title or "text")
            case Link(url=url):
                async with self.desk.place(reader, url):
                    return await self.summarize.page(url)
            case File(name=name, size=size):
                if size is not None and size > MOST_FETCHED_BYTES:
                    raise FeedError(name, f"has {size} bytes", why=Why.LARGE_FILE)
                async with self.desk.place(reader, name), self.files.stored(what) as path:
                    return await self.summarize.stored(path, name)


def _kept(origin: Origin, said: Parts, given: GivenDocument, turn: Turn) -> Decision:
    """What is said, and kept so that they can ask on."""
    recorded = Recorded(conversation=origin.conversation, reader=origin.reader, turn=turn)
    return Decision(parts=said, changes=(Given(given=given), recorded))


def _named(argument: str) -> Link | None:
    """The address that somebody writes, with or without its scheme."""
    if len(argument.split()) != 1:
        return None
    if "://" in argument:
        return Link(url=argument)
    return Link(url=f"https://{argument}") if "." in argument.strip(".") else None


def _called(what: Readable) -> str | None:
    """What to call it to whoever handed it over; `None` where it is words that have no name."""
    match what:
        case Link(url=url):
            return _host(url) or url
        case Words(title=title):
            return title
        case File(name=name):
            return name


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _paragraphs(found: Summarized, called: str | None, language: str) -> Iterator[Paragraph]:
    document, summary = found.document, found.summary
    title = document.title or called
    if title:
        yield (Piece(text=titled(title), style="b", link=document.url),)
    for sentence in summary.sentences:
        yield (Piece(text=sentence.text),)
    for section in summary.sections:
        if section.sentences:
            yield ()
            if section.title:
                yield (Piece(text=titled(section.title), style="b"),)
            yield (Piece(text=" ".join(each.text for each in section.sentences)),)
    yield ()
    if summary.lapse is not None:
        yield (own(say(language, f"model_{summary.lapse}"), "i"),)
    yield (own(say(language, "read_ask_on"), "i"),)
