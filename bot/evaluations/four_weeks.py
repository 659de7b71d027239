"""Four weeks of news out of a folder of articles with times, which are of whatever years and come thinly. Pure.

Of each file the four weeks that hold most are taken, and those before and after them, four weeks at a time, that hold
at least a quarter as many. All are laid over each other as one month, Monday on Monday: when something was published is
moved by whole weeks, and nothing of what is told.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from retrieval.annotation.sections import section
from retrieval.evaluation.collection import read_collection, rows
from retrieval.ingest.moments import read_moment
from storage.domain.annotations import Category
from storage.errors import InputError

_WEEK, _LONG = timedelta(days=7), timedelta(days=28)
_MONDAY = datetime(2001, 1, 1, tzinfo=UTC)
_FEWEST = 20
# What holds at least so many times fewer articles than the most is taken as well.
_RICH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An article as it comes in.

    Args:
        id: That it comes in by.
        at: When, in the month.
        title: May be empty.
        category: What the data say it is about, else its address; `None` where neither does.
        line: The line that it is read from, with this id and this time.
    """

    id: str
    at: datetime
    title: str
    category: Category | None
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FourWeeks:
    """The news, in the order they came, from `start` on, a Monday."""

    start: datetime
    news: tuple[Published, ...]

    @property
    def days(self) -> int:
        """How many days there are up to the last that something was published on, at most 28."""
        return (self.news[-1].at - self.start).days + 1


def read_four_weeks(folder: Path) -> FourWeeks:
    """The four weeks of most articles of every file, and the others that are not much poorer.

    Raises:
        InputError: The folder holds too few articles with times, or something that cannot be read.
    """
    files = [sorted(_timed(path), key=lambda each: each[0]) for path in read_collection(folder).articles]
    spans = [span for timed in files if timed for span in _spans(timed)]
    if sum(len(span.rows) for span in spans) < _FEWEST:
        raise InputError(str(folder), f"holds fewer than {_FEWEST} articles that say when they were published")
    start = max(spans, key=lambda span: len(span.rows)).begin
    moved = [(at + (start - span.begin), row) for span in spans for at, row in span.rows]
    moved.sort(key=lambda each: each[0])
    return FourWeeks(start=start, news=tuple(_published(n, at, row) for n, (at, row) in enumerate(moved)))


_Timed = tuple[datetime, Mapping[str, Any]]


def _timed(path: Path) -> Iterator[_Timed]:
    for _, row in rows(path, lambda first: "text" in first):
        at = read_moment(str(row.get("published") or ""))
        if at is not None:
            yield at.astimezone(UTC), row


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """Four weeks from a Monday on, and what was published in them."""

    begin: datetime
    rows: Sequence[_Timed]


def _spans(timed: Sequence[_Timed]) -> list[_Span]:
    """Of articles in the order of time, at least one."""
    times = [at for at, _ in timed]

    def span(begin: datetime) -> _Span:
        return _Span(begin=begin, rows=timed[bisect_left(times, begin) : bisect_left(times, begin + _LONG)])

    most = max((span(begin) for begin in sorted({_monday(at) for at in times})), key=lambda each: len(each.rows))
    first, last = (times[0] - most.begin) // _LONG, (times[-1] - most.begin) // _LONG
    every = [span(most.begin + n * _LONG) for n in range(first, last + 1)]
    return [each for each in every if len(each.rows) * _RICH >= len(most.rows)]


def _monday(at: datetime) -> datetime:
    return _MONDAY + (at - _MONDAY) // _WEEK * _WEEK


def _published(number: int, at: datetime, row: Mapping[str, Any]) -> Published:
    id_ = f"month-{number}"
    title, url, said = (str(row.get(name) or "") for name in ("title", "url", "category"))
    hint = section(feed_category=said) if said else section(url or None)
    return Published(
        id=id_,
        at=at,
        title=title,
        category=None if hint is None else hint.category,
        line=json.dumps({**row, "id": id_, "published": at.isoformat()}),
    )
