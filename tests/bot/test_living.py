from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from bot import living
from storage.database import Database
from storage.domain.people import ReaderId
from storage.errors import StorageBusy
from storage.readers import ReaderStore
from tests.bot.personal.test_own_data import own_data, told

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
    app = cast("App", SimpleNamespace(own_data=own_data(database, tmp_path)))

    task = asyncio.create_task(living._finish_forgetting(app))
    async with asyncio.timeout(20):
        while await readers.unfinished():  # noqa: ASYNC110 - the file tells
            await asyncio.sleep(0.01)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task

    assert list(tries) == []
