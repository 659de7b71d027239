"""What the commands about stories have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.console import progress_bar, warn
from bot.waiting import untold
from storage.errors import TidingsError

if TYPE_CHECKING:
    from bot.app import App


async def level_stories(app: App) -> None:
    """Put what came in into stories; where that cannot be done, say why and go on with those that are known."""
    try:
        with progress_bar() as progress:
            await app.topics.follow(progress)
    except TidingsError as error:
        warn(f"the newest articles are in no story yet: {error}")
    else:
        if waiting := await app.topics.behind():
            warn(untold(waiting))
