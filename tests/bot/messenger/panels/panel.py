"""A reader before a panel: taps buttons by their labels, and what that changes is so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.messenger.incoming.events import Origin
from bot.messenger.panels.choices import Choice, Panel, Turn, View, read
from storage.domain.changes import Awaited, Change, Learned, Spoken, Unlearned, Wished
from storage.domain.digests import DigestSettings
from tests.bot_api import telegram_html
from tests.digests import FixedDigests
from tests.feedback import ADA, GivenEvidence
from tests.panels import panels

ORIGIN = Origin(chat_id=7, message_id=41, reader=ADA, language="en", private=True, locale="en")


class Reader:
    """Someone in front of a panel."""

    def __init__(self, *, language: str = "en", locale: str = "en", zone: str = "UTC") -> None:
        self.digests, self.evidence = FixedDigests(zone=zone), GivenEvidence()
        self.panels = panels(self.digests, self.evidence)
        self.origin = replace(ORIGIN, language=language, locale=locale)
        self.view = View(title="", lines=(), keyboard={"inline_keyboard": []})
        self.changes: list[Change] = []
        self.turn: Turn | None = None

    @property
    def held(self) -> DigestSettings:
        return self.digests.held[ADA]

    @property
    def buttons(self) -> list[list[str]]:
        return [[each["text"] for each in row] for row in self._rows]

    @property
    def marked(self) -> list[str]:
        return [each.removesuffix(" ✓") for row in self.buttons for each in row if each.endswith(" ✓")]

    @property
    def text(self) -> str:
        return telegram_html.parse(self.view.text).text

    @property
    def choices(self) -> list[Choice]:
        found = [read(each["callback_data"]) for row in self._rows for each in row]
        assert None not in found
        return [each for each in found if each]

    @property
    def _rows(self) -> list[list[dict[str, Any]]]:
        rows: Any = self.view.keyboard["inline_keyboard"]
        return list(rows)

    async def open(self, panel: Panel) -> None:
        self.view = await self.panels.opened(self.origin, panel)

    async def tap(self, *labels: str) -> None:
        """Tap these one after another; a label stands for itself with or without its mark."""
        for label in labels:
            (data,) = [
                each["callback_data"] for row in self._rows for each in row if each["text"].removesuffix(" ✓") == label
            ]
            choice = read(data)
            assert choice is not None
            await self.choose(choice)

    async def choose(self, choice: Choice) -> None:
        self._becomes(await self.panels.chosen(self.origin, choice))

    async def write(self, words: str) -> None:
        self._becomes(await self.panels.written(self.origin, words))

    def _becomes(self, turn: Turn | None) -> None:
        self.turn = turn
        if turn is None:
            return
        self.view = turn.view or self.view
        self.changes = list(turn.changes)
        for change in turn.changes:
            match change:
                case Wished(settings=settings):
                    self.digests.held[ADA] = settings
                case Learned() | Unlearned():
                    self.evidence.make([change])
                case Spoken(language=language):
                    self.origin = replace(self.origin, language=language)
                case Awaited(asked=asked):
                    self.origin = replace(self.origin, asked=asked)
                case _:
                    raise AssertionError(change)
