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

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shelf:
    """Profiles of r readers as they were read: a `retrieval.interests.readers.Crowd`.

    Args:
        vectors: (t + 1, d) float32, those of all profiles one after the other: what a reader turns to and told, turned
            down, muted, and where they turned lately. The last is 0.
        firsts: (r,), which is a reader's first.
        counts: (r,), how many they turn to and told.
        disliked: (r,), how many they turned down.
        muted: (r,), how many they muted.
        lately: (r,), whether they turned to anything lately.
        masses: (r, k) float32, what each of what they turn to and told weighs.
        disliked_masses: (r, j) float32.
        subjects: (r, s) float32, as of `Readers`.
        sources: (r, q) float32, as of `Readers`.
        known: (r,), whether each could be read; of one that could not (see `unpacked`), nothing is known.
    """

    vectors: Matrix
    firsts: Rows
    counts: Rows
    disliked: Rows
    muted: Rows
    lately: NDArray[np.bool_]
    masses: Matrix
    disliked_masses: Matrix
    subjects: Matrix
    sources: Matrix
    known: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.firsts)

    @property
    def mutes(self) -> NDArray[np.bool_]:
        return self.muted > 0

    def part(self, rows: Rows) -> Readers:
        """Some of them, in that order, with no more room than they need."""
        firsts, counts, disliked, muted = (each[rows] for each in (self.firsts, self.counts, self.disliked, self.muted))
        turned_down = firsts + counts
        silenced = turned_down + disliked
        most, least = max(1, int(counts.max(initial=0))), int(disliked.max(initial=0))
        wanted = [
            self._held(firsts, counts, most),
            self._held(silenced + muted, self.lately[rows].astype(np.int64), 1),
            self._held(turned_down, disliked, least),
        ]
        return Readers(
            vectors=self.vectors[np.concatenate(wanted, axis=1)],
            masses=self.masses[rows, :most],
            disliked_masses=self.disliked_masses[rows, :least],
            muted=units(self.vectors[self._held(silenced, muted, int(muted.max(initial=0)))]),
            subjects=self.subjects[rows],
            sources=self.sources[rows],
        )

    def _held(self, firsts: Rows, counts: Rows, most: int) -> Rows:
        """(r, most): which vectors these are, so many from the first on, and then the one that is 0."""
        at = np.arange(most)
        return np.where(at < counts[:, None], firsts[:, None] + at, len(self.vectors) - 1)


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
    # Of one that cannot be read there is nothing.
    heads = heads.copy()
    heads[~known] = np.zeros((), dtype=HEAD)
    at = parts_of(heads)
    read = [(data, start, end) for data, start, end in zip(packed, at.vectors.tolist(), at.words.tolist(), strict=True)]
    figures = b"".join([data[HEAD.itemsize : start] for (data, start, _), ok in zip(read, known, strict=True) if ok])
    held = [memoryview(data)[start:end] for (data, start, end), ok in zip(read, known, strict=True) if ok]
    liked, told, disliked = (heads[side].astype(np.int64) for side in ("liked", "told", "disliked"))
    rows = at.interests + heads["lately"]
    long, lasting = _left(heads["as_of"], now)
    numbers = _Numbers(data=figures, counts=np.where(known, (at.vectors - HEAD.itemsize) // NUMBER.itemsize, 0))
    masses = numbers.matrix(np.zeros_like(liked), liked + told)
    is_liked = np.arange(masses.shape[1]) < liked[:, None]
    tallies = _Tallies.read(numbers, heads["subjects"].astype(np.int64), at.names, 2 * at.interests + 1)
    return Shelf(
        vectors=np.frombuffer(b"".join([*held, bytes(width * VECTOR.itemsize)]), VECTOR).reshape(-1, width),
        firsts=np.cumsum(rows) - rows,
        counts=liked + told,
        disliked=disliked,
        muted=heads["muted"].astype(np.int64),
        lately=heads["lately"] > 0,
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
