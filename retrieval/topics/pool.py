"""A few dozen articles held against each other: for each two, what speaks for and against their being one event.

What is common to all of a neighbourhood tells nothing there: of two check-ins to a clinic the names tell, of two
meetings of one minister the days. So likenesses are also taken relative to those of the nearest others (as CSLS does:
Conneau et al., ICLR 2018), by what else two articles are like, and after their neighbourhood's own mean is taken away.
All of that follows from the scalar products, so that the cost is that of a few small matrix products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.topics.sketch import Sketch

Matrix = NDArray[np.float32]
"""(P, P) float32, symmetric, unless said otherwise."""
Rarity = NDArray[np.float32]
"""(n,) float32: how rare each term, or pair of words, of several articles is, one article's after the other's.

Larger for rarer, never negative.
"""

# Likenesses of which kind are taken relative to so many of the nearest, of which by what else two are like, and of
# which without what so many around have in common.
_BESIDE, _NEAREST = ("meaning", "terms", "others", "shared"), (1, 2, 4, 8)
_COMPANY = ("meaning", "terms", "names")
_AROUND, _NEIGHBOURS = ("meaning", "terms"), (12, 24, 40)
NAMES = (
    "meaning", "terms", "names", "others", "pairs", "numbers", "shared", "shared_share", "names_share",
    "both_named", "no_name_shared", "both_counted", "no_number_shared", "both_dated", "no_day_shared",
    "shorter", "longer",
    *(f"{kind}_beside_{k}" for kind in _BESIDE for k in _NEAREST),
    *(f"{kind}_company" for kind in _COMPANY),
    *(f"{kind}_around_{k}" for kind in _AROUND for k in _NEIGHBOURS),
)  # fmt: skip
"""What each figure of two articles is, in their order."""
ACROSS = tuple(name for name in NAMES if name.startswith("meaning"))
"""Those that mean something between two languages, which share no words."""

_LEAST = np.float32(0.02)
_TINY = np.float32(1e-9)
# Of a few dozen rows and so many columns BLAS makes the products in the thread that asks; of more it would share them
# with others, and where the processors are busy wait for these ten times as long as it takes.
_COLUMNS = 96
# Squared lengths whose product is below this are rounding errors of what is the same.
_NOTHING = np.float32(1e-4)


def features(sketches: Sequence[Sketch], rarity: Rarity, pair_rarity: Rarity) -> NDArray[np.float32]:
    """(len(NAMES), P, P) float32: `res[f, i, j]` is figure f of articles i and j, the same as of j and i.

    Args:
        sketches: P articles.
        rarity: Of their terms.
        pair_rarity: Of their pairs of words.
    """
    vectors = np.stack([each.vector for each in sketches])
    found = _words(sketches, rarity)
    found["meaning"] = _products(vectors)
    found["pairs"] = _cosines(*_Sparse.of([each.pairs for each in sketches]).products(pair_rarity[np.newaxis, :]))[0]
    figures = np.empty((len(NAMES), *found["meaning"].shape), dtype=np.float32)
    for at, name in enumerate(NAMES[: len(found)]):
        figures[at] = found[name]
    end = len(found)
    for rest in (
        _beside(_of(figures, _BESIDE)),
        _company(_of(figures, _COMPANY)),
        _around(_of(figures, _AROUND), found["meaning"] + found["terms"]),
    ):
        figures[end : end + len(rest)] = rest
        end += len(rest)
    return figures


def _of(figures: NDArray[np.float32], kinds: Sequence[str]) -> NDArray[np.float32]:
    """(len(kinds), P, P) the figures of these kinds."""
    return figures[[NAMES.index(kind) for kind in kinds]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sparse:
    """The hashes of n articles as places in a matrix, in one row each; what only one of them has, has no column.

    Args:
        rows: Of each hash, all articles' one after the other.
        shared: Which of them several articles have.
        columns: Of those.
        shape: Of the matrix.
    """

    rows: NDArray[np.int64]
    shared: NDArray[np.bool_]
    columns: NDArray[np.int64]
    shape: tuple[int, int]

    @classmethod
    def of(cls, hashes: Sequence[NDArray[np.uint32]]) -> _Sparse:
        rows = np.repeat(np.arange(len(hashes)), [len(each) for each in hashes])
        _, inverse, counts = np.unique(np.concatenate(hashes), return_inverse=True, return_counts=True)
        several = counts > 1
        shared = several[inverse]
        columns = (np.cumsum(several) - 1)[inverse[shared]]
        return cls(rows=rows, shared=shared, columns=columns, shape=(len(hashes), max(1, int(several.sum()))))

    def products(self, values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Scalar products of all rows, and their squared lengths, with each of these in place of the hashes.

        Args:
            values: (v, m) as many as there are hashes in all.

        Returns:
            (v, n, n) and (v, n).
        """
        n = self.shape[0]
        # One matrix is filled again and again, always in the same places.
        matrix = np.zeros(self.shape, dtype=np.float32)
        places, filled = self.rows[self.shared] * self.shape[1] + self.columns, matrix.reshape(-1)
        products = np.empty((len(values), n, n), dtype=np.float32)
        for product, each in zip(products, values[:, self.shared], strict=True):
            filled[places] = each
            product[:] = _products(matrix)
        squares = np.stack([np.bincount(self.rows, each, n) for each in values * values]).astype(np.float32)
        return products, squares


