"""Stories that a digest is filled with though they are far from all that its reader turns to. Pure.

Of somebody who told two things, little of a day's news is about either. A digest that is shorter is worth more to them
than one that is full.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.explain import LEAST_ALIKE
from retrieval.interests.features import cosines
from retrieval.interests.readers import Readers, units
from retrieval.interests.stories import Stories

# By the encoder that ships: of seven things told in a word or two, stories about them were at cosines of 0.2 to 0.5,
# others mostly below 0.2. What is nearer than that is not said to be about it yet; see `LEAST_ALIKE`.
_FAR = 0.2

Indices = NDArray[np.int64]


def far(
    readers: Readers, stories: Stories, chosen: Indices, if_near: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """(r, k): which of its stories, (r, k), are near no interest of a reader, nor of a subject that they turn to.

    To somebody who turns to nothing, nothing is far.

    Args:
        readers: r of them.
        stories: n of them; subjects in the order of the readers' columns.
        chosen: Which of them each reader's are, -1 where there is none.
        if_near: (n,), which are far unless an interest is a reason for them, or both it and their subject nearly are.
    """
    at, wanted = np.maximum(chosen, 0), readers.masses.shape[1]
    alike = cosines(units(readers.vectors[:, :wanted]), stories.vectors, at).max(axis=1)
    lifts = np.pad(readers.subjects, ((0, 0), (0, 1)))
    turned_to = np.take_along_axis(lifts, stories.subject_columns[at], axis=1) > 0
    known = readers.masses.any(axis=1, keepdims=True)
    distant = (alike < _FAR) & ~turned_to
    if if_near is not None:
        distant |= if_near[at] & (alike < LEAST_ALIKE) & ((alike < _FAR) | ~turned_to)
    return np.asarray(known & distant & (chosen >= 0))


def without_fillers(
    far: NDArray[np.bool_], chosen: Indices, filled: Indices, unfit: NDArray[np.bool_] | None = None
) -> Indices:
    """(r, k): the places of what stays, in order, and then -1: what is far is dropped beyond what fills so many.

    Args:
        far: (r, k), which are.
        chosen: (r, k), -1 where there is none.
        filled: (r,), up to so many are shown however far they are.
        unfit: (r, k), of what is far, which fills none; all may where not given.
    """
    near = (chosen >= 0) & ~far
    filling = far if unfit is None else far & ~unfit
    room = np.maximum(0, filled - near.sum(axis=1))[:, None]
    kept = near | (filling & (np.cumsum(filling, axis=1) <= room))
    order = np.argsort(~kept, axis=1, kind="stable")
    return np.where(np.take_along_axis(kept, order, axis=1), order, -1)
