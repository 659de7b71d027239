"""Packed profiles as matrices, without a `Profile` of each: a million of them are read in seconds. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.packing import (
    HEAD,
    MARK,
    NEVER,
    NUMBER,
    VECTOR,
    heads_of,
    mark,
    microseconds,
    parts_of,
    readable,
)
from retrieval.interests.profile import HALF_LIVES
from retrieval.interests.readers import Matrix, Readers, Rows, lifts, units

_MICROSECOND = timedelta(microseconds=1)
# A profile in which nothing is: how much there is of everything, and what `lately` weighs.
_NOTHING = memoryview(bytes(HEAD.itemsize + NUMBER.itemsize))

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shelf:
    """Profiles of r readers as they were read: a `retrieval.interests.readers.Crowd`.

    Their vectors stay where they are until somebody looks at them: then they are copied once.

    Args:
        vectors: Of each, (t, d) float32 as bytes: what a reader turns to and told, turned down, muted, and where they
            turned lately.
        width: d.
        counts: (r,), how many they turn to and told.
        disliked: (r,), how many they turned down.
        muted: (r,), how many they muted.
        masses: (r, k) float32, what each of what they turn to and told weighs.
        disliked_masses: (r, j) float32.
        subjects: (r, s) float32, as of `Readers`.
        sources: (r, q) float32, as of `Readers`.
        known: (r,), whether each could be read; of one that could not (see `unpacked`), nothing is known.
    """

    vectors: Sequence[memoryview]
    width: int
    counts: Rows
    disliked: Rows
    muted: Rows
    masses: Matrix
    disliked_masses: Matrix
    subjects: Matrix
    sources: Matrix
    known: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def mutes(self) -> NDArray[np.bool_]:
        return self.muted > 0

    def part(self, rows: Rows) -> Readers:
        """Some of them, in that order, with no more room than they need."""
        counts, disliked, muted = (each[rows] for each in (self.counts, self.disliked, self.muted))
        most, least, silent = (int(each.max(initial=0)) for each in (counts, disliked, muted))
        most = max(1, most)
        one = self.width * VECTOR.itemsize
        nothing = memoryview(bytes(max(most, least, silent) * one))
        ends = (np.cumsum([counts, disliked, muted], axis=0) * one).T.tolist()
        shown: list[memoryview] = []
        hushed: list[memoryview] = []
        for row, (wanted, turned_down, silenced) in zip(rows.tolist(), ends, strict=True):
            held = self.vectors[row]
            shown += held[:wanted], nothing[: most * one - wanted]
            shown += held[silenced:] or nothing[:one], held[wanted:turned_down]
            shown.append(nothing[: least * one - turned_down + wanted])
            hushed += held[turned_down:silenced], nothing[: silent * one - silenced + turned_down]
        return Readers(
            vectors=self._matrices(shown, len(rows), most + 1 + least),
            masses=self.masses[rows, :most],
            disliked_masses=self.disliked_masses[rows, :least],
            muted=units(self._matrices(hushed, len(rows), silent)),
            subjects=self.subjects[rows],
            sources=self.sources[rows],
        )

    def _matrices(self, parts: Sequence[memoryview], r: int, each: int) -> Matrix:
        """(r, each, d), of so many vectors of each of r readers."""
        return np.frombuffer(b"".join(parts), VECTOR).reshape(r, each, self.width)


def shelved(
    packed: Sequence[bytes],
    encoder: str,
    width: int,
    subjects: Mapping[str, float],
    sources: Mapping[str, float],
    now: datetime,
) -> Shelf:
    """What `gathered` makes of the profiles, each `faded` until `now`.

    Args:
        packed: As `retrieval.interests.packing.packed` gave them.
        encoder: Whose vectors are wanted.
        width: Of its vectors.
        subjects: How often readers turn to each subject that counts, in the order of the columns.
        sources: The same of sources.
        now: As of when.
    """
    heads = heads_of(packed)
    known = readable(heads, encoder)
    heads = heads.copy()
    heads[~known] = np.zeros((), dtype=HEAD)
    views = [memoryview(each) if read else _NOTHING for each, read in zip(packed, known, strict=True)]
    at = parts_of(heads)
    starts, ends = at.vectors.tolist(), at.words.tolist()
    figures = b"".join([each[HEAD.itemsize : start] for each, start in zip(views, starts, strict=True)])
    liked, told, disliked = (heads[side].astype(np.int64) for side in ("liked", "told", "disliked"))
    long, lasting = _left(heads["as_of"], now)
    numbers = _Numbers(data=figures, counts=(at.vectors - HEAD.itemsize) // NUMBER.itemsize)
    masses = numbers.matrix(np.zeros_like(liked), liked + told)
    is_liked = np.arange(masses.shape[1]) < liked[:, None]
    tallies = _Tallies.read(numbers, heads["subjects"].astype(np.int64), at.names, 2 * at.interests + 1)
    return Shelf(
        vectors=[each[start:end] for each, start, end in zip(views, starts, ends, strict=True)],
        width=width,
        counts=liked + told,
        disliked=disliked,
        muted=heads["muted"].astype(np.int64),
        masses=np.asarray(masses * np.where(is_liked, long[:, None], lasting[:, None]), dtype=np.float32),
        disliked_masses=np.asarray(numbers.matrix(liked + told, disliked) * long[:, None], dtype=np.float32),
        subjects=tallies.lifts(subjects, long, of_subjects=True),
        sources=tallies.lifts(sources, long, of_subjects=False),
        known=known,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Numbers:
    """The numbers of all profiles one after the other, and how many each has."""

    data: bytes
    counts: Rows

    @property
    def firsts(self) -> Rows:
        return np.cumsum(self.counts) - self.counts

    @property
    def figures(self) -> Floats:
        return np.frombuffer(self.data, NUMBER)

    @property
    def marks(self) -> NDArray[np.uint64]:
        return np.frombuffer(self.data, MARK)

    def matrix(self, firsts: Rows, counts: Rows) -> Floats:
        """(r, most): what so many interests of each profile weigh, from its first on; 0 where there is none."""
        at = np.arange(int(counts.max(initial=0)))
        held = at < counts[:, None]
        found = np.zeros(held.shape)
        places = self.firsts[:, None] + 2 * (firsts[:, None] + at)
        found[held] = self.figures[places[held]]
        return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Tallies:
    """t tallies of r profiles: whose each is, by which mark, what it weighs for and against, and of what it is."""

    r: int
    owners: Rows
    marks: NDArray[np.uint64]
    liked: Floats
    disliked: Floats
    is_subject: NDArray[np.bool_]

    @classmethod
    def read(cls, numbers: _Numbers, subjects: Rows, names: Rows, before: Rows) -> _Tallies:
        """Of profiles with so many names, the subjects first, after so many other numbers."""
        owners = np.repeat(np.arange(len(names)), names)
        which = np.arange(len(owners)) - np.repeat(np.cumsum(names) - names, names)
        first = (numbers.firsts + before)[owners]
        return cls(
            r=len(names),
            owners=owners,
            marks=numbers.marks[first + 3 * names[owners] + which],
            liked=numbers.figures[first + 3 * which],
            disliked=numbers.figures[first + 3 * which + 2],
            is_subject=which < subjects[owners],
        )

    def lifts(self, shares: Mapping[str, float], left: Floats, *, of_subjects: bool) -> Matrix:
        """(r, names) for one kind of names, where (r,) is left of the tallies."""
        mine = np.flatnonzero(self.is_subject == of_subjects)
        owners, marks = self.owners[mine], self.marks[mine]
        liked, disliked = self.liked[mine] * left[owners], self.disliked[mine] * left[owners]
        whole = np.stack([np.bincount(owners, each, self.r).astype(np.float64) for each in (liked, disliked)])
        wanted = np.asarray([mark(name) for name in shares], dtype=MARK)
        order = np.argsort(wanted)
        if not len(wanted):
            return np.zeros((self.r, 0), dtype=np.float32)
        # What is greater than all is compared with the least, which it is not.
        columns = np.append(order, order[0])[np.searchsorted(wanted, marks, sorter=order)]
        counts = np.flatnonzero(wanted[columns] == marks)
        return lifts(
            whole,
            owners[counts],
            columns[counts],
            liked[counts],
            disliked[counts],
            np.asarray(list(shares.values()), dtype=np.float64),
        )


def _left(as_of: Rows, now: datetime) -> tuple[Floats, Floats]:
    """(r,) twice: what is left by now of lasting interests, and of what was told."""
    until = microseconds(now)
    passed = np.maximum(0, until - np.where(as_of == NEVER, until, as_of))
    long, told = (0.5 ** (passed / (life / _MICROSECOND)) for life in (HALF_LIVES.long, HALF_LIVES.told))
    return long, told
