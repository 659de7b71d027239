"""Packed profiles as matrices, without a `Profile` of each: a million of them are read in seconds. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.packing import Layout, centres, figures, layout
from retrieval.interests.profile import BOUNDS, HALF_LIVES
from retrieval.interests.readers import Readers, lift

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TINY = np.float32(1e-12)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shelf:
    """Profiles as they were read.

    Args:
        readers: r of them.
        known: (r,), whether each could be read; of one that could not (see `unpacked`), nothing is known.
    """

    readers: Readers
    known: NDArray[np.bool_]


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
    name = encoder.encode()
    layouts = [layout(data, name) for data in packed]
    held = [(row, data, at) for row, (data, at) in enumerate(zip(packed, layouts, strict=True)) if at is not None]
    found = _Matrices.blank(len(packed), [at for _, _, at in held], width)
    liked = np.asarray([0 if at is None else at.liked for at in layouts])
    columns = _Columns(subjects, sources)
    for row, data, at in held:
        numbers = figures(data, at)
        found.place(row, at, centres(data, at), numbers)
        columns.take(row, at, json.loads(data[at.names : at.numbers]), numbers[2 * at.interests + 1 :])
    long, told = _left([None if at is None else at.as_of for at in layouts], now)
    is_liked = np.arange(found.masses.shape[1]) < liked[:, None]
    own_subjects, own_sources = columns.lifts(len(packed), long)
    lengths = np.linalg.norm(found.muted, axis=2, keepdims=True)
    return Shelf(
        readers=Readers(
            centres=found.centres,
            masses=np.asarray(found.masses * np.where(is_liked, long[:, None], told[:, None]), dtype=np.float32),
            lately=found.lately,
            disliked=found.disliked,
            disliked_masses=np.asarray(found.disliked_masses * long[:, None], dtype=np.float32),
            muted=found.muted / np.maximum(lengths, _TINY),
            subjects=own_subjects,
            sources=own_sources,
        ),
        known=np.asarray([at is not None for at in layouts], dtype=np.bool_),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Matrices:
    """What becomes of the figures of profiles; masses are as of each profile's own latest evidence."""

    centres: NDArray[np.float32]
    masses: Floats
    lately: NDArray[np.float32]
    disliked: NDArray[np.float32]
    disliked_masses: Floats
    muted: NDArray[np.float32]

    @classmethod
    def blank(cls, r: int, layouts: Sequence[Layout], width: int) -> _Matrices:
        wanted = max((at.liked + at.told for at in layouts), default=0) or 1
        muted = max((at.muted for at in layouts), default=0)
        return cls(
            centres=np.zeros((r, wanted, width), dtype=np.float32),
            masses=np.zeros((r, wanted)),
            lately=np.zeros((r, width), dtype=np.float32),
            disliked=np.zeros((r, BOUNDS.disliked, width), dtype=np.float32),
            disliked_masses=np.zeros((r, BOUNDS.disliked)),
            muted=np.zeros((r, muted, width), dtype=np.float32),
        )

    def place(self, row: int, at: Layout, vectors: NDArray[np.float32], numbers: Floats) -> None:
        wanted = at.liked + at.told
        both = wanted + at.disliked
        if wanted:
            self.centres[row, :wanted] = vectors[:wanted]
            self.masses[row, :wanted] = numbers[: 2 * wanted : 2]
        if at.disliked:
            self.disliked[row, : at.disliked] = vectors[wanted:both]
            self.disliked_masses[row, : at.disliked] = numbers[2 * wanted : 2 * both : 2]
        if at.muted:
            self.muted[row, : at.muted] = vectors[both : both + at.muted]
        if at.lately:
            self.lately[row] = vectors[-1]


class _Columns:
    """The tallies of profiles, by the columns of the names that count."""

    def __init__(self, *shares: Mapping[str, float]) -> None:
        self._shares = [np.asarray(list(each.values()), dtype=np.float64) for each in shares]
        self._of = [{name: at for at, name in enumerate(each)} for each in shares]
        self._columns: tuple[list[int], ...] = tuple([] for _ in shares)
        self._counts: tuple[list[int], ...] = tuple([] for _ in shares)
        self._tallies: tuple[list[Floats], ...] = tuple([] for _ in shares)
        self._rows: list[int] = []

    def take(self, row: int, at: Layout, names: Sequence[str], tallies: Floats) -> None:
        self._rows.append(row)
        for kind, start, end in ((0, 0, at.subjects), (1, at.subjects, len(names))):
            of = self._of[kind]
            self._columns[kind].extend([of.get(name, -1) for name in names[start:end]])
            self._counts[kind].append(end - start)
            self._tallies[kind].append(tallies[3 * start : 3 * end])

    def lifts(self, r: int, left: Floats) -> list[NDArray[np.float32]]:
        """(r, names) for each kind of names, where (r,) is left of the tallies."""
        return [self._lifts(kind, r, left) for kind in range(len(self._of))]

    def _lifts(self, kind: int, r: int, left: Floats) -> NDArray[np.float32]:
        share = self._shares[kind]
        owners = np.repeat(np.asarray(self._rows, dtype=np.int64), self._counts[kind])
        columns = np.asarray(self._columns[kind], dtype=np.int64)
        tallies = np.concatenate([np.zeros(0), *self._tallies[kind]]).reshape(-1, 3)
        counts = columns >= 0
        logs = []
        for weights in (tallies[:, 0] * left[owners], tallies[:, 2] * left[owners]):
            own = np.zeros((r, len(share)))
            own[owners[counts], columns[counts]] = weights[counts]
            whole = np.bincount(owners, weights, r)[:, None].astype(np.float64)
            logs.append(lift(own, whole, share))
        return np.asarray(logs[0] - logs[1], dtype=np.float32)


def _left(as_of: Sequence[int | None], now: datetime) -> tuple[Floats, Floats]:
    """(r,) twice: what is left by now of lasting interests, and of what was told."""
    until = (now - _EPOCH) // _MICROSECOND
    passed = np.asarray([0 if at is None else max(0, until - at) for at in as_of], dtype=np.float64)
    long, told = (0.5 ** (passed / (life / _MICROSECOND)) for life in (HALF_LIVES.long, HALF_LIVES.told))
    return long, told
