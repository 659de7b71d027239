"""Stories, which articles tell of them, and who follows and looks at them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Integer, LargeBinary, Table, false

from storage.columns import Moment, Sealed, Words
from storage.schema.base import metadata

# Events that articles tell of. Where two turned out to be one, the later one's number leads to the other for ever.
stories = Table(
    "stories",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    # What it is called where articles are put into stories.
    Column("key", Words, nullable=False),
    # Of all arrivals of articles, which made it, and which was the last that is settled; -1 where none is.
    Column("born", BigInteger, nullable=False),
    Column("settled", BigInteger, nullable=False),
    # Whether it was placed apart, telling of many events: by how it greets, which is not read again to list it.
    Column("roundup", Boolean, nullable=False, server_default=false()),
    Column("merged_into", Integer),
    # The arrival at which it was retired, nothing having come of it for long, and what to find it again by.
    Column("retired", BigInteger, index=True),
    Column("signs", LargeBinary),
)

# Which event an article tells of: one, from the moment the stories have taken it over.
story_articles = Table(
    "story_articles",
    metadata,
    Column("article_id", Words, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", Integer, ForeignKey("stories.id"), nullable=False, index=True),
    # Which of all arrivals it was.
    Column("arrival", BigInteger, nullable=False),
    # How little of it the story had before, 0 to 1.
    Column("novelty", Float, nullable=False),
    # What further articles are compared with; none where it is settled that it stays with its story.
    Column("sketch", LargeBinary),
)

# What readers follow: a story by its number, else a topic in the words of `words`. The number may lead to another story
# by now, and is no foreign key, since the stories can be made anew.
follows = Table(
    "follows",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reader_id", Words, nullable=False, index=True),
    # By which its reader names it, who counts from 1.
    Column("number", Integer, nullable=False),
    Column("story_id", Integer),
    Column("words", Sealed(), nullable=False),
    Column("language", Words, nullable=False),
    Column("since", Moment, nullable=False),
    # When something was told of it last, at first `since`; who tells moves it on from what they knew.
    Column("told_at", Moment, nullable=False),
    Column("ended_at", Moment),
    # What was told under a number keeps naming that follow.
    sqlite_autoincrement=True,
)

# The texts that a follow told of, by the articles that had them first; the latest only.
follow_texts = Table(
    "follow_texts",
    metadata,
    Column("follow_id", Integer, ForeignKey("follows.id", ondelete="CASCADE"), primary_key=True),
    Column("group_id", Words, primary_key=True),
    Column("reader_id", Words, nullable=False, index=True),
    Column("told_at", Moment, nullable=False),
)

# When a reader last looked at a story's page.
story_views = Table(
    "story_views",
    metadata,
    Column("reader_id", Words, primary_key=True),
    Column("story_id", Integer, primary_key=True, autoincrement=False),
    Column("seen_at", Moment, nullable=False),
)
