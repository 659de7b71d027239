"""All that is kept of a reader: given to them whole, or forgotten whole.

Of a reader is what stands in a table with a `reader_id`, whichever these are; what came from them or waits to be sent
to them in private; and what nobody but them sees: feeds of their own with the articles these brought. Forgetting is one
transaction, after which the file may still hold copies, until it is rid of them (`purge`). The key of what they wrote
goes first: whatever becomes of the rest, nobody reads that any more, in no backup either.
"""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, or_, select, update

from storage.articles import ArticleStore
from storage.budgets import carry_on
from storage.counters import FORGOTTEN, advance, count, counter
from storage.database import AnyRow, Database, Transaction, chunks
from storage.domain.access import Alias
from storage.domain.deliveries import InboxState
from storage.domain.leases import of_chat
from storage.domain.news import ArticleId
from storage.domain.people import ReaderId
from storage.feeds import FEEDS_KNOWN
from storage.headlines import ADDED, LEFT, seen_by
from storage.leases import living
from storage.schema import (
    article_feeds,
    articles,
    broadcasts,
    conversations,
    digest_settings,
    dropped_articles,
    evidence,
    feeds,
    follow_texts,
    follows,
    inbox,
    leases,
    metadata,
    outbox,
    shown_messages,
    shown_stories,
    subscriptions,
    turns,
)
from storage.sealed import keys_of, opened

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
Rows = Sequence[Mapping[str, Json]]

OWN = tuple(table for table in metadata.sorted_tables if "reader_id" in table.c)
"""The tables whose rows name their reader."""
PARTS = (*(table.name for table in OWN), inbox.name, outbox.name, articles.name)
"""What `ReaderStore.export` gives."""

_UNINDEXED = "forgotten_articles"
_TELEGRAM = re.compile(r"telegram:(-?[0-9]{1,18})")
_SENDERS = ("from", "user", "sender_chat")
_IN_JSON = frozenset(
    (
        turns.c.cited,
        digest_settings.c.wishes,
        shown_stories.c.articles,
        shown_stories.c.features,
        shown_messages.c.things,
        shown_messages.c.offers,
        inbox.c.payload,
        outbox.c.payload,
    )
)
_UPDATES_AT_ONCE = 200
# Whoever sends a digest or an update holds the row of it; deleting that one first waits until they are done.
_FIRST = (digest_settings, follows)


