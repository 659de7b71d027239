"""A server, and another client of it than the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import telebot

from tests.bot_api.another_library import Client
from tests.bot_api.server import FakeBotApi


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as server:
        yield server


@pytest.fixture
def bot(api: FakeBotApi, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(telebot.apihelper, "API_URL", api.url + "/bot{0}/{1}")
    monkeypatch.setattr(telebot.apihelper, "FILE_URL", api.url + "/file/bot{0}/{1}")
    monkeypatch.setattr(telebot.apihelper, "SESSION_TIME_TO_LIVE", 0)
    return Client()
