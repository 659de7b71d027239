"""What a device that writes is to `generation.worker`, which owns it: a port between the two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What was written of one reply so far: all its tokens; whether these are the last, or why no more will come."""

    tokens: Sequence[int] = ()
    finished: bool = False
    failure: str | None = None


class Device(Protocol):
    """Writes replies in a thread of its own. All but `close` is called on the event loop and returns at once."""

    @property
    def running(self) -> int:
        """How many replies it writes at once."""
        ...

    @property
    def alive(self) -> bool:
        """Whether its thread is there to write."""
        ...

    def start(self, tokens: Sequence[int], most: int, heard: Callable[[Step], None]) -> str | None:
        """Begin a reply of up to `most` tokens; `heard` is called on the event loop. Returns its name, if alive."""
        ...

    def cancel(self, reply: str) -> None:
        """Write no more of a reply that is not finished; nothing more is heard of it."""
        ...

    def close(self) -> bool:
        """End the thread and let go of its memory, while the caller waits; whether it had died of too little memory."""
        ...
