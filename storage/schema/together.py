"""What processes that work on one database tell each other."""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, Table

from storage.columns import Moment, Words
from storage.schema.base import metadata

# The processes that work on this database together, and until when it is believed that each is there.
processes = Table(
    "processes",
    metadata,
    Column("name", Words, primary_key=True),
    Column("until", Moment, nullable=False),
)

# What is one process's at present: a chat (`chat:7`), or a work that only one does at a time.
leases = Table(
    "leases",
    metadata,
    Column("name", Words, primary_key=True),
    Column("owner", Words, nullable=False),
    # How often it was taken over from one that ended in the middle of it.
    Column("inherited", Integer, nullable=False),
)

# When messages may leave, in seconds since 1970: of `all`, and of chats that were written to seconds ago (`chat:7`).
paces = Table(
    "paces",
    metadata,
    Column("name", Words, primary_key=True),
    Column("next_at", Float, nullable=False),
    # Of all: messages a second, and until when the service asked to wait.
    Column("rate", Float, nullable=False),
    Column("halted_until", Float, nullable=False),
)
