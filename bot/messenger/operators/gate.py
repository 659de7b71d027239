"""Who may use the bot, and how much of it a day. All that people do comes through here before it is answered.

Whoever is turned away is told so once a day, in one kind line; of what they wrote nothing is kept. Whoever has had as
much as may be is told when it goes on again; where only what a model may write is used up, sources are quoted instead.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.messenger.answers.decisions import Decision, whispered, words
from bot.messenger.answers.inline import no_cards
from bot.messenger.incoming.events import (
    Asked,
    Commanded,
    Event,
    Handed,
    Ignored,
    Located,
    Met,
    Migrated,
    Origin,
    Sought,
    Tapped,
    Unreadable,
)
from bot.messenger.operators.commands import Operators
from bot.messenger.operators.costs import Cost, cost_of
from bot.texts import say
from storage.domain.access import (
    Budgets,
    Counted,
    Named,
    Returned,
    Spent,
    Standing,
    Taken,
    TurnedAway,
    Used,
    Verdict,
    day_of,
    names_of,
    next_day,
)
from storage.domain.changes import Change, Followed, Forgotten, Wished
from storage.domain.people import ReaderId
from storage.domain.times import Clock

TOLD_AGAIN_AFTER = timedelta(days=1)
"""How long somebody who was turned away is not told so again; and how long that time is kept."""
_THEIRS = frozenset(("privacy", "export", "forget"))
"""What is of their own data is everybody's."""
_TOLD = (Asked, Commanded, Handed, Located, Unreadable)
"""What is answered with words, be it that they may not."""


class Access(Protocol):
    """Who may use the bot."""

    async def standing(self, reader: ReaderId, names: Sequence[str]) -> Standing:
        """How somebody stands whom operators may call by any of these names."""
        ...


class Counts(Protocol):
    """What readers had of the bot that day."""

    async def take(
        self, update_id: int, reader: ReaderId, at: datetime, budgets: Budgets, *, typed: bool = False
    ) -> Taken:
        """Count a question that an update brought, where that day's budgets allow it; or say which forbids it.

        What is `typed` behind the bot's name counts once a minute.
        """
        ...

    async def left(self, reader: ReaderId | None, at: datetime, budgets: Budgets) -> int | None:
        """How many tokens a model may still read and write that day for a reader, or unasked; `None` is any number."""
        ...

    async def use(self, used: Used) -> None:
        """Count the tokens that a model read and wrote."""
        ...


class Meter(Protocol):
    """How much a language model read and wrote."""

    @property
    def tokens(self) -> int: ...


