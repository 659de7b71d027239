"""What came in and what goes out, as values. Both are rows first and effects second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.domain.feedback import About
from storage.domain.times import require_aware

FAREWELL = "farewell-"
"""What the last part of the key of a message begins with after which nothing is to be left of its reader."""
NOTICE, DIGEST, BREAKING, BROADCAST = "follow-", "digest-", "breaking-", "broadcast-"
"""What the keys begin with of updates of what readers follow, of digests, of breaking news, and of what operators tell
everybody."""
REPORT = "report-"
"""And of what operators are told."""
TYPED = '"inline_query": '
"""What the JSON of what somebody types behind the bot's name holds, and no other's: what people write has no unescaped
quotes in it."""
UNASKED = (NOTICE, DIGEST, BREAKING, BROADCAST, REPORT)
"""Of all that nobody waits for."""


class InboxState(StrEnum):
    """Where an update stands: kept, dealt with, or set aside because it could not be read."""

    PENDING = "pending"
    DONE = "done"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxUpdate:
    """An update as Telegram sent it. `payload` is its JSON, `chat_id` its chat where one could be read."""

    update_id: int
    payload: str
    received_at: datetime
    chat_id: int | None = None
    state: InboxState = InboxState.PENDING
    error: str | None = None

    def __post_init__(self) -> None:
        require_aware(self.received_at, "received_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An update that is not dealt with, without its words.

    Args:
        typed: It is what somebody types behind the bot's name, in any chat.
        starts: How many processes ended while it may have been under way.
    """

    update_id: int
    chat_id: int | None = None
    typed: bool = False
    starts: int = 0


class OutboxState(StrEnum):
    """Where a message stands. Only `pending` may be claimed; `held` waits for a time; `unknown` is never sent again."""

    HELD = "held"
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"


def is_unasked(key: str) -> bool:
    """Whether nobody waits for the message of that key."""
    return key.startswith(UNASKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMessage:
    """A message to one chat. `key` names its cause and part, so that a replayed cause adds nothing.

    `payload` is the JSON of the Bot API call's fields; `method` the call, such as `sendMessage`. `about` is what it
    tells of, kept beside it as it is enqueued, where somebody may react to that. From `expires_at` on it is not sent.
    One that is `held` is so until `not_before`.
    """

    key: str
    chat_id: int
    method: str
    payload: str
    created_at: datetime
    state: OutboxState = OutboxState.PENDING
    attempts: int = 0
    error: str | None = None
    message_id: int | None = None
    about: About | None = None
    expires_at: datetime | None = None
    not_before: datetime | None = None

    def __post_init__(self) -> None:
        require_aware(self.created_at, "created_at")
        require_aware(self.expires_at, "expires_at")
        require_aware(self.not_before, "not_before")
