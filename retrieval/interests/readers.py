"""Several readers' profiles as matrices, a row a reader, so that many are ranked for at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.interest import Interest
from retrieval.interests.profile import BOUNDS, Profile
from retrieval.interests.tally import Tally, totals

_PRIOR = 5.0
# So many opened links it takes for what is turned down to count half of what it says.
_DOUBT = 2.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Readers:
    """r readers; where they have fewer interests than others, rows are 0 and weigh nothing.

    Args:
        centres: (r, k, d) float32, of what they turn to and what they told.
        masses: (r, k) float32, what each weighs.
        lately: (r, d) float32, where they turned lately.
        disliked: (r, j, d) float32.
        disliked_masses: (r, j) float32.
        muted: (r, m, d) float32, unit rows: what they want to hear no more of.
        subjects: (r, s) float32, how much oftener than others they turn to each subject, as a logarithm.
        sources: (r, q) float32, the same of sources.
    """

    centres: NDArray[np.float32]
    masses: NDArray[np.float32]
    lately: NDArray[np.float32]
    disliked: NDArray[np.float32]
    disliked_masses: NDArray[np.float32]
    muted: NDArray[np.float32]
    subjects: NDArray[np.float32]
    sources: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.centres)

    def part(self, rows: slice) -> Readers:
        """Some of them."""
        return Readers(
            centres=self.centres[rows],
            masses=self.masses[rows],
            lately=self.lately[rows],
            disliked=self.disliked[rows],
            disliked_masses=self.disliked_masses[rows],
            muted=self.muted[rows],
            subjects=self.subjects[rows],
            sources=self.sources[rows],
        )

    @property
    def means(self) -> NDArray[np.float32]:
        """(r, d) float32: the mean of all they turn to, by weight; 0 where there is none."""
        shares = self.masses / np.maximum(self.masses.sum(axis=1, keepdims=True), np.float32(1e-12))
        return np.asarray((shares[:, None, :] @ self.centres)[:, 0], dtype=np.float32)

    @property
    def doubts(self) -> NDArray[np.float32]:
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
    most = max((len(each.wanted) for each in profiles), default=0)
    centres, masses = _stacked(profiles, lambda each: each.wanted, max(1, most), width)
    disliked, disliked_masses = _stacked(profiles, lambda each: each.disliked, BOUNDS.disliked, width)
    most_muted = max((len(each.muted) for each in profiles), default=0)
    muted, _ = _stacked(profiles, lambda each: each.muted, most_muted, width)
    lately = np.zeros((len(profiles), width), dtype=np.float32)
    for row, each in enumerate(profiles):
        if each.lately is not None:
            lately[row] = each.lately
    return Readers(
        centres=centres,
        masses=masses,
        lately=lately,
        disliked=disliked,
        disliked_masses=disliked_masses,
        muted=muted / np.maximum(np.linalg.norm(muted, axis=2, keepdims=True), np.float32(1e-12)),
        subjects=_lifts([each.subjects for each in profiles], subjects),
        sources=_lifts([each.sources for each in profiles], sources),
    )


def _stacked(
    profiles: Sequence[Profile], of: Callable[[Profile], tuple[Interest, ...]], most: int, width: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    centres = np.zeros((len(profiles), most, width), dtype=np.float32)
    masses = np.zeros((len(profiles), most), dtype=np.float32)
    for row, profile in enumerate(profiles):
        for at, interest in enumerate(of(profile)):
            centres[row, at] = interest.centre
            masses[row, at] = interest.mass
    return centres, masses


def _lifts(each: Sequence[Mapping[str, Tally]], shares: Mapping[str, float]) -> NDArray[np.float32]:
    """How many times as often as others each reader turns to each name, less how much oftener they turn it down.

    As natural logarithms, (readers, names), with Dirichlet smoothing: it takes `_PRIOR` opened links to believe a
    reader as much as the share that all have. 0 where nothing is known.
    """
    column = {name: at for at, name in enumerate(shares)}
    share = np.asarray(list(shares.values()), dtype=np.float64)
    own = np.zeros((2, len(each), len(shares)))
    whole = np.zeros((2, len(each), 1))
    for row, tallies in enumerate(each):
        whole[:, row, 0] = totals(tallies.values())
        for name, tally in tallies.items():
            if name in column:
                own[:, row, column[name]] = tally.liked, tally.disliked
    liked, disliked = lift(own, whole, share)
    return np.asarray(liked - disliked, dtype=np.float32)


def lift(own: NDArray[np.float64], whole: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many times as often as others something is turned to, as a natural logarithm, with Dirichlet smoothing.

    Args:
        own: (…, names), what was turned to of each.
        whole: (…, 1), what was turned to at all.
        share: (names,), what others turn to of each.
    """
    return np.asarray(np.log((own + _PRIOR * share) / ((whole + _PRIOR) * share)))
