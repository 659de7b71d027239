"""What readers say in plain words of what they were shown: more like number 1, 第二条不喜欢, open the third one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from rich.text import Text

from bot.flows.feedback import Noted
from bot.flows.wording.said import LAST, MAY_ASK, RATINGS, Act, Said
from bot.terminal.answers import Story
from bot.terminal.clean import visible
from bot.terminal.numbers import Numbers
from bot.terminal.parts import Chat
from bot.terminal.screen import DIM, Screen
from bot.terminal.sources import RATED
from storage.domain.feedback import Thing
from storage.errors import InputError

_OF_STORIES = frozenset(("brief", "follow"))
"""What is wished of a story: one of the list goes on to be named by its number when another was opened."""


@dataclass(slots=True, kw_only=True)
class OfShown:
    """Does what is said of what was shown last."""

    chat: Chat
    screen: Screen
    numbers: Numbers

    async def do(self, said: Said, doing: Callable[[str], Callable[[str], Awaitable[None]]]) -> bool:
        """Do it; `False` where it is a question after all: nothing comes after what was shown, or has that number.

        Args:
            said: What is said.
            doing: What does a command, by its name.

        Raises:
            InputError: Nothing was shown, or not so many.
        """
        if said.act == "next":
            if self.numbers.more is None:
                return False
            await self.numbers.more()
        elif said.act == "undo":
            await self._undo()
        elif said.act in RATINGS:
            await self._rate(said)
        elif said.number is not None and self._may_ask(said.act, said.number):
            return False
        elif said.act == "follow" and said.number is None:
            only = self.numbers.only
            await doing("follow")("" if only is None else str(only.n))
        else:
            among = self.numbers.of_stories if said.act in _OF_STORIES else self.numbers.shown
            number = "" if said.number is None else str(_number(among, said.number))
            await doing(said.act)(number)
        return True

    async def _rate(self, said: Said) -> None:
        thing, title = self._meant(said)
        if thing is None:
            example = said.act if said.act in {"more", "less"} else "other"
            self.screen.say("feedback_which", example=self.screen.sentence(f"feedback_example_{example}"))
            return
        noted = await self.chat.feedback.rated(self.chat.reader, thing, RATED[said.act], stays=True)
        await self._make(noted)
        self.screen.say(noted.said)
        if title:
            self.screen.paragraph(Text(visible(title), style=DIM))
        if said.act == "wrong":
            self.screen.say("feedback_wrong")
        if noted.changes:
            self.screen.say("feedback_undo", style=DIM)

    async def _undo(self) -> None:
        undone = await self.chat.learn.to_undo(self.chat.reader)
        if undone.change is not None:
            await self.chat.learn.make(undone.change)
        self.screen.say(undone.said, what=", ".join(map(visible, undone.what)))
        for each in undone.what if undone.change is not None else ():
            self.screen.paragraph(Text(visible(each), style=DIM))

    async def _make(self, noted: Noted) -> None:
        for change in noted.changes:
            await self.chat.learn.make(change)

    def _meant(self, said: Said) -> tuple[Thing | None, str]:
        """What is spoken of and what it is called; nothing where it may be one of several."""
        if said.number is None:
            if not self.numbers.shown:
                raise InputError("feedback", "nothing was shown yet", key="feedback_nothing")
            only = self.numbers.only
            if only is not None:
                return only.thing, only.title
            return self.numbers.whole, ""
        story = self.numbers.numbered(_number(self.numbers.shown, said.number))
        return story.thing, story.title

    def _may_ask(self, act: Act, number: int) -> bool:
        """Whether it may be a question, since nothing has that number."""
        named = {each.n for each in self.numbers.shown + self.numbers.of_stories}
        return act in MAY_ASK and (not named or (act == "brief" and number != LAST and number not in named))


def _number(shown: Sequence[Story], number: int) -> int:
    """A number that is shown.

    Raises:
        InputError: It is none.
    """
    if not shown:
        raise InputError("feedback", "nothing was shown yet", key="feedback_nothing")
    numbers = [each.n for each in shown]
    if number == LAST:
        return max(numbers)
    if number not in numbers:
        raise InputError(str(number), "no such number", key="feedback_no_number", number=number, last=max(numbers))
    return number
