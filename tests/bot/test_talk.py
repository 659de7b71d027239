"""What is said in plain words to the real process: feedback, wishes and what is to be cancelled, in each language."""

from __future__ import annotations

from pathlib import Path

from storage.database import Database
from storage.domain.people import ReaderId
from storage.evidence import EvidenceStore
from tests.bot.digest_run import QUICK
from tests.bot.test_onboarding import Phone
from tests.bot.test_process import running
from tests.bot_api.server import FakeBotApi


async def _said(folder: Path) -> list[tuple[str, str, str | None]]:
    """What is kept of what the reader said of things: of which, and by which act."""
    database = Database(f"sqlite:///{folder / 'tidings.db'}")
    held = (await EvidenceStore(database).of(ReaderId("telegram:7"))).values()
    await database.close()
    return [(each.kind, each.key, each.act) for each in held]


async def test_feedback_in_words_is_what_the_button_says(tmp_path: Path) -> None:
    async with FakeBotApi() as api, running(tmp_path, api, QUICK) as bot:
        phone = Phone(api=api, bot=bot, folder=tmp_path, locale="en-GB")
        digest = await phone.say("/digest")
        confirmed = await phone.say("less like number 1")
        await bot.alive_until(api, lambda: phone.quiet)
        by_words = await _said(tmp_path)
        back = await phone.say("undo")
        await bot.alive_until(api, lambda: phone.quiet)
        told = await phone.say("I want less sport")
        undone = await phone.say("undo")
        await bot.alive_until(api, lambda: phone.quiet)
        nothing = await _said(tmp_path)
        await phone.tap(digest, "1", "Less like this")
        by_button = await _said(tmp_path)
        chinese = await phone.say("第二条不喜欢")
        which = await phone.say("more of that")

    assert confirmed.shown.text.startswith("Noted: less like this.\n")
    assert confirmed.shown.text.endswith("\n“undo” takes it back.")
    assert back.shown.text == "Taken back."
    assert by_words == by_button != []
    assert told.shown.text.startswith("Noted: less of sport.")
    assert undone.shown.text == "Taken back.\nsport"
    assert nothing == []
    assert chinese.shown.text.startswith("记下了：你不喜欢这条。\n")
    assert which.shown.text == "Which one of these? Say, for example: more like number 2"


async def test_digests_are_changed_and_ended_in_words_and_not_by_a_cancel(tmp_path: Path) -> None:
    async with FakeBotApi() as api, running(tmp_path, api, QUICK) as bot:
        phone = Phone(api=api, bot=bot, folder=tmp_path, locale="en-GB")
        none_yet = await phone.say("my digest also at 9pm")
        await phone.say("send me a digest at 7:30 every morning")
        added = await phone.say("also at 9pm")
        left_out = await phone.say("周五不要")
        cancelled = await phone.say("cancel")
        kept = phone.wishes()
        stopped = await phone.say("stop")
        await bot.alive_until(api, lambda: phone.quiet)
        ended = phone.wishes()

    assert none_yet.shown.text.startswith("You get no digests so far.")
    assert added.shown.text.startswith("Digests come every day at 07:30, 21:00")
    assert left_out.shown.text.startswith("简报发送时间：")
    assert cancelled.shown.text == "There is nothing to cancel. “stop” ends digests."
    assert stopped.shown.text.startswith("Digests are off.")
    assert "“/digest on” brings them back." in stopped.shown.text
    assert (kept["active"], ended["active"]) == (True, False)
