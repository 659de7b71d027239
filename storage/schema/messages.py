"""What comes from Telegram and what goes there."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, false

from storage.columns import Moment, Sealed, Words
from storage.schema.base import metadata

inbox = Table(
    "inbox",
    metadata,
    # The order of arrival; Telegram's own numbers start anew after a quiet week.
    Column("id", Integer, primary_key=True),
    Column("update_id", BigInteger, nullable=False, unique=True),
    Column("chat_id", BigInteger),
    Column("payload", Sealed("update_id"), nullable=False),
    # Whether it is what somebody types behind the bot's name, which its payload says too.
    Column("typed", Boolean, nullable=False, server_default=false()),
    Column("received_at", Moment, nullable=False),
    Column("state", Words, nullable=False),
    Column("error", Words),
    # What became of it where it counts against a budget: `taken`, or whose forbade it; none where it does not count.
    Column("counted", Words),
    # How many processes ended while it may have been under way: what ends them time and again is known by that.
    Column("starts", Integer, nullable=False, server_default="0"),
    Index(None, "state", "id"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    # The order in which messages were enqueued, which is the order they are sent in.
    Column("id", Integer, primary_key=True),
    Column("key", Words, nullable=False, unique=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("method", Words, nullable=False),
    Column("payload", Sealed("key"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("state", Words, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Words),
    Column("message_id", BigInteger),
    # From then on it is not sent any more; none may be sent whenever that can be.
    Column("expires_at", Moment),
    # Until then it is held.
    Column("not_before", Moment),
    Index(None, "state", "id"),
    Index(None, "chat_id", "state", "id"),
    sqlite_autoincrement=True,
)

# What messages tell of, by their key in the outbox, which they outlive. All messages of one reply have its ref.
shown_messages = Table(
    "shown_messages",
    metadata,
    Column("key", Words, primary_key=True),
    Column("ref", Words, nullable=False, index=True),
    Column("chat_id", BigInteger, nullable=False),
    # None until it is sent.
    Column("message_id", BigInteger),
    # Whom it was written for.
    Column("reader_id", Words, nullable=False, index=True),
    Column("language", Words, nullable=False),
    # JSON: of each thing its story, or none, and its articles; and what can be had of it.
    Column("things", Words, nullable=False),
    Column("offers", Words, nullable=False),
    Column("shown_at", Moment, nullable=False, index=True),
    Index(None, "chat_id", "message_id"),
)

# Who wants no broadcasts.
declined_broadcasts = Table(
    "declined_broadcasts",
    metadata,
    Column("reader_id", Words, primary_key=True),
)

# What operators tell all readers, by the number of the update that asked for it.
broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("state", Words, nullable=False),
    Column("made_at", Moment, nullable=False),
    # The last reader it is enqueued for, in the order of their ids.
    Column("upto", Words, nullable=False),
    # Nothing once it is done or given up.
    Column("text", Words, nullable=False),
)
