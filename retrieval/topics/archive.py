"""Stories that nothing was added to for long, remembered by what they mean: a bounded number, some dozen bytes each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.index.sketches import differing, sketched

# Of 384 signs so many may differ: between an article and the mean of its story, a cosine of about 0.6.
_SHARE_DIFFERING = 0.29
_MOST_FOUND = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """A story that is no longer compared with.

    Args:
        story: Its id.
        signs: Of the mean of its articles' vectors, a bit a component.
    """

    story: str
    signs: bytes


class Archive:
    """The latest retired stories; the oldest are forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._stories: list[str | None] = []
        self._signs: NDArray[np.uint64] = np.zeros((0, 0), dtype=np.uint64)
        self._next = 0

    def __len__(self) -> int:
        return sum(story is not None for story in self._stories)

    def add(self, retired: Retired) -> None:
        """Remember one more."""
        signs = np.frombuffer(retired.signs, dtype=np.uint64)
        if not self._stories:
            self._stories = [None] * self._most
            self._signs = np.zeros((len(signs), self._most), dtype=np.uint64)
        self._stories[self._next] = retired.story
        self._signs[:, self._next] = signs
        self._next = (self._next + 1) % self._most

    def remove(self, story: str) -> None:
        """Remember it no longer."""
        if story in self._stories:
            self._stories[self._stories.index(story)] = None

    def near(self, vector: NDArray[np.float32]) -> tuple[str, ...]:
        """Up to three stories that mean much the same, best first."""
        if not self._stories:
            return ()
        rows = np.arange(self._most)
        counts = differing(self._signs, sketched(vector[np.newaxis, :])[0], rows)
        close = np.flatnonzero(counts <= _SHARE_DIFFERING * len(vector))
        named = [(int(counts[at]), story) for at in close.tolist() if (story := self._stories[at]) is not None]
        return tuple(story for _, story in sorted(named)[:_MOST_FOUND])


def retired(story: str, vectors: Sequence[NDArray[np.float32]]) -> Retired:
    """A story as the archive keeps it.

    Args:
        story: Its id.
        vectors: (d,) those of its articles that are held, at least one.
    """
    mean = np.mean(np.stack(vectors), axis=0, keepdims=True).astype(np.float32)
    return Retired(story=story, signs=sketched(mean)[0].tobytes())
