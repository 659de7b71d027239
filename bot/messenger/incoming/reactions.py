"""What a reaction to a message says of what the message tells of. Pure.

Many emoji say how somebody takes the news, and not whether they want more of it: who weeps at an earthquake, or swears
at a verdict, may well want to read on. Only those count that are about the message itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from storage.domain.evidence import EvidenceKind

# Clients send some with and some without it.
_LOOK = "\ufe0f"

FOR = frozenset(
    ("👍", "❤", "❤‍🔥", "🔥", "🥰", "😍", "🤩", "👏", "🎉", "🙏", "👌", "💯", "🏆", "🍾", "💋", "😘", "💘", "🤗", "🤝",
     "🫡", "🆒", "⚡")
)  # fmt: skip
"""What people set under what they like."""
AGAINST = frozenset(("👎", "💩", "🤮", "🥱", "😴", "🖕"))
"""What they set under what they dislike or are bored by."""


def verdict(emojis: Iterable[str]) -> EvidenceKind | None:
    """`LIKED`, `DISLIKED`, or `None` where these say neither, or both."""
    given = {emoji.replace(_LOOK, "") for emoji in emojis}
    liked, disliked = bool(given & FOR), bool(given & AGAINST)
    if liked == disliked:
        return None
    return EvidenceKind.LIKED if liked else EvidenceKind.DISLIKED
