"""What a command that looks something up lacks: news, or the indexes by which they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.switching import HOW_TO_FINISH, switching
from bot.texts import say
from bot.waiting import unindexed
from storage.errors import IndexUnavailable

if TYPE_CHECKING:
    from bot.app import App


async def no_news(app: App, language: str | None) -> str | None:
    """That no news is in at all, and how to get some; `None` where some is."""
    return None if await app.articles.passage_count() else say(language, "cli_no_news")


async def lacks(app: App, language: str | None = None) -> tuple[str, ...]:
    """What was looked in may be nothing, or, after a restore or a change of encoder, less than what is stored."""
    if nothing := await no_news(app, language):
        return (nothing,)
    found, stored = [], await app.articles.passage_count()
    if waiting := await app.news.waiting():
        found.append(unindexed(waiting))
    for name, index in () if waiting else (("words", app.lexical), ("meaning", (await app.spaces.current()).dense)):
        try:
            held = await index.count()
        except IndexUnavailable as error:
            found.append(f"{error}; `tidings reindex` makes it anew")
        else:
            if held < stored:
                found.append(
                    f"the index of {name} holds {held:,} of {stored:,} passages; `tidings reindex` completes it"
                )
    change = await switching(app)
    if change is not None:
        found.append(f"the encoder changes {change}; {HOW_TO_FINISH}")
    return tuple(found)
