"""How a source is named, so that a filter and what it filters agree, and a reader is understood who names one.

By names alone: `China` is no part of `China Daily`, whose readers ask for all of its name, while `BBC` is what is told
apart in `BBC News - World` and `www.bbc.co.uk`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from storage.domain.scripts import CJK

# Behind the name of a source stands which part of it this is, and that it brings news.
_PART = re.compile(r"\s+[-–—]\s+|\s*[|:>»·]\s*|\s+\(")
_GENERIC = re.compile(
    r"^the\s+|(?:\s+(?:news|online|english|chinese|world|international|top stories))+$|新闻网?$|中文网?$"
)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_LONGEST = 200
"""Characters. What is longer is the name of nothing, and only its beginning is looked at."""
_SHORTEST = 2
_HAN = re.compile(f"[{CJK}]")
_SECOND_LEVEL = frozenset(["co", "com", "org", "net", "gov", "ac", "edu"])
# What stands before the names of the outlets that are invented.
_SAMPLE = re.compile(r"tidings sample edition\s*·\s*", re.IGNORECASE)


def fold(source: str) -> str:
    """A source's name as it is compared: white space and letter case do not matter."""
    return " ".join(source.casefold().split())


def host_of(url: str | None) -> str | None:
    """The host of a link, lower case; `None` where there is none to be read."""
    try:
        return urlsplit(url or "").hostname or None
    except ValueError:
        return None


def outlet(source: str) -> str:
    """The name of an outlet as it is printed: without the label of the sample edition before it."""
    return _SAMPLE.sub("", source, count=1)


def called(topic: str, names: Sequence[str]) -> tuple[str, ...]:
    """Those of `names`, of sources and hosts, by which a source called `topic` is known."""
    wanted = _plain(fold(topic[:_LONGEST]))
    return tuple(name for name in names if wanted in _known_by(name[:_LONGEST]))


def shortly_called(topic: str, names: Sequence[str]) -> tuple[str, ...]:
    """Those of `names` that end as `topic` does, where they are all of one outlet: the Wire, of Norvale Wire."""
    wanted = _plain(fold(topic[:_LONGEST]))
    ended = wanted if _HAN.search(wanted) else f" {wanted}"
    if len(wanted) < _SHORTEST:
        return ()
    found = [name for name in names if any(known.endswith(ended) for known in _known_by(fold(name[:_LONGEST])))]
    return tuple(found) if len({_plain(outlet(fold(name))) for name in found}) == 1 else ()


def _known_by(name: str) -> frozenset[str]:
    name = outlet(name)
    return frozenset((_plain(name), _plain(_PART.split(name)[0]), _label(name)))


def _plain(name: str) -> str:
    return _GENERIC.sub("", _GENERIC.sub("", name)).strip() or name


def _label(name: str) -> str:
    """The word of a host that is its owner's: `bbc` of `www.bbc.co.uk`."""
    if not _HOST.fullmatch(name):
        return ""
    labels = name.split(".")[:-1]
    if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
        labels.pop()
    return labels[-1]
