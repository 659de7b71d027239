"""JSON Lines files of articles, gzipped or not, line by line: whatever the file's size, one line is held at a time."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import AsyncIterator, Generator, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from retrieval.ingest.cleaning import clean_line, clean_text, holds_surrogates
from retrieval.ingest.moments import read_moment
from retrieval.ingest.parsed import believable
from retrieval.ingest.prepare import Gathered
from retrieval.ingest.tagged import is_tagged, untagged
from retrieval.ingest.tags import primary_language
from retrieval.ingest.urls import MAX_LINK_CHARS, canonical_url
from retrieval.owner import OwnerThread
from storage.domain.news import SourceFailure
from storage.errors import InputError

_BEFORE_ITS_TIME = timedelta(days=3660)
MAX_LINE_BYTES = 5 * 1024 * 1024
BATCH_LINES = 200
BATCH_CHARACTERS = 4_000_000
_GZIP_MAGIC = b"\x1f\x8b"
_MAX_ID = 200
_SKIP_BYTES = 1024 * 1024


class JsonLines:
    """Reads a file on a thread of its own, a batch at a time.

    Args:
        path: The file; `.gz` is told by its first bytes, not its name.
    """

    def __init__(self, path: Path) -> None:
        self._articles = read_articles(path)
        self._owner = OwnerThread("jsonl")
        self._fault: InputError | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Closed on its own thread, where it may still be at work.
        await self._owner.run(self._articles.close)
        self._owner.close()

    async def batches(self) -> AsyncIterator[Sequence[Gathered | SourceFailure]]:
        """Lines read, at most `BATCH_LINES` or about `BATCH_CHARACTERS` at a time, none empty.

        Raises:
            InputError: As `read_articles`, after the lines before the fault.
        """
        while batch := await self._owner.run(self._next):
            yield batch

    def _next(self) -> list[Gathered | SourceFailure]:
        if self._fault is not None:
            raise self._fault
        batch: list[Gathered | SourceFailure] = []
        characters = 0
        try:
            for line in self._articles:
                batch.append(line)
                characters += len(line.text) if isinstance(line, Gathered) else 0
                if len(batch) == BATCH_LINES or characters >= BATCH_CHARACTERS:
                    break
        except InputError as fault:
            self._fault = fault  # after what was read before it
            if not batch:
                raise
        return batch


def read_articles(path: Path) -> Generator[Gathered | SourceFailure, None, None]:
    """Each line's article in the file's order, or why it has none, named `FILE:LINE`. Blank lines are passed over.

    Raises:
        InputError: The file cannot be read, or stops being readable where a gzip stream is broken.
    """
    try:
        with path.open("rb") as file:
            for number, line in _lines(_unpacked(file)):
                if line is None:
                    yield SourceFailure(
                        url=f"{path}:{number}", error=f"the line is longer than {MAX_LINE_BYTES // 1024**2} MiB"
                    )
                elif line.strip():
                    yield _read_line(line, f"{path}:{number}")
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(str(path), _reason(error)) from error


def _unpacked(file: BufferedReader) -> BufferedIOBase:
    zipped = file.peek(len(_GZIP_MAGIC))[: len(_GZIP_MAGIC)] == _GZIP_MAGIC
    return cast(BufferedIOBase, gzip.GzipFile(fileobj=file, mode="rb")) if zipped else file


def _lines(file: BufferedIOBase) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines from 1; `None` for one that is too long, of which only the end is looked for."""
    number = 0
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) <= MAX_LINE_BYTES:
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(_SKIP_BYTES)
        yield number, None


def _read_line(line: bytes, name: str) -> Gathered | SourceFailure:
    try:
        return _article(json.loads(line.removeprefix(b"\xef\xbb\xbf")))
    except _Unusable as reason:
        return SourceFailure(url=name, error=str(reason))
    except (ValueError, RecursionError):
        return SourceFailure(url=name, error="not JSON")


class _Unusable(Exception):
    """Why a line is no article."""


def _article(fields: Any) -> Gathered:
    if not isinstance(fields, dict):
        raise _Unusable("not a JSON object")
    text = _string(fields, "text")
    if text is not None and is_tagged(text):
        text = untagged(text)
    if text is None or not clean_text(text):
        raise _Unusable("no text")
    given = _string(fields, "url")
    url = given.strip() if given and given.strip() else None
    if url is not None and canonical_url(url) is None:
        raise _Unusable(f"url is not an http(s) address of at most {MAX_LINK_CHARS:,} characters")
    return Gathered(
        text=text,
        id=_id(fields),
        url=url,
        title=_string(fields, "title"),
        author=_string(fields, "author"),
        source=_string(fields, "source"),
        published=_published(fields),
        language=_language(fields),
    )


def _string(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _Unusable(f"{name} is not a string")
    if holds_surrogates(value):
        raise _Unusable(f"{name} holds half a surrogate pair, which is no text")
    return value


def _id(fields: Mapping[str, Any]) -> str | None:
    value = fields.get("id")
    # Numbers are ids too; they are kept as they are written.
    given = str(value) if isinstance(value, int) and not isinstance(value, bool) else _string(fields, "id")
    if given is None or not given.strip():
        return None
    if len(given) > _MAX_ID or clean_line(given) != given:
        raise _Unusable(f"id is longer than {_MAX_ID} characters, or not a clean line")
    return given


def _published(fields: Mapping[str, Any]) -> datetime | None:
    written = _string(fields, "published")
    if written is None or not written.strip():
        return None
    moment = read_moment(written)
    if moment is None:
        raise _Unusable("published is not a date such as 2026-03-01 or 2026-03-01T09:30:00Z")
    # A set of news may be read in before its time; what no article can have been published at stays unknown.
    return believable(moment, datetime.now(UTC) + _BEFORE_ITS_TIME)


def _language(fields: Mapping[str, Any]) -> str | None:
    written = _string(fields, "language")
    if written is None or not written.strip():
        return None
    code = primary_language(written)
    if code is None:
        raise _Unusable("language is not a code such as en or zh")
    return code


def _reason(error: Exception) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file"
        case IsADirectoryError():
            return "this is a folder; a JSON Lines file is needed"
        case PermissionError():
            return "it may not be read"
        case gzip.BadGzipFile() | EOFError() | zlib.error():
            return "the gzip stream is broken"
        case OSError():
            return error.strerror or "it cannot be read"
        case _:
            return "it cannot be read"
