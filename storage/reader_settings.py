"""How the bot is to deal with readers, as far as they said. Every row names its reader."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import bindparam, select, update

from storage.database import Database, Transaction, insert
from storage.domain.changes import Awaited, Spoken
from storage.domain.people import ReaderId, ReaderSettings
from storage.schema import digest_settings, follows, reader_settings
from storage.wishes import read, written

_MINE = reader_settings.c.reader_id == bindparam("reader")
# Of whoever speaks, each time they do: one statement, made once.
_SAID = select(
    select(reader_settings.c.language).where(_MINE).scalar_subquery().label("language"),
    select(reader_settings.c.asked).where(_MINE).scalar_subquery().label("asked"),
    select(digest_settings.c.wishes)
    .where(digest_settings.c.reader_id == bindparam("reader"))
    .scalar_subquery()
    .label("wishes"),
)


class ReaderSettingsStore:
    """What `bot.messenger.ports.Readers` asks for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, reader: ReaderId) -> ReaderSettings:
        """What a reader said; nothing where they said nothing."""
        async with self._database.reading() as connection:
            row = (await connection.execute(_SAID, {"reader": reader})).one()
            zone = None if row.wishes is None else read(reader, True, row.wishes).timetable.zone
            return ReaderSettings(language=row.language, zone=zone, asked=row.asked)

    async def speak(self, spoken: Spoken, *, within: Transaction | None = None) -> None:
        """Take down the language, for digests and what they follow too; see `Database.transaction`."""
        reader, language = spoken.reader, spoken.language
        async with self._database.transaction(within) as connection:
            await _set(connection, reader, language=language)
            await connection.execute(update(follows).where(follows.c.reader_id == reader).values(language=language))
            mine = digest_settings.c.reader_id == reader
            row = (await connection.execute(select(digest_settings).where(mine))).first()
            if row is not None:
                wishes = written(replace(read(reader, row.active, row.wishes), language=language))
                await connection.execute(update(digest_settings).where(mine).values(wishes=wishes))

    async def wait(self, awaited: Awaited, *, within: Transaction | None = None) -> None:
        """Take down what a reader was asked; see `Database.transaction`."""
        reader, asked = awaited.reader, awaited.asked
        async with self._database.transaction(within) as connection:
            if asked is not None:
                await _set(connection, reader, asked=asked)
                return
            # Nothing is kept of whom nothing is known: they may just have been forgotten.
            mine = reader_settings.c.reader_id == reader
            await connection.execute(update(reader_settings).where(mine).values(asked=None))


async def _set(connection: Transaction, reader: ReaderId, **values: str | None) -> None:
    await connection.execute(
        insert(connection, reader_settings)
        .values(reader_id=reader, **values)
        .on_conflict_do_update(index_elements=[reader_settings.c.reader_id], set_=values)
    )
