"""How an instance is doing, in numbers that tell of nobody in particular."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.domain.news import FeedStatus
from storage.domain.times import require_aware


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What waits in an instance, and how its feeds stand; asked for again and again.

    Args:
        oldest_update: When the first was received that is to be dealt with, if any is.
        oldest_message: When the first was enqueued that may be sent, if any is.
        feeds: How many, by how they stood when last looked at.
    """

    oldest_update: datetime | None
    oldest_message: datetime | None
    feeds: Mapping[FeedStatus, int]

    def __post_init__(self) -> None:
        require_aware(self.oldest_update, "oldest_update")
        require_aware(self.oldest_message, "oldest_message")
