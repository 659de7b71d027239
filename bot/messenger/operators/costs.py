"""What counts against a day's budgets: the one place that says so. Pure.

A *question* is what has the bot look something up, or read something, for whoever does it: words to the bot, forwarded
ones, too; a link or a document; /search, /brief, /summary and /latest with something after them, the button for a
brief, and a link to the bot that carries one of these; and what is typed behind its name in any chat, all of it within
a minute of its beginning being one question. It is counted as it comes, before anything is done where a budget may
refuse it, once for an update, and for the person who does it, in a group, too. No question is what shows what is there
for everybody (/hot, /latest, /digest), what is of one's own (/profile, /sources, /export …), what sets something up,
and what a panel asked for.

*Tokens* are what a language model reads and writes while anything at all is answered, a question or not, for whoever is
answered; and while something is made to be sent unasked, for all together (see `bot.messenger.operators.unasked`).

Who has no question left is told so, by whom, and when it goes on; where tokens are used up sources are quoted, which
the answer says. Nobody's day begins anew because they were forgotten (see `storage.budgets`).
"""

from __future__ import annotations

from enum import StrEnum

from bot.flows.statements import said_to_do
from bot.messenger.incoming.buttons import Press
from bot.messenger.incoming.events import Asked, Commanded, Handed, Met, Sought, Tapped
from bot.messenger.incoming.links import linked
from bot.messenger.incoming.readables import File

_LOOKING_UP = frozenset(("summary", "search", "brief", "latest"))
"""Commands that are questions where something is written after them, or they answer something to be read."""


class Cost(StrEnum):
    """As what something counts."""

    NOTHING = "nothing"
    QUESTION = "question"
    TYPING = "typing"


def cost_of(event: Met) -> Cost:
    """As what it counts, unless it is what a panel asked for."""
    match event:
        case Sought(text=text):
            return Cost.TYPING if text.strip() else Cost.NOTHING
        case Commanded(command="start", origin=origin):
            led = linked(event) if origin.private else None
            return Cost.NOTHING if led is None else cost_of(led)
        case _:
            return Cost.QUESTION if _is_question(event) else Cost.NOTHING


def _is_question(event: Met) -> bool:
    match event:
        case Asked(own=False):
            return True
        case Asked(origin=origin, text=text):
            return not (origin.private and said_to_do(text) is not None)
        case Handed(what=what):
            return not (isinstance(what, File) and what.feeds)
        case Commanded(command=command, argument=argument, about=about):
            return command in _LOOKING_UP and (bool(argument) or (about is not None and command == "summary"))
        case Tapped(pressed=pressed):
            return pressed is not None and pressed.press is Press.BRIEF
        case _:
            return False
