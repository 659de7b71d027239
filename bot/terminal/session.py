"""One conversation at a terminal: what each line does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, assert_never

from rich.text import Text

from bot.flows.evidence import of_answer
from bot.flows.statements import said_to_do
from bot.flows.what_to_read import what_to_read
from bot.terminal.answers import AnswerView, Story, list_stories, show_article, show_quote, stories
from bot.terminal.browser import open_page
from bot.terminal.clean import link, visible
from bot.terminal.commands import Ask, Command, Do, Line, Unknown
from bot.terminal.digests import show_digest
from bot.terminal.following import list_follows
from bot.terminal.gathering import Gathering
from bot.terminal.hot import list_hot, show_page
from bot.terminal.interests import INTERESTS, steer
from bot.terminal.listings import list_commands, list_sources
from bot.terminal.own_data import forget, give
from bot.terminal.ports import (
    Asks,
    Briefs,
    Digests,
    Follows,
    Forget,
    Hot,
    Latest,
    Learn,
    News,
    OwnData,
    Rates,
    ReadArticle,
    SourceList,
)
from bot.terminal.screen import DIM, Screen
from bot.texts import languages
from bot.texts.digests import described, wished
from retrieval.owner import OwnerThread
from storage.domain.changes import Learned
from storage.domain.dialogue import ConversationId, Reply, Sentence
from storage.domain.digests import Digest
from storage.domain.evidence import EvidenceKind
from storage.domain.kinds import ArticleKind
from storage.domain.people import ReaderId
from storage.errors import InputError

T = TypeVar("T")

PATIENCE_SECONDS = 0.3
"""Work that is done sooner shows no sign of being under way."""

COMMANDS = (
    Command(name="help", help="chat_help_help"),
    Command(name="latest", help="chat_help_latest", usage="chat_usage_latest"),
    Command(name="hot", help="chat_help_hot"),
    Command(name="digest", help="chat_help_digest", usage="chat_usage_digest"),
    Command(name="settings", help="chat_help_settings"),
    Command(name="brief", help="chat_help_brief", usage="chat_usage_brief"),
    Command(name="follow", help="chat_help_follow", usage="chat_usage_brief"),
    Command(name="follows", help="chat_help_follows"),
    Command(name="unfollow", help="chat_help_unfollow", usage="chat_usage_unfollow"),
    Command(name="profile", help="chat_help_profile"),
    Command(name="interests", help="chat_help_interests", usage="chat_usage_interests"),
    Command(name="boost", help="chat_help_boost", usage="chat_usage_n"),
    Command(name="mute", help="chat_help_mute", usage="chat_usage_n"),
    Command(name="drop", help="chat_help_drop", usage="chat_usage_drop"),
    Command(name="like", help="chat_help_like", usage="chat_usage_n"),
    Command(name="dislike", help="chat_help_dislike", usage="chat_usage_n"),
    Command(name="more", help="chat_help_more", usage="chat_usage_n"),
    Command(name="less", help="chat_help_less", usage="chat_usage_n"),
    Command(name="export", help="chat_help_export", usage="chat_usage_export"),
    Command(name="forget", help="chat_help_forget", usage="chat_usage_forget"),
    Command(name="sources", help="chat_help_sources"),
    Command(name="add", help="chat_help_add", usage="chat_usage_add"),
    Command(name="remove", help="chat_help_remove", usage="chat_usage_remove"),
    Command(name="open", help="chat_help_open", usage="chat_usage_n"),
    Command(name="cite", help="chat_help_cite", usage="chat_usage_n"),
    Command(name="new", help="chat_help_new"),
    Command(name="language", help="chat_help_language", usage="chat_usage_language", choices=languages()),
    Command(name="quit", help="chat_help_quit"),
)


_RATINGS = {
    "like": EvidenceKind.LIKED,
    "dislike": EvidenceKind.DISLIKED,
    "more": EvidenceKind.MORE,
    "less": EvidenceKind.LESS,
}
"""What the commands say of a source that have it by its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """What a chat is made of.

    Args:
        article: Reads an article, for quotes in their context.
        reader: Who talks.
        conversation: Where follow-ups refer to; a fresh one for each chat.
        language: The language the chat speaks at first; answers follow the question's.
        home: Folder for the history of lines typed and for what would be logged into the conversation.
        every: From the end of one reading of the feeds to the begin of the next.
        ready: What must end before the first answer, such as the loading of models; the chat opens without it.
        open_page: Opens a page in a browser and says whether it could; may block.
    """

    converse: Asks
    sources: SourceList
    news: News
    latest: Latest
    hot: Hot
    briefs: Briefs
    digests: Digests
    follows: Follows
    learn: Learn
    own_data: OwnData
    feedback: Rates
    dialogues: Forget
    article: ReadArticle
    reader: ReaderId
    conversation: ConversationId
    language: str
    home: Path
    every: timedelta = timedelta(minutes=15)
    ready: asyncio.Future[None] | None = None
    open_page: Callable[[str], bool] = open_page


