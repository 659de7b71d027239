"""The commands that open panels, taps on these, and what is written in answer to them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.flows.wording.vocabulary import LANGUAGES
from bot.messenger.answers.decisions import Decision, explained, whispered, words
from bot.messenger.answers.taps import Shown
from bot.messenger.incoming.events import Asked, Commanded, Located, Origin
from bot.messenger.panels.board import Panels
from bot.messenger.panels.choices import Choice, Panel, Turn
from bot.messenger.paragraphs import render
from bot.places import zone_at
from bot.texts import languages, say
from storage.domain.changes import Spoken
from storage.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelCommands:
    """Answers them."""

    panels: Panels

    async def speak(self, event: Commanded) -> Decision:
        """The language to speak: named, or asked for."""
        origin = event.origin
        if not event.argument:
            return await self.opened(origin, Panel.LANGUAGE)
        code = LANGUAGES.get(event.argument.casefold(), (event.argument.casefold(),))[0]
        if code not in languages():
            spoken = say(origin.language, "hot_between").join(say(each, "language_name") for each in languages())
            return words(origin.language, "lang_unknown", languages=spoken)
        return replace(words(code, "settings_spoken"), changes=(Spoken(reader=origin.reader, language=code),))

    async def cancel(self, event: Commanded) -> Decision:
        """What is asked is left."""
        return words(event.origin.language, "cancel_nothing" if event.origin.asked is None else "cancelled")

    async def opened(self, origin: Origin, panel: Panel) -> Decision:
        """The first page of a panel."""
        view = await self.panels.opened(origin, panel)
        return Decision(parts=(view.text,), keyboard=view.keyboard)

    async def written(self, event: Asked) -> Decision | None:
        """What it comes to that they wrote what a panel asked for; `None` where it is something else."""
        try:
            turn = await self.panels.written(event.origin, event.text)
        except InputError as error:
            return explained(event.origin.language, error)
        return None if turn is None else _turned(turn)

    async def located(self, event: Located) -> Decision:
        """Their hours are those of where they are."""
        origin = event.origin
        zone = zone_at(event.latitude, event.longitude)
        if zone is None:
            return words(origin.language, "location_unknown")
        return _turned(await self.panels.located(origin, zone))

    async def chosen(self, origin: Origin, choice: Choice) -> Decision:
        """What a tap on a panel comes to.

        Raises:
            InputError: What is chosen does not go with what was chosen before.
        """
        turn = await self.panels.chosen(origin, choice)
        return whispered(say(origin.language, "button_stale")) if turn is None else _turned(turn)


def _turned(turn: Turn) -> Decision:
    """What becomes of a panel, as it is shown and said."""
    view, shown = turn.view, Shown()
    if view is not None:
        shown = Shown(text=view.text, keyboard=view.keyboard, message=turn.message)
    return Decision(parts=render.lines([turn.said]) if turn.said else (), changes=turn.changes, shown=shown)
