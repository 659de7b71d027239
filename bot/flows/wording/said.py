"""What can be said of what was shown: that it is liked or not, that more of it is wanted, that one of it be opened."""

from __future__ import annotations

import re
from collections.abc import Mapping
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


Pattern = tuple[Act, re.Pattern[str], bool]
"""What says something, and whether it may have the form of a question."""
# In the order in which they are tried; what judges is no question.
_ORDER: tuple[Act, ...] = (
    "undo", "more", "less", "wrong", "dislike", "like", "why", "follow", "open", "brief", "next"
)  # fmt: skip
_JUDGES = frozenset(("undo", "wrong", "dislike", "like"))


def patterns(forms: Mapping[Act, str], before: str, after: str) -> tuple[Pattern, ...]:
    """What finds each of the forms, with what may stand before and after it, in the order in which they are tried."""
    return tuple((act, re.compile(f"{before}(?:{forms[act]}){after}"), act not in _JUDGES) for act in _ORDER)
