"""The article on a web page: the only place that knows trafilatura. Runs in a child process."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from retrieval.ingest.cleaning import clean_line, clean_text, strip_markup
from retrieval.ingest.decoding import decode
from retrieval.ingest.feedlinks import feed_links
from retrieval.ingest.guards import Refused
from retrieval.ingest.moments import read_moment
from retrieval.ingest.parsed import ExtractedPage, believable
from retrieval.ingest.tags import primary_language

# What a server may call a page; anything else it names is a picture, a film, a document.
_PAGES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml")
_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "pubdate",
    "publishdate",
    "parsely-pub-date",
    "sailthru.date",
)
_DAY_IN_ADDRESS = re.compile(r"(?<=/)((?:19|20)\d\d)[/-]?([01]\d)[/-]?([0-3]\d)(?=/)")
_MAX_LINKED_DATA = 200_000


def extract_page(body: bytes, *, url: str, content_type: str | None, now: datetime) -> ExtractedPage:
    """The article on a page, and what the page says about it.

    Args:
        body: The page as it came.
        url: Where it came from; relative links are resolved against it.
        content_type: The HTTP header, which may name the encoding.
        now: The present, to tell believable times from others.

    Raises:
        Refused: It is no page.
    """
    from trafilatura import bare_extraction, load_html

    kind = (content_type or "").split(";")[0].strip().lower()
    if kind == "text/plain":
        return ExtractedPage(title=None, text=clean_text(decode(body, content_type)))
    if kind and kind not in _PAGES:
        raise Refused(f"is not a page but {kind[:60]}")
    tree = load_html(decode(body, content_type).replace("\x00", ""))
    if tree is None:
        raise Refused("is not a page")
    feeds = feed_links(tree, url)
    published = believable(_published(tree, url), now)
    language = primary_language(tree.get("lang") or tree.get("xml:lang"))
    document = bare_extraction(
        tree,
        url=url,
        favor_precision=True,
        include_comments=False,
        with_metadata=True,
        # Its date is not used: where the page states none, it takes one from the text, which is a guess.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if document is None or isinstance(document, dict):
        return ExtractedPage(title=None, text="", published=published, language=language, feeds=feeds)
    title = strip_markup(document.title)
    return ExtractedPage(
        title=title,
        text=_without_title(clean_text(document.text or ""), title),
        author=clean_line(document.author),
        published=published,
        site=clean_line(document.sitename),
        language=language,
        feeds=feeds,
    )


def warm_up() -> None:
    """Pay for the first use, which loads tables and compiles expressions, before there is a page."""
    page = b"<html><body><article><h1>Warm up</h1><p>" + b"A sentence that says a little. " * 20
    extract_page(page, url="http://localhost/", content_type="text/html", now=datetime.now().astimezone())


def _without_title(text: str, title: str | None) -> str:
    """`text` without a first line that only repeats the title, which is kept beside it."""
    first, _, rest = text.partition("\n")
    return rest if title and rest and first.casefold() == title.casefold() else text


def _published(tree: Any, url: str) -> datetime | None:
    """When the page states the article was published, the most reliable statement first."""
    for text in (*_linked_data_dates(tree), *_meta_dates(tree), *_marked_dates(tree), *_address_dates(url)):
        if moment := read_moment(text):
            return moment
    return None


def _linked_data_dates(tree: Any) -> Iterator[str]:
    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        content = script.text or ""
        if '"datePublished"' not in content or len(content) > _MAX_LINKED_DATA:
            continue
        try:
            stack = [json.loads(content, strict=False)]
        except (ValueError, RecursionError):
            continue
        while stack:
            node = stack.pop()
            if isinstance(node, dict):
                date = node.get("datePublished")
                if isinstance(date, str):
                    yield date
                stack.extend(node.get(name) for name in ("@graph", "mainEntity", "mainEntityOfPage"))
            elif isinstance(node, list):
                stack.extend(reversed(node))


def _meta_dates(tree: Any) -> list[str]:
    found = {
        name.lower(): content
        for meta in tree.iter("meta")
        if (name := meta.get("property") or meta.get("name") or meta.get("itemprop"))
        and (content := meta.get("content"))
    }
    return [found[name] for name in _PUBLISHED if name in found]


def _marked_dates(tree: Any) -> list[str]:
    marked = tree.xpath('//*[@itemprop="datePublished" or (self::time and @pubdate)]')
    marked += tree.xpath("//article//time[@datetime]")
    return [mark.get("datetime") or mark.get("content") or mark.text_content() for mark in marked[:3]]


def _address_dates(url: str) -> list[str]:
    """The day that the article's address names, as in /2026/03/01/."""
    return ["-".join(found.groups()) for found in _DAY_IN_ADDRESS.finditer(url)]
