"""What can be said of what was shown: that it is liked or not, that more of it is wanted, that one of it be opened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
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


@dataclass(frozen=True, kw_only=True)
class Forms:
    """How things are said in a language: each act, with what may stand before and after it."""

    forms: Mapping[Act, str]
    before: str
    after: str

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """What finds each, in the order in which they are tried; made when it is first needed, which takes 0.15 s."""
        made = {act: re.compile(f"{self.before}(?:{self.forms[act]}){self.after}") for act in _ORDER}
        return tuple((act, pattern, act not in _JUDGES) for act, pattern in made.items())
