"""The tables. What changes here changes in `migrations/versions/` too; a test holds the two equal.

Conventions: times are aware UTC, texts are storable on every database, a boolean or state is never null.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    false,
)

from storage.columns import Moment, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

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
    Column("digest", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    # Last, so that reading a headline does not read through the text.
    Column("text", Words, nullable=False),
    Index(None, "published", "first_seen"),
    Index(None, "language", "published", "first_seen"),
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

# What readers follow: a story by its number, else a topic in the words of `words`. The number may lead to another story
# by now, and is no foreign key, since the stories can be made anew.
follows = Table(
    "follows",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reader_id", Words, nullable=False, index=True),
    Column("story_id", Integer),
    Column("words", Words, nullable=False),
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
    Column("text", Words),
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
    # JSON arrays of article ids, and an object of numbers.
    Column("articles", Words, nullable=False),
    Column("texts", Words, nullable=False),
    Column("features", Words, nullable=False),
    Index(None, "at"),
)

# `corpus`: the newest revision. `encoded:NAME`: every passage up to this id has a vector of that encoder.
# `pruned`: removals up to this revision may be forgotten. `stories`: the revision that the stories stand at.
# `halted_until`: when Telegram may be sent to again, in seconds since 1970. `forgotten`: how many readers were
# forgotten since the file was last rid of such. `forgotten_articles`: how often articles went with one since the index
# of words was. `feeds_known`: that there were feeds, though none may be left.
# `closed`: that only those may use the bot whom operators let in, as of the last start.
counters = Table(
    "counters",
    metadata,
    Column("name", Words, primary_key=True),
    Column("value", BigInteger, nullable=False),
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
    Column("question", Words, nullable=False),
    Column("standalone", Words, nullable=False),
    Column("answer", Words, nullable=False),
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
    Column("url", Words),
    Column("title", Words),
    Column("at", Moment, nullable=False, index=True),
    # Last, so that reading when it was given does not read through it.
    Column("text", Words, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    # The order of arrival; Telegram's own numbers start anew after a quiet week.
    Column("id", Integer, primary_key=True),
    Column("update_id", BigInteger, nullable=False, unique=True),
    Column("chat_id", BigInteger),
    Column("payload", Words, nullable=False),
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
    Column("payload", Words, nullable=False),
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
