"""How an instance is doing, in numbers that tell of nobody in particular."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """An instance at some time.

    Args:
        readers: Known, by what they asked, set or follow.
        active_today: Who asked something that day (UTC).
        active_week: And in the seven days to it.
        questions_today: Asked that day.
        questions_week: And in the seven days to it.
        refused_today: Beyond a budget, that day.
        tokens_today: That a language model read and wrote that day.
        tokens_week: And in the seven days to it.
        digests: Readers who get some.
        unreachable: Chats that could not be reached last.
        waiting: Updates that are to be dealt with.
        set_aside: Updates of the last week that could not be.
        outgoing: Messages of the last week, by the state they are in.
        articles: Kept.
        feeds: Read.
        failing: Of these.
    """

    readers: int
    active_today: int
    active_week: int
    questions_today: int
    questions_week: int
    refused_today: int
    tokens_today: int
    tokens_week: int
    digests: int
    unreachable: int
    waiting: int
    set_aside: int
    outgoing: Mapping[str, int]
    articles: int
    feeds: int
    failing: int
