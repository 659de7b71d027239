"""What operators tell all readers, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from storage.domain.people import ReaderId
from storage.domain.times import require_aware

BroadcastId = NewType("BroadcastId", int)
"""The number of the update that asked for it."""


class BroadcastState(StrEnum):
    """Where it stands: shown to whoever wrote it, being sent, sent, or given up."""

    DRAFT = "draft"
    SENDING = "sending"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """A text for everybody who talks to the bot in private. Once it is done or given up its text is not kept."""

    id: BroadcastId
    text: str
    made_at: datetime
    state: BroadcastState = BroadcastState.DRAFT

    def __post_init__(self) -> None:
        require_aware(self.made_at, "made_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A broadcast is kept until whoever wrote it says that it may go."""

    broadcast: Broadcast


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """It goes to everybody from now on; one that is no draft any more does not."""

    id: BroadcastId


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """It goes to nobody more."""

    id: BroadcastId


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """A reader wants no broadcasts, or (`declined` is false) wants them again."""

    reader: ReaderId
    declined: bool


Broadcasting = Drafted | Begun | Cancelled | Declined
"""What changes what everybody is told."""
