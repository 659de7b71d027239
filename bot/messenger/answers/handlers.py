"""From an event to what is said and changed in answer: who deals with it. What each says and does is a module each.

Decides and changes nothing, so that deciding anew is harmless. Knows nothing of how messages are kept or sent.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from bot.flows.statements import said_to_do
from bot.flows.what_to_read import what_to_read
from bot.flows.wording.commanded import commanded
from bot.flows.wording.of_shown import of_shown
from bot.messenger.answers.announcements import declined
from bot.messenger.answers.decisions import Decision, Writing, explained, whispered, words
from bot.messenger.answers.desk import Desk
from bot.messenger.answers.flows import (
    Briefs,
    Converse,
    Digests,
    Draws,
    FeedLists,
    Finds,
    Follows,
    Hot,
    Latest,
    Sources,
    Summarize,
)
from bot.messenger.answers.follows import FollowCommands
from bot.messenger.answers.groups import Groups
from bot.messenger.answers.inline import InlineAnswers
from bot.messenger.answers.interests import InterestCommands
from bot.messenger.answers.of_shown import OfShown, ReadArticle
from bot.messenger.answers.own_data import OwnDataCommands
from bot.messenger.answers.panel_commands import PanelCommands
from bot.messenger.answers.questions import Questions
from bot.messenger.answers.recommended import DigestCommands
from bot.messenger.answers.sources import SourceCommands
from bot.messenger.answers.stories import StoryCommands
from bot.messenger.answers.summaries import Files, SummaryCommands
from bot.messenger.answers.taps import Shown, Taps
from bot.messenger.incoming.buttons import Press, Pressed
from bot.messenger.incoming.events import (
    Asked,
    Commanded,
    Event,
    Handed,
    Ignored,
    Located,
    Migrated,
    Origin,
    Reacted,
    Sought,
    Tapped,
    Unreadable,
    Welcomed,
)
from bot.messenger.incoming.links import linked
from bot.messenger.incoming.readables import File
from bot.messenger.panels.board import Panels
from bot.messenger.panels.choices import Choice, Panel
from bot.messenger.paragraphs import render
from bot.ports import OwnData, Steers
from bot.texts import say
from storage.domain.changes import Awaited, Change, Forgotten, Recorded, Relocated
from storage.domain.times import Clock
from storage.errors import EncoderUnavailable, IndexUnavailable, InputError

_LOG = logging.getLogger(__name__)

_UNREADABLE = {
    "voice": "only_sound", "audio": "only_sound", "video": "only_sound", "video_note": "only_sound",
    "photo": "only_pictures", "animation": "only_pictures",
}  # fmt: skip
"""What is said to those who send what cannot be read."""

Command = Callable[[Commanded], Awaitable[Decision]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Answers events.

    Args:
        writing: Shows the chat that an answer is being written, for as long as one is.
    """

    converse: Converse
    latest: Latest
    hot: Hot
    find: Finds
    briefs: Briefs
    digests: Digests
    follows: Follows
    learn: Steers
    sources: Sources
    lists: FeedLists
    taps: Taps
    panels: Panels
    groups: Groups
    own_data: OwnData
    draw: Draws
    summarize: Summarize
    files: Files
    article: ReadArticle
    writing: Writing
    clock: Clock
    desk: Desk = field(default_factory=Desk)

    async def answer(self, event: Event) -> Decision:
        """What to say and to change."""
        decision = await self._dealt_with(event)
        if isinstance(event, Ignored | Reacted) or event.origin.asked is None:
            return decision
        # Whatever they did, they left what they were asked, unless that is what they are asked now.
        left = not any(isinstance(change, Awaited | Forgotten) for change in decision.changes)
        over = (Awaited(reader=event.origin.place, asked=None),) if left else ()
        return replace(decision, changes=(*decision.changes, *over))

    async def fits(self, event: Asked) -> bool:
        """Whether what somebody writes is what a panel asked them for, and no question."""
        return event.own and await self._written(event) is not None

    async def _dealt_with(self, event: Event) -> Decision:
        """What it comes to, or one line on what was foreseen to be in its way."""
        try:
            return await self._answer(event)
        except (InputError, EncoderUnavailable, IndexUnavailable) as error:
            if isinstance(event, Ignored | Reacted | Sought):
                raise
            said = _foreseen(event.origin.language, error)
            return whispered(render.text(said.parts)) if isinstance(event, Tapped) else said

    async def _answer(self, event: Event) -> Decision:
        match event:
            case Asked():
                return await self._said(event)
            case Handed():
                return await self._handed(event)
            case Commanded():
                return await self._command(event)
            case Tapped():
                return await self._tapped(event)
            case Reacted():
                shown, changes = await self.taps.reacted(event)
                return Decision(shown=shown, changes=changes)
            case _:
                return await self._otherwise(event)

    async def _otherwise(self, event: Event) -> Decision:
        """What is answered to what nobody says."""
        match event:
            case Unreadable(origin=origin, kind=kind):
                return words(origin.language, _UNREADABLE.get(kind, "only_text"))
            case Located():
                return await self._panels.located(event)
            case Sought():
                return await InlineAnswers(find=self.find, hot=self.hot).answer(event)
            case Welcomed(origin=origin):
                return words(origin.language, "start_group")
            case Migrated(was=was, now=now):
                return Decision(changes=(Relocated(was=was, now=now),))
            case _:
                return Decision()

    # what is written

    async def _said(self, event: Asked) -> Decision:
        if not event.own:
            return await self._forwarded(event)
        if event.origin.asked is not None and commanded(event.text) == ("cancel", ""):
            return await self._panels.cancel(Commanded(origin=event.origin, command="cancel", argument=""))
        written = await self._written(event)
        return written or await self._question(event.origin, event.text)

    async def _written(self, event: Asked) -> Decision | None:
        """What it comes to that they write what a panel asked for, if they may; `None` where it is something else."""
        origin = event.origin
        if origin.asked is None or (not origin.private and await self.groups.refusal(origin) is not None):
            return None
        return await self._panels.written(replace(event, origin=origin.of_place))

    async def _question(self, origin: Origin, text: str) -> Decision:
        if (of_what_was := of_shown(text)) is not None:
            spoken = OfShown(
                taps=self.taps, learn=self.learn, article=self.article, command=self._command, clock=self.clock
            )
            decision = await spoken.answer(origin, of_what_was)
            if decision is not None:
                return decision
        if origin.private and (paused := await self._digests.paused(origin, text)) is not None:
            return paused
        if origin.private and (said := said_to_do(text)) is not None:
            command, argument = said
            return await self._command(Commanded(origin=origin, command=command, argument=argument))
        if origin.private and (kinds := what_to_read(text)) is not None:
            return await self._digests.now(origin, kinds)
        changed = await self._digests.changed(origin, text) if origin.private else None
        return changed or await Questions(converse=self.converse, writing=self.writing).answer(origin, text)

    async def _handed(self, event: Handed) -> Decision:
        origin, what = event.origin, event.what
        if not (isinstance(what, File) and what.feeds):
            return await self._summaries.read(origin, what, event.asked)
        refusal = None if origin.private else await self.groups.refusal(origin)
        if refusal is not None:
            return words(origin.language, refusal)
        return await self._sources.take(origin.of_place, what)

    async def _forwarded(self, event: Asked) -> Decision:
        """What somebody else wrote is a question, whatever it says, and tells nothing of whoever passes it on."""
        answered = await Questions(converse=self.converse, writing=self.writing).answer(event.origin, event.text)
        return replace(answered, changes=tuple(map(_untold, answered.changes)))

    async def _command(self, event: Commanded) -> Decision:
        language = event.origin.language
        if event.command == "help":
            return words(language, "help" if event.origin.private else "help_group")
        if event.command == "privacy":
            return self._own_data.privacy(language)
        command = self._commands().get(event.command)
        if command is None:
            return words(language, "unknown_command", command=event.command) if event.origin.private else Decision()
        if not event.origin.private:
            admitted = await self.groups.admitted(event)
            if isinstance(admitted, str):
                return words(language, admitted)
            event = admitted
        return await command(event)

    def _commands(self) -> Mapping[str, Command]:
        interests = InterestCommands(learn=self.learn, draw=self.draw, writing=self.writing)
        own_data, stories, follows, panels, sources = (
            self._own_data,
            self._stories,
            self._follows,
            self._panels,
            self._sources,
        )
        return {
            "latest": stories.newest,
            "hot": stories.hottest,
            "search": stories.search,
            "brief": stories.brief,
            "digest": self._digests.digest,
            "stop": self._digests.stop,
            "settings": self._settings,
            "follow": follows.follow,
            "follows": follows.list,
            "unfollow": follows.unfollow,
            "profile": interests.profile,
            "interests": interests.tell,
            "boost": interests.boost,
            "mute": interests.mute,
            "drop": interests.drop,
            "summary": self._summaries.summary,
            "export": own_data.export,
            "forget": own_data.forget,
            "sources": sources.list,
            "add": sources.add,
            "remove": sources.remove,
            "start": self._start,
            "lang": panels.speak,
            "cancel": panels.cancel,
            "announcements_off": declined,
            "announcements_on": declined,
        }

    @property
    def _own_data(self) -> OwnDataCommands:
        return OwnDataCommands(own_data=self.own_data, writing=self.writing)

    @property
    def _stories(self) -> StoryCommands:
        return StoryCommands(
            latest=self.latest,
            hot=self.hot,
            find=self.find,
            briefs=self.briefs,
            draw=self.draw,
            writing=self.writing,
            clock=self.clock,
        )

    @property
    def _summaries(self) -> SummaryCommands:
        return SummaryCommands(
            summarize=self.summarize,
            converse=self.converse,
            files=self.files,
            desk=self.desk,
            writing=self.writing,
            clock=self.clock,
        )

    @property
    def _sources(self) -> SourceCommands:
        return SourceCommands(
            sources=self.sources, lists=self.lists, files=self.files, desk=self.desk, writing=self.writing
        )

    @property
    def _digests(self) -> DigestCommands:
        return DigestCommands(digests=self.digests, learn=self.learn, writing=self.writing, clock=self.clock)

    @property
    def _follows(self) -> FollowCommands:
        return FollowCommands(follows=self.follows, learn=self.learn, writing=self.writing)

    @property
    def _panels(self) -> PanelCommands:
        return PanelCommands(panels=self.panels)

    async def _start(self, event: Commanded) -> Decision:
        """The first panel; or what a link to the bot leads to, which is there as a command too."""
        if not event.origin.private:
            return words(event.origin.language, "start_group")
        led = linked(event)
        return await (self._panels.opened(event.origin, Panel.START) if led is None else self._command(led))

    async def _settings(self, event: Commanded) -> Decision:
        if event.argument:
            return await self._digests.digest(event)
        return await self._panels.opened(event.origin, Panel.SETTINGS)

    # what is tapped

    async def _tapped(self, event: Tapped) -> Decision:
        if event.choice is not None:
            return await self._chosen(event.origin, event.choice)
        return await self._pressed(event.origin, event.pressed)

    async def _chosen(self, origin: Origin, choice: Choice) -> Decision:
        refusal = None if origin.private else await self.groups.refusal(origin)
        if refusal is not None:
            return whispered(say(origin.language, refusal))
        return await self._panels.chosen(origin.of_place, choice)

    async def _pressed(self, origin: Origin, pressed: Pressed | None) -> Decision:
        told = None if pressed is None else await self.taps.about(origin, pressed)
        if pressed is None or told is None:
            return whispered(say(origin.language, "button_stale"))
        if pressed.press in {Press.BRIEF, Press.FOLLOW}:
            story = told.things[pressed.number - 1].story
            return await self._had(origin, pressed, "" if story is None else str(story))
        shown, changes = await self.taps.tapped(origin, pressed, told)
        return Decision(shown=shown, changes=changes)

    async def _had(self, origin: Origin, pressed: Pressed, story: str) -> Decision:
        """What a button leads to that is there as a command, too: a page in the chat, or a word on being told."""
        command = Commanded(origin=origin.of_place, command=pressed.press, argument=story)
        if pressed.press is Press.BRIEF:
            return replace(await self._stories.brief(command), shown=Shown())
        refusal = None if origin.private else await self.groups.refusal(origin)
        if refusal is not None:
            return whispered(say(origin.language, refusal))
        followed = await self._follows.follow(command)
        return Decision(changes=followed.changes, shown=Shown(said=render.text(followed.parts)))


def _untold(change: Change) -> Change:
    return replace(change, evidence=()) if isinstance(change, Recorded) else change


def _foreseen(language: str, error: InputError | EncoderUnavailable | IndexUnavailable) -> Decision:
    if isinstance(error, InputError):
        return explained(language, error)
    if isinstance(error, EncoderUnavailable):
        _LOG.warning("encoder unavailable", extra={"encoder": error.encoder, "reason": error.reason})
        return words(language, "encoder_unavailable")
    _LOG.warning("index unavailable", extra={"index": error.index, "reason": error.reason})
    return words(language, "index_unavailable")
