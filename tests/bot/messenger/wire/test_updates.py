from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest

from bot.messenger.wire.bot_api import Accepted, Json, NotSent, Outcome, Refused, Unknown
from bot.messenger.wire.updates import ALLOWED_UPDATES, Polling, Webhook, kept
from storage.domain.deliveries import InboxState, InboxUpdate
from storage.errors import SettingsError, StorageFull
from tests.bot.flows import NOW
from tests.bot.stores import MemoryInbox


class Over(Exception):
    """The script has come to its end."""


class Script:
    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.asked: list[Mapping[str, Json]] = []

    async def call(
        self, method: str, fields: Mapping[str, Json] | None = None, *, read_timeout: float = 20.0
    ) -> Outcome:
        assert method == "getUpdates"
        self.asked.append(dict(fields or {}))
        if not self.outcomes:
            raise Over
        return self.outcomes.pop(0)


def an_update(number: int, **message: Any) -> Json:
    return {"update_id": number, "message": {"chat": {"id": 7}, "text": "hi", **message}}


async def poll(*outcomes: Outcome, inbox: MemoryInbox | None = None) -> tuple[Script, MemoryInbox, list[float]]:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    inbox = inbox or MemoryInbox()
    api = Script(*outcomes)
    with pytest.raises(Over):
        await Polling(api=api, inbox=inbox, clock=lambda: NOW, arrived=lambda: None, sleep=sleep).run()
    return api, inbox, waits


async def test_the_offset_moves_past_what_is_kept() -> None:
    api, inbox, _ = await poll(Accepted(result=[an_update(5), an_update(6)]), Accepted(result=[]))

    assert [asked["offset"] for asked in api.asked] == [None, 7, 7]
    assert [row.chat_id for row in inbox.rows.values()] == [7, 7]
    assert all(asked["allowed_updates"] == ALLOWED_UPDATES for asked in api.asked)


@pytest.mark.parametrize(
    ("update", "chat"),
    [
        ({"callback_query": {"message": {"chat": {"id": -5}}}}, -5),
        ({"callback_query": {"inline_message_id": "1"}}, None),
        ({"callback_query": []}, None),
        ({"message_reaction": {"chat": {"id": 7}}}, 7),
    ],
)
def test_taps_and_reactions_are_dealt_with_in_the_order_of_the_chat_they_are_in(update: Json, chat: int | None) -> None:
    assert isinstance(update, dict)

    row = kept({"update_id": 1, **update}, lambda: NOW)

    assert row is not None
    assert row.chat_id == chat


async def test_the_offset_stays_while_the_inbox_cannot_keep() -> None:
    class FullOnce(MemoryInbox):
        full = True

        async def accept(self, updates: Sequence[InboxUpdate]) -> int:
            if self.full:
                self.full = False
                raise StorageFull("database: the disk is full")
            return await super().accept(updates)

    api, inbox, waits = await poll(Accepted(result=[an_update(5)]), Accepted(result=[an_update(5)]), inbox=FullOnce())

    assert [asked["offset"] for asked in api.asked] == [None, None, 6]
    assert set(inbox.rows) == {5}
    assert len(waits) == 1


async def test_a_batch_that_cannot_be_read_is_asked_for_one_by_one() -> None:
    body = '{"ok":true,"result":[{"update_id":8,"message":{"text":"\\"update_id\\":9"' + "[" * 9

    api, inbox, waits = await poll(
        Unknown(reason="unreadable answer", body=body), Unknown(reason="unreadable answer", body=body)
    )

    assert [(asked["offset"], asked["limit"]) for asked in api.asked] == [(None, 100), (None, 1), (9, 100)]
    assert inbox.rows[8].state is InboxState.QUARANTINED
    assert waits == []


