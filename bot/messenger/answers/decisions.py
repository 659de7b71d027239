"""What is said and changed in answer to an event, as a value, and the commonest of such answers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.messenger.answers.taps import Shown
from bot.messenger.incoming.events import Origin
from bot.messenger.paragraphs import render
from bot.messenger.wire.bot_api import Json
from bot.ports import Document
from storage.domain.changes import Change
from storage.domain.feedback import Offer, Thing
from storage.errors import InputError

Parts = tuple[str, ...]


class Shows(Protocol):
    """Shows what is written of an answer while it is."""

    def show(self, text: str) -> None:
        """So much by now."""
        ...


Writing = Callable[[Origin], AbstractAsyncContextManager[Shows]]
"""Shows a chat that an answer is being written, for as long as the block lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to say, as Telegram HTML, nothing where nothing should be said; and what to change along with it.

    Args:
        pictures: What is shown below what is said (PNG).
        documents: The files that come with it.
        things: What is told of, in the order it is numbered: what buttons and reactions are about.
        offers: What can be had of the stories among it by a button.
        keyboard: The buttons under the last of what is said, where nothing is told of.
        shown: What whoever tapped is shown, or what a message of before says from then on.
        cards: The fields that answer what somebody types behind the bot's name.
    """

    parts: Parts = ()
    pictures: tuple[bytes, ...] = ()
    documents: tuple[Document, ...] = ()
    changes: tuple[Change, ...] = ()
    things: tuple[Thing, ...] = ()
    offers: tuple[Offer, ...] = ()
    keyboard: dict[str, Json] | None = None
    shown: Shown | None = None
    cards: dict[str, Json] | None = None


def words(language: str, key: str, /, **fields: object) -> Decision:
    """A sentence of the bot's own."""
    return Decision(parts=render.sentence(language, key, **fields))


def explained(language: str, error: InputError) -> Decision:
    """What the error says, in the reader's language where there is a sentence for it."""
    if error.key is None:
        return words(language, "misunderstood", reason=str(error))
    return words(language, error.key, **error.fields)


def whispered(said: str) -> Decision:
    """A sentence for whoever tapped."""
    return Decision(shown=Shown(said=said))


def offered(origin: Origin, *offers: Offer) -> tuple[Offer, ...]:
    """Those that are of use where everybody sees them: what somebody follows is told them in private."""
    return offers if origin.private else tuple(each for each in offers if each is not Offer.FOLLOW)
