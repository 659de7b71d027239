"""What dealing with a message changes, as values: decided first, applied together with the reply or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from storage.domain.dialogue import ConversationId, Turn
from storage.domain.news import Feed
from storage.domain.people import ReaderId


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A turn is added to a conversation."""

    conversation: ConversationId
    reader: ReaderId
    turn: Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """A feed becomes one of a reader's."""

    reader: ReaderId
    feed: Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribed:
    """A feed is taken from one reader."""

    reader: ReaderId
    url: str


Change = Recorded | Subscribed | Unsubscribed
