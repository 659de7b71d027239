"""A change of encoder as people are told of it: from which to which, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.console import counted

if TYPE_CHECKING:
    from bot.app import App

HOW_TO_FINISH = "`tidings chat` and `serve` go on with it in the background, `tidings reindex` does it now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switching:
    """Searches use `serving` while passages get vectors of `coming`: `done` of `stored` have one."""

    serving: str
    coming: str
    done: int
    stored: int

    def __str__(self) -> str:
        return f"from {self.serving} to {self.coming}: {self.done:,} of {counted(self.stored, 'passage')}"


async def switching(app: App) -> Switching | None:
    """The change of encoder that is under way, or to come; `None` where searches use what the settings name.

    Raises:
        StorageError: The database cannot be read.
    """
    plan = await app.spaces.plan()
    if plan.coming is None:
        return None
    counts = await app.articles.counts()
    done = counts.vectors.get(plan.coming.name, 0)
    return Switching(serving=plan.serving.name, coming=plan.coming.name, done=done, stored=counts.passages)
