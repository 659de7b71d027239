"""What the chat needs from the flows."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Protocol

import bot.ports
from bot.flows.feedback import Noted
from bot.ports import Steers
from storage.domain.annotations import Category
from storage.domain.changes import Followed, Learned, Numbered, Unlearned, Wished
from storage.domain.dialogue import ConversationId, Reply, Sentence
from storage.domain.digests import Digest, DigestSettings
from storage.domain.evidence import EvidenceKind
from storage.domain.feedback import Thing
from storage.domain.follows import Follow, Update
from storage.domain.kinds import ArticleKind
from storage.domain.news import Article, ArticleId, Feed, IngestReport
from storage.domain.people import ReaderId
from storage.domain.progress import Progress
from storage.domain.stories import HotStories, Page, StoryId

ReadArticle = Callable[[ArticleId], Awaitable[Article | None]]
"""The article with that id, `None` where it went away."""


class Asks(Protocol):
    """Answers questions."""

    def ask(
        self,
        text: str,
        *,
        reader: ReaderId,
        conversation: ConversationId,
        language: str | None = None,
        zone: tzinfo | None = None,
    ) -> AsyncGenerator[Sentence | Reply, None]:
        """Sentences as they are ready, then the whole reply; days of `zone`, by default this machine's.

        Raises:
            InputError: The question is empty or too long.
        """
        ...


class SourceList(Protocol):
    """The feeds a reader reads."""

    async def list(self, reader: ReaderId) -> Sequence[Feed]:
        """In the order the numbers of `remove` count, from 1."""
        ...

    async def add(self, reader: ReaderId, url: str) -> Feed:
        """Add the feed at `url`, or the one the page there names.

        Raises:
            InputError: It is no address, or is there already.
            FeedError: No feed could be read there.
        """
        ...

    async def remove(self, reader: ReaderId, which: str) -> Feed:
        """Remove a feed by its address, its number in `list`, or its name or a part of it.

        Raises:
            InputError: There is no such feed, or more than one.
        """
        ...


class NewsCounts(Protocol):
    """What can be asked about at the moment."""

    @property
    def articles(self) -> int: ...

    @property
    def sources(self) -> int:
        """How many outlets the articles come from."""
        ...

    @property
    def newest(self) -> datetime | None:
        """When the newest article that carries a date was published."""
        ...

    @property
    def sample(self) -> bool:
        """Whether all there is is the sample edition."""
        ...


class News(Protocol):
    """Brings news in."""

    async def round(self, progress: Progress) -> IngestReport:
        """Read the feeds that are due and bring the indexes up to date."""
        ...

    async def visit(self, feeds: Sequence[Feed], progress: Progress) -> IngestReport:
        """Read these feeds now, and bring the indexes up to date."""
        ...

    async def counts(self, reader: ReaderId) -> NewsCounts:
        """What `reader` can ask about, other readers' own sources left out."""
        ...

    async def empty(self, reader: ReaderId) -> bool:
        """Whether that is nothing at all."""
        ...

    async def waiting(self) -> int:
        """How many articles are stored and cannot be found yet."""
        ...


class Latest(Protocol):
    """Lists the newest stories."""

    async def reply(self, topic: str, *, reader: ReaderId, language: str, shown: Collection[ArticleId] = ()) -> Reply:
        """The newest stories but those `shown`, of a topic or of everything; a refusal where there are none."""
        ...


class Hot(Protocol):
    """Lists what is hot."""

    async def list(
        self, *, reader: ReaderId, language: str, category: Category | None = None, k: int = ...
    ) -> HotStories:
        """So many of the hottest stories, the hottest first, told in `language` where an article of theirs is in it.

        Of a subject, where one is given.
        """
        ...

    async def of(self, articles: Sequence[ArticleId]) -> Mapping[ArticleId, StoryId]:
        """Which of these articles are in a story, and in which."""
        ...


class Briefs(Protocol):
    """Stories at a glance."""

    async def about(self, topic: str, *, reader: ReaderId, language: str) -> Page:
        """The page of a story, by its number or by any words.

        Raises:
            InputError: The topic has no words, or too many.
        """
        ...

    async def look(self, reader: ReaderId, page: Page) -> None:
        """Take down that a reader looked at a page."""
        ...


class Digests(Protocol):
    """What a reader should read, and when to show it."""

    async def now(self, reader: ReaderId | None, language: str, *, kinds: tuple[ArticleKind, ...] = ()) -> Digest:
        """What they should read now, of these kinds, where any are named."""
        ...

    async def show(self, digest: Digest) -> None:
        """Take down that they were shown it."""
        ...

    async def due_for(self, reader: ReaderId) -> Digest | None:
        """The digest that is due, for the caller to show: no other call returns the same."""
        ...

    async def settings(self, reader: ReaderId, language: str) -> DigestSettings: ...

    async def wish(self, reader: ReaderId, text: str, language: str) -> Wished:
        """Take down how they want them from now on.

        Raises:
            InputError: Something of it is not understood, or cannot be.
        """
        ...


class Follows(Protocol):
    """What a reader follows."""

    async def list(self, reader: ReaderId) -> Sequence[Follow]:
        """The longest followed first."""
        ...

    async def follow(self, reader: ReaderId, wanted: str, language: str) -> Followed:
        """Follow a story, by its number, or a topic.

        Raises:
            InputError: There is nothing to follow, it is followed already, or too much is.
        """
        ...

    async def unfollow(self, reader: ReaderId, wanted: str) -> Sequence[Follow]:
        """Follow it no longer.

        Raises:
            InputError: There is no such follow.
        """
        ...

    async def updates(self, reader: ReaderId) -> Sequence[Update]:
        """What is new of all that they follow; no call returns the same again."""
        ...


class Alerts(Protocol):
    """Finds what breaks."""

    async def due_for(self, reader: ReaderId) -> Digest | None:
        """What breaks for a reader who wants to be told at once; no call returns the same again."""
        ...


class Learn(Steers, Protocol):
    """Steers a reader's interests at once."""

    async def make(self, change: Learned | Unlearned | Numbered) -> None:
        """Change it now."""
        ...

    async def opened(self, reader: ReaderId, article: ArticleId) -> None:
        """Take down that a reader opened an article."""
        ...


class OwnData(bot.ports.OwnData, Protocol):
    """Gives readers all that is kept of them, and forgets it at once."""

    async def forget(self, reader: ReaderId) -> dict[str, int]:
        """Forget a reader; how many rows of what that were."""
        ...

    async def finish(self) -> bool:
        """Rid the files of who was forgotten; whether it is done.

        Raises:
            StorageError: It cannot be done now.
        """
        ...


class Rates(Protocol):
    """Tells what it changes that a reader says something of a thing."""

    async def rated(self, reader: ReaderId, thing: Thing, kind: EvidenceKind, *, stays: bool = False) -> Noted:
        """That it is noted; said once more, that it is taken back, or `stays` said."""
        ...


class Forget(Protocol):
    """Drops what is remembered of a conversation."""

    async def forget(self, conversation: ConversationId) -> None: ...
