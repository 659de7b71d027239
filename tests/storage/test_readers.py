from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from storage.database import Database
from storage.domain.people import Reader, ReaderId
from storage.readers import ReaderStore
from tests.storage.examples import EPOCH

ADA = Reader(id=ReaderId("terminal:ada"), language="en", since=EPOCH)


async def test_an_unknown_reader_is_not_there(database: Database) -> None:
    assert await ReaderStore(database).get(ADA.id) is None


async def test_a_reader_met_again_is_the_one_met_first(database: Database) -> None:
    readers = ReaderStore(database)

    met = await readers.ensure(ADA)
    again = await readers.ensure(replace(ADA, language="zh", since=EPOCH + timedelta(days=1)))

    assert met == again == ADA


async def test_a_reader_can_change_language_and_stays_since_when(database: Database) -> None:
    readers = ReaderStore(database)
    await readers.save(ADA)

    await readers.save(replace(ADA, language="zh", since=EPOCH + timedelta(days=1)))

    assert await readers.get(ADA.id) == replace(ADA, language="zh")
