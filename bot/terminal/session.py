"""One conversation at a terminal: what each line does."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import assert_never

from bot.flows.evidence import of_answer
from bot.flows.statements import changes_digests, said_to_do
from bot.flows.what_to_read import what_to_read
from bot.flows.wording.of_shown import of_shown, to_brief
from bot.flows.wording.tongue import spoken
from bot.terminal.answers import AnswerView, stories, whole
from bot.terminal.commands import Ask, Do, Line, Unknown
from bot.terminal.gathering import Gathering
from bot.terminal.greeting import say_what_waits
from bot.terminal.interests import INTERESTS, steer
from bot.terminal.known import COMMANDS
from bot.terminal.listings import list_commands, list_sources
from bot.terminal.numbers import Numbers
from bot.terminal.of_shown import OfShown
from bot.terminal.own_data import forget, give
from bot.terminal.parts import Chat
from bot.terminal.patience import begun, patiently
from bot.terminal.screen import DIM, Screen
from bot.terminal.sources import RATINGS, SourceCommands
from bot.terminal.stories import StoryCommands
from bot.texts import languages, say
from storage.domain.changes import Learned
from storage.domain.dialogue import Remark, Reply, Sentence
from storage.domain.digests import Digest
from storage.domain.news import ArticleId

_LINK = re.compile(r"https?://[^\s<>\"'“”，。）),]+")
_MOST_DIGITS = 5
"""Of a number in a list."""


@dataclass(slots=True, kw_only=True)
class Session:
    """The state of a chat, and what its lines do to it.

    Args:
        chat: What it works with.
        screen: Where it prints.
        gathering: Reads what is added, and says whether more news is on its way.
        begin: Begins the chat anew, for somebody of whom nothing is known.
    """

    chat: Chat
    screen: Screen
    gathering: Gathering
    begin: Callable[[], Awaitable[None]]
    leaving: bool = False
    _chosen: bool = field(init=False)
    """Whether the reader chose the language; else it is the one they wrote in last."""
    _listed: tuple[str, ...] = ()
    _numbers: Numbers = field(default_factory=Numbers)
    _stories: StoryCommands = field(init=False)
    _sources: SourceCommands = field(init=False)
    _of_shown: OfShown = field(init=False)

    def __post_init__(self) -> None:
        self._chosen = self.chat.chosen
        self._stories = StoryCommands(
            chat=self.chat, screen=self.screen, numbers=self._numbers, gathering=self.gathering
        )
        self._sources = SourceCommands(chat=self.chat, screen=self.screen, numbers=self._numbers)
        self._of_shown = OfShown(chat=self.chat, screen=self.screen, numbers=self._numbers)

    async def do(self, line: Line) -> None:
        """Do what `line` asks.

        Raises:
            TidingsError: It cannot be done; the text says why.
        """
        match line:
            case Ask(text=text):
                await self._answer(text)
            case Do(command=command, argument=argument):
                await self._doing[command.name](argument)
            case Unknown(name=name, nearest=None):
                self.screen.say("chat_command_unknown", name=name)
            case Unknown(name=name, nearest=nearest):
                self.screen.say("chat_command_nearest", name=name, nearest=nearest.name if nearest else "")
            case _:
                assert_never(line)

    def show(self, digest: Digest) -> None:
        """Show a digest; its items have the numbers from then on."""
        self._stories.show(digest)

    def close(self) -> None:
        """Let go of what was started."""
        self._sources.close()

    @property
    def _doing(self) -> dict[str, Callable[[str], Awaitable[None]]]:
        return {
            "help": self._help,
            "latest": self._latest,
            "hot": self._stories.hot,
            "digest": self._stories.digest,
            "settings": self._stories.settings,
            "brief": self._stories.brief,
            "follow": self._stories.follow,
            "follows": self._stories.follows,
            "unfollow": self._stories.unfollow,
            **{name: partial(self._interests, name) for name in INTERESTS},
            **{name: partial(self._sources.rate, name) for name in RATINGS},
            "privacy": self._privacy,
            "export": self._export,
            "forget": self._forget,
            "sources": self._feeds,
            "add": self._add,
            "remove": self._remove,
            "open": self._sources.open,
            "cite": self._sources.cite,
            "why": self._sources.why,
            "new": self._new,
            "cancel": self._cancel,
            "language": self._language,
            "lang": self._language,
            "quit": self._quit,
        }

    async def _answer(self, text: str) -> None:
        chat = self.chat
        if not self._chosen:
            self.screen.language = spoken(text) or self.screen.language
        if await self._shown(text):
            return
        if await self._stories.refused(text) or await self._stories.paused(text):
            return
        said = said_to_do(text)
        if (page := _LINK.search(text)) is not None and said is None:
            self.screen.say("chat_link", url=page[0])
            return
        await begun(self.screen, chat.ready, chat.filling)
        if said is not None:
            command, argument = said
            await self._doing[command](argument)
            return
        if changes_digests(text) and await self._stories.changed(text):
            return
        if (kinds := what_to_read(text)) is not None:
            await self._stories.recommend(kinds)
            return
        await self._ask(text)

    async def _shown(self, text: str) -> bool:
        """Whether it is said of what was shown, or asks for a story's page, and is done."""
        if (meant := self._numbers.said(text)) is not None:
            name, argument = meant
            await self._doing[name](argument)
            return True
        of_what_was = of_shown(text)
        if of_what_was is not None and await self._of_shown.do(of_what_was, self._doing.__getitem__):
            return True
        if (topic := to_brief(text)) is not None:
            await self._stories.brief(topic)
            return True
        return False

    async def _ask(self, text: str) -> None:
        chat, view = self.chat, AnswerView(self.screen)
        parts = chat.converse.ask(
            text,
            reader=chat.reader,
            conversation=chat.conversation,
            language=self.screen.language,
            zone=self.screen.zone,
        )
        try:
            async with aclosing(parts):
                part = await patiently(self.screen, _next(parts))
                while part:
                    if isinstance(part, Sentence):
                        view.sentence(part)
                    else:
                        await self._end(view, part)
                    part = await _next(parts)
        finally:
            view.stop()

    async def _end(self, view: AnswerView, reply: Reply, more: Callable[[], Awaitable[None]] | None = None) -> None:
        answer, news = reply.answer, self.chat.news
        # What names nothing, such as a word of thanks, leaves the numbers that are on screen.
        more = more or (partial(self._ask, "next") if answer.listing else None)
        self._numbers.list(stories(answer), whole=whole(answer), more=more)
        view.finish(reply, nothing_in=answer.refused and await news.empty(self.chat.reader))
        if answer.refused:
            await say_what_waits(self.screen, news, self.gathering)

    async def _latest(self, argument: str, shown: frozenset[ArticleId] = frozenset()) -> None:
        chat = self.chat
        asked = chat.latest.reply(argument, reader=chat.reader, language=self.screen.language, shown=shown)
        reply = await patiently(self.screen, asked)
        if shown and reply.answer.refused:
            self.screen.say(Remark.NO_MORE)
            return
        listed = shown.union(each.article_id for each in reply.answer.citations)
        await self._end(AnswerView(self.screen), reply, partial(self._latest, argument, listed))
        if evidence := of_answer(chat.reader, reply.answer):
            await chat.learn.make(Learned(evidence=evidence))

    async def _interests(self, command: str, argument: str) -> None:
        chat = self.chat
        await begun(self.screen, chat.ready, chat.filling)
        await patiently(self.screen, steer(self.screen, chat.learn, chat.reader, command, argument))
        if command == "profile":
            self._numbers.clear(besides=True)

    async def _privacy(self, argument: str) -> None:
        del argument
        self.screen.say("chat_privacy")
        if days := self.chat.own_data.talk_days:
            self.screen.say("privacy_talk", days=days)

    async def _export(self, argument: str) -> None:
        await patiently(self.screen, give(self.screen, self.chat.own_data, self.chat.reader, argument))

    async def _forget(self, argument: str) -> None:
        own_data, reader = self.chat.own_data, self.chat.reader
        asked = forget(self.screen, own_data, reader, argument)
        if await patiently(self.screen, asked, sign="chat_forgetting"):
            self._numbers.clear()
            await self.begin()

    async def _help(self, argument: str) -> None:
        del argument
        list_commands(self.screen, COMMANDS)

    async def _feeds(self, argument: str) -> None:
        if argument:
            self.screen.say("chat_sources_file")
            return
        feeds = await self.chat.sources.list(self.chat.reader)
        self._listed = tuple(feed.url for feed in feeds)
        if feeds:
            list_sources(self.screen, feeds)
        else:
            self.screen.say("chat_no_sources")

    async def _add(self, argument: str) -> None:
        feed = await patiently(self.screen, self.chat.sources.add(self.chat.reader, argument))
        self.screen.say("added", title=feed.title or feed.url)
        self.screen.say("chat_added_reading", style=DIM)
        self.gathering.added.put_nowait(feed)

    async def _remove(self, argument: str) -> None:
        before = await self.chat.sources.list(self.chat.reader)
        number = int(argument) if argument.isdecimal() and len(argument) < _MOST_DIGITS else 0
        # A number goes on to mean what it stood beside, whatever was removed since.
        meant = self._listed[number - 1] if 1 <= number <= len(self._listed) else argument
        feed = await self.chat.sources.remove(self.chat.reader, meant)
        self.screen.say("removed", title=feed.title or feed.url)
        last = bool(before) and before[-1].url == feed.url
        self.screen.say("chat_removed_last" if last else "chat_removed", style=DIM, url=feed.url)

    async def _new(self, argument: str) -> None:
        del argument
        await self.chat.dialogues.forget(self.chat.conversation)
        self._numbers.clear()
        self.screen.say("chat_new")

    async def _cancel(self, argument: str) -> None:
        del argument
        self.screen.say("cancel_nothing")

    async def _language(self, argument: str) -> None:
        wanted = argument.strip().lower()
        if wanted not in languages():
            spoken = ", ".join(f"{say(each, 'language_name')} ({each})" for each in languages())
            self.screen.say("chat_language_choice", languages=spoken)
            return
        self.screen.language, self._chosen = wanted, True
        self.screen.say("chat_language_set")

    async def _quit(self, argument: str) -> None:
        del argument
        self.leaving = True


async def _next(parts: AsyncIterator[Sentence | Reply]) -> Sentence | Reply | None:
    return await anext(parts, None)
