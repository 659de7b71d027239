"""What dealing with a message changes, as values: decided first, applied together with the reply or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.domain.dialogue import ConversationId, Turn
from storage.domain.follows import FollowId
from storage.domain.news import Feed
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A story, by its number, or a topic, where that is `None`, is followed from then on; see `Follow`."""

    reader: ReaderId
    story: StoryId | None
    words: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfollowed:
    """A reader follows something no longer."""

    reader: ReaderId
    follow: FollowId


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A reader looked at a story's page."""

    reader: ReaderId
    story: StoryId
    at: datetime


Change = Recorded | Subscribed | Unsubscribed | Followed | Unfollowed | Looked
