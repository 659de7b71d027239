"""From an event to what is said and changed in answer. Thin: each command is one flow and one rendering.

Decides and changes nothing, so that deciding anew is harmless. Knows nothing of how messages are kept or sent.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace

from bot.flows.evidence import of_answer
from bot.flows.what_to_read import what_to_read
from bot.messenger import about, render
from bot.messenger.buttons import Press, Pressed
from bot.messenger.digests import rendered, things
from bot.messenger.events import Asked, Commanded, Event, Origin, Reacted, Tapped, Unreadable
from bot.messenger.flows import Briefs, Converse, Digests, Draws, Follows, Hot, Latest, Sources
from bot.messenger.taps import Shown, Taps
from bot.ports import Steers
from bot.texts import say
from bot.texts.digests import described, wished
from bot.texts.interests import EVERYTHING, named, noted, told_of
from storage.domain.changes import (
    Change,
    Learned,
    Listed,
    Recorded,
    Subscribed,
    Unfollowed,
    Unsubscribed,
)
from storage.domain.dialogue import Answer, Reply
from storage.domain.feedback import Offer, Thing
from storage.domain.interests import Steered
from storage.domain.kinds import ArticleKind
from storage.domain.people import ReaderId
from storage.errors import EncoderUnavailable, FeedError, InputError

_LOG = logging.getLogger(__name__)

COMMANDS = (
    "latest", "hot", "digest", "settings", "brief", "follow", "follows", "unfollow",
    "profile", "interests", "boost", "mute", "drop", "sources", "add", "remove", "privacy", "help",
)  # fmt: skip
"""What Telegram's menu lists, in its order; each has a sentence `command_NAME` in every catalogue."""

