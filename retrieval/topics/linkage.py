"""Articles into parts by average linkage: the two parts that are likest on average are joined while they are alike.

The parts need not be known in number, and one doubtful pair joins nothing: it is outvoted by the other pairs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def linked(odds: NDArray[np.float32]) -> list[list[int]]:
    """The parts, in the order of their first members; members ascend.

    Args:
        odds: (n, n) symmetric: the log-odds that i and j belong together. Parts are joined while their mean is above 0.
            The diagonal is not looked at.
    """
    n = len(odds)
    sums = odds.astype(np.float64)
    sizes = np.ones(n)
    means = sums.copy()
    np.fill_diagonal(means, -np.inf)
    # What is part of another by now is joined no more.
    gone = np.zeros(n)
    parts: dict[int, list[int]] = {each: [each] for each in range(n)}
    while n > 1:
        a, b = sorted(divmod(int(means.argmax()), n))
        if means[a, b] <= 0:
            break
        parts[a] += parts.pop(b)
        sums[a] += sums[b]
        sums[:, a] = sums[a]
        sizes[a] += sizes[b]
        gone[b] = -np.inf
        mean = sums[a] / (sizes[a] * sizes) + gone
        mean[a] = -np.inf
        means[a] = means[:, a] = mean
        means[b] = means[:, b] = -np.inf
    return [sorted(part) for part in sorted(parts.values(), key=min)]
