"""Feeds that others collected to break readers, and floods of our own: each bounded, none fatal."""

from __future__ import annotations

import ast
import contextlib
import re
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.ingest.cleaning import strip_markup
from retrieval.ingest.markup import text_of
from retrieval.ingest.parsed import Entry, ParsedFeed, web_link
from retrieval.ingest.reading import Reading
from retrieval.ingest.sandbox import Sandbox, SandboxLimits
from storage.errors import ParseError
from tests.retrieval.ingest.web import item, rss

GOOD = rss(item("https://example.org/a", "Good", "news")).encode()
SECONDS = SandboxLimits().seconds
HASTY = SandboxLimits(children=1, seconds=1.0)
ARCHIVES = ("feedparser.tar.gz", "miniflux.tar.gz", "defusedxml.tar.gz")


def documents(archive: Path, every: int = 1) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every n-th file, read from the archive itself."""
    with tarfile.open(archive) as files:
        for number, member in enumerate(one for one in files if one.isfile()):
            content = files.extractfile(member)
            if content is not None and number % every == 0:
                yield member.name, content.read()


async def survives(reading: Reading, document: bytes, name: str) -> ParsedFeed | str:
    """The feed, or why it was refused; slower than the deadline allows is a failure."""
    start = time.monotonic()
    try:
        outcome: ParsedFeed | str = await reading.feed(document, url=f"http://example.org/{name}")
    except ParseError as error:
        outcome = error.reason
    # Killing and replacing a child comes on top of the deadline.
    assert time.monotonic() - start < SECONDS + 5, name
    return outcome


async def is_well(reading: Reading) -> bool:
    feed = await reading.feed(GOOD, url="http://example.org/good")
    return [entry.title for entry in feed.entries] == ["Good"]


async def read_all(archive: Path, every: int) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    async with Sandbox() as sandbox:
        reading = Reading(sandbox)
        for number, (name, document) in enumerate(documents(archive, every)):
            outcome = await survives(reading, document, name)
            outcomes["read" if isinstance(outcome, ParsedFeed) else outcome] += 1
            if number % 50 == 0:
                assert await is_well(reading), name
        assert await is_well(reading)
    return outcomes


async def test_every_tenth_hostile_feed_is_survived_with_a_good_one_beside_it(shared: Path) -> None:
    outcomes = await read_all(shared / "hostile" / "feedparser.tar.gz", every=10)

    assert outcomes["read"] > 0.95 * outcomes.total()
    assert not [reason for reason in outcomes if "took longer" in reason or "broke" in reason]


@pytest.mark.parametrize("archive", ["miniflux.tar.gz", "defusedxml.tar.gz"])
async def test_miniflux_feeds_and_xml_bombs_are_survived(shared: Path, archive: str) -> None:
    outcomes = await read_all(shared / "hostile" / archive, every=1)

    assert outcomes.total() >= 10
    assert not [reason for reason in outcomes if "took longer" in reason or "broke" in reason]


async def test_every_bomb_that_declares_entities_is_refused_for_it(shared: Path) -> None:
    async with Sandbox() as sandbox:
        reading = Reading(sandbox)
        refused = {
            name: await survives(reading, document, name)
            for name, document in documents(shared / "hostile" / "defusedxml.tar.gz")
            if b"<!ENTITY" in document and name.endswith(".xml")
        }

    assert len(refused) >= 5
    assert set(refused.values()) == {"declares entities or a document type of its own, which is refused"}


@pytest.mark.slow
@pytest.mark.parametrize("archive", ARCHIVES)
async def test_every_hostile_feed_is_survived(shared: Path, archive: str) -> None:
    outcomes = await read_all(shared / "hostile" / archive, every=1)

    assert not [reason for reason in outcomes if "took longer" in reason or "broke" in reason]


_EXPECTATION = re.compile(
    r"Expect:\s+(?:not bozo and )?entries\[0\]\['(title|link|description)'\] == (.*?)\s*$", re.MULTILINE
)
# What these expect comes from HTTP headers that the comment gives, not from the document.
_BY_HEADERS = re.compile(r"/http_")


def as_we_keep_it(field: str, wanted: str) -> str | None:
    """What the suite expects of feedparser, in this package's terms: plain texts and regular addresses."""
    if field == "link":
        return web_link(wanted, "http://example.org/")
    return strip_markup(wanted) if field == "title" else text_of(wanted)


def expectation(document: bytes) -> tuple[str, str] | None:
    """Field and value that the comment in front of a feed expects, where it is one of those kept as text."""
    found = _EXPECTATION.search(document.decode("utf-8", "replace"))
    try:
        wanted = ast.literal_eval(found[2]) if found else None
    except (SyntaxError, ValueError):
        return None
    return (found[1], wanted) if found and isinstance(wanted, str) else None


