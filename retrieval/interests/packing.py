"""A profile as bytes, bit by bit as it was: how much of everything there is, weights, vectors, names, traces.

What stories are ranked by comes first and is numbers at known places, so that a million profiles are read in seconds
(`retrieval.interests.bulk`). Names and traces come last, in JSON, for they are most of the reading and not ranked by:
a name counts by its mark.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.interest import Interest, Trace
from retrieval.interests.profile import Profile
from retrieval.interests.tally import Tallies, Tally
from storage.domain.evidence import EvidenceKind

VERSION = 4
HEAD = np.dtype(
    [
        ("version", "<u1"),
        ("lately", "<u1"),
        ("liked", "<u1"),
        ("told", "<u1"),
        ("disliked", "<u1"),
        ("muted", "<u1"),
        ("subjects", "<u1"),
        ("sources", "<u1"),
        ("width", "<u4"),
        ("name_bytes", "<u4"),
        ("encoder", "<u8"),
        ("as_of", "<i8"),
        ("since", "<i8"),
    ]
)
"""What a packed profile begins with: how much of everything there is, and moments in microseconds since 1970.

After it come, as float64, mass and recent mass of each interest, what `lately` weighs, and three for each name of a
subject or a source (liked, recent, disliked); a mark for each of these names; as float32 the centre of each interest,
and `lately` where there is one; the names, and the traces of each interest, in JSON.
"""
VECTOR, NUMBER, MARK = np.dtype("<f4"), np.dtype("<f8"), np.dtype("<u8")
NEVER = -(1 << 63)
"""Stands for no moment."""
_SIDES = ("liked", "told", "disliked", "muted")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Parts(NamedTuple):
    """Of (r,) packed profiles, how many interests and names each has, and where its parts begin, in bytes."""

    interests: NDArray[np.int64]
    names: NDArray[np.int64]
    marks: NDArray[np.int64]
    vectors: NDArray[np.int64]
    words: NDArray[np.int64]
    traces: NDArray[np.int64]


def packed(profile: Profile) -> bytes:
    """The bytes of a profile."""
    sides = [getattr(profile, side) for side in _SIDES]
    interests: list[Interest] = [each for held in sides for each in held]
    vectors = [each.centre for each in interests] + ([] if profile.lately is None else [profile.lately])
    named = [*profile.subjects, *profile.sources]
    tallies = [*profile.subjects.values(), *profile.sources.values()]
    numbers = [figure for each in interests for figure in (each.mass, each.recent)]
    numbers.append(profile.lately_mass)
    numbers += [figure for each in tallies for figure in (each.liked, each.recent, each.disliked)]
    names = _json(named)
    traces = [[[trace.kind.value, trace.key, trace.at.isoformat()] for trace in each.traces] for each in interests]
    head = np.zeros((), dtype=HEAD)
    head[()] = (
        VERSION,
        profile.lately is not None,
        *map(len, sides),
        len(profile.subjects),
        len(profile.sources),
        len(vectors[0]) if vectors else 0,
        len(names),
        mark(profile.encoder),
        microseconds(profile.as_of),
        microseconds(profile.since),
    )
    return b"".join(
        (
            head.tobytes(),
            np.asarray(numbers, dtype=NUMBER).tobytes(),
            np.asarray([mark(name) for name in named], dtype=MARK).tobytes(),
            *(each.astype(VECTOR).tobytes() for each in vectors),
            names,
            _json(traces),
        )
    )


def unpacked(data: bytes, encoder: str, *, traced: bool = True) -> Profile | None:
    """The profile; `None` where it is of another encoder, or another version wrote it: then evidence makes it anew.

    Args:
        data: As `packed` gave it.
        encoder: Whose vectors are wanted.
        traced: Whether its interests are to point to their evidence: to rank by it, that is not needed.
    """
    heads = heads_of([data])
    if not readable(heads, encoder)[0]:
        return None
    head, (held, _, marks, start, words, traces_start) = heads[0], (int(each[0]) for each in parts_of(heads))
    numbers = np.frombuffer(data[HEAD.itemsize : marks], NUMBER).tolist()
    rows = held + int(head["lately"])
    vectors = np.frombuffer(data[start:words], VECTOR).reshape(rows, int(head["width"])).astype(np.float32)
    traces = json.loads(data[traces_start:]) if traced else [()] * held
    interests = [
        Interest(
            centre=vectors[row],
            mass=numbers[2 * row],
            recent=numbers[2 * row + 1],
            traces=tuple(map(_trace, traces[row])),
        )
        for row in range(held)
    ]
    names, tallied = json.loads(data[words:traces_start]), numbers[2 * held + 1 :]
    sides: dict[str, tuple[Interest, ...]] = {}
    for side in _SIDES:
        count = int(head[side])
        sides[side], interests = tuple(interests[:count]), interests[count:]
    subjects = int(head["subjects"])
    return Profile(
        encoder=encoder,
        as_of=_moment(int(head["as_of"])),
        since=_moment(int(head["since"])),
        **sides,
        lately=vectors[-1] if head["lately"] else None,
        lately_mass=numbers[2 * held],
        subjects=_tallies(names[:subjects], tallied),
        sources=_tallies(names[subjects:], tallied[3 * subjects :]),
    )


def heads_of(packed: Sequence[bytes]) -> NDArray[np.void]:
    """(r,) of `HEAD`, what each of the profiles begins with."""
    size = HEAD.itemsize
    return np.frombuffer(b"".join([each[:size].ljust(size, b"\0") for each in packed]), HEAD)


def readable(heads: NDArray[np.void], encoder: str) -> NDArray[np.bool_]:
    """(r,): which profiles this version wrote, with vectors of that encoder."""
    return np.asarray((heads["version"] == VERSION) & (heads["encoder"] == mark(encoder)))


def parts_of(heads: NDArray[np.void]) -> Parts:
    """Where the parts of these profiles begin; each ends where the next begins."""
    interests = np.stack([heads[side].astype(np.int64) for side in _SIDES]).sum(axis=0)
    names = heads["subjects"].astype(np.int64) + heads["sources"]
    marks = HEAD.itemsize + (2 * interests + 1 + 3 * names) * NUMBER.itemsize
    vectors = marks + names * MARK.itemsize
    words = vectors + (interests + heads["lately"]) * heads["width"].astype(np.int64) * VECTOR.itemsize
    return Parts(interests, names, marks, vectors, words, words + heads["name_bytes"])


def mark(name: str) -> int:
    """Stands for a name: two differ, but for one pair in 10¹⁹."""
    return int.from_bytes(blake2b(name.encode(), digest_size=MARK.itemsize).digest(), "little")


def microseconds(moment: datetime | None) -> int:
    """Since 1970."""
    return NEVER if moment is None else (moment - _EPOCH) // _MICROSECOND


def _moment(counted: int) -> datetime | None:
    return None if counted == NEVER else _EPOCH + counted * _MICROSECOND


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
