"""What a reader follows, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType

from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId
from storage.domain.summaries import Gist

FollowId = NewType("FollowId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """A story or a topic that a reader follows. Texts are named by the first article that had them (`group`).

    Args:
        id: What it is called here, as no other ever is.
        number: By which its reader names it: the next after the highest that they have.
        story: The one that is followed, or that it is part of by now; `None` where a topic is.
        words: The topic, or what the story was called when it was followed.
        language: That it is told in where an article is in it.
        since: When it was begun.
        told_at: When something was told of it last; `since` where nothing was.
        told: Texts it lately told of, and when.
        heard: Texts that any of the reader's follows lately told of.
    """

    id: FollowId
    number: int
    reader: ReaderId
    story: StoryId | None
    words: str
    language: str
    since: datetime
    told_at: datetime
    told: Mapping[ArticleId, datetime] = field(default_factory=dict)
    heard: frozenset[ArticleId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is really new of a story.

    Args:
        story: Its number.
        title: What it is called by now.
        gist: Lines that say what is new, at least one.
        outlets: How many tell of the story independently, whoever tells what is new.
        texts: The texts that tell what is new.
    """

    story: StoryId
    title: str
    gist: Gist
    outlets: int
    texts: tuple[ArticleId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What is told of a follow at a time: what is new, or, where that is nothing, that it ends.

    `at_night` is whether it is that for its reader: what is sent then makes no sound.
    """

    follow: Follow
    at: datetime
    news: tuple[News, ...] = ()
    at_night: bool = False

    @property
    def ends(self) -> bool:
        """Whether it says that the story has come to rest, and the follow with it."""
        return not self.news
