"""From an event to what is said and changed in answer. Thin: each command is one flow and one rendering.

Decides and changes nothing, so that deciding anew is harmless. Knows nothing of how messages are kept or sent.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.flows.evidence import of_answer
from bot.messenger import render
from bot.messenger.events import Asked, Commanded, Event, Origin, Unreadable
from bot.ports import Steers
from bot.texts import say
from bot.texts.interests import EVERYTHING, named, told_of
from storage.domain.changes import (
    Change,
    Followed,
    Looked,
    Recorded,
    Subscribed,
    Unfollowed,
    Unsubscribed,
)
from storage.domain.dialogue import Answer, ConversationId, Reply, Sentence
from storage.domain.follows import Follow
from storage.domain.interests import Steered
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.domain.stories import HotStory, Page
from storage.errors import FeedError, InputError

COMMANDS = (
    "latest", "hot", "brief", "follow", "follows", "unfollow", "profile", "interests", "boost", "mute", "drop",
    "sources", "add", "remove", "privacy", "help",
)  # fmt: skip
"""What Telegram's menu lists, in its order; each has a sentence `command_NAME` in every catalogue."""

Parts = tuple[str, ...]
Writing = Callable[[Origin], AbstractAsyncContextManager[None]]


class Converse(Protocol):
    """Answers questions."""

    def answer(
        self, text: str, *, reader: ReaderId | None, conversation: ConversationId | None, language: str | None
    ) -> AsyncGenerator[Sentence | Reply, None]:
        """Sentences as they are ready, then the whole reply. The turn is not recorded.

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

    async def list(self, *, reader: ReaderId | None, language: str) -> Sequence[HotStory]:
        """The hottest stories, the hottest first, told in `language` where an article of theirs is in it."""
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

    async def to_unfollow(self, reader: ReaderId, wanted: str) -> Follow:
        """The one that is meant.

        Raises:
            InputError: There is no such follow.
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

    async def to_remove(self, reader: ReaderId | None, url_or_number: str) -> Feed:
        """The one that is meant.

        Raises:
            InputError: There is no such source.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to say, as Telegram HTML, nothing where nothing should be said; and what to change along with it."""

    parts: Parts = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Answers events.

    Args:
        writing: Shows the chat that an answer is being written, for as long as one is.
    """

    converse: Converse
    latest: Latest
    hot: Hot
    briefs: Briefs
    follows: Follows
    learn: Steers
    sources: Sources
    writing: Writing

    async def answer(self, event: Event) -> Decision:
        """What to say and to change."""
        match event:
            case Asked():
                return await self._question(event.origin, event.text)
            case Commanded():
                return await self._command(event)
            case Unreadable():
                return _say(event.origin.language, "only_text")
            case _:
                return Decision()

    async def _question(self, origin: Origin, text: str) -> Decision:
        async with self.writing(origin):
            try:
                return await self._asked(origin, text)
            except InputError as error:
                return _said(origin.language, error)

    async def _asked(self, origin: Origin, text: str) -> Decision:
        parts = self.converse.answer(
            text, reader=origin.reader, conversation=origin.conversation, language=origin.language
        )
        async for part in parts:
            if isinstance(part, Reply):
                return Decision(parts=render.answer(part.answer), changes=_recorded(origin, part.answer))
        raise AssertionError("a conversation ended without a reply")

    async def _command(self, event: Commanded) -> Decision:
        commands: Mapping[str, Callable[[Commanded], Awaitable[Decision]]] = {
            "latest": self._newest,
            "hot": self._hottest,
            "brief": self._brief,
            "follow": self._follow,
            "follows": self._followed,
            "unfollow": self._unfollow,
            "profile": self._profile,
            "interests": self._tell,
            "boost": self._boost,
            "mute": self._mute,
            "drop": self._drop,
            "sources": self._list,
            "add": self._add,
            "remove": self._remove,
        }
        language = event.origin.language
        if event.command in {"start", "help", "privacy"}:
            return _say(language, event.command)
        command = commands.get(event.command)
        if command is None:
            return _say(language, "unknown_command", command=event.command) if event.origin.private else Decision()
        try:
            return await command(event)
        except InputError as error:
            return _said(language, error)

    async def _newest(self, event: Commanded) -> Decision:
        origin = event.origin
        async with self.writing(origin):
            reply = await self.latest.reply(event.argument, reader=origin.reader, language=origin.language)
        return Decision(parts=render.answer(reply.answer))

    async def _hottest(self, event: Commanded) -> Decision:
        origin = event.origin
        async with self.writing(origin):
            found = await self.hot.list(reader=origin.reader, language=origin.language)
        return Decision(parts=render.hot(found, origin.language))

    async def _brief(self, event: Commanded) -> Decision:
        origin = event.origin
        if not event.argument:
            return _say(origin.language, "brief_usage")
        async with self.writing(origin):
            page = await self.briefs.about(event.argument, reader=origin.reader, language=origin.language)
        return Decision(parts=render.page(page, origin.language), changes=self.briefs.looked(origin.reader, page))

    async def _follow(self, event: Commanded) -> Decision:
        origin = event.origin
        if not origin.private:
            return _say(origin.language, "follow_private")
        if not event.argument:
            return _say(origin.language, "follow_usage")
        async with self.writing(origin):
            followed = await self.follows.to_follow(origin.reader, event.argument, origin.language)
        return Decision(parts=render.sentence(origin.language, "followed", what=followed.words), changes=(followed,))

    async def _followed(self, event: Commanded) -> Decision:
        origin = event.origin
        if not origin.private:
            return _say(origin.language, "follow_private")
        return Decision(parts=render.follows(await self.follows.list(origin.reader), origin.language))

    async def _unfollow(self, event: Commanded) -> Decision:
        origin = event.origin
        if not origin.private:
            return _say(origin.language, "follow_private")
        if not event.argument:
            return _say(origin.language, "unfollow_usage")
        meant = await self.follows.to_unfollow(origin.reader, event.argument)
        said = render.sentence(origin.language, "unfollowed", what=meant.words)
        return Decision(parts=said, changes=(Unfollowed(reader=origin.reader, follow=meant.id),))

    async def _profile(self, event: Commanded) -> Decision:
        origin = event.origin
        if not origin.private:
            return _say(origin.language, "profile_private")
        async with self.writing(origin):
            return Decision(parts=render.profile(await self.learn.show(origin.reader), origin.language))

    async def _tell(self, event: Commanded) -> Decision:
        origin = event.origin
        if not origin.private:
            return _say(origin.language, "profile_private")
        if not event.argument:
            return _say(origin.language, "interests_usage")
        told = self.learn.to_tell(origin.reader, event.argument)
        return Decision(
            parts=render.sentence(origin.language, "interests_told", what=told_of(told, origin.language)),
            changes=(told,),
        )

    async def _boost(self, event: Commanded) -> Decision:
        return await self._steer(event, self.learn.to_boost)

    async def _mute(self, event: Commanded) -> Decision:
        return await self._steer(event, self.learn.to_mute)

    async def _drop(self, event: Commanded) -> Decision:
        origin = event.origin
        if origin.private and event.argument.lower() in EVERYTHING:
            return Decision(
                parts=render.sentence(origin.language, "interests_reset"),
                changes=(self.learn.to_reset(origin.reader),),
            )
        return await self._steer(event, self.learn.to_forget)

    async def _steer(self, event: Commanded, wish: Callable[[ReaderId, str], Awaitable[Steered]]) -> Decision:
        origin = event.origin
        if not origin.private:
            return _say(origin.language, "profile_private")
        if not event.argument:
            return _say(origin.language, "interest_usage", command=event.command)
        async with self.writing(origin):
            steered = await wish(origin.reader, event.argument)
        said = render.sentence(origin.language, steered.said, what=named(steered.what, origin.language))
        return Decision(parts=said, changes=(steered.change,))

    async def _list(self, event: Commanded) -> Decision:
        return Decision(parts=render.sources(await self.sources.list(event.origin.reader), event.origin.language))

    async def _add(self, event: Commanded) -> Decision:
        language, reader = event.origin.language, event.origin.reader
        if not event.argument:
            return _say(language, "add_usage")
        async with self.writing(event.origin):
            try:
                feed = await self.sources.to_add(reader, event.argument)
            except FeedError as error:
                return _say(language, "add_failed", reason=say(language, error.why))
        said = render.sentence(language, "added", title=feed.title or feed.url)
        return Decision(parts=said, changes=(Subscribed(reader=reader, feed=feed),))

    async def _remove(self, event: Commanded) -> Decision:
        language, reader = event.origin.language, event.origin.reader
        if not event.argument:
            return _say(language, "remove_usage")
        feed = await self.sources.to_remove(reader, event.argument)
        said = render.sentence(language, "removed", title=feed.title or feed.url)
        return Decision(parts=said, changes=(Unsubscribed(reader=reader, url=feed.url),))


def _recorded(origin: Origin, answer: Answer) -> tuple[Change, ...]:
    turn = answer.turn
    if turn is None:
        return ()
    # What is asked among others may be asked for them.
    evidence = of_answer(origin.reader, answer) if origin.private else ()
    return (Recorded(conversation=origin.conversation, reader=origin.reader, turn=turn, evidence=evidence),)


def _say(language: str, key: str, /, **fields: object) -> Decision:
    return Decision(parts=render.sentence(language, key, **fields))


def _said(language: str, error: InputError) -> Decision:
    """What the error says, in the reader's language where there is a sentence for it."""
    if error.key is None:
        return _say(language, "misunderstood", reason=str(error))
    return _say(language, error.key, **error.fields)
