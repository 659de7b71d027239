"""What is told unasked, as messages: the updates of what readers follow. Pure."""

from __future__ import annotations

import json

from bot.messenger import render
from bot.messenger.compose import said
from storage.domain.deliveries import OutboxMessage
from storage.domain.follows import Update

READERS = "telegram:"
"""What the ids of those begin with who are told here; the number of their private chat follows."""
NOTICE = "follow-"
"""What the keys of these messages begin with."""


def notices(told: Update) -> tuple[OutboxMessage, ...]:
    """The messages that tell an update to its reader, in private.

    Their keys name the follow and the time, to which it moves as they are enqueued: no second update has them.
    """
    chat = int(told.follow.reader.removeprefix(READERS))
    cause = f"{NOTICE}{told.follow.id}-{told.at.timestamp():.6f}"
    return tuple(
        OutboxMessage(
            key=f"{cause}:{number}",
            chat_id=chat,
            method="sendMessage",
            payload=json.dumps(said(part)),
            created_at=told.at,
        )
        for number, part in enumerate(render.update(told), start=1)
    )
