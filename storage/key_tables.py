"""The tables of keys, apart from all others: no backup has them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, MetaData, Table, Text

from storage.addresses import read_only

metadata = MetaData()
# Its owner is a reader, the mark of one (`mark:telegram:7`), or a day of what waits: `waiting:2026-11-30`.
reader_keys = Table(
    "reader_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False, index=True),
    Column("key", LargeBinary, nullable=False),
    # Whether it is itself sealed, by a secret that stands elsewhere.
    Column("wrapped", Boolean, nullable=False),
)
# How often one was lost or changed hands: by which processes know that what they remember is out of date.
lost_keys = Table("lost_keys", metadata, Column("times", BigInteger, primary_key=True, autoincrement=False))

# Those that were lost for good: a key that is merely not here may be kept elsewhere, one of these shall not come back.
gone_keys = Table("gone_keys", metadata, Column("id", Text, primary_key=True))

# This place, and those whose keys were taken over.
key_places = Table("key_places", metadata, Column("id", Text, primary_key=True), Column("own", Boolean, nullable=False))

KEY_TABLES = tuple(metadata.sorted_tables)
"""What no backup has."""


def is_keys_file(file: Path) -> bool:
    """Whether a file holds keys; it is only looked at."""
    try:
        with closing(sqlite3.connect(read_only(file), uri=True)) as connection:
            connection.execute(
                "SELECT reader_keys.id, owner, key, wrapped, own FROM reader_keys, key_places, gone_keys LIMIT 1"
            )
    except sqlite3.Error:
        return False
    return True
