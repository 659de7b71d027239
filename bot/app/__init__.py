"""The composition root: the only package that names the concrete classes of all four packages.

Nothing is built before it is asked for, so that `tidings feeds list` loads no model and opens no index. What an
instance is made of stands in the order in which it is built, each module on the one before: `stores`, `finding`,
`telling`, `knowing`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from bot.app.finding import USER_AGENT
from bot.app.knowing import Knowing
from bot.app.stores import shipped, utc_now
from bot.flows.statements import make_ready
from bot.settings import Settings
from storage.domain.times import Clock
from storage.errors import GenerationError, IndexUnavailable, SettingsError, StorageError

__all__ = ["USER_AGENT", "App", "open_app", "shipped", "utc_now"]

log = logging.getLogger(__name__)


@asynccontextmanager
async def open_app(settings: Settings, clock: Clock = utc_now) -> AsyncIterator[App]:
    """The instance the settings describe, its database migrated; closed in reverse of how it was built.

    Args:
        settings: Of the instance.
        clock: Gives the present; a replay gives another.

    Raises:
        StorageError: The database cannot be used.
    """
    home = settings.home
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError("TIDINGS_HOME", f"{home} cannot be made: {error.strerror}") from error
    async with AsyncExitStack() as closing:
        app = App(settings, closing, clock)
        closing.push_async_callback(app.database.close)
        await app.database.migrate()
        yield app


class App(Knowing):
    """One instance of Tidings, its parts built when they are first used."""

    async def begin(self) -> None:
        """Give a new instance its first feeds: those of TIDINGS_FEEDS, or the shipped list."""
        from retrieval.ingest.opml import read_opml

        path = self.settings.feeds or shipped("feeds.opml")
        if await self.feeds.known():
            return
        try:
            feeds, failed = read_opml(path.read_bytes(), path.name)
        except OSError as error:
            raise SettingsError("TIDINGS_FEEDS", f"{path} cannot be read: {error.strerror}") from error
        if failed and not feeds:
            raise SettingsError("TIDINGS_FEEDS", f"{path}: {failed[0].error}")
        for failure in failed:
            log.warning("feed_unreadable", extra={"feed": failure.url, "reason": failure.error})
        await self.feeds.add(feeds)

    async def warm(self) -> None:
        """Load what answering needs, side by side; what cannot be loaded says so when it is used."""
        understanding = asyncio.to_thread(make_ready)
        parts = (self.spaces.warm(), self.lexical.warm(), self.load_model(), self.warm_quoting(), understanding)
        await asyncio.gather(*parts, return_exceptions=True)

    async def load_model(self) -> None:
        """Load the language model, if there is one, so that no reader waits for it; one that cannot be is logged."""
        if self.model is None:
            return
        try:
            await self.model.load()
        except GenerationError as error:
            log.warning("model_not_loaded", extra={"model": self.model.name, "reason": error.reason})

    async def ready(self) -> Mapping[str, bool]:
        """What answering stands on, and whether each can be used now."""
        return {
            **await self.remembers(),
            "lexical": await _usable(self.lexical.count()),
            "dense": await _usable(self._dense_count()),
        }

    async def remembers(self) -> Mapping[str, bool]:
        """What receiving and sending stand on, and whether it can be used now."""
        return {"database": await _usable(self.articles.passage_count())}

    async def _dense_count(self) -> int:
        return await (await self.spaces.current()).dense.count()


async def _usable(use: Awaitable[int]) -> bool:
    try:
        await use
    except (StorageError, IndexUnavailable):
        return False
    return True
