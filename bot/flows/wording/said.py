"""What can be said of what was shown: that it is liked or not, that more of it is wanted, that one of it be opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Act = Literal["like", "dislike", "wrong", "more", "less", "undo", "brief", "open", "why", "follow", "next"]
"""What is said or wished: `wrong` is a dislike of what is not so, `next` wants what comes after what was shown."""
RATINGS = frozenset(("like", "dislike", "wrong", "more", "less"))
"""Those that say something of it."""
MAY_ASK = frozenset(("brief", "open", "why"))
"""Those that may be a question, where nothing shown has the number: things in the news are called so, too."""
LAST = -1
"""Stands for the last of what was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something that is said of what was shown.

    Args:
        act: What.
        number: Of which of its things, from 1, or `LAST`; `None` where that is all of it, or what is pointed at.
    """

    act: Act
    number: int | None = None
