"""The articles that are compared with what arrives: a bounded number, found by meaning, with how rare their words are.

Everything here follows from which articles are held and in what order they came, so that it is the same after a
restart. Knows nothing of stories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from retrieval.index.sketches import differing, sketched, words_of
from retrieval.topics.pool import Rarity
from retrieval.topics.sketch import Hashes, Sketch

# Terms are counted by the last 20 bits of their hashes: of 50,000 terms one in twenty shares its place with another.
_PLACES = 1 << 20
_LAST_BITS = np.uint32(_PLACES - 1)
_FIRST_ROOM = 256


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Member:
    """An article that is held.

    Args:
        article: Its id.
        story: The story it belongs to.
        order: Which of all articles it was, by arrival; no two have the same.
        sketch: What it is compared by.
    """

    article: str
    story: str
    order: int
    sketch: Sketch


class Held:
    """Articles by what they mean, and the document frequencies of what they say."""

    def __init__(self) -> None:
        self._articles: list[str] = []
        self._taken: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        self._free: list[int] = []
        self._places: dict[str, int] = {}
        self._members: dict[str, tuple[int, Sketch]] = {}
        self._signs: NDArray[np.uint64] = np.zeros((0, 0), dtype=np.uint64)
        self._with_term = np.zeros(_PLACES, dtype=np.int32)
        self._with_pair = np.zeros(_PLACES, dtype=np.int32)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, article: object) -> bool:
        return article in self._places

    def sketch(self, article: str) -> Sketch:
        """Of an article that is held."""
        return self._members[article][1]

    def order(self, article: str) -> int:
        """Which of all articles it was."""
        return self._members[article][0]

    def add(self, article: str, order: int, sketch: Sketch) -> None:
        """Hold one more article."""
        if not self._free:
            self._make_room(len(sketch.vector))
        place = self._free.pop()
        self._articles[place] = article
        self._taken[place] = True
        self._places[article] = place
        self._members[article] = (order, sketch)
        self._signs[:, place] = sketched(sketch.vector[np.newaxis, :])[0]
        self._count(sketch, 1)

    def remove(self, article: str) -> None:
        """Hold it no longer."""
        place = self._places.pop(article)
        self._taken[place] = False
        self._free.append(place)
        self._count(self._members.pop(article)[1], -1)

    def nearest(self, vector: NDArray[np.float32], k: int) -> list[tuple[str, float]]:
        """About the k nearest by meaning with their cosines, best first; of those that tie, the later article first.

        They are chosen by the signs of their components and put in order exactly.
        """
        if not self._places or not k:
            return []
        # All places are gone through, as neighbouring ones are read without being gathered; those free differ most.
        counts = differing(self._signs, sketched(vector[np.newaxis, :])[0], np.arange(len(self._taken)))
        counts[~self._taken] = len(vector) + 1
        k = min(k, len(self))
        last = np.partition(counts, k - 1)[k - 1]
        chosen = [self._articles[row] for row in np.flatnonzero(counts <= last).tolist()]
        latest = sorted(((*self._members[each], each) for each in chosen), key=itemgetter(0), reverse=True)
        # A product of its own for each, for in a common one the last bits would depend on the company.
        found = [(article, float(sketch.vector @ vector)) for _, sketch, article in latest]
        return sorted(found, key=lambda each: -each[1])[:k]

    def rarity(self, sketches: Sequence[Sketch]) -> tuple[Rarity, Rarity]:
        """How rare the terms of each article are among those held, one article's after the other's; then its pairs.

        It is their idf, at least 0.
        """
        return (
            self._rare(self._with_term, [each.terms for each in sketches]),
            self._rare(self._with_pair, [each.pairs for each in sketches]),
        )

    def _rare(self, counted: NDArray[np.int32], hashes: Sequence[Hashes]) -> Rarity:
        counts = counted[np.concatenate(hashes) & _LAST_BITS].astype(np.float32)
        rare: Rarity = np.maximum(np.log(np.float32(len(self) + 1) / (counts + np.float32(0.5))), np.float32(0))
        return rare

    def _count(self, sketch: Sketch, by: int) -> None:
        np.add.at(self._with_term, sketch.terms & _LAST_BITS, by)
        np.add.at(self._with_pair, sketch.pairs & _LAST_BITS, by)

    def _make_room(self, dimensions: int) -> None:
        room = len(self._articles)
        more = max(_FIRST_ROOM, room)
        signs = np.zeros((words_of(dimensions), room + more), dtype=np.uint64)
        signs[:, :room] = self._signs if room else 0
        self._signs = signs
        self._articles += [""] * more
        self._taken = np.concatenate([self._taken, np.zeros(more, dtype=np.bool_)])
        self._free += range(room + more - 1, room - 1, -1)
