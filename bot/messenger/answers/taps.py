"""What becomes of a tap on a button, or a reaction, that says something of what was shown. Decides; changes nothing.

A tap in a group is of the one who taps. What they said of a thing is marked on its buttons only where nobody else sees
these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.flows.feedback import Noted
from bot.messenger.incoming.buttons import Press, Pressed, keyboard
from bot.messenger.incoming.events import Origin, Reacted
from bot.messenger.ports import ShownMessages
from bot.messenger.wire.bot_api import Json
from bot.texts import say
from storage.domain.changes import Change
from storage.domain.evidence import EvidenceKind
from storage.domain.feedback import About, Thing
from storage.domain.people import ReaderId


class Reacts(Protocol):
    """Tells what it changes that readers say something of what they were shown."""

    async def tapped(self, reader: ReaderId, about: About, number: int, kind: EvidenceKind) -> Noted:
        """By a button, of the thing of that number, from 1."""
        ...

    async def reacted(self, reader: ReaderId, about: About, kind: EvidenceKind | None) -> Noted | None:
        """By a reaction, or that it is taken away; `None` where it changes nothing."""
        ...

    async def given(self, reader: ReaderId, about: About, number: int) -> frozenset[EvidenceKind]:
        """What their buttons say by now of a thing."""
        ...

    async def spoken(self, reader: ReaderId, about: About, number: int | None, kind: EvidenceKind) -> Noted | None:
        """In words, of the thing of that number or of all; `None` where it must be of one of several."""
        ...

    async def rated(self, reader: ReaderId, thing: Thing, kind: EvidenceKind, *, stays: bool = False) -> Noted:
        """In words, of something that no button is of."""
        ...

    async def taken_back(self, reader: ReaderId, about: About) -> Noted:
        """That what they said last of what a message tells of is not said after all."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What whoever taps is shown.

    Args:
        said: A sentence for them alone; empty where what becomes of the message says it all.
        keyboard: The buttons that the message has from then on; `None` where they stay.
        text: What the message says from then on, as Telegram HTML, with these buttons; empty where that stays.
        message: The number of the message; `None` where it is the one that was tapped on.
    """

    said: str = ""
    keyboard: dict[str, Json] | None = None
    text: str = ""
    message: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taps:
    """Deals with taps and reactions."""

    messages: ShownMessages
    feedback: Reacts

    async def about(self, origin: Origin, pressed: Pressed) -> About | None:
        """What the message tells of under which was tapped; `None` where nothing in this chat has that button."""
        about = await self.messages.of(pressed.ref, origin.chat_id)
        return about if about is not None and 1 <= pressed.number <= len(about.things) else None

    async def tapped(self, origin: Origin, pressed: Pressed, about: About) -> tuple[Shown, tuple[Change, ...]]:
        """What is shown and changed where a button says something of a thing, or leads to other buttons."""
        kind = pressed.press.says
        if kind is not None:
            noted = await self.feedback.tapped(origin.reader, about, pressed.number, kind)
            marked = None if noted.given is None or not origin.private else keyboard(about, pressed.number, noted.given)
            return Shown(said=say(origin.language, noted.said), keyboard=marked), noted.changes
        if pressed.press is Press.OPEN:
            given = await self.feedback.given(origin.reader, about, pressed.number) if origin.private else ()
            return Shown(keyboard=keyboard(about, pressed.number, given)), ()
        return Shown(keyboard=keyboard(about)), ()

    async def reacted(self, event: Reacted) -> tuple[Shown | None, tuple[Change, ...]]:
        """What a reaction changes; what is shown is other buttons, where one no longer says what it is marked with."""
        origin = event.origin
        about = await self.messages.at(origin.chat_id, origin.message_id)
        noted = None if about is None else await self.feedback.reacted(origin.reader, about, event.verdict)
        if about is None or noted is None:
            return None, ()
        if noted.given is None or not origin.private:
            return None, noted.changes
        return Shown(keyboard=keyboard(about, 1, noted.given)), noted.changes
