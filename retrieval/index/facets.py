"""What the indexes keep of a headline to filter by. The database decides in the end; this must never be narrower."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from storage.domain.news import Headline
from storage.domain.sources import fold, host_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KEY_BYTES = 8

MOST_SOURCES = 3
"""How many names of its source a headline has at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """`published` is microseconds since 1970; `sources` are the names a source filter may use, folded in case."""

    language: str
    published: int | None
    sources: tuple[str, ...]


def facets(headline: Headline) -> Facets:
    """What `headline` can be filtered by."""
    host = host_of(headline.url) or ""
    names = (headline.source or "", host, host.removeprefix("www."))
    return Facets(
        language=headline.language or "",
        published=None if headline.published is None else microseconds(headline.published),
        sources=tuple(dict.fromkeys(fold(name) for name in names if name)),
    )


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970, exact."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def key(name: str) -> int:
    """A name in 64 bits, the same in every process. Two names that share one make a filter wider, never narrower."""
    return int.from_bytes(blake2b(name.encode(), digest_size=_KEY_BYTES).digest(), "little")
