"""What of an article tells events apart, small enough to keep by the ten thousand.

Words are kept as 32-bit hashes: which they were is not needed to see that two articles share them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from storage.domain.times import require_aware

Hashes = NDArray[np.uint32]
"""(n,) uint32, ascending, each once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sketch:
    """An article as stories are made of it.

    Args:
        vector: (d,) float32, unit length: what its title and beginning mean.
        terms: Its telling words and numbers.
        counts: (n,) uint8, how often each of `terms` is said.
        named: (n,) bool, which of `terms` are words of names.
        numbers: (n,) bool, which of `terms` are numbers.
        pairs: Its pairs of neighbouring words.
        days: A bit for each day of the week that it names, Monday first.
        published: `None` where it is not known, which speaks neither for nor against anything.
        language: ISO 639-1, or `None`.
        group: The same for articles with nearly the same text; `None` where that is not known.
    """

    vector: NDArray[np.float32]
    terms: Hashes
    counts: NDArray[np.uint8]
    named: NDArray[np.bool_]
    numbers: NDArray[np.bool_]
    pairs: Hashes
    days: int = 0
    published: datetime | None = None
    language: str | None = None
    group: str | None = None

    def __post_init__(self) -> None:
        require_aware(self.published, "published")
        n = self.terms.shape
        if not self.counts.shape == self.named.shape == self.numbers.shape == n:
            raise ValueError(f"a sketch needs a count and two marks for each of its {n[0]} terms")
