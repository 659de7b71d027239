"""What a line typed in the chat is: a question, a command, or nothing. Reading only; doing is the session's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

SLASHES = ("/", "／")
"""The second is what a Chinese keyboard types."""

_ALSO = {
    "exit": "quit",
    "bye": "quit",
    "q": "quit",
    "h": "help",
    "?": "help",
    "feeds": "sources",
    "clear": "new",
    "unmute": "boost",
}
"""What people type elsewhere for the same."""

_BARE = {"quit": "quit", "exit": "quit", ":q": "quit", "退出": "quit", "help": "help", "?": "help", "？": "help"}
"""What is a command without its slash where it is all of a line: it asks nothing of the news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command the chat knows.

    Args:
        name: Without the slash.
        usage: What follows the name, as `/help` shows it; a key of the catalogue, `None` where nothing follows.
        help: What it does, as a key of the catalogue.
        choices: What may follow, where that is a closed set.
    """

    name: str
    help: str
    usage: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Do:
    """A command that exists, and what was written after it."""

    command: Command
    argument: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A command that does not exist, and the one that was probably meant."""

    name: str
    nearest: Command | None


Line = Ask | Do | Unknown


def read(line: str, commands: Sequence[Command]) -> Line | None:
    """What `line` is, `None` where it is blank."""
    text = line.strip()
    if not text:
        return None
    by_name = {command.name: command for command in commands}
    if bare := by_name.get(_BARE.get(text.lower(), "")):
        return Do(command=bare, argument="")
    if not text.startswith(SLASHES):
        return Ask(text=text)
    name, argument = (*text[1:].split(maxsplit=1), "", "")[:2]
    if command := by_name.get(name.lower()):
        return Do(command=command, argument=argument.strip())
    near = get_close_matches(_ALSO.get(name.lower(), name.lower()), by_name, n=1, cutoff=0.5)
    return Unknown(name=name, nearest=by_name[near[0]] if near else None)


def completions(text: str, commands: Iterable[Command]) -> list[str]:
    """What the last word of `text` could become, given that `text` is all that stands before the cursor."""
    if not text.startswith(SLASHES):
        return []
    name, space, argument = text[1:].partition(" ")
    if not space:
        return [f"/{command.name}" for command in commands if command.name.startswith(name.lower())]
    return [
        choice
        for command in commands
        if command.name == name.lower()
        for choice in command.choices
        if choice.startswith(argument)
    ]
