"""What the numbers on the screen stand for: one rule for every command that takes one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.terminal.answers import Story, list_stories
from bot.terminal.clean import visible
from bot.terminal.screen import DIM, Screen
from storage.errors import InputError


@dataclass(slots=True)
class Numbers:
    """What was shown last under numbers."""

    shown: tuple[Story, ...] = ()

    def show(self, shown: tuple[Story, ...]) -> None:
        """These have the numbers from now on; what names nothing leaves those that are on the screen."""
        self.shown = shown or self.shown

    def clear(self) -> None:
        """Nothing has a number any more."""
        self.shown = ()

    def meant(self, screen: Screen, command: str, argument: str) -> Story | None:
        """What has that number. Without a number it is the only one, or none and they are listed to choose from.

        Raises:
            InputError: Nothing was shown yet, or nothing has that number.
        """
        if not self.shown:
            raise InputError(f"/{command}", "there is no answer yet", key="chat_nothing_shown")
        wanted = argument.strip("[]【】 ")
        if not wanted:
            if len({story.article_id for story in self.shown}) == 1:
                return self.shown[0]
            list_stories(screen, self.shown)
            screen.say("chat_which", style=DIM, command=command)
            return None
        for story in self.shown:
            if wanted.isdecimal() and story.n == int(wanted):
                return story
        raise InputError(f"/{command}", "no such number", key="chat_no_number", number=visible(wanted), command=command)