def _products(rows: NDArray[np.float32]) -> Matrix:
    """Scalar products of all rows."""
    found: Matrix = np.zeros((len(rows), len(rows)), dtype=np.float32)
    for start in range(0, rows.shape[1], _COLUMNS):
        part = rows[:, start : start + _COLUMNS]
        found += part @ part.T
    return found


def _cosines(products: NDArray[np.float32], squares: NDArray[np.float32]) -> NDArray[np.float32]:
    """(v, n, n) cosines of all rows, 1 of each with itself, 0 of what is empty; of what `_Sparse.products` gives."""
    lengths = np.sqrt(squares) + _TINY
    cosines = products / (lengths[:, :, np.newaxis] * lengths[:, np.newaxis, :])
    own = np.arange(products.shape[1])
    cosines[:, own, own] = squares > 0
    return cosines


def _words(sketches: Sequence[Sketch], rare: Rarity) -> dict[str, Matrix]:
    """What follows from the words that two share."""
    terms = _Sparse.of([each.terms for each in sketches])
    counts = 1 + np.log(np.concatenate([each.counts for each in sketches]).astype(np.float32))
    named = np.concatenate([each.named for each in sketches])
    numbers = np.concatenate([each.numbers for each in sketches])
    weighted, root = counts * rare, np.sqrt(rare)
    values = (weighted, weighted * named, weighted * ~named, (1 + rare) * numbers, root, root * named)
    products, squares = terms.products(np.stack(values))
    likeness = _cosines(products[:4], squares[:4])
    shared, shares = _shared(products[4:], squares[4:])
    found = dict(zip(("terms", "names", "others", "numbers"), likeness, strict=True))
    found |= {"shared": np.log1p(shared[0]), "shared_share": shares[0], "names_share": shares[1]}
    n = len(sketches)
    has_names, has_numbers = np.bincount(terms.rows, named, n) > 0, np.bincount(terms.rows, numbers, n) > 0
    found["both_named"] = np.logical_and.outer(has_names, has_names).astype(np.float32)
    found["no_name_shared"] = found["both_named"] * (found["names"] < _LEAST)
    found["both_counted"] = np.logical_and.outer(has_numbers, has_numbers).astype(np.float32)
    found["no_number_shared"] = found["both_counted"] * (found["numbers"] < _LEAST)
    days = np.asarray([each.days for each in sketches])
    found["both_dated"] = np.logical_and.outer(days > 0, days > 0).astype(np.float32)
    found["no_day_shared"] = found["both_dated"] * (np.bitwise_and.outer(days, days) == 0)
    lengths = np.log1p(np.bincount(terms.rows, counts, n)).astype(np.float32)
    found["shorter"], found["longer"] = np.minimum.outer(lengths, lengths), np.maximum.outer(lengths, lengths)
    return found