@dataclass(slots=True, kw_only=True)
class Session:
    """The state of a chat, and what its lines do to it.

    Args:
        chat: What it works with.
        screen: Where it prints.
        gathering: Reads what is added, and says whether more news is on its way.
    """

    chat: Chat
    screen: Screen
    gathering: Gathering
    leaving: bool = False
    _stories: tuple[Story, ...] = ()
    _browser: OwnerThread | None = field(default=None, repr=False)

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
        self._stories = show_digest(self.screen, digest) or self._stories

    def close(self) -> None:
        """Let go of what was started."""
        if self._browser:
            self._browser.close()

    @property
    def _doing(self) -> dict[str, Callable[[str], Awaitable[None]]]:
        return {
            "help": self._help,
            "latest": self._latest,
            "hot": self._hot,
            "digest": self._digest,
            "settings": self._settings,
            "brief": self._brief,
            "follow": self._follow,
            "follows": self._followed,
            "unfollow": self._unfollow,
            **{name: partial(self._interests, name) for name in INTERESTS},
            **{name: partial(self._rate, name) for name in _RATINGS},
            "export": self._export,
            "forget": self._forget,
            "sources": self._sources,
            "add": self._add,
            "remove": self._remove,
            "open": self._open,
            "cite": self._cite,
            "new": self._new,
            "language": self._language,
            "quit": self._quit,
        }

    async def _answer(self, text: str) -> None:
        chat, view = self.chat, AnswerView(self.screen)
        if chat.ready is not None:
            await self._patiently(_finished(chat.ready), sign="chat_loading")
        if (command := said_to_do(text)) is not None:
            await self._doing[command](text)
            return
        if (kinds := what_to_read(text)) is not None:
            await self._recommend(kinds)
            return
        parts = chat.converse.ask(
            text, reader=chat.reader, conversation=chat.conversation, language=self.screen.language
        )
        try:
            async with aclosing(parts):
                part = await self._patiently(_next(parts))
                while part:
                    if isinstance(part, Sentence):
                        view.sentence(part)
                    else:
                        await self._end(view, part)
                    part = await _next(parts)
        finally:
            view.stop()

    async def _end(self, view: AnswerView, reply: Reply) -> None:
        answer, news = reply.answer, self.chat.news
        # What names nothing, such as a word of thanks, leaves the numbers that are on screen.
        self._stories = stories(answer) or self._stories
        view.finish(reply, nothing_in=answer.refused and await news.empty(self.chat.reader))
        if answer.refused and self.gathering.under_way:
            self.screen.say("chat_still_reading", style=DIM)

    async def _latest(self, argument: str) -> None:
        chat = self.chat
        asked = chat.latest.reply(argument, reader=chat.reader, language=self.screen.language)
        reply = await self._patiently(asked)
        await self._end(AnswerView(self.screen), reply)
        if evidence := of_answer(chat.reader, reply.answer):
            await chat.learn.make(Learned(evidence=evidence))

    async def _hot(self, argument: str) -> None:
        del argument
        found = self.chat.hot.list(reader=self.chat.reader, language=self.screen.language)
        list_hot(self.screen, await self._patiently(found))

    async def _digest(self, argument: str) -> None:
        chat = self.chat
        if not argument:
            await self._recommend(())
            return
        change = await chat.digests.wish(chat.reader, argument, self.screen.language)
        for line in wished(change, self.screen.language):
            self.screen.paragraph(Text(line))

    async def _recommend(self, kinds: tuple[ArticleKind, ...]) -> None:
        chat = self.chat
        digest = await self._patiently(chat.digests.now(chat.reader, self.screen.language, kinds=kinds))
        self.show(digest)
        await chat.digests.show(digest)

    async def _settings(self, argument: str) -> None:
        if argument:
            await self._digest(argument)
            return
        held = await self.chat.digests.settings(self.chat.reader, self.screen.language)
        for line in described(held, self.screen.language):
            self.screen.paragraph(Text(line))
        self.screen.say("digest_usage", style=DIM)

    async def _brief(self, argument: str) -> None:
        if not argument:
            self.screen.say("brief_usage")
            return
        asked = self.chat.briefs.about(argument, reader=self.chat.reader, language=self.screen.language)
        page = await self._patiently(asked)
        self._stories = show_page(self.screen, page) or self._stories
        await self.chat.briefs.look(self.chat.reader, page)

    async def _follow(self, argument: str) -> None:
        if not argument:
            self.screen.say("follow_usage")
            return
        followed = self.chat.follows.follow(self.chat.reader, argument, self.screen.language)
        self.screen.say("followed", what=(await self._patiently(followed)).words)

    async def _followed(self, argument: str) -> None:
        del argument
        list_follows(self.screen, await self.chat.follows.list(self.chat.reader))

    async def _unfollow(self, argument: str) -> None:
        if not argument:
            self.screen.say("unfollow_usage")
            return
        self.screen.say("unfollowed", what=(await self.chat.follows.unfollow(self.chat.reader, argument)).words)

    async def _interests(self, command: str, argument: str) -> None:
        chat = self.chat
        if chat.ready is not None:
            await self._patiently(_finished(chat.ready), sign="chat_loading")
        await self._patiently(steer(self.screen, chat.learn, chat.reader, command, argument))

    async def _rate(self, command: str, argument: str) -> None:
        chat, story = self.chat, self._story(command, argument)
        if story is None:
            return
        noted = await chat.feedback.rated(chat.reader, story.article_id, _RATINGS[command])
        for change in noted.changes:
            await chat.learn.make(change)
        self.screen.say(noted.said)
        self.screen.paragraph(Text(visible(story.title), style=DIM))

    async def _export(self, argument: str) -> None:
        await self._patiently(give(self.screen, self.chat.own_data, self.chat.reader, argument))

    async def _forget(self, argument: str) -> None:
        # Who is forgotten leaves: whatever they did next would be a new reader's.
        self.leaving = await self._patiently(
            forget(self.screen, self.chat.own_data, self.chat.reader, argument), sign="chat_forgetting"
        )

    async def _help(self, argument: str) -> None:
        del argument
        list_commands(self.screen, COMMANDS)

    async def _sources(self, argument: str) -> None:
        del argument
        feeds = await self.chat.sources.list(self.chat.reader)
        if feeds:
            list_sources(self.screen, feeds)
        else:
            self.screen.say("chat_no_sources")

    async def _add(self, argument: str) -> None:
        feed = await self._patiently(self.chat.sources.add(self.chat.reader, argument))
        self.screen.say("added", title=feed.title or feed.url)
        self.screen.say("chat_added_reading", style=DIM)
        self.gathering.added.put_nowait(feed)

    async def _remove(self, argument: str) -> None:
        before = await self.chat.sources.list(self.chat.reader)
        feed = await self.chat.sources.remove(self.chat.reader, argument)
        self.screen.say("removed", title=feed.title or feed.url)
        last = bool(before) and before[-1].url == feed.url
        self.screen.say("chat_removed_last" if last else "chat_removed", style=DIM, url=feed.url)

    async def _open(self, argument: str) -> None:
        story = self._story("open", argument)
        if story is None:
            return
        target = link(story.url)
        if target is None:
            await self._read_here(story)
        else:
            await self._go_to(target)
        await self.chat.learn.opened(self.chat.reader, story.article_id)

    async def _go_to(self, target: str) -> None:
        # On a line of its own and in one piece, so that it can be selected.
        self.screen.console.print(Text(target), soft_wrap=True)
        if self.screen.console.is_terminal:
            self.screen.say("chat_opened" if await self._opened(target) else "chat_no_browser", style=DIM)

    async def _read_here(self, story: Story) -> None:
        """Show the article that cannot be opened anywhere else."""
        article = await self.chat.article(story.article_id)
        if article is None:
            self.screen.say("chat_no_link" if story.quote is None else "chat_no_link_cite", n=story.n)
            return
        self.screen.say("chat_no_link_text", style=DIM, n=story.n)
        self.screen.blank()
        show_article(self.screen, story, article)

    async def _opened(self, url: str) -> bool:
        self._browser = self._browser or OwnerThread("browser")
        return await self._browser.run(self.chat.open_page, url)

    async def _cite(self, argument: str) -> None:
        story = self._story("cite", argument)
        if story is None:
            return
        if story.quote is None:
            self.screen.say("chat_no_quote", n=story.n)
            return
        show_quote(self.screen, story, await self.chat.article(story.article_id))

    async def _new(self, argument: str) -> None:
        del argument
        await self.chat.dialogues.forget(self.chat.conversation)
        self._stories = ()
        self.screen.say("chat_new")

    async def _language(self, argument: str) -> None:
        wanted = argument.strip().lower()
        if wanted not in languages():
            self.screen.say("chat_language_choice", languages=", ".join(languages()))
            return
        self.screen.language = wanted
        self.screen.say("chat_language_set")

    async def _quit(self, argument: str) -> None:
        del argument
        self.leaving = True

    def _story(self, command: str, argument: str) -> Story | None:
        """The story of that number. Without a number it is the only one, or none and they are listed to choose from."""
        if not self._stories:
            raise InputError(f"/{command}", "there is no answer yet", key="chat_nothing_shown")
        wanted = argument.strip("[]【】 ")
        if not wanted:
            if len({story.article_id for story in self._stories}) == 1:
                return self._stories[0]
            list_stories(self.screen, self._stories)
            self.screen.say("chat_which", style=DIM, command=command)
            return None
        for story in self._stories:
            if wanted.isdecimal() and story.n == int(wanted):
                return story
        raise InputError(f"/{command}", "no such number", key="chat_no_number", number=visible(wanted), command=command)

    async def _patiently(self, work: Coroutine[Any, Any, T], *, sign: str = "chat_thinking") -> T:
        """The result of `work`, with a sign of life while it takes its time."""
        task = asyncio.ensure_future(work)
        try:
            done, _ = await asyncio.wait([task], timeout=PATIENCE_SECONDS)
            if not done:
                with self.screen.busy(sign):
                    await asyncio.wait([task])
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait([task])
        return task.result()


async def _next(parts: AsyncIterator[Sentence | Reply]) -> Sentence | Reply | None:
    return await anext(parts, None)


async def _finished(work: asyncio.Future[None]) -> None:
    # Shielded: Ctrl-C gives up the question, not the work.
    await asyncio.shield(work)
