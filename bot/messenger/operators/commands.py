"""What operators do in a private chat: see how the instance is doing, tell everybody something, say who may use it.

For them alone. What is shown is numbers, and what operators themselves said; nothing that readers wrote.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.messenger.answers.decisions import Decision, words
from bot.messenger.incoming.events import Commanded, Met, Tapped
from bot.messenger.operators.broadcasts import BroadcastCommands
from bot.messenger.operators.names import called
from bot.messenger.paragraphs import render
from bot.texts import say
from storage.domain.access import Judged, Listing, Source, Verdict
from storage.domain.figures import Figures
from storage.domain.people import ReaderId
from storage.domain.times import Clock

COMMANDS = ("stats", "broadcast", "access", "allow", "block", "unlist")
"""What the menu of an operator lists besides, in its order."""
_MOST_LISTED = 100


class Listed(Protocol):
    """Of whom operators said something."""

    async def listed(self) -> Sequence[Listing]:
        """All of them, by name."""
        ...


class Counting(Protocol):
    """Counts what an instance holds."""

    async def figures(self, at: datetime) -> Figures:
        """The instance at that time."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Operators:
    """Answers them.

    Args:
        admins: Who they are.
        closed: Whether only those may use the bot whom they let in.
    """

    admins: frozenset[ReaderId]
    closed: bool
    listed: Listed
    counting: Counting
    broadcasting: BroadcastCommands
    clock: Clock

    async def answer(self, update_id: int, event: Met) -> Decision | None:
        """What is said and changed; `None` where it is nothing that operators do."""
        if event.origin.reader not in self.admins or not event.origin.private:
            return None
        if isinstance(event, Tapped):
            return await self.broadcasting.tapped(event)
        if not isinstance(event, Commanded):
            return None
        if event.command == "broadcast":
            return await self.broadcasting.drafted(update_id, event)
        command = self._commands().get(event.command)
        return None if command is None else await command(event)

    def _commands(self) -> Mapping[str, Callable[[Commanded], Awaitable[Decision]]]:
        return {
            "stats": self._stats,
            "access": self._access,
            "allow": self._judge,
            "block": self._judge,
            "unlist": self._judge,
        }

    async def _stats(self, event: Commanded) -> Decision:
        found = await self.counting.figures(self.clock())
        sent = {f"messages_{state}": found.outgoing.get(state, 0) for state in ("sent", "failed", "unknown")}
        waiting = sum(n for state, n in found.outgoing.items() if f"messages_{state}" not in sent)
        numbers = {name: getattr(found, name) for name in Figures.__slots__ if name != "outgoing"}
        return words(event.origin.language, "stats", **numbers, **sent, messages_waiting=waiting)

    async def _access(self, event: Commanded) -> Decision:
        language, listed = event.origin.language, await self.listed.listed()
        lines = [say(language, "access_closed" if self.closed else "access_open")]
        for verdict in Verdict:
            who = [_told(each, language) for each in listed if each.verdict is verdict]
            if who:
                lines += ["", say(language, f"access_{verdict}", count=len(who)), *who[:_MOST_LISTED]]
        return Decision(parts=render.lines([*lines, "", say(language, "access_hint")]))

    async def _judge(self, event: Commanded) -> Decision:
        language, command, at = event.origin.language, event.command, self.clock()
        who = called(event.argument)
        if who is None:
            return words(language, "judge_usage", command=command)
        if command == "block" and who in self.admins:
            return words(language, "judge_operator")
        verdict = {"allow": Verdict.ALLOWED, "block": Verdict.BLOCKED}.get(command)
        fixed = [each for each in await self.listed.listed() if each.who == who and each.source is Source.SETTINGS]
        said = [say(language, f"judged_{command}", who=_shown(who))]
        if any(each.verdict is not verdict for each in fixed):
            said.append(say(language, "judge_settings"))
        return Decision(parts=render.lines(said), changes=(Judged(who=who, verdict=verdict, at=at),))


def _told(listing: Listing, language: str) -> str:
    where = f" ({say(language, 'access_settings')})" if listing.source is Source.SETTINGS else ""
    return f"• {_shown(listing.who)}{where}"


def _shown(who: str) -> str:
    return who.removeprefix("telegram:")