def _shared(
    products: NDArray[np.float32], squares: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(v, n, n) how much two have in common, and what share of the one that has less."""
    own = np.arange(products.shape[1])
    products[:, own, own] = squares
    less = np.minimum(squares[:, :, np.newaxis], squares[:, np.newaxis, :])
    shares: NDArray[np.float32] = (products / (less + _TINY)).astype(np.float32)
    return products, shares


def _beside(likeness: NDArray[np.float32]) -> NDArray[np.float32]:
    """Relative to what each is, on average, to its nearest others: of each kind, to so many after so many.

    Args:
        likeness: (kinds, P, P).

    Returns:
        (kinds * len(_NEAREST), P, P), of each kind all of its own together.
    """
    n, most = likeness.shape[1], _NEAREST[-1]
    others = likeness.copy()
    others[:, np.arange(n), np.arange(n)] = -1
    near = np.partition(others, n - most, axis=2)[:, :, -most:] if n > most else others
    near = np.sort(near, axis=2)[:, :, ::-1]
    usual = np.stack([near[:, :, : max(1, min(k, n - 1))].mean(axis=2) for k in _NEAREST], axis=1)
    usual = np.sqrt(np.maximum(usual, _LEAST))  # (kinds, len(_NEAREST), P)
    relative: NDArray[np.float32] = likeness[:, np.newaxis] / (usual[..., :, np.newaxis] * usual[..., np.newaxis, :])
    return relative.reshape(-1, n, n)


def _company(likeness: NDArray[np.float32]) -> NDArray[np.float32]:
    """(kinds, P, P) how alike the two are in what they are like, whatever they are to each other."""
    likes = np.square(np.maximum(likeness, 0))
    own = np.arange(likes.shape[1])
    likes[:, own, own] = 0
    likes /= np.linalg.norm(likes, axis=2, keepdims=True) + _TINY
    return likes @ likes.transpose(0, 2, 1)


def _around(products: NDArray[np.float32], nearness: Matrix) -> NDArray[np.float32]:
    """Cosines of x - m and y - m, m halfway between the means of what is around x and around y.

    Args:
        products: (kinds, P, P) scalar products of unit vectors.
        nearness: By which it is told what is around each.

    Returns:
        (kinds * len(_NEIGHBOURS), P, P), of each kind as far around as that.
    """
    n = len(nearness)
    nearest = np.argsort(-nearness, axis=1, kind="stable")
    # What each counts in the mean around each, a row a mean. Where there are fewer, the mean is drawn towards nothing:
    # of two articles it would be halfway between them.
    among = np.zeros((len(_NEIGHBOURS), n, n), dtype=np.float32)
    for rows, k in zip(among, _NEIGHBOURS, strict=True):
        rows[np.arange(n)[:, np.newaxis], nearest[:, : k + 1]] = np.float32(1 / (k + 1))
    products = products[:, np.newaxis]  # (kinds, 1, P, P); from here on all are (kinds, len(_NEIGHBOURS), ...)
    to_means = products @ among.transpose(0, 2, 1)  # x_i m_j: not symmetric
    own = np.diagonal(to_means, axis1=2, axis2=3)
    middle = among @ to_means  # m_i m_j, then the square of what is halfway
    own_means = np.diagonal(middle, axis1=2, axis2=3).copy()
    middle += (own_means[..., :, np.newaxis] + own_means[..., np.newaxis, :]) / 2
    middle /= 2
    to_middle = (own[..., :, np.newaxis] + to_means) / 2
    lengths = middle - 2 * to_middle
    lengths += np.diagonal(products, axis1=2, axis2=3)[..., :, np.newaxis]
    apart = products + middle
    apart -= to_middle
    apart -= to_middle.swapaxes(2, 3)
    lengths = lengths * lengths.swapaxes(2, 3)
    apart /= np.sqrt(np.maximum(lengths, _NOTHING, out=lengths), out=lengths)
    return apart.reshape(-1, n, n)
