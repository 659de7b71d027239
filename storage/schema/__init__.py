"""The tables. What changes here changes in `migrations/versions/` too; a test holds the two equal.

Conventions: times are aware UTC, texts are storable on every database, a boolean or state is never null.
"""

from __future__ import annotations

from storage.schema.access import (
    access,
    reader_names,
    refusals,
    spending,
    spending_of_all,
    spending_of_forgotten,
    unreachable,
)
from storage.schema.base import counters, metadata
from storage.schema.messages import broadcasts, declined_broadcasts, inbox, outbox, shown_messages
from storage.schema.news import (
    article_annotations,
    article_bands,
    article_feeds,
    articles,
    dropped_articles,
    encoders,
    feeds,
    passages,
    removed_passages,
    subscriptions,
    vectors,
)
from storage.schema.people import (
    conversations,
    digest_settings,
    digest_slots,
    evidence,
    given_documents,
    profiles,
    reader_marks,
    reader_settings,
    shown_interests,
    shown_stories,
    turns,
)
from storage.schema.stories import follow_texts, follows, stories, story_articles, story_views
from storage.schema.together import leases, paces, processes

__all__ = [
    "access",
    "article_annotations",
    "article_bands",
    "article_feeds",
    "articles",
    "broadcasts",
    "conversations",
    "counters",
    "declined_broadcasts",
    "digest_settings",
    "digest_slots",
    "dropped_articles",
    "encoders",
    "evidence",
    "feeds",
    "follow_texts",
    "follows",
    "given_documents",
    "inbox",
    "leases",
    "metadata",
    "outbox",
    "paces",
    "passages",
    "processes",
    "profiles",
    "reader_marks",
    "reader_names",
    "reader_settings",
    "refusals",
    "removed_passages",
    "shown_interests",
    "shown_messages",
    "shown_stories",
    "spending",
    "spending_of_all",
    "spending_of_forgotten",
    "stories",
    "story_articles",
    "story_views",
    "subscriptions",
    "turns",
    "unreachable",
    "vectors",
]
