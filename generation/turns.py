"""Which articles tell what became of a story, though they say other things in other words: its turns.

A turn shares with a story what that is about: most of the words of its title that its articles use again and again, and
every name among them. Of two events of one kind a share of the words is the same; the names mostly are not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from generation.reading.terms import background, terms
from storage.domain.news import ArticleId, Hit
from storage.domain.sentences import sentences

# Found on 13 invented turns and 294 openings of other events of the same kind (topics_ecb, train): all of the turns are
# found, and 5 % of the others.
_SHARE, _LEAST = 0.5, 1.5
_OPENING_SENTENCES = 3
_CAPITALISED = re.compile(r"(?<=[a-z,;'’] )[A-Z][\w'’]+")
_LOWER = re.compile(r"\b[a-z][\w'’]+")


def turns(title: str, told: Sequence[Hit], hits: Sequence[Hit]) -> tuple[ArticleId, ...]:
    """The articles of `hits` that tell of what the story of these others is about, in the order of `hits`.

    Args:
        title: Of the story.
        told: How its articles open.
        hits: Passages of any articles.
    """
    known = _openings(told)
    repeated = _repeated([f"{hit.passage.headline.title}. {opening}" for hit, opening in known.values()])
    about = repeated & _telling(title)
    names = about & _names([opening for _, opening in known.values()])
    found = []
    for id_, (hit, opening) in _openings(hits).items():
        shared = about & _telling(f"{hit.passage.headline.title}. {opening}")
        weight = _weight(shared)
        if names <= shared and weight >= max(_LEAST, _SHARE * _weight(about)):
            found.append(id_)
    return tuple(found)


def _openings(hits: Iterable[Hit]) -> dict[ArticleId, tuple[Hit, str]]:
    """Of each article the foremost of its passages, and the first sentences of that."""
    foremost: dict[ArticleId, Hit] = {}
    for hit in hits:
        held = foremost.setdefault(hit.passage.headline.id, hit)
        if hit.passage.position < held.passage.position:
            foremost[hit.passage.headline.id] = hit
    return {id_: (hit, _opening(hit.passage.text)) for id_, hit in foremost.items()}


def _opening(text: str) -> str:
    cut = sentences(text)[:_OPENING_SENTENCES]
    return text[: cut[-1][1]] if cut else text


def _repeated(texts: Sequence[str]) -> frozenset[str]:
    """The terms of half of the texts, and of two at least where there are so many."""
    counted = Counter(term for text in texts for term in _telling(text))
    fewest = max(2, -(-len(texts) // 2)) if len(texts) > 1 else 1
    return frozenset(term for term, n in counted.items() if n >= fewest)


def _names(texts: Sequence[str]) -> frozenset[str]:
    """The terms that are mostly written with a capital within sentences; none of a script that has no capitals."""
    named = Counter(term for text in texts for word in _CAPITALISED.findall(text) for term in terms(word))
    plain = Counter(term for text in texts for word in _LOWER.findall(text) for term in terms(word))
    return frozenset(term for term, n in named.items() if n > plain[term])


def _telling(text: str) -> frozenset[str]:
    return frozenset(term for term in terms(text) if background(term) > 0)


def _weight(found: Iterable[str]) -> float:
    return sum(map(background, found))
