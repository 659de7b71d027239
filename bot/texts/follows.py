"""What is said of what a reader follows, wherever it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from bot.texts import say
from storage.domain.follows import Follow


def called(held: Sequence[Follow], language: str | None) -> str:
    """What is followed, as it is called: the names of several, one quoted after the other."""
    return say(language, "follow_between").join(each.words for each in held)
