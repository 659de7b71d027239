"""Letting go what is older than this instance is to keep it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.flows.ports import RetentionShelf
from storage.domain.times import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Lets go what is old.

    Args:
        shelf: Where it is kept.
        articles: How long articles are kept after they came in; none for good.
        talk: How long what readers asked and were answered is kept; none for good.
    """

    shelf: RetentionShelf
    clock: Clock
    articles: timedelta | None = None
    talk: timedelta | None = None

    async def drop_articles(self) -> int:
        """Let some thousand old articles go; how many, 0 once none is left."""
        return 0 if self.articles is None else await self.shelf.drop_articles(self.articles)

    async def drop_talk(self) -> int:
        """Let go what readers asked too long ago; how many questions."""
        return 0 if self.talk is None else await self.shelf.drop_talk(self.clock() - self.talk)
