"""What readers are not to be shown, because they want to hear no more of it. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from retrieval.interests.profile import BOUNDS
from retrieval.interests.readers import Readers, units
from retrieval.interests.stories import Stories

# So many muted things are compared with all stories at once, for memory's sake.
_BLOCK = 1024
# Cosines to one and the same direction may differ by rounding.
_ROUNDING = np.float32(1e-5)


def hidden(readers: Readers, stories: Stories) -> NDArray[np.bool_]:
    """(r, n): what belongs to something that a reader muted, and is no nearer to anything that they want."""
    found = np.zeros((len(readers), len(stories)), dtype=np.bool_)
    rows, places = np.nonzero(readers.muted.any(axis=2))
    for start in range(0, len(rows), _BLOCK):
        block = slice(start, start + _BLOCK)
        owners, firsts = np.unique(rows[block], return_index=True)
        cosines = readers.muted[rows[block], places[block]] @ stories.vectors.T
        cosines = np.maximum.reduceat(cosines, firsts)
        near = cosines >= BOUNDS.alike
        # Few stories belong to what somebody muted: only those are compared with what they want.
        for at in np.flatnonzero(near.any(axis=1)):
            columns = np.flatnonzero(near[at])
            wanted = (units(readers.centres[owners[at]]) @ stories.vectors[columns].T).max(axis=0)
            found[owners[at], columns] |= wanted <= cosines[at, columns] + _ROUNDING
    return found
