"""What the indexes keep of a headline to filter by. The database decides in the end; this must never be narrower."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from storage.domain.news import Headline

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """`published` is microseconds since 1970; `sources` are the names a source filter may use, folded in case."""

    language: str
    published: int | None
    sources: tuple[str, ...]


def facets(headline: Headline) -> Facets:
    """What `headline` can be filtered by."""
    names = [headline.source or "", _host(headline.url)]
    names.append(names[1].removeprefix("www."))
    return Facets(
        language=headline.language or "",
        published=None if headline.published is None else microseconds(headline.published),
        sources=tuple(dict.fromkeys(fold(name) for name in names if name)),
    )


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970, exact."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def fold(source: str) -> str:
    """A source's name as it is compared: white space and letter case do not matter."""
    return " ".join(source.casefold().split())


def _host(url: str | None) -> str:
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""
