"""What a child process reports of a feed or a page: plain values that survive a trip through JSON.

Every text is clean (see `cleaning`), every link absolute http(s), every time aware UTC or `None`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from retrieval.ingest.urls import MAX_LINK_CHARS, absolute

# The first feeds are younger than this; an earlier date is a default that someone forgot to fill in.
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# Clocks differ and zones are forgotten; what is further ahead is wrong.
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An item of a feed. `text` is what the feed itself gives of the article, often only its first words or nothing.

    `updated` is when the feed says it last changed, where it says so.
    """

    url: str | None
    title: str | None
    text: str
    author: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed as its publisher wrote it, entries in the feed's order. `notes` say what was left out.

    `cut` says that it broke off, and these are the entries that were whole.
    """

    title: str | None
    language: str | None
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedPage:
    """The article on a page. `text` is empty where the page has none; `feeds` are the feeds it names, best first."""

    title: str | None
    text: str
    author: str | None = None
    published: datetime | None = None
    site: str | None = None
    language: str | None = None
    feeds: tuple[str, ...] = ()


def plain(value: ParsedFeed | ExtractedPage) -> dict[str, Any]:
    """`value` as JSON takes it."""
    fields = asdict(value)
    return {name: _plain(field) for name, field in fields.items()}


def feed_from_plain(fields: dict[str, Any]) -> ParsedFeed:
    """The inverse of `plain` for a feed."""
    entries = tuple(
        Entry(**{**entry, "published": _moment(entry["published"]), "updated": _moment(entry["updated"])})
        for entry in fields["entries"]
    )
    return ParsedFeed(**{**fields, "entries": entries, "notes": tuple(fields["notes"])})


def page_from_plain(fields: dict[str, Any]) -> ExtractedPage:
    """The inverse of `plain` for a page."""
    return ExtractedPage(
        **{**fields, "published": _moment(fields["published"]), "feeds": tuple(fields["feeds"])},
    )


def believable(moment: datetime | None, now: datetime) -> datetime | None:
    """`moment` in UTC where an article can have been published then, otherwise `None`."""
    if moment is None:
        return None
    try:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None
    return moment if _EARLIEST <= moment <= now + _AHEAD else None


def web_link(link: str | None, base: str) -> str | None:
    """`link` as a document at `base` means it, where it is http(s) and of sane length; otherwise `None`."""
    found = absolute(base, link) if link and len(link) <= MAX_LINK_CHARS else None
    return found if found and len(found) <= MAX_LINK_CHARS else None


def _plain(field: Any) -> Any:
    if isinstance(field, datetime):
        return field.isoformat()
    if isinstance(field, dict):
        return {name: _plain(inner) for name, inner in field.items()}
    if isinstance(field, list | tuple):
        return [_plain(inner) for inner in field]
    return field


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