class ReaderStore:
    """What `bot.personal.own_data.ReaderShelf` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, reader: ReaderId) -> bool:
        """Whether anything is kept under their name."""
        async with self._database.reading() as connection:
            for table in OWN:
                if await connection.scalar(select(exists().where(table.c.reader_id == reader))):
                    return True
        return False

    async def export(self, reader: ReaderId) -> Mapping[str, Rows]:
        """All that is kept of a reader, part by part (`PARTS`), as JSON can hold it, and nothing of anybody else.

        Moments are ISO 8601 in UTC, bytes base64. `articles` are those that the others name, as far as they may still
        see them. What others asked before them in a group is left out of how their questions were understood.
        """
        async with self._database.reading() as connection:
            kept: dict[str, Rows] = {}
            for table in OWN:
                rows = await connection.execute(
                    select(table).where(table.c.reader_id == reader).order_by(*table.primary_key)
                )
                mine = await opened(connection, rows, table)
                kept[table.name] = [_json(row, table.columns.values(), ("reader_id",)) for row in mine]
            shared = [row for row in kept[turns.name] if not _alone(reader, str(row["conversation_id"]))]
            kept[turns.name] = [
                {name: value for name, value in row.items() if row not in shared or name != turns.c.standalone.name}
                for row in kept[turns.name]
            ]
            theirs = [row for row, sent in await _updates(connection, reader) if sent]
            kept[inbox.name] = [_json(row, inbox.columns.values()) for row in theirs]
            waiting = await connection.execute(select(outbox).where(_to(reader)).order_by(outbox.c.id))
            messages = await opened(connection, waiting, outbox, lost="")
            kept[outbox.name] = [_json(row, outbox.columns.values()) for row in messages]
            kept[articles.name] = await _named(connection, reader, kept)
        return kept

    async def forget(
        self,
        reader: ReaderId,
        *,
        unread: bool = True,
        alias: Alias | None = None,
        within: Transaction | None = None,
        keys: bool = True,
    ) -> dict[str, int]:
        """Forget a reader, in one transaction; how many rows of which table that were. See `Database.transaction`.

        In a group goes, too, what was asked on from their words.

        Args:
            reader: Who; nobody has to be known by that name.
            unread: Whether to drop what they wrote that was not dealt with yet; else that is a new reader's.
            alias: As whose what they used that day goes on to count (see `storage.budgets`); else as nobody's.
            within: See `Database.transaction`.
            keys: Whether their key goes with it; not of what somebody wrote who was forgotten and came again since.
        """
        gone: Counter[str] = Counter()
        async with self._database.transaction(within) as connection:
            lost = await (await keys_of(connection)).lose(reader) if keys else 0
            own = list(
                await connection.scalars(
                    select(subscriptions.c.feed_url).where(
                        subscriptions.c.reader_id == reader, subscriptions.c.state.in_((ADDED, LEFT))
                    )
                )
            )
            if alias is not None:
                await carry_on(connection, reader, alias)
            for table in _FIRST:
                gone[table.name] += await _drop(connection, table, reader)
            gone[turns.name] += await _leave(connection, reader)
            gone[outbox.name] += (await connection.execute(delete(outbox).where(_to(reader)))).rowcount
            gone[inbox.name] += await _empty(connection, reader, unread=unread)
            await _unname(connection, reader)
            for table in OWN:
                gone[table.name] += await _drop(connection, table, reader)
            unseen = await ArticleStore(self._database).remove(await _unseen(connection, own), within=connection)
            if unseen:
                await count(connection, _UNINDEXED, await counter(connection, _UNINDEXED) + 1)
            gone[articles.name] += unseen
            gone[feeds.name] += await _drop_feeds(connection)
            if lost or gone.total():
                await count(connection, FORGOTTEN, await counter(connection, FORGOTTEN) + 1)
        return {name: number for name, number in gone.items() if number}

    async def unfinished(self) -> bool:
        """Whether somebody was forgotten since the file was last rid of what was deleted."""
        async with self._database.reading() as connection:
            return max([await counter(connection, each) for each in (FORGOTTEN, _UNINDEXED)]) > 0

    async def purge(self) -> bool:
        """Rid the file of what was forgotten; whether it is done. Not where another process reads without a pause.

        Raises:
            StorageError: The database cannot be used, or another process writes to it without a pause.
        """
        async with self._database.reading() as connection:
            times = await counter(connection, FORGOTTEN)
            if not times:
                return True
            await keys_of(connection)
        if not (await self._database.keys.purge() and await self._database.purge()):
            return False
        async with self._database.transaction() as connection:
            # Who was forgotten meanwhile is still to be purged.
            return await advance(connection, FORGOTTEN, after=times, upto=0)

    async def articles_gone(self) -> int:
        """How often articles went with a reader since the indexes were last rid of such."""
        async with self._database.reading() as connection:
            return await counter(connection, _UNINDEXED)

    async def indexes_rid(self, times: int) -> bool:
        """The indexes are rid of those that had gone by then; whether none has since."""
        async with self._database.transaction() as connection:
            return await advance(connection, _UNINDEXED, after=times, upto=0)


# what is whose


def _chat(reader: ReaderId) -> int | None:
    """The number by which Telegram knows them; `None` where they are not from there."""
    found = _TELEGRAM.fullmatch(reader)
    return int(found[1]) if found else None


def _alone(reader: ReaderId, conversation: str) -> bool:
    """Whether nobody else takes part: a private chat, or one at a terminal."""
    return conversation == reader or conversation.startswith(f"{reader}:")


async def _unname(connection: Transaction, reader: ReaderId) -> None:
    """Take their name from where something is noted by it that is nobody's."""
    # How far a broadcast has come: whoever has it already is not written to again.
    await connection.execute(update(broadcasts).where(broadcasts.c.upto == reader).values(upto=""))
    if (chat := _chat(reader)) is not None:
        # Whose the chat is goes once that is given back; of a process that was killed nobody would.
        left = ~await living(connection, leases.c.owner)
        await connection.execute(delete(leases).where(leases.c.name == of_chat(chat), left))


