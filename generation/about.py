"""Which articles are about a topic: by the test by which a brief of it is written or refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from generation.briefing.stories import stories
from generation.quoting.select import read_hits
from generation.reading import inquiry
from storage.domain.news import ArticleId, Hit


def about(topic: str, hits: Sequence[Hit], now: datetime) -> tuple[ArticleId, ...]:
    """The articles of `hits` that are about `topic`, those of the story that fits best first; see `brief`.

    Args:
        topic: In any words.
        hits: Passages, best first, several of each article.
        now: When it is asked for.
    """
    reading = read_hits(inquiry.read(topic), hits, now)
    found = (reading.hits[hit].passage.headline.id for story in stories(reading) for hit in story.hits)
    return tuple(dict.fromkeys(found))
