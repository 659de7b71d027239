"""How well the likeness of two headlines agrees with what people say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.collection import JudgedPair
from retrieval.evaluation.estimates import Estimate, pearson
from retrieval.ports import Encoder
from retrieval.search.likeness import likeness
from storage.domain.progress import Progress

_STEP = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicatesReport:
    """What the evaluation found.

    Args:
        n: Pairs that people scored.
        pearson: Over all of them.
        groups: Over each part of the data by its name, those of at least two pairs.
        meaning_alone: What the cosine alone comes to, for comparison.
    """

    n: int
    pearson: Estimate
    groups: Mapping[str, Estimate]
    meaning_alone: Estimate


async def evaluate_duplicates(encoder: Encoder, pairs: Sequence[JudgedPair], progress: Progress) -> DuplicatesReport:
    """Compare every pair.

    Args:
        encoder: Gives headlines their vectors.
        pairs: At least two.
        progress: Told after each batch of headlines.

    Raises:
        EncoderUnavailable: The model cannot be loaded.
    """
    cosines = await _cosines(encoder, pairs, progress)
    found = [likeness(pair.a, pair.b, cosine) for pair, cosine in zip(pairs, cosines, strict=True)]
    wanted = [pair.score for pair in pairs]
    parts: dict[str, list[int]] = {}
    for at, pair in enumerate(pairs):
        parts.setdefault(pair.group, []).append(at)
    return DuplicatesReport(
        n=len(pairs),
        pearson=pearson(found, wanted),
        groups={
            name: pearson([found[at] for at in part], [wanted[at] for at in part])
            for name, part in sorted(parts.items())
            if len(part) > 1
        },
        meaning_alone=pearson(cosines, wanted),
    )


async def _cosines(encoder: Encoder, pairs: Sequence[JudgedPair], progress: Progress) -> list[float]:
    headlines = list(dict.fromkeys(headline for pair in pairs for headline in (pair.a, pair.b)))
    vectors: dict[str, NDArray[np.float32]] = {}
    for start in range(0, len(headlines), _STEP):
        batch = headlines[start : start + _STEP]
        vectors |= zip(batch, await encoder.encode_documents(batch), strict=True)
        progress("headlines", start + len(batch), len(headlines))
    return [float(vectors[pair.a] @ vectors[pair.b]) for pair in pairs]
