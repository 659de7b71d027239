"""How fast messages may leave where several processes send them: the decision alone, over what they all know."""

from __future__ import annotations

from dataclasses import dataclass, replace

_TOLERANCE_SECONDS = 1e-9
_RECOVERY = 100
"""Turns in which the rate comes back from nothing to what it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What holds for a message to a chat.

    Args:
        overall: Messages a second, all chats together, at most.
        slowest: What that never falls below, however often the service asks to wait.
        interval: Seconds from one message of this chat to the next, sustained.
        burst: Messages that may leave at once to it after it was quiet.
    """

    overall: float
    slowest: float
    interval: float
    burst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """All messages, in whichever process. Times are seconds since 1970.

    Args:
        next_at: When the next may leave.
        rate: Messages a second at present.
        halted_until: Until when the service asked to wait the last time, if ever.
    """

    next_at: float
    rate: float
    halted_until: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What becomes of who asks for a turn.

    Args:
        wait: Seconds until it is this one's turn; where it is not `taken`, until it may ask again.
        chat: When the chat is as quiet as it was before all that was sent to it.
    """

    taken: bool
    wait: float
    line: Line
    chat: float


def turn(now: float, line: Line, chat: float, bounds: Bounds, *, halted_until: float = 0.0, others: int = 0) -> Turn:
    """A turn for a message, if its chat may have one now: the next that is free of all.

    Args:
        now: The present.
        line: How all messages stand.
        chat: `Turn.chat` of its last one, or less.
        bounds: What holds for it.
        halted_until: Until when the service asks to wait.
        others: What was sent without a turn since, which this one makes up for.
    """
    if halted_until > line.halted_until:
        line = replace(line, halted_until=halted_until, rate=max(bounds.slowest, line.rate / 2))
    held = max(line.halted_until, chat - (bounds.burst - 1) * bounds.interval) - now
    if held > _TOLERANCE_SECONDS:
        return Turn(taken=False, wait=held, line=line, chat=chat)
    at = max(now, line.next_at)
    rate = min(bounds.overall, line.rate + bounds.overall / _RECOVERY)
    line = replace(line, next_at=at + (1 + others) / rate, rate=rate)
    return Turn(taken=True, wait=at - now, line=line, chat=max(chat, at) + bounds.interval)
