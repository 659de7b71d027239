"""The documents that readers gave to read, each for its reader alone, for as long as they may ask of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from storage.database import Database, Transaction, insert
from storage.domain.changes import Given
from storage.domain.dialogue import ConversationId
from storage.domain.people import ReaderId
from storage.domain.summaries import Document, GivenDocument
from storage.schema import given_documents
from storage.sealed import opened, sealed

KEPT = timedelta(days=7)
"""As long as messages are."""
MOST_CHARACTERS = 400_000
"""Of a document; what is beyond is not kept. A book of the usual length has as many."""


class GivenStore:
    """What `bot.flows.ports.GivenDocuments` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, reader: ReaderId, conversation: ConversationId) -> GivenDocument | None:
        """The last one that this reader gave in this conversation, as long as it is kept."""
        mine = (given_documents.c.reader_id == reader, given_documents.c.conversation_id == conversation)
        async with self._database.reading() as connection:
            rows = await opened(
                connection, await connection.execute(select(given_documents).where(*mine)), given_documents
            )
        if not rows:
            return None
        row = rows[0]
        document = Document(text=row.text, title=row.title, url=row.url)
        return GivenDocument(reader=reader, conversation=conversation, document=document, at=row.at)

    async def keep(self, change: Given, *, within: Transaction | None = None) -> None:
        """Keep one in place of the last; see `Database.transaction`."""
        given, document = change.given, change.given.document
        key: dict[str, object] = {"reader_id": given.reader, "conversation_id": given.conversation}
        values: dict[str, object] = {
            "url": document.url,
            "title": document.title,
            "text": document.text[:MOST_CHARACTERS],
            "at": given.at,
        }
        async with self._database.transaction(within) as connection:
            (row,) = await sealed(connection, given_documents, [key | values])
            await connection.execute(
                insert(connection, given_documents)
                .values(row)
                .on_conflict_do_update(index_elements=list(key), set_={name: row[name] for name in values})
            )

    async def prune(self, before: datetime) -> int:
        """Drop what was given before then; returns how many."""
        async with self._database.transaction() as connection:
            return (await connection.execute(delete(given_documents).where(given_documents.c.at < before))).rowcount
