from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from tempfile import TemporaryFile

import pytest

from bot.messenger.wire.bot_api import (
    Accepted,
    BotApi,
    Json,
    NotSent,
    Outcome,
    Refused,
    Unknown,
    outcome_of,
    read_json,
    upload,
)
from storage.errors import SettingsError
from tests.bot_api.server import TOKEN, Failure, FakeBotApi

PNG = b"\x89PNG" + bytes(12) + (720).to_bytes(4) + (540).to_bytes(4) + b"..."


def in_base64(name: str, content: bytes) -> Json:
    """A file as it was kept before files were deflated; some may wait to be sent when a new version starts."""
    return {"file": name, "base64": base64.b64encode(content).decode("ascii")}


async def sent_with(failure: Failure | None, *, read_timeout: float = 5.0) -> tuple[Outcome, int]:
    """The outcome of a message under a failure, and how many a phone got."""
    async with FakeBotApi(fault=lambda _method, _fields: failure) as server:
        api = BotApi(token=TOKEN, base_url=server.url)
        try:
            outcome = await api.call(
                "sendMessage", {"chat_id": 7, "text": "x", "reply_parameters": None}, read_timeout=read_timeout
            )
        finally:
            await api.close()
        return outcome, len(server.sent)


async def test_a_call_gives_its_result() -> None:
    outcome, got = await sent_with(None)

    assert isinstance(outcome, Accepted)
    assert isinstance(outcome.result, dict)
    assert outcome.result["message_id"] == 1
    assert got == 1


@pytest.mark.parametrize(
    "failure", [Failure(done=True), Failure(done=False), Failure(status=502, done=True), Failure(status=500)]
)
async def test_a_cut_connection_or_a_broken_server_leaves_it_unknown(failure: Failure) -> None:
    outcome, _ = await sent_with(failure)

    assert isinstance(outcome, Unknown)


async def test_a_silent_server_leaves_it_unknown() -> None:
    outcome, _ = await sent_with(Failure(seconds=5.0), read_timeout=0.05)

    assert outcome == Unknown(reason="ReadTimeout")


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("answerInlineQuery", {"inline_query_id": "\ude00\ud83d", "results": []}),
        ("sendMessage", {"chat_id": 7, "text": "\ud83d"}),
        ("sendDocument", {"chat_id": 7, "document": upload("\ud83d.txt", b"x")}),
    ],
)
async def test_half_a_character_is_refused_before_it_leaves(method: str, fields: dict[str, Json]) -> None:
    async with FakeBotApi() as server:
        api = BotApi(token=TOKEN, base_url=server.url)

        outcome = await api.call(method, fields)

        await api.close()
        assert outcome == Refused(code=400, description="Bad Request: no text in UTF-8")
        assert server.calls == []


@pytest.mark.parametrize("keep", [upload, in_base64], ids=["deflated", "as before"])
async def test_a_file_is_kept_as_text_and_uploaded_as_it_was(keep: Callable[[str, bytes], Json]) -> None:
    content = PNG + bytes(range(256)) * 200
    kept = json.loads(json.dumps({"photo": keep("picture.png", content), "message_thread_id": 3}))
    async with FakeBotApi() as server:
        server.open_topic(7, 3)
        api = BotApi(token=TOKEN, base_url=server.url)

        outcome = await api.call("sendPhoto", {"chat_id": 7, **kept})

        await api.close()
        (call,) = server.photos
    assert isinstance(outcome, Accepted)
    assert call.files == {"photo": content}
    assert call.fields == {"chat_id": "7", "message_thread_id": "3"}


async def test_an_upload_that_is_cut_off_leaves_it_unknown() -> None:
    async with FakeBotApi(fault=lambda _method, _fields: Failure(done=True)) as server:
        api = BotApi(token=TOKEN, base_url=server.url)

        outcome = await api.call("sendPhoto", {"chat_id": 7, "photo": upload("picture.png", PNG)})

        await api.close()
    assert isinstance(outcome, Unknown)


