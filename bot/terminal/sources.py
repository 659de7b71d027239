"""What is done with a source that has a number: opened, quoted in its context, said something of, explained."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType

from rich.text import Text

from bot.terminal.answers import Story, show_article, show_quote
from bot.terminal.clean import link, visible
from bot.terminal.numbers import Numbers
from bot.terminal.parts import Chat
from bot.terminal.screen import DIM, Screen
from retrieval.owner import OwnerThread
from storage.domain.evidence import EvidenceKind

RATINGS = MappingProxyType(
    {
        "like": EvidenceKind.LIKED,
        "dislike": EvidenceKind.DISLIKED,
        "more": EvidenceKind.MORE,
        "less": EvidenceKind.LESS,
    }
)
"""What the commands say of a source that have it by its number."""
RATED = MappingProxyType({**RATINGS, "wrong": EvidenceKind.DISLIKED})
"""The same of what is said in plain words."""


@dataclass(slots=True, kw_only=True)
class SourceCommands:
    """Does what is asked of a source by its number."""

    chat: Chat
    screen: Screen
    numbers: Numbers
    _browser: OwnerThread | None = field(default=None, repr=False)

    def close(self) -> None:
        """Let go of what was started."""
        if self._browser:
            self._browser.close()

    async def open(self, argument: str) -> None:
        """Open it in a browser; show here what cannot be opened anywhere else."""
        story = self.numbers.meant(self.screen, "open", argument)
        if story is None:
            return
        target = link(story.url)
        if target is None:
            await self._read_here(story)
        else:
            await self._go_to(target)
        await self.chat.learn.opened(self.chat.reader, story.article_id)

    async def cite(self, argument: str) -> None:
        """Show the quote in its context."""
        story = self.numbers.meant(self.screen, "cite", argument)
        if story is None:
            return
        if story.quote is None:
            self.screen.say("chat_no_quote", n=story.n)
            return
        show_quote(self.screen, story, await self.chat.article(story.article_id))

    async def why(self, argument: str) -> None:
        """Say why it was shown."""
        story = self.numbers.meant(self.screen, "why", argument)
        if story is None:
            return
        if story.why is not None:
            self.screen.paragraph(Text(story.why))
        else:
            self.screen.say("chat_why_near" if story.quote is None else "chat_why_source", n=story.n)
        self.screen.paragraph(Text(visible(story.title), style=DIM))

    async def rate(self, command: str, argument: str) -> None:
        """Take down what one of `RATINGS` says of it."""
        story = self.numbers.meant(self.screen, command, argument)
        if story is None:
            return
        noted = await self.chat.feedback.rated(self.chat.reader, story.thing, RATINGS[command])
        for change in noted.changes:
            await self.chat.learn.make(change)
        self.screen.say(noted.said)
        self.screen.paragraph(Text(visible(story.title), style=DIM))

    async def _go_to(self, target: str) -> None:
        # On a line of its own and in one piece, so that it can be selected.
        self.screen.console.print(Text(target), soft_wrap=True)
        if self.screen.console.is_terminal:
            self.screen.say("chat_opened" if await self._opened(target) else "chat_no_browser", style=DIM)

    async def _read_here(self, story: Story) -> None:
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