async def test_what_the_feeds_say_they_mean_is_what_is_read(shared: Path) -> None:
    agreed: Counter[str] = Counter()
    differing: list[str] = []
    async with Sandbox() as sandbox:
        reading = Reading(sandbox)
        for name, document in documents(shared / "hostile" / "feedparser.tar.gz"):
            expected = expectation(document)
            if expected is None or _BY_HEADERS.search(name):
                continue
            field, wanted = expected[0], as_we_keep_it(*expected)
            # An entry without a link and a text is nothing to us: each gets a link, unless it is about links.
            link = b"" if field == "link" else b"<link>http://example.org/a</link><link href='http://example.org/a'/>"
            linked = re.sub(rb"(?i)<(item|entry)\b([^>]*[^/]|)>", rb"<\1\2>" + link, document, count=1)
            feed = await reading.feed(linked, url="http://example.org/feed")
            entry = feed.entries[0] if feed.entries else Entry(url=None, title=None, text="")
            got = {"title": entry.title, "link": entry.url, "description": entry.text}[field]
            if got == wanted:
                agreed[field] += 1
            else:
                differing.append(f"{name}: wanted {wanted!r}, got {got!r}")

    assert differing == []
    assert agreed.total() > 500


def attributes(n: int, *, values: bool) -> bytes:
    return b"<rss version='2.0' " + b" ".join(b"a%d%s" % (i, b"='1'" if values else b"") for i in range(n)) + b"/>"


FLOODS = {
    "newlines after the declaration": b"<?xml version='1.0'?>" + b"\n" * 80_000 + GOOD,
    "blanks in a title": GOOD.replace(b"Good", b" \t" * 100_000),
    "one large entity, often": b"<!DOCTYPE x [<!ENTITY a '"
    + b"A" * 100_000
    + b"'>]><rss>"
    + b"&a;" * 2_000
    + b"</rss>",
    "entities in UTF-16": "<!DOCTYPE x [<!ENTITY a 'b'>]><rss version='2.0'>&a;</rss>".encode("utf-16"),
    "entities in UTF-32": "<!DOCTYPE x [<!ENTITY a 'b'>]><rss version='2.0'>&a;</rss>".encode("utf-32"),
    "entities in UTF-16 without a mark": "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><rss/>".encode(
        "utf-16-le"
    ),
    "attributes": attributes(200_000, values=True),
    "attributes without values": attributes(200_000, values=False),
    "depth": b"<rss version='2.0'>" + b"<a>" * 100_000,
    "depth, closed": b"<rss version='2.0'>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</rss>",
    "items": rss(*[item("https://example.org/a", "t")] * 20_000).encode(),
    "items never closed": b"<rss version='2.0'>" + b"<item>" * 200_000,
    "opened sections": b"<rss version='2.0'>" + b"<![CDATA[" * 100_000,
    "opened comments": b"<rss version='2.0'>" + b"<!--" * 100_000,
    "opened tags": b"<rss version='2.0'>" + b"<" * 100_000,
    "ampersands": GOOD.replace(b"Good", b"&" * 30_000),
    "escaped tags in a text": GOOD.replace(b"Good", b"&lt;a " * 100_000),
    "an address without end": GOOD.replace(b"<title>Good", b"<author>" + b"a." * 100_000 + b"</author><title>Good"),
    "a style without end": GOOD.replace(b"news", b"&lt;p style='" + b"a:b;" * 100_000 + b"'&gt;"),
    "one long line": GOOD.replace(b"news", b"news " * 200_000),
    "brackets of JSON": b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 200_000,
    "digits of JSON": b'{"version": ' + b"9" * 200_000 + b"}",
    "nothing": b"",
    "zeros": bytes(1_000_000),
}


@pytest.mark.parametrize("flood", FLOODS)
async def test_a_flood_is_bounded_and_the_next_feed_is_read(flood: str) -> None:
    async with Sandbox(HASTY) as sandbox:
        reading = Reading(sandbox)

        await survives(reading, FLOODS[flood], "flood")

        assert await is_well(reading)


@pytest.mark.slow
@pytest.mark.parametrize(
    "page",
    [
        b"<html><body>" + b"<div>" * 200_000 + b"x",
        b"<html><body>" + b"<p>hello world this is a text" * 100_000,
        b"<html><body>" + b"<a href='/x'>x</a>" * 200_000,
        b"<" * 1_000_000,
        b"<table><tr><td>" * 50_000,
        b"<html><body " + b" ".join(b"a%d='1'" % i for i in range(200_000)) + b">",
    ],
    ids=["depth", "paragraphs", "links", "tags", "tables", "attributes"],
)
async def test_a_hostile_page_is_bounded_and_the_next_feed_is_read(page: bytes) -> None:
    async with Sandbox() as sandbox:
        reading = Reading(sandbox)
        start = time.monotonic()

        with contextlib.suppress(ParseError):
            await reading.page(page, url="http://example.org/")

        assert time.monotonic() - start < SECONDS + 5
        assert await is_well(reading)
