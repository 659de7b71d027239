"""A profile as bytes, bit by bit as it was: how much of everything there is, names in JSON, weights, vectors, traces.

What stories are ranked by comes first and is numbers at known places, so that a million profiles are read in seconds
(`retrieval.interests.bulk`). Traces come last, in JSON, for they are most of the reading and not ranked by.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.interest import Interest, Trace
from retrieval.interests.profile import Profile
from retrieval.interests.tally import Tallies, Tally
from storage.domain.evidence import EvidenceKind

_VERSION = 2
_VECTOR, _NUMBER = np.dtype("<f4"), np.dtype("<f8")
_SIDES = ("liked", "told", "disliked", "muted")
# Version, width, a count for each side, whether there is a `lately`, how many subjects and sources, `as_of` and `since`
# in microseconds, and how many bytes the names and the encoder's take.
_HEAD = struct.Struct("<BH4B?BBqqIH")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = -(1 << 63)
_MICROSECOND = timedelta(microseconds=1)


class Layout(NamedTuple):
    """What is where in a packed profile.

    `as_of` and `since` are microseconds since 1970, `None` where there is no such moment. From `names` on: the subjects
    and then the sources, a list in JSON; from `numbers` on as float64: mass and recent mass of each interest, what
    `lately` weighs, and three for each name (liked, recent, disliked); from `vectors` on as float32: the centre of each
    interest, and `lately` where there is one; from `traces` on those of each interest.
    """

    width: int
    liked: int
    told: int
    disliked: int
    muted: int
    lately: bool
    subjects: int
    sources: int
    as_of: int | None
    since: int | None
    names: int
    numbers: int
    vectors: int
    traces: int

    @property
    def interests(self) -> int:
        return self.liked + self.told + self.disliked + self.muted


def packed(profile: Profile) -> bytes:
    """The bytes of a profile."""
    sides = [getattr(profile, side) for side in _SIDES]
    interests: list[Interest] = [each for held in sides for each in held]
    vectors = [each.centre for each in interests] + ([] if profile.lately is None else [profile.lately])
    tallies = [*profile.subjects.values(), *profile.sources.values()]
    numbers = [figure for each in interests for figure in (each.mass, each.recent)]
    numbers.append(profile.lately_mass)
    numbers += [figure for each in tallies for figure in (each.liked, each.recent, each.disliked)]
    names, encoder = _json([*profile.subjects, *profile.sources]), profile.encoder.encode()
    traces = [[[trace.kind.value, trace.key, trace.at.isoformat()] for trace in each.traces] for each in interests]
    head = _HEAD.pack(
        _VERSION,
        len(vectors[0]) if vectors else 0,
        *map(len, sides),
        profile.lately is not None,
        len(profile.subjects),
        len(profile.sources),
        _counted(profile.as_of),
        _counted(profile.since),
        len(names),
        len(encoder),
    )
    figures = np.asarray(numbers, dtype=_NUMBER).tobytes()
    rows = [each.astype(_VECTOR).tobytes() for each in vectors]
    return b"".join((head, encoder, names, figures, *rows, _json(traces)))


def layout(data: bytes, encoder: bytes) -> Layout | None:
    """What is where; `None` where the profile is of another encoder (named in UTF-8), or another version wrote it."""
    if data[0] != _VERSION:
        return None
    head = _HEAD.unpack_from(data)
    _, width, liked, told, disliked, muted, lately, subjects, sources, as_of, since, name_bytes, encoder_bytes = head
    names = _HEAD.size + encoder_bytes
    if data[_HEAD.size : names] != encoder:
        return None
    interests = liked + told + disliked + muted
    numbers = names + name_bytes
    vectors = numbers + (2 * interests + 1 + 3 * (subjects + sources)) * _NUMBER.itemsize
    return Layout(
        width,
        liked,
        told,
        disliked,
        muted,
        lately,
        subjects,
        sources,
        None if as_of == _NEVER else as_of,
        None if since == _NEVER else since,
        names,
        numbers,
        vectors,
        vectors + (interests + lately) * width * _VECTOR.itemsize,
    )


def unpacked(data: bytes, encoder: str, *, traced: bool = True) -> Profile | None:
    """The profile; `None` where it is of another encoder, or another version wrote it: then evidence makes it anew.

    Args:
        data: As `packed` gave it.
        encoder: Whose vectors are wanted.
        traced: Whether its interests are to point to their evidence: to rank by it, that is not needed.
    """
    at = layout(data, encoder.encode())
    if at is None:
        return None
    numbers, vectors = figures(data, at).tolist(), centres(data, at).astype(np.float32)
    traces = json.loads(data[at.traces :]) if traced else [()] * at.interests
    interests = [
        Interest(
            centre=vectors[row],
            mass=numbers[2 * row],
            recent=numbers[2 * row + 1],
            traces=tuple(map(_trace, traces[row])),
        )
        for row in range(at.interests)
    ]
    names, tallied = json.loads(data[at.names : at.numbers]), numbers[2 * at.interests + 1 :]
    sides: dict[str, tuple[Interest, ...]] = {}
    for side in _SIDES:
        count = getattr(at, side)
        sides[side], interests = tuple(interests[:count]), interests[count:]
    return Profile(
        encoder=encoder,
        as_of=_moment(at.as_of),
        since=_moment(at.since),
        **sides,
        lately=vectors[-1] if at.lately else None,
        lately_mass=numbers[2 * at.interests],
        subjects=_tallies(names[: at.subjects], tallied),
        sources=_tallies(names[at.subjects :], tallied[3 * at.subjects :]),
    )


def figures(data: bytes, at: Layout) -> NDArray[np.float64]:
    """The float64 of a packed profile; see `Layout`."""
    return np.frombuffer(data, _NUMBER, (at.vectors - at.numbers) // _NUMBER.itemsize, at.numbers)


def centres(data: bytes, at: Layout) -> NDArray[np.float32]:
    """(interests, and one where there is a `lately`, width): the vectors of a packed profile."""
    rows = at.interests + at.lately
    return np.frombuffer(data, _VECTOR, rows * at.width, at.vectors).reshape(rows, at.width)


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _trace(written: tuple[str, str, str]) -> Trace:
    kind, key, at = written
    return Trace(kind=EvidenceKind(kind), key=key, at=datetime.fromisoformat(at))


def _tallies(names: Sequence[str], figures: Sequence[float]) -> Tallies:
    return {
        name: Tally(liked=figures[3 * at], recent=figures[3 * at + 1], disliked=figures[3 * at + 2])
        for at, name in enumerate(names)
    }


def _counted(moment: datetime | None) -> int:
    return _NEVER if moment is None else (moment - _EPOCH) // _MICROSECOND


def _moment(counted: int | None) -> datetime | None:
    return None if counted is None else _EPOCH + counted * _MICROSECOND
