"""What people hand over to be read, as the tests of whoever deals with it need it: pages and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.flows.summarize import Summarize
from bot.messenger.readables import File
from generation.summarize import ExtractiveSummarizer
from storage.domain.summaries import Document
from storage.domain.why import Why
from storage.errors import FetchError, ParseError


@dataclass(slots=True)
class Shelf:
    """Pages by their address; there is nothing elsewhere. Of a file, its text."""

    pages: Mapping[str, Document] = field(default_factory=dict)

    async def page(self, url: str) -> Document:
        if url not in self.pages:
            raise FetchError(url, "HTTP 404", why=Why.NOTHING_THERE)
        return self.pages[url]

    async def file(self, path: Path) -> Document:
        return await self.content(path.read_bytes(), str(path))

    async def given(self) -> Document:
        raise ParseError("standard input", "is empty", why=Why.NO_ARTICLE)

    async def content(self, content: bytes, name: str) -> Document:
        try:
            return Document(text=content.decode())
        except UnicodeDecodeError as error:
            raise ParseError(name, "is no text", why=Why.OTHER_KIND) from error


def summarize(pages: Mapping[str, Document] | None = None) -> Summarize:
    """Sums up in the words of what it reads."""
    return Summarize(documents=Shelf(pages or {}), summarizer=ExtractiveSummarizer())


@dataclass(slots=True)
class SentFiles:
    """The files that people sent, by their ids; the others are gone."""

    kept: dict[str, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)

    async def content(self, file: File) -> bytes:
        self.fetched.append(file.id)
        if file.id not in self.kept:
            raise FetchError(file.name, "Telegram refuses it", why=Why.NOTHING_THERE)
        return self.kept[file.id]
