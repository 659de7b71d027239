"""What a folder of evaluation data holds, told by what its lines say: articles, judged questions, judged pairs.

File names and names of splits mean nothing: every JSON Lines file, gzipped or not, is read as what its lines are. What
is neither is passed over, so that a note or a licence may lie beside the data.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from retrieval.ingest.moments import read_moment
from storage.domain.news import ArticleId
from storage.errors import InputError

_GZIP_MAGIC = b"\x1f\x8b"
_BARE_DATE = len("2026-11-20")
# A file of another kind is known by its head; no line of ours is longer than what ingestion reads.
_LONGEST_LINE = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedMoment:
    """What one day brought of a story, and texts any of which tells it."""

    day: date
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedQuestion:
    """A question and what finding its answer means.

    Args:
        relevant: The articles that answer it, where people said so.
        answers: Texts any of which is the answer; empty where it has none.
        unanswerable: Whether the articles do not say, so that only a refusal is right.
        answer_in_text: Whether a relevant article holds an answer word for word, where people said so.
        asked_until: The end of the day, or the moment, it was asked: nothing published later may be found.
        course: What a reply must tell of a course that is asked for, in the order of time.
        sides: Of each of two that are compared, texts any of which tells of it.
    """

    id: str
    text: str
    relevant: tuple[ArticleId, ...] = ()
    answers: tuple[str, ...] = ()
    unanswerable: bool = False
    answer_in_text: bool | None = None
    asked_until: datetime | None = None
    course: tuple[JudgedMoment, ...] = ()
    sides: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPair:
    """Two headlines and how much alike people found them; `group` is the part of the data they come from."""

    a: str
    b: str
    score: float
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """All that a folder holds. `articles` are files to ingest, which may hold any number of them."""

    articles: tuple[Path, ...]
    questions: tuple[JudgedQuestion, ...]
    pairs: tuple[JudgedPair, ...]


def read_collection(folder: Path) -> Collection:
    """Everything in `folder` that can be told, files in the order of their names.

    Raises:
        InputError: A file that is data breaks off, or holds a line that is none.
    """
    articles: list[Path] = []
    questions: list[JudgedQuestion] = []
    pairs: list[JudgedPair] = []
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        first = _first(path)
        if "question" in first:
            questions += (_question(row, at) for at, row in _rows(path))
        elif {"a", "b"} <= first.keys():
            pairs += (pair for at, row in _rows(path) if (pair := _pair(row, at)) is not None)
        elif "text" in first:
            articles.append(path)
    return Collection(articles=tuple(articles), questions=tuple(questions), pairs=tuple(pairs))


def rows(path: Path, kind: Callable[[Mapping[str, Any]], bool]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The lines of a file whose first is of a `kind`, with where they stand, `FILE:LINE`; none of any other file.

    Raises:
        InputError: The file breaks off, or holds a line that is no JSON object.
    """
    if kind(_first(path)):
        yield from _rows(path)


def _first(path: Path) -> Mapping[str, Any]:
    """The first line that is not blank, as the object it is; empty where it is none."""
    try:
        for line in _lines(path):
            if line.strip():
                row = json.loads(line)
                return row if isinstance(row, dict) else {}
    except (OSError, EOFError, zlib.error, ValueError, RecursionError):
        return {}
    return {}


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The lines of a file with where they stand, `FILE:LINE`."""
    number = 0
    try:
        for number, line in enumerate(_lines(path), start=1):
            if line.strip():
                yield f"{path}:{number}", _object(line, f"{path}:{number}")
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}:{number + 1}", "cannot be read") from error


def _object(line: bytes, at: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(at, "cannot be read as JSON") from error
    if not isinstance(row, dict):
        raise InputError(at, "is not a JSON object")
    return row


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as raw:
        zipped = raw.peek(len(_GZIP_MAGIC))[: len(_GZIP_MAGIC)] == _GZIP_MAGIC
        file = gzip.GzipFile(fileobj=raw, mode="rb") if zipped else raw
        while line := file.readline(_LONGEST_LINE):
            yield line.removeprefix(b"\xef\xbb\xbf")


def _question(row: Mapping[str, Any], at: str) -> JudgedQuestion:
    text = row.get("question")
    if not isinstance(text, str) or not text.strip():
        raise InputError(at, "has no question")
    unanswerable = row.get("unanswerable") is True
    in_text = row.get("answer_in_text")
    return JudgedQuestion(
        id=str(row.get("id", at)),
        text=text,
        relevant=tuple(dict.fromkeys(map(ArticleId, _texts(row, "relevant", at)))),
        answers=() if unanswerable else _texts(row, "answers", at),
        unanswerable=unanswerable,
        answer_in_text=in_text if isinstance(in_text, bool) else None,
        asked_until=_asked_until(row, at),
        course=tuple(_moment(each, at) for each in _list(row, "course", at)),
        sides=tuple(_texts({"sides": each}, "sides", at) for each in _list(row, "sides", at)),
    )


def _moment(value: object, at: str) -> JudgedMoment:
    row = value if isinstance(value, dict) else {}
    try:
        day = date.fromisoformat(str(row.get("day")))
    except ValueError as error:
        raise InputError(at, "course has a moment whose day is not a date such as 2026-03-01") from error
    return JudgedMoment(day=day, holds=_texts(row, "holds", at))


def _texts(row: Mapping[str, Any], name: str, at: str) -> tuple[str, ...]:
    return tuple(str(value) for value in _list(row, name, at) if str(value).strip())


def _list(row: Mapping[str, Any], name: str, at: str) -> list[Any]:
    values = row.get(name) or []
    if not isinstance(values, list):
        raise InputError(at, f"{name} is not a list")
    return values


def _asked_until(row: Mapping[str, Any], at: str) -> datetime | None:
    written = row.get("asked_at")
    if not written:
        return None
    moment = read_moment(str(written))
    if moment is None:
        raise InputError(at, "asked_at is not a date such as 2026-03-01 or 2026-03-01T09:30:00Z")
    return moment + timedelta(days=1) if len(str(written).strip()) == _BARE_DATE else moment


def _pair(row: Mapping[str, Any], at: str) -> JudgedPair | None:
    """The pair of a line; `None` for one that nobody scored."""
    score = row.get("score")
    if score is None or score == "":
        return None
    try:
        scored = float(score)
    except (TypeError, ValueError) as error:
        raise InputError(at, "score is not a number") from error
    group, hyphen, _ = str(row.get("id", "")).partition("-")
    return JudgedPair(a=str(row.get("a")), b=str(row.get("b")), score=scored, group=group if hyphen else "")
