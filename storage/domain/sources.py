"""How a source is named, so that a filter and what it filters agree."""

from __future__ import annotations

from urllib.parse import urlsplit


def fold(source: str) -> str:
    """A source's name as it is compared: white space and letter case do not matter."""
    return " ".join(source.casefold().split())


def host_of(url: str | None) -> str | None:
    """The host of a link, lower case; `None` where there is none to be read."""
    try:
        return urlsplit(url or "").hostname or None
    except ValueError:
        return None
