"""A reader's interests in the chat: shown, told and steered."""

from __future__ import annotations

from rich.text import Text

from bot.terminal.clean import visible
from bot.terminal.ports import Learn
from bot.terminal.screen import DIM, MARK, STRONG, Screen
from bot.texts import DEFAULT_LANGUAGE
from bot.texts.interests import EVERYTHING, SHOWN_LINES, because, heading, label, named, noted, told_of
from storage.domain.changes import Learned
from storage.domain.interests import Interest, Interests
from storage.domain.people import ReaderId

INTERESTS = ("profile", "interests", "boost", "mute", "drop")
"""The commands that are about them."""


async def steer(screen: Screen, learn: Learn, reader: ReaderId, command: str, argument: str) -> None:
    """Do what one of `INTERESTS` asks, and say so.

    Raises:
        InputError: There is no such interest, or nothing is told.
    """
    if command == "profile":
        known = await learn.show(reader)
        portrait = await learn.portray(noted(known, screen.language), screen.language or DEFAULT_LANGUAGE)
        show_interests(screen, known, portrait.text)
        await learn.make(learn.shown(reader, known))
    elif not argument:
        screen.say("interests_usage" if command == "interests" else "interest_usage", command=command)
    elif command == "interests":
        told = learn.to_tell(reader, argument)
        what = told_of(told, await learn.unmuted_by(reader, told), screen.language)
        await learn.make(told)
        screen.say("interests_told", what=what)
        screen.say("feedback_undo", style=DIM)
    elif command == "drop" and argument.lower() in EVERYTHING:
        await learn.make(learn.to_reset(reader))
        screen.say("interests_reset")
    else:
        wish = {"boost": learn.to_boost, "mute": learn.to_mute, "drop": learn.to_forget}[command]
        steered = await wish(reader, argument)
        await learn.make(steered.change)
        screen.say(steered.said, what=named(steered.what, screen.language))
        if isinstance(steered.change, Learned):
            screen.say("feedback_undo", style=DIM)


def show_interests(screen: Screen, known: Interests, portrait: str) -> None:
    """What is known of a reader in plain words, then each interest with what it was seen by."""
    if not known.listed:
        screen.say("profile_none")
        return
    screen.paragraph(Text(visible(portrait)))
    for number, each in enumerate(known.listed, start=1):
        if each in known.liked:
            screen.blank()
        elif above := heading(known, each, screen.language):
            screen.blank()
            screen.paragraph(Text(above))
        _show(screen, each, number, in_full=each not in known.muted)
    screen.blank()
    screen.say("chat_profile_hint", style=DIM, number=1)


def _show(screen: Screen, interest: Interest, number: int, *, in_full: bool) -> None:
    """What it is called and, `in_full`, what it was seen by."""
    style = STRONG if in_full else ""
    lead = Text(f"{number}.", style=MARK)
    screen.paragraph(Text(visible(label(interest, screen.language)), style=style), lead=lead, indent=4)
    for at, line in enumerate(interest.lines[:SHOWN_LINES] if in_full else (), start=1):
        lead = Text(f"    {number}.{at}", style=DIM)
        screen.paragraph(Text(visible(because(line, screen.language)), style=DIM), lead=lead, indent=10)
