"""Where all tables are held, and how their constraints are called."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData, Table

from storage.columns import Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# `corpus`: the newest revision. `encoded:NAME`: every passage up to this id has a vector of that encoder.
# `pruned`: removals up to this revision may be forgotten. `stories`: the revision that the stories stand at.
# `halted_until`: when Telegram may be sent to again, in seconds since 1970. `forgotten`: how many readers were
# forgotten since the file was last rid of such. `forgotten_articles`: how often articles went with one since the index
# of words was. `feeds_known`: that there were feeds, though none may be left.
# `keys`: which place of keys the texts are sealed by, so that another is not taken for it.
# `words_marked`: that the words of evidence are keyed by their readers' keys.
# `closed`: that only those may use the bot whom operators let in, as of the last start.
counters = Table(
    "counters",
    metadata,
    Column("name", Words, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