async def test_failures_are_waited_out_ever_longer_and_forgotten_after_a_success() -> None:
    failures: list[Outcome] = [
        NotSent(reason="ConnectError"),
        Unknown(reason="HTTP 502"),
        Refused(code=400, description="?"),
    ]

    _, _, waits = await poll(*failures, Accepted(result=[an_update(1)]), NotSent(reason="ConnectError"))

    assert [0.5 * 2**n <= wait <= 2**n for n, wait in enumerate(waits[:3])] == [True] * 3
    assert waits[3] <= 1.0


async def test_a_request_to_wait_is_heeded() -> None:
    _, _, waits = await poll(Refused(code=429, description="", retry_after=timedelta(seconds=9)))

    assert waits == [9.0]


@pytest.mark.parametrize(
    ("code", "words"), [(409, "another process"), (401, "does not accept"), (404, "does not accept")]
)
async def test_what_waiting_cannot_mend_ends_it(code: int, words: str) -> None:
    polling = Polling(
        api=Script(Refused(code=code, description="")), inbox=MemoryInbox(), clock=lambda: NOW, arrived=lambda: None
    )

    with pytest.raises(SettingsError, match=words):
        await polling.run()


@pytest.mark.parametrize(
    "result", [[1], [{}], [{"update_id": "x"}], [{"update_id": 2**70}], {"update_id": 1}, None, "x"]
)
async def test_what_is_no_update_moves_nothing_and_is_not_asked_for_at_once(result: Json) -> None:
    api, inbox, waits = await poll(Accepted(result=result))

    assert api.asked[1]["offset"] is None
    assert inbox.rows == {}
    assert len(waits) == 1


def test_an_update_is_kept_as_it_came_half_pairs_and_all() -> None:
    row = kept(an_update(1, text="\ud800 潮"), lambda: NOW)

    assert row is not None
    assert row.payload.isascii()
    assert json.loads(row.payload)["message"]["text"] == "\ud800 潮"


@pytest.mark.parametrize("chat", [None, 3, {}, {"id": "x"}, {"id": 2**64}])
def test_an_update_without_a_proper_chat_is_kept_all_the_same(chat: Json) -> None:
    row = kept(an_update(1, chat=chat), lambda: NOW)

    assert row is not None
    assert row.chat_id is None


def webhook(inbox: MemoryInbox) -> Webhook:
    return Webhook(secret="s3cret", inbox=inbox, clock=lambda: NOW, arrived=lambda: None)  # noqa: S106 - of no bot


@pytest.mark.parametrize("secret", [None, "", "s3cre", "s3cret ", "S3CRET", "\udcff"])
def test_only_the_secret_is_trusted(secret: str | None) -> None:
    assert not webhook(MemoryInbox()).trusts(secret)
    assert webhook(MemoryInbox()).trusts("s3cret")


async def test_a_posted_update_is_receipted_once_it_is_kept() -> None:
    inbox = MemoryInbox()

    statuses = [await webhook(inbox).receive(json.dumps(an_update(4)).encode()) for _ in range(2)]

    assert statuses == [HTTPStatus.OK, HTTPStatus.OK]
    assert set(inbox.rows) == {4}


async def test_a_posted_update_that_cannot_be_read_is_set_aside_and_receipted() -> None:
    inbox = MemoryInbox()

    status = await webhook(inbox).receive(b'{"update_id": 4, "message": ' + b"[" * 100_000)

    assert status == HTTPStatus.OK
    assert inbox.rows[4].state is InboxState.QUARANTINED


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff\xfe", b"null", b'{"update_id": -1}'])
async def test_what_is_no_update_is_refused(body: bytes) -> None:
    assert await webhook(MemoryInbox()).receive(body) == HTTPStatus.BAD_REQUEST


async def test_a_full_disk_gives_no_receipt() -> None:
    class Full(MemoryInbox):
        async def accept(self, updates: Sequence[InboxUpdate]) -> int:
            raise StorageFull("database: the disk is full")

    assert await webhook(Full()).receive(json.dumps(an_update(4)).encode()) == HTTPStatus.SERVICE_UNAVAILABLE
