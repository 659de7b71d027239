"""What the publisher says an article is about: the section it stands in, read from its address and its feed.

A hint, no more: sections named for a place hold every subject, and feeds carry what does not belong in them. The names
of sections lie beside this module in `sections.json`, our own list of what we know of large sites: those that say what
an article is about, and those that hold all that happens somewhere or that people talk about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from urllib.parse import unquote, urlsplit

from storage.domain.annotations import Category


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A subject that the publisher names, and how sure that makes it, in (0, 1)."""

    category: Category
    sureness: float


# By judgement: no data at hand has both sections and subjects that people gave. Where the text of a web article was
# sure of another subject than its section, it was often right, most of all where the section was a place.
_SURENESS = {"sure": 0.75, "loose": 0.35}

_NAME = re.compile(r"[\w-]+")
_SUFFIX = re.compile(r"\.(?:xml|rss|rdf|atom|html?|shtml|json|php)$")


def section(url: str | None = None, *, feed_url: str | None = None, feed_category: str | None = None) -> Hint | None:
    """What the article's address says, else the feed's category, else the feed's address; `None` where none does.

    Of an address the last section counts, the narrowest: `/news/world/sport/` is sport. The last part of an article's
    path is its own name and no section.
    """
    return next(
        (hint for names in (_url(url, own=1), _told(feed_category), _url(feed_url, own=0)) if (hint := _first(names))),
        None,
    )


def _first(names: Iterator[str]) -> Hint | None:
    known = _hints()
    return next((known[name] for name in names if name in known), None)


def _url(url: str | None, *, own: int) -> Iterator[str]:
    """The names in an address that may be sections, the narrowest first: of its path, then of its host."""
    if not url:
        return
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    path = [part for part in unquote(parts.path).casefold().split("/") if part]
    for part in reversed(path[: len(path) - own]):
        yield _SUFFIX.sub("", part)
    # sports.example.com; the last two are the site itself.
    yield from (parts.hostname or "").casefold().split(".")[:-2]


def _told(text: str | None) -> Iterator[str]:
    """A category as people write them: whole, then word by word, and Chinese without what stands around it."""
    if not text:
        return
    plain = text.casefold().strip()
    yield plain
    yield re.sub(r"[\s&]+", "-", plain)
    words = _NAME.findall(plain)
    yield from words
    for word in words:
        yield from (name for name in _hints() if not name.isascii() and name in word)


@cache
def _hints() -> dict[str, Hint]:
    groups = json.loads(resources.files(__package__).joinpath("sections.json").read_text(encoding="utf-8"))
    # What is sure is said last, and stands.
    return {
        name: Hint(category=Category(category), sureness=_SURENESS[kind])
        for kind in ("loose", "sure")
        for category, names in groups[kind].items()
        for name in names.split()
    }
