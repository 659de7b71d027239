"""From an event to what is said and changed in answer. Thin: each command is one flow and one rendering.

Decides and changes nothing, so that deciding anew is harmless. Knows nothing of how messages are kept or sent.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from bot.flows.evidence import of_answer
from bot.flows.statements import said_to_do
from bot.flows.what_to_read import what_to_read
from bot.flows.wording.vocabulary import LANGUAGES
from bot.messenger import about, render
from bot.messenger.buttons import Press, Pressed
from bot.messenger.decisions import Decision, Writing, explained, whispered, words
from bot.messenger.digests import rendered, things
from bot.messenger.events import Asked, Commanded, Event, Ignored, Origin, Reacted, Tapped, Unreadable
from bot.messenger.flows import Briefs, Converse, Digests, Draws, Follows, Hot, Latest, Sources
from bot.messenger.interests import InterestCommands
from bot.messenger.own_data import OwnDataCommands
from bot.messenger.panels.board import Panels
from bot.messenger.panels.choices import Choice, Panel, Turn
from bot.messenger.taps import Shown, Taps
from bot.ports import OwnData, Steers
from bot.texts import languages, say
from bot.texts.digests import wished
from storage.domain.changes import (
    Awaited,
    Change,
    Forgotten,
    Learned,
    Listed,
    Recorded,
    Spoken,
    Subscribed,
    Unfollowed,
    Unsubscribed,
)
from storage.domain.dialogue import Answer, Reply
from storage.domain.feedback import Offer
from storage.domain.kinds import ArticleKind
from storage.errors import EncoderUnavailable, FeedError, InputError

_LOG = logging.getLogger(__name__)

_LINKED = frozenset(
    ("latest", "hot", "digest", "settings", "lang", "brief", "follows", "profile", "sources", "privacy", "help")
)
"""Commands that a link to the bot may carry: those that only show something, whoever made the link."""
_NUMBERED = re.compile(r"([a-z]+)_([0-9]+)")


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
    panels: Panels
    own_data: OwnData
    draw: Draws
    writing: Writing

    async def answer(self, event: Event) -> Decision:
        """What to say and to change."""
        decision = await self._answer(event)
        if isinstance(event, Ignored | Reacted) or event.origin.asked is None:
            return decision
        # Whatever they did, they left what they were asked, unless that is what they are asked now.
        left = not any(isinstance(change, Awaited | Forgotten) for change in decision.changes)
        over = (Awaited(reader=event.origin.reader, asked=None),) if left else ()
        return replace(decision, changes=(*decision.changes, *over))

    async def _answer(self, event: Event) -> Decision:
        match event:
            case Asked():
                written = await self._written(event)
                return written or await self._question(event.origin, event.text)
            case Commanded():
                return await self._command(event)
            case Tapped():
                return await self._tapped(event)
            case Reacted():
                shown, changes = await self.taps.reacted(event)
                return Decision(shown=shown, changes=changes)
            case Unreadable():
                return words(event.origin.language, "only_text")
            case _:
                return Decision()

    async def _question(self, origin: Origin, text: str) -> Decision:
        if origin.private and (command := said_to_do(text)) is not None:
            return await self._command(Commanded(origin=origin, command=command, argument=text))
        kinds = what_to_read(text) if origin.private else None
        try:
            if kinds is not None:
                return await self._recommended(origin, kinds)
            async with self.writing(origin):
                return await self._asked(origin, text)
        except InputError as error:
            return explained(origin.language, error)
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
        interests = InterestCommands(learn=self.learn, draw=self.draw, writing=self.writing)
        own_data = OwnDataCommands(own_data=self.own_data, writing=self.writing)
        commands: Mapping[str, Callable[[Commanded], Awaitable[Decision]]] = {
            "latest": self._newest,
            "hot": self._hottest,
            "digest": self._digest,
            "settings": self._settings,
            "brief": self._brief,
            "follow": self._follow,
            "follows": self._followed,
            "unfollow": self._unfollow,
            "profile": interests.profile,
            "interests": interests.tell,
            "boost": interests.boost,
            "mute": interests.mute,
            "drop": interests.drop,
            "export": own_data.export,
            "forget": own_data.forget,
            "sources": self._list,
            "add": self._add,
            "remove": self._remove,
            "start": self._start,
            "lang": self._speak,
            "cancel": self._cancel,
        }
        language = event.origin.language
        if event.command in {"help", "privacy"}:
            return words(language, event.command)
        command = commands.get(event.command)
        if command is None:
            return words(language, "unknown_command", command=event.command) if event.origin.private else Decision()
        try:
            return await command(event)
        except InputError as error:
            return explained(language, error)
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
            return words(origin.language, "digest_private")
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

    async def _start(self, event: Commanded) -> Decision:
        """The first panel; or what a link to the bot leads to, which is there as a command too."""
        link = _NUMBERED.fullmatch(event.argument)
        command, argument = link.groups() if link else (event.argument.lower(), "")
        if command in _LINKED:
            return await self._command(replace(event, command=command, argument=argument))
        if not event.origin.private:
            return words(event.origin.language, "start")
        return await self._opened(event.origin, Panel.START)

    async def _settings(self, event: Commanded) -> Decision:
        if event.argument and event.origin.private:
            return await self._digest(event)
        return await self._opened(event.origin, Panel.SETTINGS)

    async def _speak(self, event: Commanded) -> Decision:
        origin = event.origin
        if not event.argument or not origin.private:
            return await self._opened(origin, Panel.LANGUAGE)
        code = LANGUAGES.get(event.argument.casefold(), (event.argument.casefold(),))[0]
        if code not in languages():
            spoken = say(origin.language, "hot_between").join(say(each, "language_name") for each in languages())
            return words(origin.language, "lang_unknown", languages=spoken)
        return replace(words(code, "settings_spoken"), changes=(Spoken(reader=origin.reader, language=code),))

    async def _cancel(self, event: Commanded) -> Decision:
        return words(event.origin.language, "cancel_nothing" if event.origin.asked is None else "cancelled")

    async def _opened(self, origin: Origin, panel: Panel) -> Decision:
        if not origin.private:
            return words(origin.language, "settings_private")
        view = await self.panels.opened(origin, panel)
        return Decision(parts=(view.text,), keyboard=view.keyboard)

    async def _written(self, event: Asked) -> Decision | None:
        """What it comes to that they wrote what a panel asked for; `None` where it is something else."""
        try:
            turn = await self.panels.written(event.origin, event.text)
        except InputError as error:
            return explained(event.origin.language, error)
        return None if turn is None else _turned(turn)

    async def _chosen(self, origin: Origin, choice: Choice) -> Decision:
        if not origin.private:
            return whispered(say(origin.language, "settings_private"))
        try:
            turn = await self.panels.chosen(origin, choice)
        except InputError as error:
            return whispered(_sentence(origin.language, error))
        return whispered(say(origin.language, "button_stale")) if turn is None else _turned(turn)

    async def _brief(self, event: Commanded) -> Decision:
        origin = event.origin
        if not event.argument:
            return words(origin.language, "brief_usage")
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
        if event.choice is not None:
            return await self._chosen(origin, event.choice)
        told = None if pressed is None else await self.taps.about(origin, pressed)
        if pressed is None or told is None:
            return whispered(say(origin.language, "button_stale"))
        story = told.things[pressed.number - 1].story
        try:
            if pressed.press in {Press.BRIEF, Press.FOLLOW}:
                return await self._had(origin, pressed, "" if story is None else str(story))
            shown, changes = await self.taps.tapped(origin, pressed, told)
        except InputError as error:
            return whispered(_sentence(origin.language, error))
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
            return words(origin.language, "follow_private")
        if not event.argument:
            return words(origin.language, "follow_usage")
        async with self.writing(origin):
            followed = await self.follows.to_follow(origin.reader, event.argument, origin.language)
        return Decision(parts=render.sentence(origin.language, "followed", what=followed.words), changes=(followed,))

    async def _followed(self, event: Commanded) -> Decision:
        origin = event.origin
        if not origin.private:
            return words(origin.language, "follow_private")
        return Decision(parts=render.follows(await self.follows.list(origin.reader), origin.language))

    async def _unfollow(self, event: Commanded) -> Decision:
        origin = event.origin
        if not origin.private:
            return words(origin.language, "follow_private")
        if not event.argument:
            return words(origin.language, "unfollow_usage")
        meant = await self.follows.to_unfollow(origin.reader, event.argument)
        said = render.sentence(origin.language, "unfollowed", what=meant.words)
        return Decision(parts=said, changes=(Unfollowed(reader=origin.reader, follow=meant.id),))

    async def _list(self, event: Commanded) -> Decision:
        return Decision(parts=render.sources(await self.sources.list(event.origin.reader), event.origin.language))

    async def _add(self, event: Commanded) -> Decision:
        language, reader = event.origin.language, event.origin.reader
        if not event.argument:
            return words(language, "add_usage")
        async with self.writing(event.origin):
            try:
                feed = await self.sources.to_add(reader, event.argument)
            except FeedError as error:
                return words(language, "add_failed", reason=say(language, error.why))
        said = render.sentence(language, "added", title=feed.title or feed.url)
        return Decision(parts=said, changes=(Subscribed(reader=reader, feed=feed),))

    async def _remove(self, event: Commanded) -> Decision:
        language, reader = event.origin.language, event.origin.reader
        if not event.argument:
            return words(language, "remove_usage")
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


def _turned(turn: Turn) -> Decision:
    """What becomes of a panel, as it is shown and said."""
    view, shown = turn.view, Shown()
    if view is not None:
        shown = Shown(text=view.text, keyboard=view.keyboard, message=turn.message)
    return Decision(parts=render.lines([turn.said]) if turn.said else (), changes=turn.changes, shown=shown)


def _unavailable(language: str, error: EncoderUnavailable) -> Decision:
    _LOG.warning("encoder unavailable", extra={"encoder": error.encoder, "reason": error.reason})
    return words(language, "encoder_unavailable")


def _sentence(language: str, error: InputError) -> str:
    return render.text(explained(language, error).parts)