async def test_a_server_that_is_not_there_was_sent_nothing() -> None:
    api = BotApi(token=TOKEN, base_url="http://127.0.0.1:9")

    assert await api.call("getMe") == NotSent(reason="ConnectError")
    await api.close()


async def test_a_request_to_wait_says_how_long() -> None:
    outcome, got = await sent_with(Failure(status=429, description="Too Many Requests", parameters={"retry_after": 7}))

    assert outcome == Refused(code=429, description="Too Many Requests", retry_after=timedelta(seconds=7))
    assert got == 0


async def test_a_group_that_moved_says_where_to() -> None:
    outcome, _ = await sent_with(Failure(status=400, parameters={"migrate_to_chat_id": -(2**51)}))

    assert isinstance(outcome, Refused)
    assert outcome.migrate_to_chat_id == -(2**51)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"<html>", Unknown),
        (200, b'{"ok": false}', Refused),
        (200, b"[]", Unknown),
        (302, b"", Unknown),
        (403, b"<html>", Refused),
        (403, b'{"ok": false, "parameters": []}', Refused),
        (502, b"<html>", Unknown),
        (503, b'{"ok": false, "parameters": {"retry_after": 1}}', Unknown),
        (200, b'{"ok": true, "result": ' + b"[" * 100_000, Unknown),
    ],
)
def test_an_answer_is_never_taken_for_more_than_it_says(status: int, body: bytes, kind: type[Outcome]) -> None:
    assert isinstance(outcome_of(status, body), kind)


def test_what_is_no_json_is_one_kind_of_error() -> None:
    for text in ("", "[" * 100_000, "{'a': 1}", "nul"):
        with pytest.raises(ValueError, match=r"Expecting|nested"):
            read_json(text)
    assert read_json(json.dumps([10**20])) == [10**20]
    assert read_json("9" * 5_000) == "9" * 5_000


@pytest.mark.parametrize("token", ["", "abc", "123", "1:a/../..", "1:a b", "1:a\n", "1:ü"])
def test_what_is_not_a_token_is_refused_without_repeating_it(token: str) -> None:
    with pytest.raises(SettingsError) as caught:
        BotApi(token=token, base_url="https://api.telegram.org")

    assert str(caught.value) == "TELEGRAM_BOT_TOKEN: this is not a token as @BotFather gives them (123456:ABC…)"


async def downloaded(content: bytes, *, most: int, known: bool = True) -> tuple[int | Outcome, bytes]:
    """What comes of fetching a file of that content, and what is on disk then."""
    async with FakeBotApi() as server:
        server.chats.files["f"] = ("x.pdf", content)
        api = BotApi(token=TOKEN, base_url=server.url)
        try:
            with TemporaryFile() as here:
                path = "documents/f" if known else "documents/g"
                outcome = await api.download(path, here, most=most, read_timeout=5.0)
                here.seek(0)
                return outcome, here.read()
        finally:
            await api.close()


async def test_a_file_is_written_to_disk_as_it_comes() -> None:
    content = bytes(range(256)) * 1_000

    assert await downloaded(content, most=len(content)) == (len(content), content)


async def test_a_file_that_is_larger_than_it_may_be_is_broken_off() -> None:
    outcome, written = await downloaded(bytes(1_000_000), most=200_000)

    assert isinstance(outcome, Refused)
    assert "too big" in outcome.description
    assert len(written) <= 200_000


async def test_a_file_that_is_not_there_is_refused() -> None:
    outcome, written = await downloaded(b"x", most=10, known=False)

    assert isinstance(outcome, Refused)
    assert (outcome.code, written) == (404, b"")


async def test_a_file_from_a_server_that_is_not_there_is_not_had() -> None:
    api = BotApi(token=TOKEN, base_url="http://127.0.0.1:9")
    try:
        with TemporaryFile() as here:
            assert isinstance(await api.download("x", here, most=10), NotSent)
    finally:
        await api.close()
