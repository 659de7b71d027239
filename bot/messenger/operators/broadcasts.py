"""What operators tell everybody: seen first by whoever wrote it, then confirmed. Readers may want none of it.

Decides; `bot.messenger.operators.spreading` sends what is confirmed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from bot.messenger.answers.decisions import Decision, whispered, words
from bot.messenger.answers.taps import Shown
from bot.messenger.incoming.events import Commanded, Tapped
from bot.messenger.paragraphs.markup import Paragraph, own, parts, units
from bot.messenger.wire.bot_api import Json
from bot.texts import say
from storage.broadcasts import Telling
from storage.domain.broadcasts import Begun, Broadcast, BroadcastId, BroadcastState, Cancelled, Drafted
from storage.domain.times import Clock

_LONGEST = 3_000
"""UTF-16 code units: with what is said below it one message holds them, whatever they are."""
_DRAFT_FOR = timedelta(days=1)
"""So long it may be confirmed: later, who knows whether it still holds."""
_DATA = re.compile(r"broadcast:(send|cancel):([0-9]{1,18})", re.ASCII)
_BLANK: Paragraph = ()


class Broadcasts(Protocol):
    """What everybody is told, as it is kept."""

    async def count(self) -> int:
        """How many readers would be told now."""
        ...

    async def get(self, id_: BroadcastId) -> Broadcast | None:
        """The broadcast, as it stands."""
        ...

    async def spread(self, telling: Telling) -> int | None:
        """Enqueue the messages to some more readers of one that is being sent; how many, `None` where none is."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastCommands:
    """Answers operators; see `bot.messenger.operators.commands`."""

    broadcasts: Broadcasts
    clock: Clock

    async def drafted(self, update_id: int, event: Commanded) -> Decision:
        """What everybody would be told, as they would see it, and whether it shall be sent."""
        language = event.origin.language
        if not event.argument:
            return words(language, "broadcast_usage")
        if units(event.argument) > _LONGEST:
            return words(language, "broadcast_long", limit=_LONGEST)
        draft = Broadcast(id=BroadcastId(update_id), text=event.argument, made_at=self.clock())
        asked = words(language, "broadcast_preview", count=await self.broadcasts.count())
        return replace(
            asked,
            parts=(*seen(draft, language), *asked.parts),
            keyboard=_keyboard(language, draft.id, "send", "cancel"),
            changes=(Drafted(broadcast=draft),),
        )

    async def tapped(self, event: Tapped) -> Decision | None:
        """What becomes of it by a tap; `None` where that was on something else."""
        match = _DATA.fullmatch(event.data)
        if match is None:
            return None
        what, language = match[1], event.origin.language
        held = await self.broadcasts.get(BroadcastId(int(match[2])))
        if held is None:
            return _over(language)
        if what == "cancel":
            if held.state is BroadcastState.CANCELLED:
                return _over(language)
            # What is done may still wait to be sent.
            return replace(_now(language, "broadcast_cancelled", []), changes=(Cancelled(id=held.id),))
        if held.state is not BroadcastState.DRAFT or self.clock() - held.made_at > _DRAFT_FOR:
            return _over(language)
        stop = _keyboard(language, held.id, "cancel", label="stop")["inline_keyboard"]
        return replace(_now(language, "broadcast_begun", stop), changes=(Begun(id=held.id),))


def seen(broadcast: Broadcast, language: str | None) -> tuple[str, ...]:
    """What its readers see."""
    lines = [(own(line),) if line.strip() else _BLANK for line in broadcast.text.splitlines()]
    return parts([*lines, _BLANK, (own(say(language, "announcement_off_hint"), "i"),)])


def _keyboard(language: str, id_: BroadcastId, *choices: str, label: str | None = None) -> dict[str, Json]:
    row: list[Json] = [
        {"text": say(language, f"broadcast_{label or each}"), "callback_data": f"broadcast:{each}:{id_}"}
        for each in choices
    ]
    return {"inline_keyboard": [row]}


def _now(language: str, said: str, buttons: Json) -> Decision:
    """The message with the buttons says something else from then on."""
    (text,) = words(language, said).parts
    return Decision(shown=Shown(text=text, keyboard={"inline_keyboard": buttons or []}))


def _over(language: str) -> Decision:
    return whispered(say(language, "broadcast_over"))
