"""The readers: who they are and which language the bot speaks to them."""

from __future__ import annotations

from sqlalchemy import select

from storage.database import Database, Transaction, insert
from storage.domain.people import Reader, ReaderId
from storage.schema import readers


class ReaderStore:
    """Remembers readers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, reader_id: ReaderId) -> Reader | None:
        """The reader, if known."""
        async with self._database.reading() as connection:
            return await _find(connection, reader_id)

    async def save(self, reader: Reader) -> None:
        """Keep the reader as given, in place of what was known. When they were first met is kept."""
        async with self._database.transaction() as connection:
            upsert = insert(connection, readers).values(id=reader.id, language=reader.language, since=reader.since)
            await connection.execute(
                upsert.on_conflict_do_update(index_elements=[readers.c.id], set_={"language": reader.language})
            )

    async def ensure(self, reader: Reader) -> Reader:
        """The reader as known; as given where this is the first time."""
        known = await self.get(reader.id)
        if known is not None:
            return known
        async with self._database.transaction() as connection:
            await connection.execute(
                insert(connection, readers)
                .values(id=reader.id, language=reader.language, since=reader.since)
                .on_conflict_do_nothing()
            )
            return await _find(connection, reader.id) or reader


async def _find(connection: Transaction, reader_id: ReaderId) -> Reader | None:
    row = (await connection.execute(select(readers).where(readers.c.id == reader_id))).first()
    return None if row is None else Reader(id=ReaderId(row.id), language=row.language, since=row.since)