def _to(reader: ReaderId) -> ColumnElement[bool]:
    """Holds for messages to their private chat, and those written for them elsewhere."""
    written = outbox.c.key.in_(select(shown_messages.c.key).where(shown_messages.c.reader_id == reader))
    chat = _chat(reader)
    # A negative number is a group's, which speaks for itself in its own chat among others.
    return written if chat is None or chat < 0 else or_(outbox.c.chat_id == chat, written)


async def _updates(connection: Transaction, reader: ReaderId) -> list[tuple[AnyRow, bool]]:
    """The updates that came from them, and those that otherwise name them; each with whether it is the former."""
    chat = _chat(reader)
    if chat is None:
        return []
    # What they hold is sealed, and is looked through here: of all but those that wait, or were set aside, it is gone.
    maybe = select(inbox).where(or_(inbox.c.chat_id == chat, inbox.c.payload != ""))
    # One that could not be read is kept as text, with its quotes escaped.
    named = re.compile(rf'"id\\?"\s*:\s*{chat}(?![0-9])')
    private = chat if chat > 0 else None
    found: list[tuple[AnyRow, bool]] = []
    last, more = 0, True
    while more:
        # There may be many, which are not held at once.
        page = maybe.where(inbox.c.id > last).order_by(inbox.c.id).limit(_UPDATES_AT_ONCE)
        rows = (await connection.execute(page)).all()
        plain = await opened(connection, rows, inbox, lost="")
        looked = [(row, row.chat_id == private or _sent_by(row.payload, chat)) for row in plain]
        found += [(row, sent) for row, sent in looked if sent or named.search(row.payload)]
        more = len(rows) == _UPDATES_AT_ONCE
        last = rows[-1].id if rows else last
    return found


def _sent_by(payload: str, number: int) -> bool:
    try:
        update_ = json.loads(payload)
    except (ValueError, RecursionError):
        return False
    held = [each for each in update_.values() if isinstance(each, dict)] if isinstance(update_, dict) else []
    people = [each.get(role) for each in held for role in _SENDERS]
    return any(isinstance(person, dict) and person.get("id") == number for person in people)


# giving


def _json(row: AnyRow, columns: Iterable[ColumnElement[object]], without: Sequence[str] = ()) -> dict[str, Json]:
    return {
        column.key: _value(getattr(row, str(column.key)), parsed=column in _IN_JSON)
        for column in columns
        if column.key is not None and column.key not in without
    }


def _value(value: object, *, parsed: bool) -> Json:
    match value:
        case datetime():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode("ascii")
        case str() if parsed:
            return _parsed(value)
        case None | bool() | int() | float() | str():
            return value
    raise TypeError(f"a column of {type(value).__name__}")


def _parsed(text: str) -> Json:
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value


async def _named(connection: Transaction, reader: ReaderId, kept: Mapping[str, Rows]) -> Rows:
    """The articles that what is kept names, as far as they may see them."""
    ids: set[str] = {str(row["key"]) for row in kept[evidence.name]}
    ids |= {str(row["group_id"]) for row in kept[follow_texts.name]}
    listed = [(turns, "cited"), (shown_stories, "articles"), (shown_messages, "things")]
    for table, column in listed:
        ids |= set(_texts([row[column] for row in kept[table.name]]))
    found: list[dict[str, Json]] = []
    for chunk in chunks(sorted(ids)):
        columns = (articles.c.id, articles.c.title, articles.c.url, articles.c.source, articles.c.published)
        rows = await connection.execute(select(*columns).where(articles.c.id.in_(chunk), *seen_by(reader)))
        found += [_json(row, columns) for row in rows]
    return found


