from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.flows.summarize import Summarize
from storage.domain.dialogue import Sentence
from storage.domain.summaries import Document, Summary
from storage.domain.why import Why
from storage.errors import ParseError

DOCUMENT = Document(text="The dam broke on Friday.", title="A dam breaks")


@dataclass
class Shelf:
    asked: list[str] = field(default_factory=list)

    async def page(self, url: str) -> Document:
        self.asked.append(f"page {url}")
        return DOCUMENT

    async def file(self, path: Path) -> Document:
        self.asked.append(f"file {path}")
        return DOCUMENT

    async def given(self) -> Document:
        self.asked.append("what is piped in")
        return DOCUMENT


class Full(Shelf):
    async def file(self, path: Path) -> Document:
        raise ParseError(str(path), "has more than 9 characters of text", why=Why.TOO_LARGE)


@dataclass
class Scribe:
    says: tuple[str, ...] = ("The dam broke.",)
    name: str = "scribe"

    async def summarize(self, document: Document, *, words: int | None) -> Summary:
        sentences = tuple(Sentence(text=each, citations=(1,)) for each in self.says)
        return Summary(text=f"{document.title}, {words}", sentences=sentences, quotes=(), engine=self.name)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("https://news.example/dam", "page https://news.example/dam"),
        (" http://news.example/dam ", "page http://news.example/dam"),
        ("ftp://news.example/dam", "page ftp://news.example/dam"),
        ("reports/dam.pdf", "file reports/dam.pdf"),
        ("news.example", "file news.example"),
        ("-", "what is piped in"),
    ],
)
async def test_a_link_is_told_by_its_scheme_and_what_is_piped_in_by_a_dash(given: str, asked: str) -> None:
    shelf = Shelf()
    told: list[int] = []

    found = await Summarize(documents=shelf, summarizer=Scribe()).named(
        given, words=50, progress=lambda _what, done, _of: told.append(done)
    )

    assert shelf.asked == [asked]
    assert (found.document, found.summary.text) == (DOCUMENT, "A dam breaks, 50")
    assert told == [0, 1, 2]


async def test_a_document_that_tells_nothing_is_an_error_that_names_it() -> None:
    flow = Summarize(documents=Shelf(), summarizer=Scribe(says=()))

    with pytest.raises(ParseError, match=r"list\.txt: has no sentence"):
        await flow.named("list.txt", words=50, progress=lambda _what, _done, _of: None)


async def test_a_document_that_is_too_long_is_one_line_that_says_what_to_do() -> None:
    flow = Summarize(documents=Full(), summarizer=Scribe())

    with pytest.raises(ParseError, match=r"^book\.txt: has more than 9 characters of text; give it in parts$"):
        await flow.named("book.txt", words=50, progress=lambda _what, _done, _of: None)


async def test_a_file_without_a_title_is_called_by_its_name() -> None:
    class Untitled(Shelf):
        async def file(self, path: Path) -> Document:
            return Document(text=f"The dam broke. {path.name}")

    found = await Summarize(documents=Untitled(), summarizer=Scribe()).stored(Path("/tmp/x1"), "dam.txt")  # noqa: S108

    assert found.document == Document(text="The dam broke. x1", title="dam.txt")


async def test_words_that_tell_nothing_say_so_to_readers_too() -> None:
    flow = Summarize(documents=Shelf(), summarizer=Scribe(says=()))

    with pytest.raises(ParseError) as caught:
        await flow.of(DOCUMENT, "a post")

    assert caught.value.why is Why.NOTHING_TOLD
