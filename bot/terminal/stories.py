"""What is done with stories: listed, told at a glance, recommended, followed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from rich.text import Text

from bot.flows.asked import as_words
from bot.flows.digest_talk import pauses, spoken_of
from bot.flows.hot import STORIES
from bot.flows.statements import names_digests
from bot.flows.subjects import subject_wanted
from bot.flows.wording.beyond import beyond, sounds_beyond
from bot.flows.wording.pausing import pausing
from bot.terminal.clean import visible
from bot.terminal.digests import show_digest
from bot.terminal.following import list_follows
from bot.terminal.gathering import Gathering
from bot.terminal.greeting import say_what_waits
from bot.terminal.hot import list_hot, show_page
from bot.terminal.numbers import Numbers
from bot.terminal.parts import Chat
from bot.terminal.patience import patiently
from bot.terminal.screen import DIM, Screen
from bot.texts.digests import described, next_told, wished
from bot.texts.follows import called
from storage.domain.annotations import Category
from storage.domain.dialogue import Remark
from storage.domain.digests import Digest
from storage.domain.kinds import ArticleKind


@dataclass(slots=True, kw_only=True)
class StoryCommands:
    """Lists, tells and follows stories."""

    chat: Chat
    screen: Screen
    numbers: Numbers
    gathering: Gathering

    def show(self, digest: Digest) -> None:
        """Show a digest; its items have the numbers from then on."""
        self.numbers.list(show_digest(self.screen, digest), more=self._others)

    async def hot(self, argument: str) -> None:
        """List what is hot, of a subject where one is named."""
        await self._hot(subject_wanted(argument), 0)

    async def _hot(self, subject: Category | None, shown: int) -> None:
        asked = self.chat.hot.list(
            reader=self.chat.reader, language=self.screen.language, category=subject, k=shown + STORIES
        )
        found = await patiently(self.screen, asked)
        rest = replace(found, stories=found.stories[shown:])
        if shown and not rest.stories:
            self.screen.say(Remark.NO_MORE)
            return
        listed = list_hot(self.screen, rest)
        self.numbers.list(listed, more=partial(self._hot, subject, shown + STORIES))
        if not listed:
            await say_what_waits(self.screen, self.chat.news, self.gathering)

    async def digest(self, argument: str) -> None:
        """Recommend what to read; or take down how digests are wished for."""
        if not argument:
            await self.recommend(())
            return
        change = await self.chat.digests.wish(self.chat.reader, argument, self.screen.language)
        for line in wished(change, self.screen.language):
            self.screen.paragraph(Text(visible(line)))

    async def changed(self, text: str) -> bool:
        """Whether it says how digests are to be otherwise, of such as come or are named, and is done."""
        held = await self.chat.digests.settings(self.chat.reader, self.screen.language)
        if spoken_of(held, self.chat.clock()):
            await self.digest(text)
            return True
        if named := names_digests(text):
            self.screen.say("digest_none_yet")
        return named

    async def paused(self, text: str) -> bool:
        """Whether it says that digests are to pause or to go on, and is done."""
        if pausing(text) is None:
            return False
        held = await self.chat.digests.settings(self.chat.reader, self.screen.language)
        if meant := pauses(text, held, self.chat.clock()):
            await self.digest(text)
        return meant

    async def refused(self, text: str) -> bool:
        """Whether digests come and are told to do what they cannot, which is said."""
        if not sounds_beyond(text):
            return False
        refused = beyond(text, await self.chat.digests.settings(self.chat.reader, self.screen.language))
        if refused is not None:
            self.screen.say(refused[0], number=refused[1])
        return refused is not None

    async def _others(self) -> None:
        """Recommend what else to read: what was shown is not shown again."""
        await self.recommend(())

    async def recommend(self, kinds: tuple[ArticleKind, ...]) -> None:
        """Recommend what to read, of these kinds where any are named."""
        digests = self.chat.digests
        made = await patiently(self.screen, digests.now(self.chat.reader, self.screen.language, kinds=kinds))
        self.show(made)
        await digests.show(made)

    async def settings(self, argument: str) -> None:
        """Show how digests come; or take down how they are to."""
        if argument:
            await self.digest(argument)
            return
        held = await self.chat.digests.settings(self.chat.reader, self.screen.language)
        for line in described(held, self.screen.language, self.chat.clock()):
            self.screen.paragraph(Text(visible(line)))
        if coming := next_told(held, self.screen.language, self.chat.clock()):
            self.screen.paragraph(Text(visible(coming)))
        self.screen.say("digest_usage", style=DIM)

    async def brief(self, argument: str) -> None:
        """Tell a story at a glance."""
        if not argument:
            self.screen.say("chat_brief_usage")
            return
        wanted = await self._meant("brief", argument)
        asked = self.chat.briefs.about(wanted, reader=self.chat.reader, language=self.screen.language)
        page = await patiently(self.screen, asked)
        sources = show_page(self.screen, page)
        if page.refused:
            self.numbers.list(sources)
        else:
            self.numbers.open(sources)
        await self.chat.briefs.look(self.chat.reader, page)

    async def follow(self, argument: str) -> None:
        """Follow a story or a topic."""
        if not argument:
            self.screen.say("chat_follow_usage")
            return
        wanted = await self._meant("follow", argument)
        followed = self.chat.follows.follow(self.chat.reader, wanted, self.screen.language)
        self.screen.say("followed", what=(await patiently(self.screen, followed)).words)

    async def follows(self, argument: str) -> None:
        """List what is followed."""
        del argument
        list_follows(self.screen, await self.chat.follows.list(self.chat.reader))

    async def unfollow(self, argument: str) -> None:
        """Follow something no longer."""
        if not argument:
            self.screen.say("unfollow_usage")
            return
        ended = await self.chat.follows.unfollow(self.chat.reader, argument)
        self.screen.say("unfollowed", what=called(ended, self.screen.language))

    async def _meant(self, command: str, argument: str) -> str:
        """A story or a topic as the flows take it: the number of one in the list becomes the story's own."""
        named = self.numbers.story(command, argument)
        if named is None:
            return argument
        number = named.story or (await self.chat.hot.of([named.article_id])).get(named.article_id)
        return as_words(named.title) if number is None else f"#{number}"
