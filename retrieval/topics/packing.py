"""A sketch as bytes, to go on from after a restart: a head in JSON on one line, then the arrays one after the other."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.topics.sketch import Sketch

_VERSION = 2
_TINY = 1e-30
# Half the bytes of float32, as stored vectors are.
_VECTOR, _HASHES, _COUNTS = np.dtype("<f2"), np.dtype("<u4"), np.dtype("u1")


def packed(sketch: Sketch, encoder: str) -> bytes:
    """The bytes of a sketch whose vector is of this encoder."""
    head = {
        "version": _VERSION,
        "encoder": encoder,
        "sizes": [len(sketch.vector), len(sketch.terms), len(sketch.pairs)],
        "published": sketch.published.timestamp() if sketch.published else None,
        "language": sketch.language,
        "group": sketch.group,
        "days": sketch.days,
    }
    marks = sketch.named.astype(np.uint8) | (sketch.numbers.astype(np.uint8) << 1)
    arrays = (
        sketch.vector.astype(_VECTOR),
        sketch.terms.astype(_HASHES),
        sketch.counts.astype(_COUNTS),
        marks,
        sketch.pairs.astype(_HASHES),
    )
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + b"".join(array.tobytes() for array in arrays)


def unpacked(data: bytes, encoder: str) -> Sketch | None:
    """The sketch; `None` where its vector is of another encoder, or another version wrote it."""
    line, _, rest = data.partition(b"\n")
    try:
        head = json.loads(line)
        return _read(head, rest) if (head["version"], head["encoder"]) == (_VERSION, encoder) else None
    except (ValueError, LookupError, TypeError):
        # What a disk or a hand damaged is made anew like what is outdated.
        return None


def kept(sketch: Sketch, encoder: str) -> tuple[bytes, Sketch]:
    """The bytes of a sketch, and the sketch as it comes back from them: so that going on from them changes nothing."""
    data = packed(sketch, encoder)
    line, _, rest = data.partition(b"\n")
    return data, _read(json.loads(line), rest)


def _read(head: dict[str, Any], rest: bytes) -> Sketch:
    width, terms, pairs = head["sizes"]
    at = 0

    def take(dtype: np.dtype[Any], n: int) -> NDArray[Any]:
        nonlocal at
        array = np.frombuffer(rest, dtype, n, at)
        at += array.nbytes
        return array

    vector: NDArray[np.float32] = take(_VECTOR, width).astype(np.float32)
    hashes, counts, marks = take(_HASHES, terms), take(_COUNTS, terms), take(_COUNTS, terms).astype(np.uint8)
    return Sketch(
        vector=vector / max(float(np.linalg.norm(vector)), _TINY),
        terms=hashes.astype(np.uint32),
        counts=counts.astype(np.uint8),
        named=(marks & 1).astype(np.bool_),
        numbers=(marks >> 1 & 1).astype(np.bool_),
        pairs=take(_HASHES, pairs).astype(np.uint32),
        published=None if head["published"] is None else datetime.fromtimestamp(head["published"], UTC),
        language=head["language"],
        group=head["group"],
        days=head["days"],
    )


def signed(signs: bytes, encoder: str) -> bytes:
    """The signs of a retired story, with the encoder whose vectors they are of."""
    return encoder.encode() + b"\n" + signs


def unsigned(data: bytes, encoder: str) -> bytes | None:
    """The signs; `None` where they are of another encoder's vectors."""
    name, _, signs = data.partition(b"\n")
    return signs if name == encoder.encode() else None
