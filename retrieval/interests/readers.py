"""Several readers' profiles as matrices, a row a reader, so that many are ranked for at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.interest import Interest
from retrieval.interests.profile import Profile
from retrieval.interests.tally import Tally, totals

_PRIOR = 5.0
# So many opened links it takes for what is turned down to count half of what it says.
_DOUBT = 2.0
_TINY = np.float32(1e-12)

Matrix = NDArray[np.float32]
Rows = NDArray[np.int64]


class Crowd(Protocol):
    """Any number of readers, some of whom are looked at as matrices at a time.

    Attributes:
        counts: (r,), how many interests each has.
        mutes: (r,), whether each muted anything.
        subjects: (r, s) float32, see `Readers`.
    """

    @property
    def counts(self) -> Rows: ...

    @property
    def mutes(self) -> NDArray[np.bool_]: ...

    @property
    def subjects(self) -> Matrix: ...

    def __len__(self) -> int: ...

    def part(self, rows: Rows) -> Readers:
        """Some of them, in that order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Readers:
    """r readers, a `Crowd`; where they have fewer interests than others, rows are 0 and weigh nothing.

    Args:
        vectors: (r, k + 1 + j, d) float32: `centres`, `lately` and `disliked`, of which see each.
        masses: (r, k) float32, k at least 1, what each of `centres` weighs; what weighs something comes first.
        disliked_masses: (r, j) float32; likewise.
        muted: (r, m, d) float32, unit rows: what they want to hear no more of.
        subjects: (r, s) float32, how much oftener than others they turn to each subject, as a logarithm.
        sources: (r, q) float32, the same of sources.
    """

    vectors: Matrix
    masses: Matrix
    disliked_masses: Matrix
    muted: Matrix
    subjects: Matrix
    sources: Matrix

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def centres(self) -> Matrix:
        """(r, k, d), of what they turn to and what they told."""
        return self.vectors[:, : self.masses.shape[1]]

    @property
    def lately(self) -> Matrix:
        """(r, d), where they turned lately."""
        return self.vectors[:, self.masses.shape[1]]

    @property
    def disliked(self) -> Matrix:
        """(r, j, d), what they turned down."""
        return self.vectors[:, self.masses.shape[1] + 1 :]

    @property
    def counts(self) -> Rows:
        return np.asarray((self.masses > 0).sum(axis=1), dtype=np.int64)

    @property
    def mutes(self) -> NDArray[np.bool_]:
        return np.asarray(self.muted.any(axis=(1, 2)))

    def part(self, rows: Rows) -> Readers:
        """Some of them, in that order."""
        return Readers(
            vectors=self.vectors[rows],
            masses=self.masses[rows],
            disliked_masses=self.disliked_masses[rows],
            muted=self.muted[rows],
            subjects=self.subjects[rows],
            sources=self.sources[rows],
        )

    @property
    def shares(self) -> Matrix:
        """(r, k) float32: of all that a reader turns to, how much each interest weighs; 0 where there is none."""
        return _shares(self.masses)

    @property
    def disliked_shares(self) -> Matrix:
        """(r, j) float32: the same of what they turn down."""
        return _shares(self.disliked_masses)

    @property
    def means(self) -> Matrix:
        """(r, d) float32: the mean of all they turn to, by weight; 0 where there is none."""
        return np.asarray((self.shares[:, None, :] @ self.centres)[:, 0], dtype=np.float32)

    @property
    def doubts(self) -> Matrix:
        """(r,) float32 in [0, 1): how far what they turned down is to be believed."""
        mass = self.disliked_masses.sum(axis=1)
        return np.asarray(mass / (mass + np.float32(_DOUBT)), dtype=np.float32)


def gathered(
    profiles: Sequence[Profile],
    width: int,
    subjects: Mapping[str, float],
    sources: Mapping[str, float],
) -> Readers:
    """The profiles as matrices.

    Args:
        profiles: Of one encoder.
        width: Of its vectors.
        subjects: How often readers turn to each subject that counts, in the order of the columns.
        sources: The same of sources.
    """
    centres, masses = _stacked(profiles, lambda each: each.wanted, width, 1)
    disliked, disliked_masses = _stacked(profiles, lambda each: each.disliked, width)
    lately = np.zeros((len(profiles), 1, width), dtype=np.float32)
    for row, each in enumerate(profiles):
        if each.lately is not None:
            lately[row] = each.lately
    return Readers(
        vectors=np.concatenate([centres, lately, disliked], axis=1),
        masses=masses,
        disliked_masses=disliked_masses,
        muted=units(_stacked(profiles, lambda each: each.muted, width)[0]),
        subjects=_lifts([each.subjects for each in profiles], subjects),
        sources=_lifts([each.sources for each in profiles], sources),
    )


def units(vectors: Matrix) -> Matrix:
    """(…, d) of (…, d): of unit length, or 0."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, _TINY), dtype=np.float32)


def _stacked(
    profiles: Sequence[Profile], of: Callable[[Profile], tuple[Interest, ...]], width: int, least: int = 0
) -> tuple[Matrix, Matrix]:
    most = max(least, *(len(of(each)) for each in profiles), 0)
    centres = np.zeros((len(profiles), most, width), dtype=np.float32)
    masses = np.zeros((len(profiles), most), dtype=np.float32)
    for row, profile in enumerate(profiles):
        for at, interest in enumerate(of(profile)):
            centres[row, at] = interest.centre
            masses[row, at] = interest.mass
    return centres, masses


def _lifts(each: Sequence[Mapping[str, Tally]], shares: Mapping[str, float]) -> Matrix:
    """`lifts` of tallies by name."""
    column = {name: at for at, name in enumerate(shares)}
    own = np.zeros((2, len(each), len(shares)))
    whole = np.zeros((2, len(each)))
    for row, tallies in enumerate(each):
        whole[:, row] = totals(tallies.values())
        for name, tally in tallies.items():
            if name in column:
                own[:, row, column[name]] = tally.liked, tally.disliked
    rows, columns = np.nonzero(own.any(axis=0))
    liked, disliked = own[:, rows, columns]
    return lifts(whole, rows, columns, liked, disliked, np.asarray(list(shares.values()), dtype=np.float64))


def lifts(
    whole: NDArray[np.float64],
    rows: Rows,
    columns: Rows,
    liked: NDArray[np.float64],
    disliked: NDArray[np.float64],
    shares: NDArray[np.float64],
) -> Matrix:
    """How many times as often as others each reader turns to each name, less how much oftener they turn it down.

    As natural logarithms, (readers, names), with Dirichlet smoothing: it takes `_PRIOR` opened links to believe a
    reader as much as the share that all have. 0 where nothing is known.

    Args:
        whole: (2, readers), what was turned to at all, and what was turned down.
        rows: (t,), whose each of t tallies is; of a name each reader has one at most.
        columns: (t,), of which name.
        liked: (t,), what was turned to of it.
        disliked: (t,), what was turned down.
        shares: (names,), what others turn to of each.
    """
    # Of log((own + prior × share) / ((whole + prior) × share)) where nothing is a reader's own, all but `whole` goes.
    nothing = np.log((whole[1] + _PRIOR) / (whole[0] + _PRIOR))
    found = np.repeat(nothing[:, None].astype(np.float32), len(shares), axis=1)
    prior = _PRIOR * shares[columns]
    found[rows, columns] += np.log1p(liked / prior) - np.log1p(disliked / prior)
    return found


def _shares(masses: Matrix) -> Matrix:
    return np.asarray(masses / np.maximum(masses.sum(axis=1, keepdims=True), _TINY), dtype=np.float32)
