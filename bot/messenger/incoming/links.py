"""What a link to the bot leads to, which is there as a command, too. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.messenger.incoming.events import Commanded

_LINKED = frozenset(
    ("latest", "hot", "digest", "settings", "lang", "brief", "follows", "profile", "sources", "privacy", "help")
)
"""Commands that a link to the bot may carry: those that only show something, whoever made the link."""
_LINKED_WITH = frozenset(("brief", "hot"))
"""And those of them that show something of what is written after them."""
_LINKS = {"story": "brief", "follow": "brief", "subject": "hot"}
"""What else a link may name: a story to be seen, or to be followed by the button below it, and a subject."""


def linked(event: Commanded) -> Commanded | None:
    """The command that /start carries; `None` where it carries none."""
    name, _, argument = event.argument.partition("_")
    command = _LINKS.get(name.lower(), name.lower())
    if command in _LINKED and (command in _LINKED_WITH if argument else "_" not in event.argument):
        return replace(event, command=command, argument=argument)
    return None
