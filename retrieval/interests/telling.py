"""What a reader's own words name among the stories there are, so that a few words are useful at once. Pure.

A phrase of two words lies far from every article in an encoder's space: the nearest is as likely to be about something
else. But a passage that a search finds for it and that has its words is about it, and others like that are near. So an
interest told in words is moved towards such passages (pseudo-relevance feedback: Rocchio, 1971), and what is muted in
words is muted by them, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.interest import Interest
from retrieval.ports import Vectors

MOST_NAMED = 8
"""So many passages say where a phrase lies."""

# A text that has this share of a phrase's words is taken to be about it.
_SHARE = 0.6
# How far an interest moves from its words to the stories that they find.
_MOVED = 0.6
_PLURAL_FROM = 4
_TINY = 1e-12


def stems(words: Iterable[str]) -> frozenset[str]:
    """Words without what makes them plurals: enough for what people name their interests by."""
    return frozenset(map(_stem, words))


def names(phrase: Collection[str], text: Collection[str]) -> bool:
    """Whether a text is about what a phrase names; both as `stems`."""
    return bool(phrase) and sum(word in text for word in phrase) >= _SHARE * len(phrase)


def names_wholly(phrase: Collection[str], text: Collection[str]) -> bool:
    """The same of what is to be silent, which takes all of the words: "women's football" does not mute football."""
    return bool(phrase) and all(word in text for word in phrase)


def towards(interest: Interest, vectors: Vectors) -> Interest:
    """An interest told in words, moved to what these find: (m, d), a row a phrase; as it is where that is nothing."""
    if not len(vectors):
        return interest
    mean = vectors.mean(axis=0, dtype=np.float32)
    return replace(interest, centre=_unit((1 - _MOVED) * _unit(interest.centre) + _MOVED * _unit(mean)))


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), _TINY), dtype=np.float32)


def _stem(word: str) -> str:
    if len(word) < _PLURAL_FROM or not word.isascii() or word.endswith("ss"):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")
