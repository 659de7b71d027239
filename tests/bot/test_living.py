from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from bot import living
from bot.app import utc_now
from bot.flows.retention import Retention
from storage.database import Database
from storage.dialogues import DialogueStore
from storage.domain.changes import Given
from storage.domain.dialogue import ConversationId, Turn
from storage.domain.people import ReaderId
from storage.domain.summaries import Document, GivenDocument
from storage.errors import StorageBusy
from storage.given import GivenStore
from storage.readers import ReaderStore
from storage.retention import RetentionStore
from tests.bot.personal.test_own_data import own_data, told
from tests.storage.examples import EPOCH

if TYPE_CHECKING:
    from bot.app import App

ADA = ReaderId("terminal:ada")


async def test_files_are_rid_of_who_was_forgotten_even_where_that_fails_at_first(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(living, "FORGET_EVERY", timedelta(0))
    await told(database, ADA)
    readers, tries = ReaderStore(database), iter([StorageBusy("database: held")])
    await readers.forget(ADA)
    purge = database.purge

    async def purging() -> bool:
        for error in tries:
            raise error
        return await purge()

    monkeypatch.setattr(database, "purge", purging)
    app = cast("App", SimpleNamespace(own_data=own_data(database, tmp_path), database=database, clock=utc_now))

    task = asyncio.create_task(living._finish_forgetting(app))
    async with asyncio.timeout(20):
        while await readers.unfinished():  # noqa: ASYNC110 - the file tells
            await asyncio.sleep(0.01)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task

    assert list(tries) == []


async def test_what_readers_gave_and_asked_is_kept_for_as_long_as_it_is_said_and_no_longer(database: Database) -> None:
    async def kept() -> list[object]:
        return []

    asked = DialogueStore(database)
    retention = Retention(shelf=RetentionStore(database), clock=lambda: EPOCH + timedelta(days=8), talk=timedelta(7))
    app = cast("App", SimpleNamespace(database=database, encoders=SimpleNamespace(kept=kept), retention=retention))
    talk, shelf = ConversationId("terminal:ada"), GivenStore(database)
    given = GivenDocument(reader=ADA, conversation=talk, document=Document(text="Private."), at=EPOCH)
    await shelf.keep(Given(given=given))
    await asked.record(talk, ADA, Turn(question="Who?", standalone="Who?", answer="Ben.", cited=(), at=EPOCH))

    await living._forget_shown(app, EPOCH + timedelta(days=7))
    before = await shelf.of(ADA, talk)
    await living._forget_shown(app, EPOCH + timedelta(days=7, seconds=1))

    assert before == given
    assert await shelf.of(ADA, talk) is None
    assert await asked.history(talk, 1) == ()
