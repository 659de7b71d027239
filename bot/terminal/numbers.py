"""What the numbers on the screen stand for: one rule for every command that takes one.

A number is one of the list that was shown last: an answer's sources, what is hot, the newest, a digest. A story's page
numbers its own sources; the list that it was opened from still names stories, so that one after the other can be read.
A story's own number, which never changes, is written with a #.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.terminal.answers import Story, list_stories
from bot.terminal.clean import visible
from bot.terminal.screen import DIM, Screen
from storage.domain.feedback import Thing
from storage.errors import InputError

_NUMBER = re.compile(r"[\[【]?\s*(\d{1,9})\s*[\]】.]?")
# What a line may be that is a command without its slash.
_COMMANDED = re.compile(
    r"(brief|open|cite|follow|like|dislike|more|less|why) +([\[【#]? ?\d{1,9} ?[\]】.]?)", re.IGNORECASE
)
_FEW = 2
"""Digits of a number that may be meant of a list; a longer one is a year, or anything else."""
_OWN = re.compile(r"#\d{1,9}")
_ORDINAL_ZH = re.compile(r"第 ?(\d{1,9}) ?[条个则]")


@dataclass(slots=True)
class Numbers:
    """What has numbers by now.

    Args:
        listed: The list that was shown last.
        page: The sources of the page that was opened since, if any.
        whole: What saying something of all that was shown is about; `None` where that is several things.
        more: Shows what comes after the list; `None` where nothing does.
        besides: Whether something else was numbered since, as what is known of a reader is.
    """

    listed: tuple[Story, ...] = ()
    page: tuple[Story, ...] = ()
    whole: Thing | None = None
    more: Callable[[], Awaitable[None]] | None = None
    besides: bool = False

    def list(
        self,
        shown: tuple[Story, ...],
        *,
        whole: Thing | None = None,
        more: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """These have the numbers from now on; what names nothing leaves those that are on the screen."""
        if shown:
            self.listed, self.page, self.whole, self.more, self.besides = shown, (), whole, more, False

    def open(self, sources: tuple[Story, ...]) -> None:
        """A page was shown, which rests on these."""
        self.page, self.besides = sources or self.page, False

    def clear(self, *, besides: bool = False) -> None:
        """Nothing has a number any more, or only something `besides` that no command of these takes."""
        self.listed, self.page, self.whole, self.more, self.besides = (), (), None, None, besides

    @property
    def shown(self) -> tuple[Story, ...]:
        """What has numbers now: the sources of the page, or else the list."""
        return self.page or self.listed

    @property
    def of_stories(self) -> tuple[Story, ...]:
        """What a story is named by: the list, which a page that was opened from it leaves; or else the page."""
        return self.listed or self.page

    @property
    def only(self) -> Story | None:
        """The only thing that was shown; `None` where there are several, or none."""
        return self.shown[0] if len({story.article_id for story in self.shown}) == 1 else None

    def numbered(self, number: int) -> Story:
        """What has that number, which something must have."""
        return next(story for story in self.shown if story.n == number)

    def said(self, line: str) -> tuple[str, str] | None:
        """The command and the argument that a line is without a slash: `brief 3`, or only `3`; `None` for any other.

        A number alone asks for a page of what has that number, or of the story whose own it is. One that is too high
        for the list is meant of it too, if it is short; written out in Chinese it may be the news that are called so.
        """
        text = line.strip()
        if commanded := _COMMANDED.fullmatch(text):
            return commanded[1].lower(), commanded[2]
        if _OWN.fullmatch(text):
            return "brief", text
        bare = _NUMBER.fullmatch(text)
        said = bare or _ORDINAL_ZH.fullmatch(text)
        named = said is not None and any(story.n == int(said[1]) for story in self.listed)
        meant = named or (bare is not None and len(bare[1]) <= _FEW and bool(self.listed or self.besides))
        return ("brief", said[1]) if said is not None and meant else None

    def story(self, command: str, argument: str) -> Story | None:
        """The one of the list that is named by its number, or of a page that was opened from none; else `None`.

        Raises:
            InputError: It has no such number.
        """
        said, shown = _NUMBER.fullmatch(argument.strip()), self.of_stories
        if said and self.besides:
            raise InputError(f"/{command}", "no story was numbered last", key="chat_numbers_besides", command=command)
        return _numbered(shown, command, said[1]) if said and shown else None

    def meant(self, screen: Screen, command: str, argument: str) -> Story | None:
        """What has that number. Without a number it is the only one, or none and they are listed to choose from.

        Raises:
            InputError: Nothing was shown yet, or nothing has that number.
        """
        shown = self.shown
        if not shown:
            key = "chat_numbers_besides" if self.besides else "chat_nothing_shown"
            raise InputError(f"/{command}", "nothing was listed yet", key=key, command=command)
        if not argument.strip():
            if self.only is not None:
                return self.only
            list_stories(screen, shown)
            screen.say("chat_which", style=DIM, command=command)
            return None
        said = _NUMBER.fullmatch(argument.strip())
        return _numbered(shown, command, said[1] if said else argument)


def _numbered(shown: tuple[Story, ...], command: str, wanted: str) -> Story:
    for story in shown:
        if wanted.isdecimal() and story.n == int(wanted):
            return story
    numbers = [story.n for story in shown]
    raise InputError(
        f"/{command}",
        "no such number",
        key="chat_no_number",
        number=visible(wanted),
        command=command,
        first=min(numbers),
        last=max(numbers),
    )
