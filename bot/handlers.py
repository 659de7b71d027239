"""From an event to the messages that answer it. Thin: each command is one flow and one rendering.

Knows nothing of how messages are kept or sent.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from bot import render
from bot.events import Asked, Commanded, Event, Origin, Unreadable
from storage.domain.dialogue import ConversationId, Reply, Sentence
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.errors import FeedError, InputError

COMMANDS = ("sources", "add", "remove", "privacy", "help")
"""What Telegram's menu lists, in its order; each has a sentence `command_NAME` in every catalogue."""

Parts = tuple[str, ...]
Writing = Callable[[Origin], AbstractAsyncContextManager[None]]


class Converse(Protocol):
    """Answers questions."""

    def ask(
        self, text: str, *, reader: ReaderId | None, conversation: ConversationId | None, language: str | None
    ) -> AsyncIterator[Sentence | Reply]:
        """Sentences as they are ready, then the whole reply.

        Raises:
            InputError: The question is empty or too long.
        """
        ...


class Sources(Protocol):
    """A reader's feeds."""

    async def list(self, reader: ReaderId | None) -> Sequence[Feed]: ...

    async def add(self, reader: ReaderId | None, url: str) -> Feed:
        """Add the feed at `url`.

        Raises:
            InputError: It is no address, or the feed is there already.
            FeedError: No feed could be read there.
        """
        ...

    async def remove(self, reader: ReaderId | None, url_or_number: str) -> Feed:
        """Remove one.

        Raises:
            InputError: There is no such source.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Answers events.

    Args:
        writing: Shows the chat that an answer is being written, for as long as one is.
    """

    converse: Converse
    sources: Sources
    writing: Writing

    async def answer(self, event: Event) -> Parts:
        """The messages to send, as Telegram HTML; none where nothing should be said."""
        match event:
            case Asked():
                return await self._question(event.origin, event.text)
            case Commanded():
                return await self._command(event)
            case Unreadable():
                return render.sentence(event.origin.language, "only_text")
            case _:
                return ()

    async def _question(self, origin: Origin, text: str) -> Parts:
        async with self.writing(origin):
            try:
                return await self._asked(origin, text)
            except InputError as error:
                return _said(origin.language, error)

    async def _asked(self, origin: Origin, text: str) -> Parts:
        parts = self.converse.ask(
            text, reader=origin.reader, conversation=origin.conversation, language=origin.language
        )
        async for part in parts:
            if isinstance(part, Reply):
                return render.answer(part.answer)
        raise AssertionError("a conversation ended without a reply")

    async def _command(self, event: Commanded) -> Parts:
        commands: Mapping[str, Callable[[Commanded], Awaitable[Parts]]] = {
            "sources": self._list,
            "add": self._add,
            "remove": self._remove,
        }
        language = event.origin.language
        if event.command in {"start", "help", "privacy"}:
            return render.sentence(language, event.command)
        command = commands.get(event.command)
        if command is None:
            return render.sentence(language, "unknown_command", command=event.command) if event.origin.private else ()
        try:
            return await command(event)
        except InputError as error:
            return _said(language, error)

    async def _list(self, event: Commanded) -> Parts:
        return render.sources(await self.sources.list(event.origin.reader), event.origin.language)

    async def _add(self, event: Commanded) -> Parts:
        language = event.origin.language
        if not event.argument:
            return render.sentence(language, "add_usage")
        async with self.writing(event.origin):
            try:
                feed = await self.sources.add(event.origin.reader, event.argument)
            except FeedError as error:
                return render.sentence(language, "add_failed", reason=error.reason)
        return render.sentence(language, "added", title=feed.title or feed.url)

    async def _remove(self, event: Commanded) -> Parts:
        language = event.origin.language
        if not event.argument:
            return render.sentence(language, "remove_usage")
        feed = await self.sources.remove(event.origin.reader, event.argument)
        return render.sentence(language, "removed", title=feed.title or feed.url)


def _said(language: str, error: InputError) -> Parts:
    """What the error says, in the reader's language where there is a sentence for it."""
    if error.key is None:
        return render.sentence(language, "misunderstood", reason=str(error))
    return render.sentence(language, error.key, **error.fields)