def _texts(value: Json) -> Iterable[str]:
    """All texts in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Sequence):
        for each in value:
            yield from _texts(each)


# forgetting


async def _drop(connection: Transaction, table: Table, reader: ReaderId) -> int:
    return (await connection.execute(delete(table).where(table.c.reader_id == reader))).rowcount


async def _leave(connection: Transaction, reader: ReaderId) -> int:
    """Drop their turns and, in a group, those after them, which may repeat their words; who is left has the rest."""
    first = (
        select(turns.c.conversation_id, func.min(turns.c.id).label("first"))
        .where(turns.c.reader_id == reader)
        .group_by(turns.c.conversation_id)
        .subquery()
    )
    from_there = select(turns.c.id).join(
        first, and_(turns.c.conversation_id == first.c.conversation_id, turns.c.id >= first.c.first)
    )
    gone = (await connection.execute(delete(turns).where(turns.c.id.in_(from_there)))).rowcount
    left = select(turns.c.reader_id).where(turns.c.conversation_id == conversations.c.id)
    await connection.execute(
        update(conversations)
        .where(conversations.c.reader_id == reader, left.correlate(conversations).exists())
        .values(reader_id=left.correlate(conversations).order_by(turns.c.id).limit(1).scalar_subquery())
    )
    return gone


async def _empty(connection: Transaction, reader: ReaderId, *, unread: bool) -> int:
    """Empty the updates of theirs, which keep their numbers alone, so that none is dealt with twice.

    What somebody else wrote that names them is emptied where it is dealt with, and waits to be where it is not.
    """
    emptied = 0
    for row, sent in await _updates(connection, reader):
        pending = row.state == InboxState.PENDING
        if pending and not (sent and unread):
            continue
        values: dict[str, str | None] = {"payload": "", "state": InboxState.DONE if pending else row.state}
        if sent:
            values["chat_id"] = None
        await connection.execute(update(inbox).where(inbox.c.id == row.id).values(values))
        emptied += 1
    return emptied


async def _unseen(connection: Transaction, own: Sequence[str]) -> Sequence[ArticleId]:
    """The articles that nobody sees any more: of these feeds, and of those that readers had for themselves."""
    readers = exists().where(
        subscriptions.c.feed_url == article_feeds.c.feed_url, subscriptions.c.state.in_((ADDED, LEFT))
    )
    others = article_feeds.alias("others")
    their_readers = exists().where(
        subscriptions.c.feed_url == others.c.feed_url, subscriptions.c.state.in_((ADDED, LEFT))
    )
    visible = exists().where(others.c.article_id == article_feeds.c.article_id, or_(others.c.public, their_readers))
    found: dict[str, None] = {}
    for some in (article_feeds.c.feed_url.in_(select(feeds.c.url).where(~feeds.c.shared)), *map(_of, chunks(own))):
        rows = await connection.scalars(
            select(article_feeds.c.article_id).where(some, ~article_feeds.c.public, ~readers, ~visible)
        )
        found.update(dict.fromkeys(rows))
    return tuple(map(ArticleId, found))


def _of(urls: Sequence[str]) -> ColumnElement[bool]:
    return article_feeds.c.feed_url.in_(urls)


async def _drop_feeds(connection: Transaction) -> int:
    """Drop the feeds that only readers had, and none has any more, with the links from them and traces of theirs."""
    anyone = exists().where(subscriptions.c.feed_url == feeds.c.url)
    public = exists().where(article_feeds.c.feed_url == feeds.c.url, article_feeds.c.public)
    urls = list(await connection.scalars(select(feeds.c.url).where(~feeds.c.shared, ~anyone, ~public)))
    for chunk in chunks(urls):
        await connection.execute(delete(article_feeds).where(article_feeds.c.feed_url.in_(chunk)))
        await connection.execute(delete(dropped_articles).where(dropped_articles.c.audience.in_(chunk)))
        await connection.execute(delete(feeds).where(feeds.c.url.in_(chunk)))
    if urls:
        await count(connection, FEEDS_KNOWN, 1)
    return len(urls)
