"""Feeds of every XML kind into values: the only place that knows feedparser. Runs in a child process.

Encoding, prolog and floods are dealt with before feedparser sees a byte; what it gives back is cleaned again, because
it passes plain-text fields through as they came.
"""

from __future__ import annotations

import calendar
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from time import struct_time
from typing import Any

from retrieval.ingest.cleaning import clean_line, strip_markup
from retrieval.ingest.decoding import decode
from retrieval.ingest.guards import Refused, guard_feed
from retrieval.ingest.jsonfeed import looks_like_json, read_json_feed
from retrieval.ingest.markup import text_of
from retrieval.ingest.parsed import Entry, ParsedFeed, believable, web_link
from retrieval.ingest.tags import primary_language
from storage.domain.why import Why

# Texts of one entry beyond this are cut: no article is as long, and a feed of them must stay one message.
_MAX_TEXT = 500_000


def read_feed(body: bytes, *, url: str, content_type: str | None, now: datetime) -> ParsedFeed:
    """Parse RSS, RDF, Atom or JSON Feed.

    Args:
        body: The document as it came.
        url: Where it came from; relative links are resolved against it.
        content_type: The HTTP header, which may name the encoding.
        now: The present, to tell believable times from others.

    Raises:
        Refused: It is no feed, or one that is not given to a parser.
    """
    text = decode(body, content_type)
    if looks_like_json(text):
        return read_json_feed(text, url=url, now=now)
    guarded = guard_feed(text)
    document = _feedparser(guarded.text, url)
    if not document.get("version") and not document["entries"]:
        raise Refused("is not a feed", Why.NO_FEED)
    feed = document["feed"]
    language = primary_language(feed.get("language"))
    entries = (_entry(raw, url, language, now) for raw in document["entries"])
    return ParsedFeed(
        title=strip_markup(feed.get("title")),
        language=language,
        entries=tuple(entry for entry in entries if entry is not None),
        notes=guarded.notes,
        cut=guarded.cut,
    )


def warm_up() -> None:
    """Pay for the import before there is a feed."""
    _feedparser("", "http://localhost/")


def _feedparser(text: str, url: str) -> Any:
    import feedparser

    return feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
    )


def _entry(raw: dict[str, Any], base: str, language: str | None, now: datetime) -> Entry | None:
    link = web_link(raw.get("link"), base)
    title = strip_markup(raw.get("title"))
    text = _text(raw)
    if link is None and not text:
        return None
    # Asked for by `get`, feedparser passes the published time off as the updated one.
    updated = _time(dict.get(raw, "updated_parsed"), now)
    return Entry(
        url=link,
        title=title,
        text=text,
        author=_author(raw),
        published=_time(raw.get("published_parsed"), now) or _time(raw.get("created_parsed"), now) or updated,
        updated=updated,
        language=_entry_language(raw) or language,
    )


def _text(raw: Mapping[str, Any]) -> str:
    """The longest text the entry carries: the content where it has one, otherwise the summary."""
    candidates = [part.get("value") or "" for part in raw.get("content") or ()] + [raw.get("summary") or ""]
    longest = max(candidates, key=len)
    return text_of(longest[:_MAX_TEXT])


def _author(raw: Mapping[str, Any]) -> str | None:
    detail = raw.get("author_detail")
    name = detail.get("name") if isinstance(detail, Mapping) else None
    return clean_line(strip_markup(name or raw.get("author")))


def _entry_language(raw: Mapping[str, Any]) -> str | None:
    for detail in (*(raw.get("content") or ()), raw.get("summary_detail"), raw.get("title_detail")):
        if isinstance(detail, Mapping) and (language := primary_language(detail.get("language"))):
            return language
    return None


def _time(moment: struct_time | None, now: datetime) -> datetime | None:
    """A feedparser time, which is UTC."""
    if moment is None:
        return None
    try:
        return believable(datetime.fromtimestamp(calendar.timegm(moment), UTC), now)
    except (ValueError, OverflowError, OSError):
        return None
