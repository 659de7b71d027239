"""Lists of feeds as OPML, the format in which feed readers exchange them.

A list comes from a stranger: it is parsed without entities, document types or network, within a size limit, and what
cannot be used is reported and passed over. Knows nothing of which feeds are already known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from retrieval.ingest.urls import masked, parse_http
from storage.domain.news import Feed, SourceFailure

if TYPE_CHECKING:
    from lxml import etree

MAX_OPML_BYTES = 5 * 1024 * 1024
MAX_FEEDS = 20_000
MAX_TITLE_CHARS = 300

_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")
_SEPARATOR = " / "


def read_opml(data: bytes, name: str) -> tuple[tuple[Feed, ...], tuple[SourceFailure, ...]]:
    """The feeds of an OPML file, each URL once, in its order, and what could not be used.

    The groups an outline lies in become its category, outermost first. A file that is not well-formed is read as far
    as it makes sense, and reported.

    Args:
        data: The file.
        name: What to call it in a report, such as its path.
    """
    if len(data) > MAX_OPML_BYTES:
        return (), (SourceFailure(url=name, error=f"larger than {MAX_OPML_BYTES // 2**20} MiB"),)
    if _DECLARATION.search(data.replace(b"\0", b"")):
        return (), (SourceFailure(url=name, error="document type and entity declarations are not read"),)
    root, problem = _parse(data)
    failures = [] if problem is None else [SourceFailure(url=name, error=problem)]
    if root is None:
        return (), tuple(failures)
    feeds: dict[str, Feed] = {}
    for feed in _feeds(root):
        if isinstance(feed, SourceFailure):
            failures.append(feed)
        elif len(feeds) < MAX_FEEDS:
            feeds.setdefault(feed.url, feed)
    if not feeds and not failures:
        failures.append(SourceFailure(url=name, error="there is no feed in this list"))
    return tuple(feeds.values()), tuple(failures)


def write_opml(feeds: Iterable[Feed]) -> bytes:
    """An OPML 2.0 file of `feeds`, in groups by category; those without one come last, outside any group."""
    from lxml import etree

    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Tidings"
    body = etree.SubElement(root, "body")
    groups: dict[str, list[Feed]] = {}
    for feed in feeds:
        groups.setdefault(_plain(feed.category or ""), []).append(feed)
    for category in sorted(groups, key=lambda name: name == ""):
        parent = etree.SubElement(body, "outline", text=category, title=category) if category else body
        for feed in groups[category]:
            _write_feed(parent, feed)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _parse(data: bytes) -> tuple[etree._Element | None, str | None]:
    """The root of the document and what is wrong with it, either of which may be missing."""
    from lxml import etree

    safe = {"resolve_entities": False, "load_dtd": False, "no_network": True, "huge_tree": False}
    try:
        root, problem = etree.fromstring(data, etree.XMLParser(**safe)), None
    except etree.XMLSyntaxError as error:
        # Unescaped ampersands in addresses are common in lists that people really have.
        problem = f"not well-formed: {_plain(str(error.msg))}"
        try:
            root = etree.fromstring(data, etree.XMLParser(**safe, recover=True))
        except etree.XMLSyntaxError:
            root = None
    if root is None or etree.QName(root).localname.lower() != "opml":
        return None, problem or "not an OPML file"
    if root.getroottree().docinfo.internalDTD is not None:
        return None, "document type and entity declarations are not read"
    return root, problem


def _feeds(root: etree._Element) -> Iterator[Feed | SourceFailure]:
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = [(root, ())]
    while waiting:
        element, groups = waiting.pop()
        attributes = {str(key).lower(): str(value) for key, value in element.attrib.items()}
        title = _plain(attributes.get("title") or attributes.get("text") or "")
        if "xmlurl" in attributes:
            yield _feed(attributes, title, groups)
        elif title and _is_outline(element):
            groups = (*groups, title)
        children = [child for child in element if isinstance(child.tag, str)]
        waiting.extend((child, groups) for child in reversed(children))


def _is_outline(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and element.tag.lower() == "outline"


def _feed(attributes: dict[str, str], title: str, groups: Sequence[str]) -> Feed | SourceFailure:
    url = attributes["xmlurl"].strip()
    try:
        address = parse_http(url)
    except ValueError as error:
        return SourceFailure(url=masked(url), error=str(error))
    language = _LANGUAGE.fullmatch(attributes.get("language", "").strip())
    own_category = attributes.get("category", "").split(",")[0].strip(" /").replace("/", _SEPARATOR)
    return Feed(
        url=str(address),
        title=title or None,
        category=_SEPARATOR.join(groups) or _plain(own_category) or None,
        language=language[1].lower() if language else None,
    )


def _write_feed(parent: etree._Element, feed: Feed) -> None:
    title = _plain(feed.title or "") or feed.url
    outline = parent.makeelement("outline", {"type": "rss", "text": title, "title": title, "xmlUrl": feed.url})
    if feed.language:
        outline.set("language", feed.language)
    parent.append(outline)


def _plain(text: str) -> str:
    """One line without control characters, surrogates or what XML cannot carry, NFC, of bounded length."""
    words = unicodedata.normalize("NFC", text).split()
    kept = "".join(
        character
        for character in " ".join(words)
        if unicodedata.category(character) not in {"Cc", "Cs", "Cn"} and character not in "\ufffe\uffff"
    )
    return kept[:MAX_TITLE_CHARS].strip()
