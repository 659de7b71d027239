"""What the keys of the bot's messages begin with, by what they are."""

from __future__ import annotations

from storage.broadcasts import KEY

NOTICE, DIGEST, BREAKING, BROADCAST = "follow-", "digest-", "breaking-", KEY
"""Of updates of what readers follow, of digests, of breaking news, and of what operators tell everybody."""
REPORT = "report-"
"""Of what operators are told."""

_UNASKED = (NOTICE, DIGEST, BREAKING, BROADCAST, REPORT)


def is_unasked(key: str) -> bool:
    """Whether nobody waits for the message of that key."""
    return key.startswith(_UNASKED)
