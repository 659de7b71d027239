"""A few dozen articles held against each other: for each two, what speaks for and against their being one event.

What is common to all of a neighbourhood tells nothing there: of two check-ins to a clinic the names tell, of two
meetings of one minister the days. So likenesses are also taken relative to those of the nearest others (as CSLS does:
Conneau et al., ICLR 2018), by what else two articles are like, and after their neighbourhood's own mean is taken away.
All of that follows from the scalar products, so that the cost is that of a few small matrix products.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    words = _words(sketches, rarity)
    pairs = _Sparse.of([each.pairs for each in sketches])
    found: dict[str, Matrix] = {
        "meaning": vectors @ vectors.T,
        **words,
        "pairs": pairs.cosines(pair_rarity),
    }
    for kind in _BESIDE:
        for k, relative in zip(_NEAREST, _beside(found[kind]), strict=True):
            found[f"{kind}_beside_{k}"] = relative
    for kind in _COMPANY:
        found[f"{kind}_company"] = _company(found[kind])
    nearest = np.argsort(-(found["meaning"] + found["terms"]), axis=1, kind="stable")
    for k in _NEIGHBOURS:
        # Where there are fewer, the mean is drawn towards nothing: of two articles it would be halfway between them.
        among = np.zeros_like(vectors, shape=(len(sketches), len(sketches)))
        among[np.arange(len(sketches))[:, np.newaxis], nearest[:, : k + 1]] = np.float32(1 / (k + 1))
        for kind in _AROUND:
            found[f"{kind}_around_{k}"] = _around(found[kind], among)
    return np.stack([found[name] for name in NAMES])


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

    def products(self, values: NDArray[np.float32]) -> tuple[Matrix, NDArray[np.float32]]:
        """Scalar products of all rows, and (n,) their squared lengths, with these values in place of the hashes."""
        matrix = np.zeros(self.shape, dtype=np.float32)
        matrix[self.rows[self.shared], self.columns] = values[self.shared]
        squares = np.bincount(self.rows, values * values, self.shape[0]).astype(np.float32)
        products: Matrix = matrix @ matrix.T
        return products, squares

    def cosines(self, values: NDArray[np.float32]) -> Matrix:
        """Cosines of all rows, 1 of each with itself, 0 of what is empty."""
        products, squares = self.products(values)
        lengths = np.sqrt(squares) + _TINY
        cosines: Matrix = np.asarray(products / np.multiply.outer(lengths, lengths), dtype=np.float32)
        np.fill_diagonal(cosines, squares > 0)
        return cosines


def _words(sketches: Sequence[Sketch], rare: Rarity) -> dict[str, Matrix]:
    """What follows from the words that two share."""
    terms = _Sparse.of([each.terms for each in sketches])
    counts = 1 + np.log(np.concatenate([each.counts for each in sketches]).astype(np.float32))
    named = np.concatenate([each.named for each in sketches])
    numbers = np.concatenate([each.numbers for each in sketches])
    weighted, root = counts * rare, np.sqrt(rare)
    shared, shared_share = _shared(terms, root)
    found = {
        "terms": terms.cosines(weighted),
        "names": terms.cosines(weighted * named),
        "others": terms.cosines(weighted * ~named),
        "numbers": terms.cosines((1 + rare) * numbers),
        "shared": np.log1p(shared),
        "shared_share": shared_share,
        "names_share": _shared(terms, root * named)[1],
    }
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


def _shared(terms: _Sparse, values: NDArray[np.float32]) -> tuple[Matrix, Matrix]:
    """How much two have in common, and what share of the one that has less."""
    products, squares = terms.products(values)
    np.fill_diagonal(products, squares)
    share: Matrix = np.asarray(products / (np.minimum.outer(squares, squares) + _TINY), dtype=np.float32)
    return products, share


def _beside(likeness: Matrix) -> Iterator[Matrix]:
    """Relative to what each is, on average, to its nearest others."""
    n, most = len(likeness), _NEAREST[-1]
    others = likeness.copy()
    np.fill_diagonal(others, -1)
    near = np.partition(others, n - most, axis=1)[:, -most:] if n > most else others
    near = np.sort(near, axis=1)[:, ::-1]
    for k in _NEAREST:
        usual = np.sqrt(np.maximum(near[:, : max(1, min(k, n - 1))].mean(axis=1), _LEAST))
        yield likeness / np.multiply.outer(usual, usual)


def _company(likeness: Matrix) -> Matrix:
    """How alike the two are in what they are like, whatever they are to each other."""
    likes = np.square(np.maximum(likeness, 0))
    np.fill_diagonal(likes, 0)
    likes /= np.linalg.norm(likes, axis=1, keepdims=True) + _TINY
    return likes @ likes.T


def _around(products: Matrix, among: NDArray[np.float32]) -> Matrix:
    """Cosines of x - m and y - m, m halfway between the means of what is around x and around y.

    Args:
        products: Scalar products of unit vectors.
        among: (P, P) what each counts in the mean around each, a row a mean.
    """
    to_means = products @ among.T  # (P, P), x_i m_j: not symmetric
    own, own_means = np.diag(to_means), np.einsum("ij,ji->i", among, to_means)
    middle = among @ to_means  # m_i m_j, then the square of what is halfway
    middle += (np.add.outer(own_means, own_means)) / 2
    middle /= 2
    to_middle = (own[:, np.newaxis] + to_means) / 2
    lengths = middle - 2 * to_middle
    lengths += np.diag(products)[:, np.newaxis]
    apart = products + middle
    apart -= to_middle
    apart -= to_middle.T
    lengths *= lengths.T.copy()
    found: Matrix = apart / np.sqrt(np.maximum(lengths, _NOTHING))
    return found