class Measures(Protocol):
    """Counts what a language model reads and writes within, and lets it begin no more once so many tokens are used."""

    def __call__(self, *, left: int | None) -> AbstractContextManager[Meter]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What operators decide for the instance.

    Args:
        admins: Who may do what operators do in a chat; they are never turned away, and have no budget.
        closed: Whether only those may use it whom operators let in.
        budgets: How much a day.
    """

    admins: frozenset[ReaderId] = frozenset()
    closed: bool = False
    budgets: Budgets = field(default_factory=Budgets)


Answers = Callable[[Event], Awaitable[Decision]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Lets through what may be answered."""

    access: Access
    counts: Counts
    measured: Measures
    operators: Operators
    rules: Rules
    clock: Clock

    async def answer(
        self, update_id: int, event: Event, answers: Answers, fits: Callable[[Asked], Awaitable[bool]] | None = None
    ) -> Decision:
        """What is answered to an event: that it may not be, or what `answers` says.

        Args:
            update_id: Of the update that brought it.
            event: What somebody did.
            answers: Answers what may be.
            fits: Whether words are what a panel asked their writer for, and no question; none are where not given.
        """
        if isinstance(event, Ignored | Migrated):
            return await answers(event)
        origin, chat = event.origin, _chat(event.origin)
        standing = await self._standing(origin)
        may = self._may(origin, standing)
        # Of a stranger nothing is kept; who was admitted once is known by the name that they have now, or they would
        # be sent things for the one before.
        renamed = _renamed(origin, standing) if may or standing.name else ()
        if not may and not _is_theirs(event):
            decision = self._turned_away(event, standing)
            return replace(decision, changes=(*decision.changes, *renamed))
        cost = cost_of(event)
        if fits is not None and isinstance(event, Asked) and event.origin.asked is not None and await fits(event):
            cost = Cost.NOTHING
        decision = await self._admitted(update_id, event, answers, cost)
        if any(isinstance(change, Forgotten) for change in decision.changes):
            return decision
        if await self._in_vain(origin, decision.changes):
            said = words(origin.language, "unasked_not_here", number=origin.chat_id)
            decision = replace(decision, parts=(*decision.parts, *said.parts))
        # Who blocked the bot may type behind its name elsewhere, and cannot be reached for all that.
        spoke = standing.unreachable and not isinstance(event, Sought)
        back: tuple[Change, ...] = (Returned(reader=chat),) if spoke else ()
        return replace(decision, changes=(*decision.changes, *back, *renamed))

    async def admits(self, event: Event) -> bool:
        """Whether it may be answered at all."""
        if isinstance(event, Ignored | Migrated):
            return True
        return _is_theirs(event) or self._may(event.origin, await self._standing(event.origin))

    async def _standing(self, origin: Origin) -> Standing:
        chat = _chat(origin)
        names = names_of(origin.reader, (origin.username, origin.chat_name), (chat, origin.conversation))
        return await self.access.standing(chat, names)

    async def _in_vain(self, origin: Origin, changes: Sequence[Change]) -> bool:
        """Whether something is set up to be sent to a group that is not let in, whoever of its members is."""
        if origin.private or not self.rules.closed or not any(map(_sends, changes)):
            return False
        standing = await self.access.standing(_chat(origin), names_of(_chat(origin), (origin.chat_name,), ()))
        return not standing.may_speak(closed=True)

    def _may(self, origin: Origin, standing: Standing) -> bool:
        return origin.reader in self.rules.admins or standing.may_speak(closed=self.rules.closed)

    def _turned_away(self, event: Met, standing: Standing) -> Decision:
        origin, now = event.origin, self.clock()
        blocked = Verdict.BLOCKED in standing.listed
        if isinstance(event, Tapped):
            said = whispered(say(origin.language, "turned_away_short"))
            return replace(said, changes=(TurnedAway(reader=_chat(origin), at=None),))
        lately = standing.refused_at is not None and now - standing.refused_at < TOLD_AGAIN_AFTER
        if lately or origin.channel or not isinstance(event, _TOLD):
            return Decision(changes=(TurnedAway(reader=_chat(origin), at=None),))
        number = origin.reader.partition(":")[2] if origin.private else str(origin.chat_id)
        told = words(origin.language, "turned_away" if blocked else "turned_away_closed", number=number)
        return replace(told, changes=(TurnedAway(reader=_chat(origin), at=now),))

    async def _admitted(self, update_id: int, event: Met, answers: Answers, cost: Cost) -> Decision:
        reader, now = event.origin.reader, self.clock()
        budgets = Budgets() if reader in self.rules.admins else self.rules.budgets
        counted: tuple[Change, ...] = ()
        if not budgets.bounded:
            left = None
            if cost is not Cost.NOTHING:
                counted = (Counted(reader=reader, at=now, typed=cost is Cost.TYPING),)
        elif cost is not Cost.NOTHING:
            taken = await self.counts.take(update_id, reader, now, budgets, typed=cost is Cost.TYPING)
            if taken.refused is not None:
                return _used_up(event, taken.refused, now)
            left = taken.left
        else:
            left = await self.counts.left(reader, now, budgets)
        with self.measured(left=left) as meter:
            decision = await self._answered(update_id, event, answers)
        if any(isinstance(change, Forgotten) for change in decision.changes):
            # Somebody who has just been forgotten has used nothing.
            return decision
        used = (Used(reader=reader, day=day_of(now), tokens=meter.tokens),) if meter.tokens else ()
        return replace(decision, changes=(*decision.changes, *counted, *used))

    async def _answered(self, update_id: int, event: Met, answers: Answers) -> Decision:
        decision = await self.operators.answer(update_id, event)
        if decision is not None:
            return decision
        decision = await answers(event)
        helping = isinstance(event, Commanded) and event.command == "help" and event.origin.private
        if not helping or event.origin.reader not in self.rules.admins:
            return decision
        return replace(decision, parts=(*decision.parts, *words(event.origin.language, "help_operators").parts))


def _sends(change: Change) -> bool:
    """Whether something will be sent unasked by it."""
    if isinstance(change, Wished):
        return change.settings.active or change.settings.alerts is not None
    return isinstance(change, Followed)


def _is_theirs(event: Met) -> bool:
    """Whether it is about their own data alone."""
    return isinstance(event, Commanded) and event.origin.private and event.command in _THEIRS


def _chat(origin: Origin) -> ReaderId:
    """Whom a message to where it was said would reach, or not."""
    return ReaderId(f"telegram:{origin.chat_id}")


def _renamed(origin: Origin, standing: Standing) -> tuple[Named, ...]:
    """The name of the chat that something may be sent to, where it is another than was known."""
    username = origin.username if origin.private else origin.chat_name
    name = f"@{username}" if username else ""
    return () if name == standing.name else (Named(reader=_chat(origin), name=name),)


def _used_up(event: Met, whose: Spent, now: datetime) -> Decision:
    """That they have had as much as they may, and when it goes on: in the chat, over it, or instead of cards."""
    language, on = event.origin.language, next_day(now)
    hours = max(1, round((on - now) / timedelta(hours=1)))
    if isinstance(event, Sought):
        return no_cards(say(language, "inline_used_up", hours=hours))
    fields = {"time": f"{on:%Y-%m-%d %H:%M}", "hours": hours}
    if isinstance(event, Tapped):
        return whispered(say(language, f"used_up_{whose}", **fields))
    return words(language, f"used_up_{whose}", **fields)
