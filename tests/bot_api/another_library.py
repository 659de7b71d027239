"""pyTelegramBotAPI: a client that shares nothing with the bot's own but the protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import telebot
from telebot import types
from telebot.apihelper import ApiTelegramException

from tests.bot_api.server import TOKEN

GROUP, CHANNEL, FORUM = -5, -6, -8
PNG = b"\x89PNG" + bytes(12) + (200).to_bytes(4) + (100).to_bytes(4) + b"."
KEYBOARD = types.InlineKeyboardMarkup([[types.InlineKeyboardButton("👍", callback_data="liked")]])


class Client:
    """Calls of the library, which waits for the answer, from a loop that must not."""

    def __init__(self) -> None:
        self._bot = telebot.TeleBot(TOKEN, threaded=False)
        self.next: int | None = None

    def __getattr__(self, method: str) -> Callable[..., Any]:
        async def call(*given: Any, **named: Any) -> Any:
            return await asyncio.to_thread(getattr(self._bot, method), *given, **named)

        return call

    async def refused(self, method: str, *given: Any, **named: Any) -> ApiTelegramException:
        with pytest.raises(ApiTelegramException) as refusal:
            await getattr(self, method)(*given, **named)
        return refusal.value


async def updates(bot: Client, *kinds: str) -> list[Any]:
    """What is new; what was given before is confirmed."""
    got: list[Any] = await bot.get_updates(offset=bot.next, long_polling_timeout=1, allowed_updates=list(kinds) or None)
    if got:
        bot.next = got[-1].update_id + 1
    return got
