"""What readers did, said and set, and what they were shown."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, Table

from storage.columns import Moment, Sealed, Words
from storage.schema.base import metadata

# What readers did that tells what they care about, in the order it was taken down. The key is an article's id, or names
# a text of the reader's own, and is no foreign key: what they did stays when the article goes.
evidence = Table(
    "evidence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reader_id", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("key", Words, nullable=False),
    Column("text", Sealed()),
    Column("category", Words),
    Column("source", Words),
    # None is the usual weight of its kind.
    Column("weight", Float),
    # Which button or reaction it is of, where it is taken back by doing the same again.
    Column("act", Words),
    Index(None, "reader_id", "id"),
    # A number that was shown to a reader never comes to mean something else.
    sqlite_autoincrement=True,
)

# What of a reader's evidence comes to, so that only what is new of it has to be learned: a cache, dropped when any of
# it is forgotten.
profiles = Table(
    "profiles",
    metadata,
    Column("reader_id", Words, primary_key=True),
    Column("encoder", Words, primary_key=True),
    # The last piece of evidence that is part of it.
    Column("upto", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

# What the numbers mean that a reader was shown beside their interests last, so that they go on to mean it.
shown_interests = Table(
    "shown_interests",
    metadata,
    Column("reader_id", Words, primary_key=True),
    # A JSON object of arrays of numbers of evidence.
    Column("numbers", Words, nullable=False),
)

# How readers want their digests.
digest_settings = Table(
    "digest_settings",
    metadata,
    Column("reader_id", Words, primary_key=True),
    Column("active", Boolean, nullable=False),
    # Whether breaking news are sent at once.
    Column("alerts", Boolean, nullable=False, index=True),
    # When to look whether one is due; none where there is nothing to wait for.
    Column("wake_at", Moment),
    # JSON; see `storage.wishes`.
    Column("wishes", Words, nullable=False),
    Index(None, "active", "wake_at"),
)

# The hours at which a reader got a digest, or was to: each is claimed once, by the transaction that enqueues its
# messages.
digest_slots = Table(
    "digest_slots",
    metadata,
    Column("reader_id", Words, primary_key=True),
    Column("slot", Words, primary_key=True),
    Column("outcome", Words, nullable=False),
    Column("settled_at", Moment, nullable=False, index=True),
)

# How the bot is to deal with a reader, as far as they said.
reader_settings = Table(
    "reader_settings",
    metadata,
    Column("reader_id", Words, primary_key=True),
    # That they chose to be spoken to in (ISO 639-1); none where it goes by what they come from.
    Column("language", Words),
    # What they were asked last that they may write in answer, as whoever asked calls it.
    Column("asked", Words),
    # When they had something of their interests forgotten last.
    Column("dropped_at", Moment),
)

# A sealed mark of each reader of whom nothing else was sealed as a backup was made: by its key a restore knows whether
# they were forgotten since.
reader_marks = Table(
    "reader_marks",
    metadata,
    Column("reader_id", Words, primary_key=True),
    Column("mark", Sealed(), nullable=False),
)

# Which stories a reader was shown, in which place, and by what they were ranked. A list has one time. The number of a
# story may lead to another by now, and is no foreign key, since the stories can be made anew.
shown_stories = Table(
    "shown_stories",
    metadata,
    Column("reader_id", Words, primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("slot", Words),
    Column("story_id", Integer, nullable=False),
    # A JSON array of article ids, and an object of numbers; between them what it was told from, as `Heard` packs it.
    Column("articles", Words, nullable=False),
    Column("heard", LargeBinary, nullable=False),
    Column("features", Words, nullable=False),
    Index(None, "at"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Words, primary_key=True),
    Column("reader_id", Words, nullable=False, index=True),
)

turns = Table(
    "turns",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", Words, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    # Who asked: in a group not always who began the conversation.
    Column("reader_id", Words, nullable=False, index=True),
    Column("question", Sealed(), nullable=False),
    Column("standalone", Sealed(), nullable=False),
    Column("answer", Sealed(), nullable=False),
    # A JSON array of article ids.
    Column("cited", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "conversation_id", "id"),
)

# The last document that a reader gave to read in a conversation, for what they ask of it.
given_documents = Table(
    "given_documents",
    metadata,
    Column("reader_id", Words, primary_key=True),
    Column("conversation_id", Words, primary_key=True),
    Column("url", Sealed()),
    Column("title", Sealed()),
    Column("at", Moment, nullable=False, index=True),
    # Last, so that reading when it was given does not read through it.
    Column("text", Sealed(), nullable=False),
)
