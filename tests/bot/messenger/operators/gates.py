"""A gate, and who comes to it; for the tests of who may use the bot, and how much."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.messenger.answers.decisions import Decision, words
from bot.messenger.incoming.events import (
    Asked,
    Commanded,
    Event,
    Met,
    Origin,
)
from bot.messenger.incoming.readables import Link
from bot.messenger.operators.gate import Gate, Rules
from generation.messages import Prompt
from generation.metering import MeteredModel
from storage.access import AccessStore
from storage.database import Database
from storage.domain.access import Counted, Judged, Named, Verdict
from storage.domain.changes import Change
from storage.domain.deliveries import InboxUpdate
from storage.domain.people import ReaderId
from storage.errors import ModelSpent
from storage.inbox import InboxStore
from tests.fakes import ScriptedModel
from tests.operating import gate

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADA = ReaderId("telegram:7")
ORIGIN = Origin(chat_id=7, message_id=1, reader=ADA, language="en", private=True, username="ada_l")
GROUP = replace(ORIGIN, chat_id=-5, private=False)
QUESTION = Asked(origin=ORIGIN, text="tides?")


class Bot:
    """A gate before somebody who answers all that comes through, by a model where that may write."""

    def __init__(self, database: Database, rules: Rules | None = None, *model: str) -> None:
        self.now = NOON
        self.gate: Gate = gate(database, rules, lambda: self.now)
        self.access, self.inbox = AccessStore(database), InboxStore(database)
        self.let_through: list[Event] = []
        self._model = MeteredModel(ScriptedModel(*model))
        self._updates = 0

    async def answers(self, event: Event) -> Decision:
        self.let_through.append(event)
        try:
            async for _ in self._model.write(Prompt(name="t/1", messages=(), tokens=9)):
                pass
        except ModelSpent:
            return words("en", "model_spent")
        return words("en", "start")

    async def met(self, event: Met) -> Decision:
        """What becomes of it, with its changes made."""
        self._updates += 1
        update = InboxUpdate(update_id=self._updates, payload="{}", received_at=self.now, chat_id=event.origin.chat_id)
        await self.inbox.accept([update])
        decision = await self.gate.answer(self._updates, event, self.answers)
        await self.inbox.done(self._updates, (), decision.changes)
        return decision

    async def know(self) -> None:
        """Ada has been here before."""
        await self.access.admit(Named(reader=ADA, name="@ada_l"))

    async def judge(self, who: str, verdict: Verdict) -> None:
        await self.access.admit(Judged(who=who, verdict=verdict, at=self.now))


def said(decision: Decision) -> str:
    return " ".join(decision.parts)


def beside_the_count(decision: Decision) -> tuple[Change, ...]:
    return tuple(change for change in decision.changes if not isinstance(change, Counted))


def command(name: str, argument: str = "", origin: Origin = ORIGIN, about: Link | None = None) -> Commanded:
    return Commanded(origin=origin, command=name, argument=argument, about=about)
