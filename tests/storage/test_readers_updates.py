from __future__ import annotations

import json

import pytest

from storage import readers as module
from storage.database import Database
from storage.domain.deliveries import InboxUpdate
from storage.domain.people import ReaderId
from storage.inbox import InboxStore
from storage.readers import ReaderStore
from tests.storage.examples import EPOCH


def update(number: int, sender: int, text: str) -> InboxUpdate:
    message = {"chat": {"id": sender}, "from": {"id": sender}, "text": text}
    payload = json.dumps({"update_id": number, "message": message})
    return InboxUpdate(update_id=number, payload=payload, received_at=EPOCH, chat_id=sender)


@pytest.mark.parametrize("at_once", [1, 2, 3, 200])
async def test_what_somebody_wrote_is_found_among_all_that_have_their_number_in_them(
    database: Database, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(module, "_UPDATES_AT_ONCE", at_once)
    senders = (7, 8, 8, 7, 8, 7)
    updates = [update(number, sender, f"at 7:{number}0") for number, sender in enumerate(senders, start=1)]
    await InboxStore(database).accept(updates)

    given = await ReaderStore(database).export(ReaderId("telegram:7"))

    assert [row["update_id"] for row in given["inbox"]] == [1, 4, 6]
