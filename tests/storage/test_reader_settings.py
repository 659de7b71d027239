from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.digests import DigestStore
from storage.domain.changes import Awaited, Followed, Spoken, Wished
from storage.domain.deliveries import InboxUpdate
from storage.domain.digests import DigestSettings, Timetable
from storage.domain.people import ReaderId, ReaderSettings
from storage.follows import FollowStore
from storage.inbox import InboxStore
from storage.reader_settings import ReaderSettingsStore
from storage.schema import reader_settings
from tests.storage.examples import EPOCH

if TYPE_CHECKING:
    import bot.messenger.ports

ADA, BEN = ReaderId("telegram:7"), ReaderId("telegram:8")


@pytest.fixture
def readers(database: Database) -> ReaderSettingsStore:
    made: bot.messenger.ports.Readers = (store := ReaderSettingsStore(database))
    assert made is store
    return store


async def test_who_said_nothing_is_dealt_with_as_everybody(readers: ReaderSettingsStore) -> None:
    assert await readers.of(ADA) == ReaderSettings()


async def test_a_language_is_one_readers_and_the_last_that_they_chose(readers: ReaderSettingsStore) -> None:
    await readers.speak(Spoken(reader=ADA, language="en"))
    await readers.speak(Spoken(reader=ADA, language="zh"))

    assert (await readers.of(ADA)).language == "zh"
    assert await readers.of(BEN) == ReaderSettings()


async def test_what_is_asked_waits_beside_the_language_until_nothing_is(readers: ReaderSettingsStore) -> None:
    await readers.wait(Awaited(reader=ADA, asked="start:41"))
    await readers.speak(Spoken(reader=ADA, language="zh"))
    asked = await readers.of(ADA)
    await readers.wait(Awaited(reader=ADA, asked=None))

    assert asked == ReaderSettings(language="zh", asked="start:41")
    assert await readers.of(ADA) == ReaderSettings(language="zh")


async def test_the_zone_is_that_of_their_digests(readers: ReaderSettingsStore, database: Database) -> None:
    settings = DigestSettings(reader=ADA, since=EPOCH, timetable=Timetable(zone="Asia/Shanghai"))
    await DigestStore(database).wish(Wished(settings=settings, at=EPOCH, wake_at=None))

    assert await readers.of(ADA) == ReaderSettings(zone="Asia/Shanghai")
    assert await readers.of(BEN) == ReaderSettings()


async def test_that_nothing_is_asked_is_no_reason_to_keep_anything(
    readers: ReaderSettingsStore, database: Database
) -> None:
    await readers.wait(Awaited(reader=ADA, asked=None))

    async with database.reading() as connection:
        assert (await connection.execute(select(reader_settings))).all() == []


async def test_what_comes_unasked_comes_in_the_language_that_is_chosen(
    readers: ReaderSettingsStore, database: Database
) -> None:
    digests, follows = DigestStore(database), FollowStore(database)
    wanted = {who: DigestSettings(reader=who, since=EPOCH, active=True, length=7) for who in (ADA, BEN)}
    for who, settings in wanted.items():
        await digests.wish(Wished(settings=settings, at=EPOCH, wake_at=EPOCH))
        await follows.follow(Followed(reader=who, story=None, words="ferries", language="en", at=EPOCH))

    await readers.speak(Spoken(reader=ADA, language="zh"))

    assert await digests.settings(ADA) == replace(wanted[ADA], language="zh")
    assert await digests.settings(BEN) == wanted[BEN]
    assert [each.language for who in (ADA, BEN) for each in await follows.of(who)] == ["zh", "en"]
    assert [each.reader for each in await digests.due("telegram:", EPOCH, EPOCH, 9)] == [ADA, BEN]


async def test_both_take_effect_with_the_update_they_are_of(readers: ReaderSettingsStore, database: Database) -> None:
    inbox = InboxStore(database)
    await inbox.accept([InboxUpdate(update_id=1, payload="{}", received_at=EPOCH, chat_id=7)])

    for _ in range(2):
        changes = [Spoken(reader=ADA, language="zh"), Awaited(reader=ADA, asked="settings:2")]
        await inbox.done(1, changes=changes)
        await readers.wait(Awaited(reader=ADA, asked=None))

    assert await readers.of(ADA) == ReaderSettings(language="zh")
