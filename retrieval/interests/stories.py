"""What may be shown to readers, as matrices: a row a story, or an article where it stands for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from retrieval.ports import Vectors

_HALF_FRESH_HOURS = 12.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Audience:
    """Who turns to each story; see `retrieval.interests.responses`.

    Args:
        vectors: (n, d) float32, where readers who did lie from those who did not; 0 where nobody was shown it.
        middle: (d,) float32, what readers' interests are seen from.
        popularity: (n,) float32, how much oftener than others it is turned to, as a natural logarithm.
    """

    vectors: NDArray[np.float32]
    middle: NDArray[np.float32]
    popularity: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stories:
    """n stories; whatever is not given of them says nothing for or against any.

    Args:
        vectors: (n, d), unit rows: of their titles, which foretell clicks as well as titles with abstracts do.
        subjects: Of each, `None` where it is not known.
        sources: Who tells it first, of each.
        subject_shares: How often readers turn to each subject, of all they turn to: in (0, 1], about 1 in total.
        source_shares: How often to each source.
        freshness: (n,), 1 for what is published now, less for what is older: `freshness`.
        heat: (n,), from 0 to 1.
        quality: (n,), from 0 to 1.
        audience: Who turns to them.

    Attributes:
        subject_columns: (n,), by the order of `subject_shares`; -1 where the share is not known.
        source_columns: (n,), the same by `source_shares`.
    """

    vectors: Vectors
    subjects: tuple[str | None, ...]
    sources: tuple[str | None, ...] = ()
    subject_shares: Mapping[str, float] = field(default_factory=dict)
    source_shares: Mapping[str, float] = field(default_factory=dict)
    freshness: NDArray[np.float32] | None = None
    heat: NDArray[np.float32] | None = None
    quality: NDArray[np.float32] | None = None
    audience: Audience | None = None
    subject_columns: NDArray[np.int64] = field(init=False)
    source_columns: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        sources = self.sources or (None,) * len(self)
        object.__setattr__(self, "subject_columns", numbered(self.subjects, self.subject_shares))
        object.__setattr__(self, "source_columns", numbered(sources, self.source_shares))

    def __len__(self) -> int:
        return len(self.vectors)


def freshness(hours: NDArray[np.float64]) -> NDArray[np.float32]:
    """How fresh what is so many hours old is, in (0, 1]: half as much every 12 hours; what is from later, 1."""
    return np.asarray(0.5 ** (np.maximum(hours, 0.0) / _HALF_FRESH_HOURS), dtype=np.float32)


def numbered(names: tuple[str | None, ...], shares: Mapping[str, float]) -> NDArray[np.int64]:
    """(n,): which of the names in `shares`, by their order, each is; -1 for what is none of them."""
    column: dict[str | None, int] = {name: at for at, name in enumerate(shares)}
    return np.asarray([column.get(name, -1) for name in names], dtype=np.int64)
