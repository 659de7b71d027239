"""What the operators' side of the bot stands on, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.messenger.operators.broadcasts import BroadcastCommands, Broadcasts
from bot.messenger.operators.commands import Counting, Listed, Operators
from bot.messenger.operators.gate import Access, Counts, Gate, Measures, Rules
from storage.domain.deliveries import OutboxMessage
from storage.domain.times import Clock

Enqueue = Callable[[Sequence[OutboxMessage]], Awaitable[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operating:
    """It, part by part; `enqueue` puts messages into the outbox."""

    access: Access
    counts: Counts
    measured: Measures
    listed: Listed
    counting: Counting
    broadcasts: Broadcasts
    enqueue: Enqueue


def gated(on: Operating, rules: Rules, clock: Clock) -> Gate:
    """What lets through what may be answered."""
    operators = Operators(
        admins=rules.admins,
        closed=rules.closed,
        listed=on.listed,
        counting=on.counting,
        broadcasting=BroadcastCommands(broadcasts=on.broadcasts, clock=clock),
        clock=clock,
    )
    return Gate(access=on.access, counts=on.counts, measured=on.measured, operators=operators, rules=rules, clock=clock)
