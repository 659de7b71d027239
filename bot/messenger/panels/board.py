"""All panels: opens one, and tells what a tap on it, or what is written in answer to it, comes to."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messenger.incoming.events import Origin
from bot.messenger.panels.choices import Choice, Panel, Turn, View
from bot.messenger.panels.common import asked_by, language_buttons
from bot.messenger.panels.settings import SettingsPanel
from bot.messenger.panels.welcome import Welcome
from bot.texts import languages, say
from storage.domain.changes import Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """The panels of private chats."""

    welcome: Welcome
    settings: SettingsPanel

    async def opened(self, origin: Origin, panel: Panel) -> View:
        """The first page of a panel."""
        match panel:
            case Panel.START:
                return self.welcome.opened(origin)
            case Panel.SETTINGS:
                return await self.settings.opened(origin)
            case Panel.LANGUAGE:
                return spoken(origin.language)

    async def chosen(self, origin: Origin, choice: Choice) -> Turn | None:
        """What a tap comes to; `None` where there is no such button (any more).

        Raises:
            InputError: What is chosen does not go with what was chosen before.
        """
        match choice.panel:
            case Panel.START:
                return await self.welcome.chosen(origin, choice)
            case Panel.SETTINGS:
                return await self.settings.chosen(origin, choice)
            case Panel.LANGUAGE if choice.page == "speech" and choice.wish in languages():
                return Turn(view=spoken(choice.wish), changes=(Spoken(reader=origin.reader, language=choice.wish),))
            case _:
                return None

    async def located(self, origin: Origin, zone: str) -> Turn:
        """What it comes to that a reader tells where they are, whether or not a panel asked."""
        return await self.written(origin, zone) or await self.settings.placed(origin, zone)

    async def written(self, origin: Origin, words: str) -> Turn | None:
        """What it comes to that a reader writes in answer to a panel; `None` where it is no answer to one."""
        waiting = asked_by(origin.asked)
        if waiting is None or not words.strip():
            return None
        panel, message = waiting
        answered = {Panel.START: self.welcome.written, Panel.SETTINGS: self.settings.written}.get(panel)
        return None if answered is None else await answered(origin, words.strip(), message)


def spoken(language: str) -> View:
    """The panel that asks for a language, in that language."""
    buttons = language_buttons(Panel.LANGUAGE, "speech", language)
    return View(
        title=say(language, "settings_speech"),
        lines=(say(language, "settings_spoken"), "", *say(language, "settings_speech_hint").splitlines()),
        keyboard={"inline_keyboard": [buttons]},
    )
