"""Stories in the order of what speaks for them, for many readers at once, by a linear model of the features.

Its weights are data, in `ranking.json`; how they were found stands beside them. Where there are many stories, a rough
look at all of them in fewer dimensions leaves a shortlist for a closer one. Of the ten best of 2,000 headlines, for 600
readers of MIND with seven interests on average, 0.99 are on the shortlist.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.features import NAMES, features, leanings
from retrieval.interests.readers import Matrix, Readers
from retrieval.interests.stories import Stories
from storage.errors import InputError

log = logging.getLogger(__name__)

SHIPPED = "ranking.json"
"""The file of the weights that come with Tidings, in this package, and of those an instance learned, in its folder."""

SHORTLIST = 64
"""How many stories are looked at closely for each reader."""

_DIMENSIONS = 128
# What the weight of an interest counts in the rough look, where the nearest alone stands for attention: about half of
# what it does in attention itself.
_SHARE = 0.05
_ABSENT = np.float32(-9)
# Lower than any score.
_OUT = np.float32(-1e4)
# So many interests are compared with all stories at a time: what comes of it is still near when it is looked at.
_COMPARED = 512
_TINY = np.float32(1e-12)
# Stories that are told apart in the bits that a score has to spare; see `_best`.
_MOST_STORIES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A linear model: `score = features @ values`, in the order of `NAMES`."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.values) != len(NAMES):
            raise ValueError(f"{len(self.values)} weights for {len(NAMES)} features")

    @classmethod
    def named(cls, values: Mapping[str, float]) -> Weights:
        """Of weights by name, 0 where one is not given."""
        if unknown := sorted(set(values) - set(NAMES)):
            raise ValueError(f"no features: {', '.join(unknown)}")
        return cls(values=tuple(float(values.get(name, 0.0)) for name in NAMES))

    @property
    def by_name(self) -> dict[str, float]:
        """As `named` takes them."""
        return dict(zip(NAMES, self.values, strict=True))

    def of(self, name: str) -> float:
        return self.values[NAMES.index(name)]

    def scores(self, rows: Matrix) -> Matrix:
        """(…) of (…, len(NAMES)) features; larger is better."""
        return np.asarray(rows @ np.asarray(self.values, dtype=np.float32), dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranked:
    """The best stories for each of r readers, best first.

    Args:
        stories: (r, m), which they are.
        scores: (r, m) float32.
        rows: (r, m, len(NAMES)) float32, their features.
    """

    stories: NDArray[np.int64]
    scores: Matrix
    rows: Matrix


@cache
def shipped() -> Weights:
    """The weights that come with Tidings."""
    return _read(resources.files(__package__).joinpath(SHIPPED).read_text(encoding="utf-8"))


def installed(path: Path) -> Weights:
    """The weights that an instance learned from its own readers; the shipped ones where there are none, or broken."""
    try:
        return _read(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return shipped()
    except (OSError, ValueError, TypeError, KeyError) as error:
        log.warning("ranking_not_read", extra={"path": str(path), "error": type(error).__name__})
        return shipped()


def write_weights(path: Path, weights: Weights, made: Mapping[str, object]) -> None:
    """Keep weights where `installed` finds them: all of it, or nothing.

    Args:
        path: The file.
        weights: To be kept.
        made: How they were found.

    Raises:
        InputError: The file cannot be written.
    """
    new = path.with_suffix(".new")
    try:
        new.write_text(json.dumps({"made": made, "weights": weights.by_name}, indent=2) + "\n", encoding="utf-8")
        new.replace(path)
    except OSError as error:
        raise InputError(str(path), f"cannot be written: {error.strerror}") from error


def _read(text: str) -> Weights:
    return Weights.named(json.loads(text)["weights"])


class Ranker:
    """Ranks the same stories for any number of readers.

    Args:
        stories: n of them.
        weights: How much each feature counts; the shipped ones where not given.
        shortlist: How many stories are looked at closely for each reader.
    """

    def __init__(self, stories: Stories, weights: Weights | None = None, shortlist: int = SHORTLIST) -> None:
        self._stories = stories
        self._weights = weights or shipped()
        self._shortlist = shortlist
        self._rough = _Rough(stories, self._weights) if len(stories) > shortlist else None

    def rank(self, readers: Readers, novelty: Matrix | None = None, allowed: NDArray[np.bool_] | None = None) -> Ranked:
        """The stories for each reader, best first: all of them where they are no more than the shortlist, else it.

        Args:
            readers: r of them.
            novelty: (r, n) in [0, 1], how much of each story is new to each reader; all of it where not given.
            allowed: (r, n), which stories come before all others; all where not given.
        """
        chosen, new, open_ = None, novelty, allowed
        if self._rough is not None:
            rough = self._rough.scores(readers)
            if novelty is not None:
                rough += np.float32(self._weights.of("novelty")) * novelty
            if allowed is not None:
                np.copyto(rough, _OUT, where=~allowed)
            chosen = _best(rough, self._shortlist)
            new = None if novelty is None else np.take_along_axis(novelty, chosen, axis=1)
            open_ = None if allowed is None else np.take_along_axis(allowed, chosen, axis=1)
        rows = features(readers, self._stories, chosen, new)
        scores = self._weights.scores(rows)
        order = np.argsort(-scores if open_ is None else np.where(open_, -scores, -_OUT), axis=1, kind="stable")
        r, m = scores.shape
        return Ranked(
            stories=order if chosen is None else np.take_along_axis(chosen, order, axis=1),
            scores=np.take_along_axis(scores, order, axis=1),
            rows=rows.reshape(r * m, -1)[order + m * np.arange(r)[:, None]],
        )


class _Rough:
    """About the scores: attention as the nearest interest, in the dimensions in which the stories differ most."""

    def __init__(self, stories: Stories, weights: Weights) -> None:
        self._stories, self._weights = stories, weights
        mean = stories.vectors.mean(axis=0)
        away = stories.vectors - mean
        _, axes = np.linalg.eigh(away.T @ away)
        # (d, dimensions + 1): products with the stories are about sums of products in these dimensions, and of the
        # last, which is the same for all stories.
        self._axes = np.ascontiguousarray(np.column_stack([axes[:, ::-1][:, :_DIMENSIONS], mean]), dtype=np.float32)
        ones = np.ones((1, len(stories)), dtype=np.float32)
        self._flat = np.concatenate([(away @ self._axes[:, :-1]).T, ones])  # (dimensions + 1, n)
        self._own = _own(stories, weights)

    def scores(self, readers: Readers) -> Matrix:
        """(r, n), as if all stories were new to all readers as much as to each other."""
        of = self._weights.of
        found = self._nearest(self._pulls(readers), np.float32(of("attention") + of("nearest")))
        found += self._own
        for lifts, columns, weight in (
            (readers.subjects, self._stories.subject_columns, of("subject")),
            (readers.sources, self._stories.source_columns, of("source")),
        ):
            if lifts.shape[1] and weight:
                # The last column is of stories of no name.
                padded = np.float32(weight) * np.pad(lifts, ((0, 0), (0, 1)))
                found += np.take(padded, columns, axis=1)
        audience = self._stories.audience
        if audience is not None:
            found += np.float32(of("audience")) * leanings(readers, audience.middle) @ audience.vectors.T
        return found

    def _pulls(self, readers: Readers) -> Matrix:
        """(r, at least 1, dimensions + 1): by its product with each of these vectors, a story is worth the greatest.

        What counts beside the nearest interest is linear in the stories, and is part of each.
        """
        of = self._weights.of
        r, s, d = readers.vectors.shape
        flat = (readers.vectors.reshape(r * s, d) @ self._axes).reshape(r, s, -1)
        counts = np.concatenate(
            [
                np.float32(of("mean")) * readers.shares,
                np.full((r, 1), of("lately"), dtype=np.float32),
                np.float32(of("disliked")) * readers.doubts[:, None] * readers.disliked_shares,
            ],
            axis=1,
        )
        beside = counts[:, None, :] @ flat
        held = readers.masses > 0
        # Whoever has no interest has one in nothing.
        wanted = max(1, int(held.sum(axis=1).max(initial=0)))
        held, pulls = held[:, :wanted], flat[:, :wanted] * held[:, :wanted, None]
        absent = np.where(held.any(axis=1, keepdims=True), _ABSENT, np.float32(0))
        pulls[:, :, -1] += np.where(held, _SHARE * np.log(np.maximum(readers.shares[:, :wanted], _TINY)), absent)
        pulls *= np.float32(of("attention") + of("nearest"))
        pulls += beside
        return np.asarray(pulls, dtype=np.float32)

    def _nearest(self, pulls: Matrix, weight: np.float32) -> Matrix:
        """(r, n): the greatest product of each reader's (r, k, dimensions + 1); the least where nearness is a fault."""
        r, k, width = pulls.shape
        n = self._flat.shape[1]
        found = np.empty((r, n), dtype=np.float32)
        step = max(1, _COMPARED // k)
        near = np.empty((step * k, n), dtype=np.float32)
        for start in range(0, r, step):
            some = pulls[start : start + step]
            products = near[: len(some) * k]
            np.matmul(some.reshape(-1, width), self._flat, out=products)
            each = products.reshape(-1, k, n)
            (each.max if weight >= 0 else each.min)(axis=1, out=found[start : start + step])
        return found


def _own(stories: Stories, weights: Weights) -> Matrix:
    """(n,): what speaks for the stories whoever reads them."""
    own = np.zeros(len(stories), dtype=np.float32)
    for name, values in (
        ("freshness", stories.freshness),
        ("heat", stories.heat),
        ("quality", stories.quality),
        ("popularity", None if stories.audience is None else stories.audience.popularity),
    ):
        if values is not None:
            own += np.float32(weights.of(name)) * values
    return own


def _best(scores: Matrix, k: int) -> NDArray[np.int64]:
    """(r, k): the columns of the k greatest of each row, in no order. Overwrites `scores`.

    The last bits of a score make room for its column, so that the greatest are found by moving numbers rather than
    numbers and columns, which takes a tenth of the time. Scores that differ by less than a thousandth count as equal.
    """
    n = scores.shape[1]
    if n > _MOST_STORIES:
        return np.argpartition(scores, n - k, axis=1)[:, n - k :]
    mask = np.int32(_MOST_STORIES - 1)
    bits = scores.view(np.int32)
    bits &= ~mask
    bits |= np.arange(n, dtype=np.int32)
    kept = np.partition(scores, n - k, axis=1)[:, n - k :]
    return np.asarray(kept.view(np.int32) & mask, dtype=np.int64)