Parts = tuple[str, ...]
Writing = Callable[[Origin], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to say, as Telegram HTML, nothing where nothing should be said; and what to change along with it.

    Args:
        pictures: What is shown below what is said (PNG).
        things: What is told of, in the order it is numbered: what buttons and reactions are about.
        offers: What can be had of the stories among it by a button.
        shown: What whoever tapped is shown.
    """

    parts: Parts = ()
    pictures: tuple[bytes, ...] = ()
    changes: tuple[Change, ...] = ()
    things: tuple[Thing, ...] = ()
    offers: tuple[Offer, ...] = ()
    shown: Shown | None = None


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
    digests: Digests
    follows: Follows
    learn: Steers
    sources: Sources
    taps: Taps
    draw: Draws
    writing: Writing

    async def answer(self, event: Event) -> Decision:
        """What to say and to change."""
        match event:
            case Asked():
                return await self._question(event.origin, event.text)
            case Commanded():
                return await self._command(event)
            case Tapped():
                return await self._tapped(event)
            case Reacted():
                shown, changes = await self.taps.reacted(event)
                return Decision(shown=shown, changes=changes)
            case Unreadable():
                return _say(event.origin.language, "only_text")
            case _:
                return Decision()

    async def _question(self, origin: Origin, text: str) -> Decision:
        kinds = what_to_read(text) if origin.private else None
        try:
            if kinds is not None:
                return await self._recommended(origin, kinds)
            async with self.writing(origin):
                return await self._asked(origin, text)
        except InputError as error:
            return _said(origin.language, error)
        except EncoderUnavailable as error:
            if kinds is None:
                raise
            return _unavailable(origin.language, error)

    async def _asked(self, origin: Origin, text: str) -> Decision:
        parts = self.converse.answer(
            text, reader=origin.reader, conversation=origin.conversation, language=origin.language
        )
        async for part in parts:
            if isinstance(part, Reply):
                answer = part.answer
                return Decision(
                    parts=render.answer(answer),
                    changes=_recorded(origin, answer),
                    things=about.of_answer(answer),
                    offers=_offers(origin, Offer.BRIEF, Offer.FOLLOW),
                )
        raise AssertionError("a conversation ended without a reply")

    async def _command(self, event: Commanded) -> Decision:
        commands: Mapping[str, Callable[[Commanded], Awaitable[Decision]]] = {
            "latest": self._newest,
            "hot": self._hottest,
            "digest": self._digest,
            "settings": self._settings,
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
        except EncoderUnavailable as error:
            return _unavailable(language, error)

    async def _newest(self, event: Commanded) -> Decision:
        origin = event.origin
        async with self.writing(origin):
            reply = await self.latest.reply(event.argument, reader=origin.reader, language=origin.language)
        evidence = of_answer(origin.reader, reply.answer) if origin.private else ()
        learned = (Learned(evidence=evidence),) if evidence else ()
        return Decision(parts=render.answer(reply.answer), changes=learned, things=about.of_answer(reply.answer))

    async def _hottest(self, event: Commanded) -> Decision:
        origin = event.origin
        async with self.writing(origin):
            found = await self.hot.list(reader=origin.reader, language=origin.language)
        return Decision(
            parts=render.hot(found, origin.language),
            things=about.of_hot(found.stories),
            offers=_offers(origin, Offer.BRIEF, Offer.FOLLOW),
        )

    async def _digest(self, event: Commanded) -> Decision:
        origin = event.origin
        if not origin.private:
            return _say(origin.language, "digest_private")
        if not event.argument:
            return await self._recommended(origin)
        change = await self.digests.to_wish(origin.reader, event.argument, origin.language)
        return Decision(parts=render.lines(wished(change, origin.language)), changes=(change,))

    async def _recommended(self, origin: Origin, kinds: tuple[ArticleKind, ...] = ()) -> Decision:
        async with self.writing(origin):
            digest = await self.digests.now(origin.reader, origin.language, kinds=kinds)
            zone = (await self.digests.settings(origin.reader, origin.language)).timetable.zone
        return Decision(
            parts=rendered(digest, zone),
            changes=(Listed(digest=digest),),
            things=things(digest),
            offers=_offers(origin, Offer.BRIEF, Offer.FOLLOW),
        )

    async def _settings(self, event: Commanded) -> Decision:
        origin = event.origin
        if not origin.private:
            return _say(origin.language, "digest_private")
        if event.argument:
            return await self._digest(event)
        held = await self.digests.settings(origin.reader, origin.language)
        usage = say(origin.language, "digest_usage")
        return Decision(parts=render.lines((*described(held, origin.language), "", *usage.splitlines())))

    async def _brief(self, event: Commanded) -> Decision:
        origin = event.origin
        if not event.argument:
            return _say(origin.language, "brief_usage")
        async with self.writing(origin):
            page = await self.briefs.about(event.argument, reader=origin.reader, language=origin.language)
            pictures = await self.draw.of_page(page, origin.language)
        return Decision(
            parts=render.page(page, origin.language),
            pictures=pictures,
            changes=self.briefs.looked(origin.reader, page),
            things=about.of_page(page),
            offers=_offers(origin, Offer.FOLLOW),
        )

    async def _tapped(self, event: Tapped) -> Decision:
        origin, pressed = event.origin, event.pressed
        told = None if pressed is None else await self.taps.about(origin, pressed)
        if pressed is None or told is None:
            return _shown(say(origin.language, "button_stale"))
        story = told.things[pressed.number - 1].story
        try:
            if pressed.press in {Press.BRIEF, Press.FOLLOW}:
                return await self._had(origin, pressed, "" if story is None else str(story))
            shown, changes = await self.taps.tapped(origin, pressed, told)
        except InputError as error:
            return _shown(_sentence(origin.language, error))
        return Decision(shown=shown, changes=changes)

    async def _had(self, origin: Origin, pressed: Pressed, story: str) -> Decision:
        """What a button leads to that is there as a command, too: a page in the chat, or a word on being told."""
        command = Commanded(origin=origin, command=pressed.press, argument=story)
        if pressed.press is Press.BRIEF:
            return replace(await self._brief(command), shown=Shown())
        followed = await self._follow(command)
        return Decision(changes=followed.changes, shown=Shown(said=render.text(followed.parts)))

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
            known = await self.learn.show(origin.reader)
            told = await self.learn.portray(noted(known, origin.language), origin.language)
            pictures = await self.draw.of_interests(known, origin.language)
        return Decision(parts=render.profile(known, told.text, origin.language), pictures=pictures)

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


def _offers(origin: Origin, *offers: Offer) -> tuple[Offer, ...]:
    """Those that are of use where everybody sees them: what somebody follows is told them in private."""
    return offers if origin.private else tuple(each for each in offers if each is not Offer.FOLLOW)


def _shown(said: str) -> Decision:
    return Decision(shown=Shown(said=said))


def _unavailable(language: str, error: EncoderUnavailable) -> Decision:
    _LOG.warning("encoder unavailable", extra={"encoder": error.encoder, "reason": error.reason})
    return _say(language, "encoder_unavailable")


def _say(language: str, key: str, /, **fields: object) -> Decision:
    return Decision(parts=render.sentence(language, key, **fields))


def _said(language: str, error: InputError) -> Decision:
    """What the error says, in the reader's language where there is a sentence for it."""
    if error.key is None:
        return _say(language, "misunderstood", reason=str(error))
    return _say(language, error.key, **error.fields)


def _sentence(language: str, error: InputError) -> str:
    return render.text(_said(language, error).parts)
