"""Builders of hits and questions for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from storage.domain.dialogue import Question
from storage.domain.news import ArticleId, Headline, Hit, Passage, PassageId

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def make_hit(
    text: str,
    *,
    article: str = "a1",
    title: str = "",
    published: datetime | None = None,
    rank: int = 0,
    group: str | None = None,
    source: str | None = None,
) -> Hit:
    headline = Headline(
        id=ArticleId(article),
        title=title,
        first_seen=NOON,
        group=ArticleId(group or article),
        published=published,
        source=source,
    )
    return Hit(passage=Passage(id=PassageId(rank), position=0, text=text, headline=headline), score=1 / (60 + rank))


def make_question(text: str, *, language: str = "en", asked_at: datetime = NOON) -> Question:
    return Question(text=text, language=language, asked_at=asked_at, standalone=text)


@pytest.fixture
def hit() -> Callable[..., Hit]:
    return make_hit


@pytest.fixture
def question() -> Callable[..., Question]:
    return make_question
