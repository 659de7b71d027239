"""One in a hundred uses of every port fails: the database, the index, the model, and Telegram's answers."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from bot.texts import say
from tests.bot.faulty import Lot, sending
from tests.bot.test_process import ANSWERS, SAID, all_done, instance, remembered, running, states
from tests.bot_api.server import FakeBotApi

pytestmark = pytest.mark.early

SORRY = say("en", "index_unavailable")


@pytest.mark.parametrize(("chats", "share"), [(16, 0.01), pytest.param(400, 0.01, marks=pytest.mark.slow)])
async def test_with_faults_at_every_port_all_is_answered_once_in_order_and_nothing_is_unforeseen(
    tmp_path: Path, chats: int, share: float
) -> None:
    lot, updates = Lot(share, seed=1), chats * len(SAID)
    await instance(tmp_path)
    async with FakeBotApi(fault=sending(lot)) as api:
        for text in SAID:
            for chat in range(1, chats + 1):
                api.say(text.format(chat=chat), chat=chat)
        async with running(tmp_path, api, f"faults={share}", "seed=2") as bot:
            await all_done(tmp_path, updates, seconds=max(120, updates / 2))
            status = await bot.end(signal.SIGTERM)

    outbox = states(tmp_path, "outbox")
    assert status == 0
    assert sum(outbox.values()) == updates
    assert outbox["unknown"] <= lot.met["cut"] + lot.met["lost"] + lot.met["broken"]
    for chat in range(1, chats + 1):
        texts = [call.shown.text for call in api.sent if call.chat_id == chat]
        answered = [next(n for n, answer in enumerate(ANSWERS) if answer in text) for text in texts if text != SORRY]
        assert answered == sorted(set(answered))
        assert (await remembered(tmp_path, chat))[1] == ["third", "Feed of own.example/"]
    assert "busy by lot" in bot.log
    for unforeseen in ("update failed", "update not handled", "Traceback"):
        assert unforeseen not in bot.log
