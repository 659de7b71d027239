"""The fake is checked too: by another client than ours, and by requests that it must not let pass."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from tests.bot_api import telegram_html
from tests.bot_api.server import BOT, TOKEN, Failure, FakeBotApi
from tests.bot_api.specification import Specification


def client(api: FakeBotApi, token: str = TOKEN) -> Bot:
    return Bot(token, base_url=f"{api.url}/bot", request=HTTPXRequest(), get_updates_request=HTTPXRequest())


async def test_another_client_talks_to_it() -> None:
    async with FakeBotApi() as api, client(api) as bot:
        number = api.say("hello")

        (update,) = await bot.get_updates()
        sent = await bot.send_message(
            7,
            "<b>hi</b> &lt;you&gt;",
            parse_mode="HTML",
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_parameters=ReplyParameters(1),
            reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("more", callback_data="m")]]),
        )
        await bot.send_chat_action(7, "typing")
        await bot.set_my_commands([("help", "what I can do")])
        await bot.send_document(7, b"bytes", filename="feeds.opml")
        assert await bot.get_updates(offset=number + 1) == ()

        assert bot.id == BOT["id"]
        assert update.message is not None
        assert update.message.text == "hello"
        assert sent.text == "hi <you>"
        assert api.waiting == 0
        assert [call.shown.text for call in api.sent] == ["hi <you>"]


async def test_updates_are_given_until_they_are_confirmed_and_to_one_only() -> None:
    async with FakeBotApi() as api, client(api) as bot, client(api) as other:
        api.say("hello")
        again = [len(await bot.get_updates()) for _ in range(2)]
        await bot.get_updates(offset=2)
        first = asyncio.create_task(bot.get_updates(timeout=10))
        await asyncio.sleep(0.1)

        late = await other.get_updates(timeout=0)

        with pytest.raises(Conflict, match="terminated by other getUpdates"):
            await first
    assert again == [1, 1]
    assert late == ()


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (Failure(status=429, parameters={"retry_after": 1}), RetryAfter),
        (Failure(status=400), BadRequest),
        (Failure(status=0), NetworkError),
        (Failure(status=0, done=True), NetworkError),
        (Failure(status=500), NetworkError),
    ],
)
async def test_it_fails_on_demand(failure: Failure, error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    faults = iter([failure])
    async with FakeBotApi(fault=lambda method, _: next(faults) if method == "sendMessage" else None) as api:
        async with client(api) as bot:
            with pytest.raises(error):
                await bot.send_message(7, "x")

        assert len(api.sent) == (1 if failure.done else 0)


async def test_a_wrong_token_is_not_let_in() -> None:
    async with FakeBotApi() as api:
        bot = client(api, "1:wrong")
        with pytest.raises(InvalidToken):
            await bot.get_me()
        await bot.request.shutdown()


async def test_every_call_is_written_down_where_that_is_wanted(tmp_path: Path) -> None:
    record = tmp_path / "calls.jsonl"
    async with FakeBotApi(record=record) as api, client(api) as bot:
        await bot.send_message(7, "x")

    assert '"method": "sendMessage"' in record.read_text(encoding="utf-8").splitlines()[-1]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"chat_id": "7", "text": "<b>x", "parse_mode": "HTML"}, "not closed"),
        ({"chat_id": "7", "text": "a & b", "parse_mode": "HTML"}, "unexpected '&'"),
        ({"chat_id": "7", "text": '<a href="tg://user?id=1">x</a>', "parse_mode": "HTML"}, r"not http\(s\)"),
        ({"chat_id": "7", "text": "x" * 4_097}, "4097 units"),
        ({"chat_id": "7", "text": "😀" * 2_049}, "4098 units"),
        ({"chat_id": "7", "text": " "}, "empty message"),
    ],
)
async def test_a_message_telegram_would_refuse_is_a_violation(fields: dict[str, str], words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        async with FakeBotApi() as api:
            await api.call("sendMessage", fields)


@pytest.mark.parametrize(
    ("method", "fields", "words"),
    [
        ("sendMesage", {}, "no such method"),
        ("sendMessage", {"text": "x"}, "'chat_id' is missing"),
        ("sendMessage", {"chat_id": "7", "text": "x", "colour": "red"}, "unknown field 'colour'"),
        ("getUpdates", {"timeout": "soon"}, "is none of Integer"),
        ("getUpdates", {"timeout": "true"}, "is no Integer"),
        ("getUpdates", {"allowed_updates": '"message"'}, "not a list"),
        ("sendMessage", {"chat_id": "7", "text": "x", "link_preview_options": '{"is_disabled": 1}'}, "is no Boolean"),
        ("sendMessage", {"chat_id": "7", "text": "x", "reply_parameters": "{}"}, "'message_id' is missing"),
        ("sendMessage", {"chat_id": "7", "text": "x", "reply_parameters": '{"message_id": 1, "x": 2}'}, "has no 'x'"),
        ("setMyCommands", {"commands": '[{"command": "a"}]'}, "'description' is missing"),
    ],
)
def test_a_request_against_the_specification_is_a_violation(
    shared: Path, method: str, fields: dict[str, str], words: str
) -> None:
    specification = Specification.load(shared / "telegram" / "bot-api.json")

    assert specification is not None
    assert words in "\n".join(specification.violations(method, fields))


@pytest.mark.parametrize(
    "markup",
    ["<x>a</x>", "</b>", "<b><i>x</b></i>", "&nbsp;", "&", "<", ">", "<a>x</a>", '<a href="/x">x</a>', "<b", "\ud800",
     '<b class="x" onclick="y">z</b>', "<A HREF='https://a.example'>x</A>",
     '<a href="https://a.example" title="x">y</a>'],
)  # fmt: skip
def test_markup_is_read_strictly(markup: str) -> None:
    with pytest.raises(telegram_html.MarkupError):
        telegram_html.parse(markup)


def test_entities_are_counted_in_utf_16_units() -> None:
    parsed = telegram_html.parse('😀 <a href="https://a.example/?x&amp;y">词 <b>x</b></a>&#128512;')

    assert parsed.text == "😀 词 x😀"
    assert [(entity.tag, entity.offset, entity.length) for entity in parsed.entities] == [("b", 5, 1), ("a", 3, 3)]
    assert parsed.links == ("https://a.example/?x&y",)
