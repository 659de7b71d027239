"""Whether a topic is the name of a source: "BBC news" wants what the BBC brings, not stories that speak of it.

By names alone: `China` is no part of `China Daily`, whose readers ask for all of its name, while `BBC` is what is told
apart in `BBC News - World` and `www.bbc.co.uk`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from storage.domain.sources import fold

# Behind the name of a source stands which part of it this is, and that it brings news.
_PART = re.compile(r"\s+[-–—]\s+|\s*[|:>»·]\s*|\s+\(")
_GENERIC = re.compile(
    r"^the\s+|(?:\s+(?:news|online|english|chinese|world|international|top stories))+$|新闻网?$|中文网?$"
)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_LONGEST = 200
"""Characters. What is longer is the name of nothing, and only its beginning is looked at."""
_SECOND_LEVEL = frozenset(["co", "com", "org", "net", "gov", "ac", "edu"])


def called(topic: str, names: Sequence[str]) -> tuple[str, ...]:
    """Those of `names`, of sources and hosts, by which a source called `topic` is known."""
    wanted = _plain(fold(topic[:_LONGEST]))
    return tuple(name for name in names if wanted in _known_by(name[:_LONGEST]))


def _known_by(name: str) -> frozenset[str]:
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
