"""What every part of an instance stands on: its settings, the present, and what it remembers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import cached_property, partial
from importlib import resources
from pathlib import Path
from typing import TypeVar

from bot.settings import Settings
from bot.watching.meter import Meter, Unwatched
from storage.addresses import file_url, is_same_file, keys_url
from storage.articles import ArticleStore
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.domain.times import Clock
from storage.errors import SettingsError
from storage.feeds import FeedStore
from storage.follows import FollowStore
from storage.keys import Keys
from storage.retention import RetentionStore
from storage.stories import StoryStore

P = TypeVar("P")


def utc_now() -> datetime:
    """The present."""
    return datetime.now(UTC)


class Stores:
    """What we remember.

    Args:
        closing: Where each part that holds something leaves how to let go of it.
        clock: Gives the present.
    """

    def __init__(self, settings: Settings, closing: AsyncExitStack, clock: Clock = utc_now) -> None:
        self.settings, self.clock = settings, clock
        self._closing = closing
        self._home = settings.home

    @property
    def _url(self) -> str:
        return self.settings.database_url or file_url((self._home / "tidings.db").absolute())

    @cached_property
    def database(self) -> Database:
        return Database(self._url, keys=self.keys_of(self._url))

    @cached_property
    def heart(self) -> Database:
        """The same, by a connection that nobody else waits for."""
        heart = Database(self._url)
        self._closing.push_async_callback(heart.close)
        return heart

    @cached_property
    def meter(self) -> Meter:
        """Where it is taken down what an operator watches; nowhere unless the settings want it."""
        if self.settings.metrics_token is None:
            return Unwatched()
        from bot.watching.prometheus import PrometheusMeter

        return PrometheusMeter()

    @cached_property
    def articles(self) -> ArticleStore:
        return ArticleStore(self.database)

    @cached_property
    def stories(self) -> StoryStore:
        return StoryStore(self.database)

    @cached_property
    def feeds(self) -> FeedStore:
        return FeedStore(self.database)

    @cached_property
    def dialogues(self) -> DialogueStore:
        return DialogueStore(self.database)

    @cached_property
    def dropped(self) -> RetentionStore:
        return RetentionStore(self.database)

    @cached_property
    def follows(self) -> FollowStore:
        return FollowStore(self.database)

    def keys_in(self, url: str, *, reads: bool = False) -> Keys:
        """The keys that are kept there, by this instance's secret; only read, where that is all that is wanted."""
        secret = self.settings.keys_secret
        return Keys(partial(Database, url), None if secret is None else secret.get_secret_value(), reads=reads)

    def keys_of(self, url: str) -> Keys:
        """Those of what is sealed in the database of that URL.

        Raises:
            SettingsError: They are to be in that same file, of which backups are made.
        """
        given = self.settings.keys_url
        if given and is_same_file(given, url):
            raise SettingsError(
                "TIDINGS_KEYS_URL",
                "names the database itself, with which backups would hold the keys; name another file",
            )
        keys = self.keys_in(given or keys_url(url))
        self._closing.push_async_callback(keys.close)
        return keys

    def _closed_by(self, part: P, close: Callable[[P], None]) -> P:
        self._closing.callback(close, part)
        return part


def shipped(name: str) -> Path:
    """A data file that ships with Tidings."""
    return Path(str(resources.files("bot").joinpath("data", name)))
