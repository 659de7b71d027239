"""Who may use the bot, how much they did, and who could not be reached."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from storage.columns import Moment, Words
from storage.schema.base import metadata

# Of whom operators say that they may use the bot, or may not: readers and groups by their ids, `@names`. It is theirs,
# and no reader's. The source is `settings`, as of each start, `admins`, whom nothing else shuts out, or `chat`.
access = Table(
    "access",
    metadata,
    Column("who", Words, primary_key=True),
    Column("source", Words, primary_key=True),
    Column("verdict", Words, nullable=False),
    Column("at", Moment, nullable=False),
)

# By which name operators may call whoever may be sent something, as they had it in Telegram last: `@ada`, lower case.
reader_names = Table(
    "reader_names",
    metadata,
    Column("reader_id", Words, primary_key=True),
    Column("name", Words, nullable=False, index=True),
)

# When somebody was told that they may not use the bot: all that is kept of them, for a day.
refusals = Table(
    "refusals",
    metadata,
    Column("reader_id", Words, primary_key=True),
    Column("at", Moment, nullable=False),
)

# Who could not be reached, since when, until they speak again.
unreachable = Table(
    "unreachable",
    metadata,
    Column("reader_id", Words, primary_key=True),
    Column("since", Moment, nullable=False),
)

# What readers asked of the bot, by the day in UTC, and what a language model read and wrote for them, in tokens.
spending = Table(
    "spending",
    metadata,
    Column("reader_id", Words, primary_key=True),
    Column("day", Words, primary_key=True),
    Column("questions", Integer, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    # Questions that a budget forbade.
    Column("refused", Integer, nullable=False),
    # When they last began to type behind the name of the bot.
    Column("typed_at", Moment),
    Index(None, "day"),
)

# What readers used that day who were forgotten on it; see `storage.budgets`.
spending_of_forgotten = Table(
    "spending_of_forgotten",
    metadata,
    Column("alias", Words, primary_key=True),
    Column("day", Words, nullable=False),
    Column("questions", Integer, nullable=False),
    Column("tokens", BigInteger, nullable=False),
)

# The same of all readers together, whoever of them is forgotten.
spending_of_all = Table(
    "spending_of_all",
    metadata,
    Column("day", Words, primary_key=True),
    Column("questions", Integer, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("refused", Integer, nullable=False),
)
