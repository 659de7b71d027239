"""What the Telegram side asks of the flows."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Protocol

from bot.flows.feed_lists import Taken
from bot.flows.find import Finding
from bot.flows.summarize import Summarized
from storage.domain.annotations import Category
from storage.domain.changes import Followed, Looked, Wished
from storage.domain.dialogue import Answer, ConversationId, Reply, Sentence
from storage.domain.digests import Digest, DigestSettings
from storage.domain.follows import Follow
from storage.domain.interests import Interests
from storage.domain.kinds import ArticleKind
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.domain.stories import HotStories, Page
from storage.domain.summaries import Document, GivenDocument


class AnswersAbout(Protocol):
    """Answers what is asked of a document as it is handed over."""

    async def about(self, text: str, given: GivenDocument, *, language: str | None) -> Answer:
        """What the document says on it; a refusal where it does not.

        Raises:
            InputError: The question is empty or too long.
        """
        ...


class Converse(AnswersAbout, Protocol):
    """Answers questions."""

    def answer(
        self,
        text: str,
        *,
        reader: ReaderId | None,
        conversation: ConversationId | None,
        language: str | None,
        zone: tzinfo,
    ) -> AsyncGenerator[Sentence | Reply, None]:
        """Sentences as they are ready, then the whole reply; days of `zone`. The turn is not recorded.

        Raises:
            InputError: The question is empty or too long.
        """
        ...


class Latest(Protocol):
    """The newest stories."""

    async def reply(self, topic: str = "", *, reader: ReaderId | None, language: str) -> Reply:
        """Those of `topic`, of everything where it is empty; a refusal where there are none."""
        ...


class Hot(Protocol):
    """What is hot."""

    async def list(self, *, reader: ReaderId | None, language: str, category: Category | None = None) -> HotStories:
        """The hottest stories, the hottest first, told in `language` where an article of theirs is in it.

        Of a subject, where one is given.
        """
        ...


class Finds(Protocol):
    """Looks words up."""

    async def articles(self, words: str, *, reader: ReaderId | None) -> Finding:
        """Articles that a reader may see, the best first; none is a result.

        Raises:
            InputError: There are no words, or too many.
        """
        ...


class Briefs(Protocol):
    """Stories at a glance."""

    async def about(self, topic: str, *, reader: ReaderId | None, language: str) -> Page:
        """The page of a story, by its number or by any words.

        Raises:
            InputError: The topic has no words, or too many.
        """
        ...

    def looked(self, reader: ReaderId, page: Page) -> tuple[Looked, ...]:
        """That a reader looked at a page; nothing where it is no story's."""
        ...


class Digests(Protocol):
    """What a reader should read, and when to send it."""

    async def now(self, reader: ReaderId | None, language: str, *, kinds: tuple[ArticleKind, ...] = ()) -> Digest:
        """What they should read now, of these kinds, where any are named.

        Raises:
            EncoderUnavailable: The model cannot be loaded.
        """
        ...

    async def settings(self, reader: ReaderId, language: str) -> DigestSettings:
        """How they want them; how everybody does at first where they never said."""
        ...

    async def to_wish(self, reader: ReaderId, text: str, language: str) -> Wished:
        """What it changes that they write how they want them.

        Raises:
            InputError: Something of it is not understood, or cannot be.
        """
        ...


class Follows(Protocol):
    """What a reader follows."""

    async def list(self, reader: ReaderId) -> Sequence[Follow]:
        """The longest followed first."""
        ...

    async def to_follow(self, reader: ReaderId, wanted: str, language: str) -> Followed:
        """What following a story, by its number, or a topic changes.

        Raises:
            InputError: There is nothing to follow, it is followed already, or too much is.
        """
        ...

    async def to_unfollow(self, reader: ReaderId, wanted: str) -> Sequence[Follow]:
        """The one that is meant.

        Raises:
            InputError: There is no such follow.
        """
        ...


class Summarize(Protocol):
    """Reads what is handed over, and sums it up."""

    async def page(self, url: str) -> Summarized:
        """Of a web address.

        Raises:
            FeedError: It cannot be read, or tells nothing.
        """
        ...

    async def stored(self, path: Path, name: str) -> Summarized:
        """Of a file that is called so, wherever it lies.

        Raises:
            ParseError: It cannot be read, or tells nothing.
        """
        ...

    async def of(self, document: Document, called: str) -> Summarized:
        """Of a document that is read already.

        Raises:
            ParseError: It tells nothing.
        """
        ...


class Sources(Protocol):
    """A reader's feeds."""

    async def list(self, reader: ReaderId | None) -> Sequence[Feed]: ...

    async def to_add(self, reader: ReaderId | None, url: str) -> Feed:
        """The feed at `url`, which they do not have yet.

        Raises:
            InputError: It is no address, or the feed is there already.
            FeedError: No feed could be read there.
        """
        ...

    async def to_remove(self, reader: ReaderId | None, which: str) -> Feed:
        """The one that is meant.

        Raises:
            InputError: There is no such source.
        """
        ...


class FeedLists(Protocol):
    """A reader's sources as a file."""

    async def given(self, reader: ReaderId) -> bytes:
        """All that is read for a reader (OPML)."""
        ...

    async def to_take(self, reader: ReaderId, content: bytes, name: str) -> Taken:
        """What taking a file's list adds.

        Raises:
            InputError: It is no list of feeds, or none of it can be used.
        """
        ...


class Draws(Protocol):
    """Draws pictures (PNG): none where there is nothing to see, or nothing could be drawn in time."""

    async def of_page(self, page: Page, language: str, zone: tzinfo) -> tuple[bytes, ...]: ...

    async def of_interests(self, known: Interests, language: str) -> tuple[bytes, ...]: ...
