"""How long work says how far it is. One shape for all of it, so that whoever does it need not know who watches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[str, int, int | None], None]
"""Called with what is being done, how much is done, and of how many where that is known; from any thread.

What is being done is one of `INDEXES` where an index is filled, otherwise the name of what was just read.
"""


@dataclass(slots=True)
class LastTold:
    """Progress that somebody may look at later: how far the work was when it last said so; `None` before it did."""

    told: tuple[str, int, int | None] | None = None

    def __call__(self, what: str, done: int, of: int | None) -> None:
        """Keep it."""
        self.told = (what, done, of)


INDEXES = frozenset({"lexical", "dense"})
"""What the filling of an index is called."""
