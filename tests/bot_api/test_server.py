"""The fake is checked too: by another client than ours, and by requests that it must not let pass."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from tests.bot_api import messages, telegram_html
from tests.bot_api.server import BOT, TOKEN, Failure, FakeBotApi
from tests.bot_api.specification import Specification
from tests.bot_api.trouble import Trouble


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


async def test_taps_and_reactions_are_given_as_another_client_knows_them_and_answered_once() -> None:
    async with FakeBotApi() as api, client(api) as bot:
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("more", callback_data="m")]])
        other = InlineKeyboardMarkup([[InlineKeyboardButton("less", callback_data="l")]])
        sent = await bot.send_message(7, "hi", reply_markup=keyboard)
        (call,) = api.sent
        await bot.get_updates(allowed_updates=["callback_query", "message_reaction"])

        api.tap(call, "more", sender=8)
        api.react(call, "👍", "🔥", sender=9)
        tapped, reacted = await bot.get_updates()
        query, reaction = tapped.callback_query, reacted.message_reaction
        assert query is not None
        assert reaction is not None
        await bot.answer_callback_query(query.id, "noted")
        edited = await bot.edit_message_reply_markup(7, sent.message_id, reply_markup=other)

        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(query.id)
        with pytest.raises(BadRequest, match="not modified"):
            await bot.edit_message_reply_markup(7, sent.message_id, reply_markup=other)
        assert isinstance(edited, Message)
        assert edited.message_id == sent.message_id
        assert (query.data, query.from_user.id, query.message and query.message.message_id) == ("m", 8, sent.message_id)
        assert [each.to_dict() for each in reaction.new_reaction] == [
            {"type": "emoji", "emoji": "👍"},
            {"type": "emoji", "emoji": "🔥"},
        ]
        assert (api.answers, api.buttons(call)) == (["noted"], [["less"]])


async def test_buttons_that_carry_too_much_and_answers_that_are_too_long_are_violations() -> None:
    async with FakeBotApi() as api, client(api) as bot:
        with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
            await bot.send_message(
                7, "hi", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="长" * 22)]])
            )
        with pytest.raises(BadRequest):
            await bot.answer_callback_query("1", "x" * 201)

        found, api.violations = api.violations, []

    assert [violation.split(" that ")[0].split(" of ")[0] for violation in found] == ["a button", "an answer"]


async def test_a_message_is_edited_where_there_is_one_and_it_says_something_else() -> None:
    async with FakeBotApi() as api, client(api) as bot:
        sent = await bot.send_message(7, "x")
        await bot.edit_message_text("y", 7, sent.message_id)
        with pytest.raises(BadRequest, match="not modified"):
            await bot.edit_message_text("y", 7, sent.message_id)
        with pytest.raises(BadRequest, match="not found"):
            await bot.edit_message_text("y", 7, sent.message_id + 1)

        assert api.text(api.sent[0]) == "y"


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


async def test_an_answer_that_is_late_is_of_a_message_that_arrived_at_once() -> None:
    async with (
        FakeBotApi(fault=lambda method, _: Failure(status=200, seconds=0.2) if "send" in method else None) as api,
        client(api) as bot,
    ):
        sending = asyncio.create_task(bot.send_message(7, "x"))
        await api.replies(1)
        arrived_before = not sending.done()
        sent = await sending

    assert arrived_before
    assert sent.message_id == api.sent[0].message_id


async def test_since_when_and_until_when_it_asked_to_wait_is_kept() -> None:
    async with FakeBotApi(fault=Trouble(1, each=1_000, chats=0)) as api:
        status, _ = await api.call("sendMessage", {"chat_id": "7", "text": "x"})

    assert status == 429
    assert [round(until - since, 3) for since, until in api.halts] == [1.0]


async def test_no_request_reaches_it_while_it_is_away() -> None:
    async with FakeBotApi() as api, client(api) as bot:
        async with api.away():
            with pytest.raises(NetworkError, match="ConnectError"):
                await bot.send_message(7, "x")
        await bot.send_message(7, "y")

    assert [call.fields["text"] for call in api.sent] == ["y"]


def test_trouble_is_the_same_for_the_same_seed_whatever_the_order() -> None:
    messages = [{"chat_id": str(chat), "text": f"text {part}"} for chat in range(1, 500) for part in (1, 2)]

    one, same, other = Trouble(1), Trouble(1), Trouble(2)
    met = [one("sendMessage", fields) for fields in messages]

    assert met == [same("sendMessage", fields) for fields in reversed(messages)][::-1]
    assert met != [other("sendMessage", fields) for fields in messages]
    assert set(one.met) == {"halted", "dropped", "lost", "broken", "broken late", "blocked", "moved"}
    assert one("getUpdates", {}) is None


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
    ("png", "words"),
    [
        (b"GIF89a" + bytes(30), "0 by 0"),
        (b"\x89PNG" + bytes(12) + (9_000).to_bytes(4) + (2_000).to_bytes(4) + b".", "9000 by 2000"),
        (b"\x89PNG" + bytes(12) + (2_100).to_bytes(4) + (100).to_bytes(4) + b".", "2100 by 100"),
        (b"\x89PNG" + bytes(12) + (100).to_bytes(4) + (100).to_bytes(4) + bytes(5_000), "5024 bytes"),
    ],
)
async def test_a_picture_telegram_would_refuse_is_a_violation(
    monkeypatch: pytest.MonkeyPatch, png: bytes, words: str
) -> None:
    monkeypatch.setattr(messages, "MAX_PHOTO_BYTES", 5_000)
    async with FakeBotApi() as api, client(api) as bot:
        with pytest.raises(BadRequest):
            await bot.send_photo(7, png, filename="p.png")

        (violation,) = api.violations
        api.violations.clear()
    assert words in violation


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


def test_a_file_where_none_belongs_is_a_violation(shared: Path) -> None:
    specification = Specification.load(shared / "telegram" / "bot-api.json")

    assert specification is not None
    found = specification.violations("sendPhoto", {"chat_id": "7"}, frozenset({"photo", "caption"}))
    assert found == ["sendPhoto: 'caption' takes no file"]


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
