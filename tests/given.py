"""What people hand over to be read, as the tests of whoever deals with it need it: pages and files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile

from bot.flows.summarize import Summarize
from bot.messenger.incoming.readables import File
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
        try:
            return Document(text=path.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise ParseError(str(path), "is no text", why=Why.OTHER_KIND) from error

    async def given(self) -> Document:
        raise ParseError("standard input", "is empty", why=Why.NO_ARTICLE)


def summarize(pages: Mapping[str, Document] | None = None) -> Summarize:
    """Sums up in the words of what it reads."""
    return Summarize(documents=Shelf(pages or {}), summarizer=ExtractiveSummarizer())


@dataclass(slots=True)
class SentFiles:
    """The files that people sent, by their ids; the others are gone."""

    kept: dict[str, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def stored(self, file: File) -> AsyncIterator[Path]:
        self.fetched.append(file.id)
        if file.id not in self.kept:
            raise FetchError(file.name, "Telegram refuses it", why=Why.NOTHING_THERE)
        with NamedTemporaryFile() as here:
            here.write(self.kept[file.id])
            here.flush()
            yield Path(here.name)
