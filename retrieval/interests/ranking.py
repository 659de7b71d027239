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

from retrieval.interests.features import NAMES, Matrix, features, leanings
from retrieval.interests.readers import Readers
from retrieval.interests.stories import Stories, numbered
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
_BLOCK = 256
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

    def rank(self, readers: Readers, novelty: Matrix | None = None) -> Ranked:
        """The stories for each reader, best first: all of them where they are no more than the shortlist, else it.

        Args:
            readers: r of them.
            novelty: (r, n) in [0, 1], how much of each story is new to each reader; all of it where not given.
        """
        blocks = [
            self._block(readers.part(rows), None if novelty is None else novelty[rows])
            for rows in (slice(start, start + _BLOCK) for start in range(0, max(1, len(readers)), _BLOCK))
        ]
        return Ranked(
            stories=np.concatenate([each.stories for each in blocks]),
            scores=np.concatenate([each.scores for each in blocks]),
            rows=np.concatenate([each.rows for each in blocks]),
        )

    def _block(self, readers: Readers, novelty: Matrix | None) -> Ranked:
        chosen = None
        if self._rough is not None:
            chosen = _best(self._rough.scores(readers, novelty), self._shortlist)
            novelty = None if novelty is None else np.take_along_axis(novelty, chosen, axis=1)
        rows = features(readers, self._stories, chosen, novelty)
        scores = self._weights.scores(rows)
        order = np.argsort(-scores, axis=1, kind="stable")
        return Ranked(
            stories=order if chosen is None else np.take_along_axis(chosen, order, axis=1),
            scores=np.take_along_axis(scores, order, axis=1),
            rows=np.take_along_axis(rows, order[:, :, None], axis=1),
        )


class _Rough:
    """About the scores: attention as the nearest interest, in the dimensions in which the stories differ most."""

    def __init__(self, stories: Stories, weights: Weights) -> None:
        self._stories, self._weights = stories, weights
        self._mean = stories.vectors.mean(axis=0)
        away = stories.vectors - self._mean
        _, axes = np.linalg.eigh(away.T @ away)
        # In one run of memory: a view that goes backwards is multiplied far slower.
        self._axes = np.ascontiguousarray(axes[:, ::-1][:, :_DIMENSIONS], dtype=np.float32)  # (d, dimensions)
        ones = np.ones((1, len(stories)), dtype=np.float32)
        self._flat = np.concatenate([(away @ self._axes).T, ones])  # (dimensions + 1, n)
        self._columns = [
            np.asarray(numbered(names, shares)[:, None] == np.arange(len(shares)), dtype=np.float32)
            for names, shares in (
                (stories.subjects, stories.subject_shares),
                (stories.sources or (None,) * len(stories), stories.source_shares),
            )
        ]
        self._right = np.concatenate([self._flat.T, *self._columns, *self._audience()], axis=1).T

    def scores(self, readers: Readers, novelty: Matrix | None) -> Matrix:
        """(r, n)."""
        of = self._weights.of
        shares = readers.masses / np.maximum(readers.masses.sum(axis=1, keepdims=True), _TINY)
        held = readers.masses > 0
        extra = np.where(held, np.float32(_SHARE) * np.log(np.maximum(shares, _TINY)), _ABSENT)
        flat = self._flattened(readers.centres)
        flat[:, :, -1] += extra
        nearest: Matrix = flat[:, 0] @ self._flat
        cosines = np.empty_like(nearest)
        for k in range(1, flat.shape[1]):
            np.matmul(flat[:, k], self._flat, out=cosines)
            np.maximum(nearest, cosines, out=nearest)
        nearest *= np.float32(of("attention") + of("nearest")) * held.any(axis=1, keepdims=True)
        nearest += self._left(readers) @ self._right
        nearest += _own(self._stories, self._weights)
        if novelty is not None:
            nearest += np.float32(of("novelty")) * novelty
        return nearest

    def _left(self, readers: Readers) -> Matrix:
        """(r, …): what is linear in the readers, beside the columns of the stories."""
        of = self._weights.of
        pulled = np.float32(of("mean")) * readers.means + np.float32(of("lately")) * readers.lately
        if readers.disliked_masses.any():
            shares = readers.disliked_masses / np.maximum(readers.disliked_masses.sum(axis=1, keepdims=True), _TINY)
            turned_down = (shares[:, None, :] @ readers.disliked)[:, 0] * readers.doubts[:, None]
            pulled += np.float32(of("disliked")) * turned_down
        parts = [
            self._flattened(pulled),
            np.float32(of("subject")) * readers.subjects,
            np.float32(of("source")) * readers.sources,
        ]
        if self._stories.audience is not None:
            parts.append(np.float32(of("audience")) * leanings(readers, self._stories.audience.middle))
        return np.concatenate(parts, axis=1)

    def _flattened(self, vectors: Matrix) -> Matrix:
        """(…, dimensions + 1) of (…, d): their products with columns of `_flat` are about those with the stories."""
        return np.concatenate([vectors @ self._axes, (vectors @ self._mean)[..., None]], axis=-1)

    def _audience(self) -> list[Matrix]:
        return [] if self._stories.audience is None else [self._stories.audience.vectors]


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
