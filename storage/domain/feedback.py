"""What a message tells of, kept for when somebody taps a button under it or reacts to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.domain.stories import StoryId


class Offer(StrEnum):
    """What can be had of a story by a button. The value is what is stored."""

    BRIEF = "brief"
    """Its page."""
    FOLLOW = "follow"
    """To be told what comes of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something a message tells of.

    Args:
        articles: The most telling first, at least one; of an answer the one behind each of its numbers, from 1.
        story: Its number, where it is a story.
    """

    articles: tuple[ArticleId, ...]
    story: StoryId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a message tells of.

    Args:
        ref: Names the reply that the message is, or is a part of: no two replies have the same, and it tells nothing.
        reader: Whom it was written for.
        language: That its buttons are in.
        things: As they are numbered in it, from 1; at least one.
        offers: What can be had of those that are stories.
    """

    ref: str
    reader: ReaderId
    language: str
    things: tuple[Thing, ...]
    offers: tuple[Offer, ...] = ()
