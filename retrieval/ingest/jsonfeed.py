"""JSON Feed 1.0 and 1.1 into the same values as every other feed. Runs in a child process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from retrieval.ingest.cleaning import clean_text, strip_markup
from retrieval.ingest.guards import MAX_ITEMS, Refused
from retrieval.ingest.markup import text_of
from retrieval.ingest.moments import read_moment
from retrieval.ingest.parsed import Entry, ParsedFeed, believable, web_link
from retrieval.ingest.tags import primary_language
from storage.domain.why import Why


def looks_like_json(text: str) -> bool:
    """Whether `text` starts as a JSON object, which no XML does."""
    return text.lstrip()[:1] == "{"


def read_json_feed(text: str, *, url: str, now: datetime) -> ParsedFeed:
    """Parse a JSON Feed.

    Raises:
        Refused: It is not JSON, or not a feed.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("is not JSON that can be read", Why.NO_FEED) from error
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or "jsonfeed.org/version" not in str(document.get("version")):
        raise Refused("is JSON, but not a JSON Feed", Why.NO_FEED)
    language = primary_language(document.get("language"))
    entries = (_entry(item, url, language, now) for item in items[:MAX_ITEMS] if isinstance(item, dict))
    cut = len(items) > MAX_ITEMS
    return ParsedFeed(
        title=strip_markup(_string(document, "title")),
        language=language,
        entries=tuple(entry for entry in entries if entry is not None),
        notes=(f"only the first {MAX_ITEMS} of {len(items):,} items were read",) if cut else (),
    )


def _entry(item: Mapping[str, Any], base: str, language: str | None, now: datetime) -> Entry | None:
    link = web_link(_string(item, "url"), base) or _identity(item)
    text = text_of(_string(item, "content_html") or "") or clean_text(
        _string(item, "content_text") or _string(item, "summary") or ""
    )
    if link is None and not text:
        return None
    updated = _time(item, "date_modified", now)
    return Entry(
        url=link,
        title=strip_markup(_string(item, "title")),
        text=text,
        author=_author(item),
        published=_time(item, "date_published", now) or updated,
        updated=updated,
        language=primary_language(item.get("language")) or language,
    )


def _author(item: Mapping[str, Any]) -> str | None:
    authors = item.get("authors")
    # Version 1.0 had a single `author`; 1.1 has a list.
    everyone = authors if isinstance(authors, list) else [item.get("author")]
    names = (strip_markup(_string(author, "name")) for author in everyone if isinstance(author, dict))
    return ", ".join(name for name in names if name) or None


def _string(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) else None


def _time(item: Mapping[str, Any], name: str, now: datetime) -> datetime | None:
    text = _string(item, name)
    return believable(read_moment(text), now) if text else None


def _identity(item: Mapping[str, Any]) -> str | None:
    """The item's id where it is an address, as version 1 of the format advises."""
    identity = _string(item, "id")
    return web_link(identity, identity) if identity and identity.startswith("http") else None
