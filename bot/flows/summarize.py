"""A link or a file in, what it says out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from storage.domain.progress import Progress
from storage.domain.summaries import Document, Summary
from storage.domain.why import Why
from storage.errors import ParseError

PIPED = "-"
"""Stands for what is piped in."""


class Documents(Protocol):
    """Reads what somebody names."""

    async def page(self, url: str) -> Document:
        """What is at a web address.

        Raises:
            FeedError: It cannot be had, or is nothing that can be read.
        """
        ...

    async def file(self, path: Path) -> Document:
        """What is in a file.

        Raises:
            InputError: It cannot be opened.
            ParseError: It is nothing that can be read.
        """
        ...

    async def given(self) -> Document:
        """What is piped in; its errors are those of a file."""
        ...


class Summarizer(Protocol):
    """Writes summaries of documents, and of nothing else."""

    @property
    def name(self) -> str: ...

    async def summarize(self, document: Document, *, words: int | None) -> Summary:
        """What the document says, in at most about `words`; without sentences where it tells nothing.

        So long are all its parts together, too. Where `None`, it is as long as is usual, or half the document.

        Raises:
            GenerationError: The summarizer failed.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Summarized:
    """A document and what it says."""

    document: Document
    summary: Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Summarize:
    """Reads a document and sums it up."""

    documents: Documents
    summarizer: Summarizer

    async def named(self, url_or_file: str, *, words: int | None, progress: Progress) -> Summarized:
        """Of a web address, which is told by its `://`, a file, or what is piped in, for which `-` stands.

        Raises:
            InputError: There is no such file, or it cannot be opened.
            FeedError: The address cannot be read; `ParseError` where what it holds cannot, or tells nothing.
            GenerationError: The summarizer failed.
        """
        given = url_or_file.strip()
        progress(given, 0, 2)
        document = await self._document(url_or_file)
        progress(given, 1, 2)
        summarized = await self.of(document, given, words=words)
        progress(given, 2, 2)
        return summarized

    async def page(self, url: str) -> Summarized:
        """Of a web address, and of nothing else that could be named so.

        Raises:
            FeedError: It cannot be read; `ParseError` where what it holds cannot, or tells nothing.
            GenerationError: The summarizer failed.
        """
        return await self.of(await self.documents.page(url), url)

    async def stored(self, path: Path, name: str) -> Summarized:
        """Of a file that is called so, wherever it lies.

        Raises:
            ParseError: It cannot be read, or tells nothing.
            GenerationError: The summarizer failed.
        """
        document = await self.documents.file(path)
        return await self.of(replace(document, title=document.title or name), name)

    async def of(self, document: Document, called: str, *, words: int | None = None) -> Summarized:
        """Of a document that is read already.

        Raises:
            ParseError: It tells nothing.
            GenerationError: The summarizer failed.
        """
        summary = await self.summarizer.summarize(document, words=words)
        if not summary.sentences:
            raise ParseError(called, "has no sentence in it that tells anything", why=Why.NOTHING_TOLD)
        return Summarized(document=document, summary=summary)

    async def _document(self, url_or_file: str) -> Document:
        given = url_or_file.strip()
        try:
            if given == PIPED:
                return await self.documents.given()
            return await (self.documents.page(given) if "://" in given else self.documents.file(Path(url_or_file)))
        except ParseError as error:
            if error.why is not Why.TOO_LARGE:
                raise
            raise ParseError(error.url, f"{error.reason}; give it in parts", why=error.why) from error
