"""What may be wished for where no question is asked, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from storage.domain.dialogue import Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest stories, of `topic` where it is not empty; the `hottest` before the newest, where that is meant.

    Of a topic, only where it is one of the subjects that news are sorted by.
    """

    topic: str
    language: Literal["en", "zh"]
    hottest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Something said to the bot rather than asked of the news."""

    remark: Remark
    language: Literal["en", "zh"]


Wish = Newest | Word
