"""Feeds, articles, their passages and vectors, and the encoders these are of."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, Table

from storage.columns import Moment, Words
from storage.schema.base import metadata

feeds = Table(
    "feeds",
    metadata,
    # In the order they were added, which is the order they are listed in.
    Column("id", Integer, primary_key=True),
    Column("url", Words, nullable=False, unique=True),
    Column("title", Words),
    Column("category", Words),
    Column("language", Words),
    Column("shared", Boolean, nullable=False),
    Column("status", Words, nullable=False),
    Column("last_error", Words),
    Column("last_why", Words),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("fetched_at", Moment),
    Column("next_fetch_at", Moment),
    Column("failures", Integer, nullable=False),
)

# A reader's deviation from the shared feeds: `added` one of their own, `removed` a shared one, or `left` with what came
# from one of their own that the operator removed.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("reader_id", Words, primary_key=True),
    Column("feed_url", Words, primary_key=True),
    Column("state", Words, nullable=False),
    Index(None, "feed_url", "state"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", Words, primary_key=True),
    # One per save of new or changed content, in the order of commits.
    Column("revision", BigInteger, nullable=False, unique=True),
    Column("title", Words, nullable=False),
    Column("url", Words),
    Column("canonical_url", Words, index=True),
    # What a source filter compares with: the host without www, the source without letter case.
    Column("host", Words),
    Column("source", Words),
    Column("source_key", Words, index=True),
    Column("author", Words),
    Column("published", Moment),
    Column("language", Words),
    Column("first_seen", Moment, nullable=False),
    Column("group_id", Words, nullable=False),
    # The feed that brought it, which alone may rewrite it; none where the operator did.
    Column("feed_url", Words),
    # The feed whose readers alone see it; none where it is everyone's.
    Column("audience", Words),
    # Whether it was first seen soon after it came out.
    Column("live", Boolean, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    # Last, so that reading a headline does not read through the text.
    Column("text", Words, nullable=False),
    Index(None, "published", "first_seen"),
    Index(None, "language", "published", "first_seen"),
    Index(None, "first_seen"),
)

# What was dropped by its age, so that no feed brings it back: whose it was, the feed of readers of their own or the
# empty name for everyone's, and what it would be known again by, of its canonical URL or of its text without one.
dropped_articles = Table(
    "dropped_articles",
    metadata,
    Column("audience", Words, primary_key=True),
    Column("key", LargeBinary, primary_key=True),
    # When a feed had it last, or when it was dropped.
    Column("met_at", Moment, nullable=False, index=True),
)

# Where an article came in, the empty name standing for an import. `public` links are everyone's, whatever becomes of
# the feed; the others count for those who added the feed.
article_feeds = Table(
    "article_feeds",
    metadata,
    Column("article_id", Words, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("feed_url", Words, primary_key=True, index=True),
    Column("public", Boolean, nullable=False),
)

article_bands = Table(
    "article_bands",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", Words, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True),
)

passages = Table(
    "passages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", Words, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Words, nullable=False),
    Index(None, "article_id", "position", unique=True),
    # An id names one text for ever: indexes hold ids of passages that may be gone.
    sqlite_autoincrement=True,
)

# For the indexes that have yet to take the removal over; pruned once they have.
removed_passages = Table(
    "removed_passages",
    metadata,
    Column("passage_id", Integer, primary_key=True, autoincrement=False),
    Column("revision", BigInteger, nullable=False, index=True),
)

vectors = Table(
    "vectors",
    metadata,
    Column("passage_id", Integer, ForeignKey("passages.id", ondelete="CASCADE"), primary_key=True),
    Column("encoder", Words, primary_key=True),
    # float16, little-endian.
    Column("vector", LargeBinary, nullable=False),
)

# The encoders that vectors are kept of. Its role is `coming`, `serving`, which is one at most, or `retired`.
encoders = Table(
    "encoders",
    metadata,
    Column("name", Words, primary_key=True),
    Column("model", Words, nullable=False),
    Column("precision", Words, nullable=False),
    Column("role", Words, nullable=False),
    # When it got its role.
    Column("since", Moment, nullable=False),
)

# What is noted of an article as it comes in.
article_annotations = Table(
    "article_annotations",
    metadata,
    Column("article_id", Words, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("category", Words, nullable=False, index=True),
    Column("category_confidence", Float, nullable=False),
    Column("sentiment", Float, nullable=False),
    Column("sentiment_confidence", Float, nullable=False),
    # JSON arrays of [text, score] and [text, times].
    Column("keywords", Words, nullable=False),
    Column("names", Words, nullable=False),
)
