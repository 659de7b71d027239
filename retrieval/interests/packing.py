"""A profile as bytes, bit by bit as it was: figures in JSON on one line, then vectors, then the traces in JSON again.

Traces come last, for they are most of the reading and nothing that stories are ranked by.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from retrieval.interests.interest import Interest, Trace
from retrieval.interests.profile import Profile
from retrieval.interests.tally import Tally
from storage.domain.evidence import EvidenceKind

_VERSION = 1
_VECTOR = np.dtype("<f4")
_SIDES = ("liked", "told", "disliked", "muted")


def packed(profile: Profile) -> bytes:
    """The bytes of a profile."""
    sides = {side: getattr(profile, side) for side in _SIDES}
    interests = [each for side in sides.values() for each in side]
    vectors = [each.centre for each in interests] + ([] if profile.lately is None else [profile.lately])
    head = {
        "version": _VERSION,
        "encoder": profile.encoder,
        "shape": [len(vectors), len(vectors[0]) if vectors else 0],
        "as_of": _written(profile.as_of),
        "since": _written(profile.since),
        "lately": None if profile.lately is None else profile.lately_mass,
        "subjects": _tallied(profile.subjects),
        "sources": _tallied(profile.sources),
        "sides": {side: [[each.mass, each.recent] for each in held] for side, held in sides.items()},
    }
    traces = [[[trace.kind.value, trace.key, _written(trace.at)] for trace in each.traces] for each in interests]
    parts = (_json(head), b"\n", *(vector.astype(_VECTOR).tobytes() for vector in vectors), _json(traces))
    return b"".join(parts)


def unpacked(data: bytes, encoder: str, *, traced: bool = True) -> Profile | None:
    """The profile; `None` where it is of another encoder, or another version wrote it: then evidence makes it anew.

    Args:
        data: As `packed` gave it.
        encoder: Whose vectors are wanted.
        traced: Whether its interests are to point to their evidence: to rank by it, that is not needed, and without it
            this takes half the time.
    """
    start = data.index(b"\n") + 1
    head = json.loads(data[:start])
    if (head["version"], head["encoder"]) != (_VERSION, encoder):
        return None
    rows, width = head["shape"]
    vectors = np.frombuffer(data, _VECTOR, rows * width, start).reshape(rows, width).astype(np.float32)
    traces = json.loads(data[start + rows * width * _VECTOR.itemsize :]) if traced else None
    sides: dict[str, tuple[Interest, ...]] = {}
    at = 0
    for side in _SIDES:
        held = []
        for mass, recent in head["sides"][side]:
            shown = () if traces is None else tuple(map(_trace, traces[at]))
            held.append(Interest(centre=vectors[at], mass=mass, recent=recent, traces=shown))
            at += 1
        sides[side] = tuple(held)
    return Profile(
        encoder=encoder,
        as_of=_read(head["as_of"]),
        since=_read(head["since"]),
        liked=sides["liked"],
        told=sides["told"],
        disliked=sides["disliked"],
        muted=sides["muted"],
        lately=None if head["lately"] is None else vectors[-1],
        lately_mass=head["lately"] or 0.0,
        subjects=_tallies(head["subjects"]),
        sources=_tallies(head["sources"]),
    )


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _trace(written: tuple[str, str, str]) -> Trace:
    kind, key, at = written
    return Trace(kind=EvidenceKind(kind), key=key, at=datetime.fromisoformat(at))


def _tallied(tallies: Mapping[str, Tally]) -> dict[str, list[float]]:
    return {name: [each.liked, each.recent, each.disliked] for name, each in tallies.items()}


def _tallies(tallied: Mapping[str, Any]) -> dict[str, Tally]:
    return {
        name: Tally(liked=liked, recent=recent, disliked=disliked)
        for name, (liked, recent, disliked) in tallied.items()
    }


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _read(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)
