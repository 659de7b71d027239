"""What the bot calls, called through another library than its own, which must be able to read what is answered."""

from __future__ import annotations

import ast
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from telebot import types

from tests.bot_api.another_library import GROUP, KEYBOARD, PNG, Client, updates
from tests.bot_api.server import FakeBotApi
from tests.bot_api.specification import Specification

BOT_CODE = Path(__file__).resolve().parents[2] / "bot"


async def _tapped(api: FakeBotApi, bot: Client) -> Any:
    await bot.send_message(7, "hi", reply_markup=KEYBOARD)
    api.tap(api.sent[-1], "👍")
    return (await updates(bot))[-1].callback_query.id


async def _sought(api: FakeBotApi, bot: Client) -> Any:
    api.ask_inline("ferries")
    return (await updates(bot, "inline_query"))[-1].inline_query.id


async def _sent(bot: Client) -> int:
    return int((await bot.send_message(7, "hi", reply_markup=KEYBOARD)).message_id)


async def _kept(api: FakeBotApi, bot: Client) -> Any:
    api.send_file("a.txt", b"x")
    return (await updates(bot))[-1].message.document.file_id


Called = Callable[[FakeBotApi, Client], Awaitable[Any]]


async def _a_word(api: FakeBotApi, bot: Client) -> Any:
    return await bot.answer_callback_query(await _tapped(api, bot), "noted")


async def _a_card(api: FakeBotApi, bot: Client) -> Any:
    return await bot.answer_inline_query(await _sought(api, bot), [], is_personal=True, cache_time=0)


async def _no_message(_api: FakeBotApi, bot: Client) -> Any:
    return await bot.delete_message(7, await _sent(bot))


async def _other_words(_api: FakeBotApi, bot: Client) -> Any:
    return await bot.edit_message_text("bye", 7, await _sent(bot))


async def _no_buttons(_api: FakeBotApi, bot: Client) -> Any:
    return await bot.edit_message_reply_markup(7, await _sent(bot), reply_markup=None)


async def _a_file(api: FakeBotApi, bot: Client) -> Any:
    return await bot.get_file(await _kept(api, bot))


CALLS: Mapping[str, tuple[Called, type]] = {
    "answerCallbackQuery": (_a_word, bool),
    "answerInlineQuery": (_a_card, bool),
    "deleteMessage": (_no_message, bool),
    "deleteWebhook": (lambda _, bot: bot.delete_webhook(drop_pending_updates=False), bool),
    "editMessageReplyMarkup": (_no_buttons, types.Message),
    "editMessageText": (_other_words, types.Message),
    "getChatMember": (lambda _, bot: bot.get_chat_member(GROUP, 9), types.ChatMember),
    "getFile": (_a_file, types.File),
    "getMe": (lambda _, bot: bot.get_me(), types.User),
    "getUpdates": (lambda _, bot: bot.get_updates(long_polling_timeout=1), list),
    "sendChatAction": (lambda _, bot: bot.send_chat_action(7, "typing"), bool),
    "sendDocument": (lambda _, bot: bot.send_document(7, ("mine.json", b"{}")), types.Message),
    "sendMessage": (lambda _, bot: bot.send_message(7, "hi"), types.Message),
    "sendMessageDraft": (lambda _, bot: bot.send_message_draft(7, 5, "The tide"), bool),
    "sendPhoto": (lambda _, bot: bot.send_photo(7, ("trend.png", PNG)), types.Message),
    "setMyCommands": (lambda _, bot: bot.set_my_commands([types.BotCommand("hot", "what is going on")]), bool),
    "setMyDescription": (lambda _, bot: bot.set_my_description("News you chat with."), bool),
    "setMyShortDescription": (lambda _, bot: bot.set_my_short_description("News."), bool),
    "setWebhook": (lambda _, bot: bot.set_webhook("http://127.0.0.1:9/hook"), bool),
}
"""By the method of the Bot API: a call of this library, and what it takes the answer for."""


@pytest.mark.parametrize("method", CALLS)
async def test_this_library_reads_what_is_answered_to_each(api: FakeBotApi, bot: Client, method: str) -> None:
    call, kind = CALLS[method]

    assert isinstance(await call(api, bot), kind)

    assert api.accepted(method)


def test_every_method_that_the_bot_calls_is_among_them(shared: Path) -> None:
    specification = Specification.load(shared / "telegram" / "bot-api.json")
    assert specification is not None
    words = (
        each.value
        for path in BOT_CODE.rglob("*.py")
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    )

    # A method of one word, as `close`, is a word of other things, too; the bot calls none.
    assert {each for each in words if specification.knows(each) and not each.islower()} == CALLS.keys()
