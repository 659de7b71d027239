"""From a first tap to a digest at its hour, through the real process, in each language."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.texts import say
from storage.database import Database
from storage.digests import DigestStore
from storage.domain.changes import Wished
from storage.domain.digests import Timetable
from storage.domain.people import ReaderId
from storage.evidence import EvidenceStore
from tests.bot.digest_run import QUICK
from tests.bot.test_process import Bot, running, states
from tests.bot_api.server import Call, FakeBotApi

pytestmark = pytest.mark.early


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A private chat with the bot, as its reader sees it."""

    api: FakeBotApi
    bot: Bot
    folder: Path
    locale: str

    async def say(self, text: str) -> Call:
        """Say something; the message that answers it."""
        before = len(self.api.sent)
        self.api.say(text, language=self.locale)
        await self.bot.alive_until(self.api, lambda: len(self.api.sent) > before)
        return self.api.sent[before]

    async def tap(self, panel: Call, *labels: str) -> str:
        """Tap buttons of a panel one after another; what it says then."""
        for label in labels:
            before = len(self.api.answers)
            self.api.tap(panel, label, language=self.locale)
            await self.bot.alive_until(self.api, lambda: len(self.api.answers) > before and self.quiet)  # noqa: B023
        return self.api.text(panel)

    @property
    def quiet(self) -> bool:
        """Whether everything is answered and sent."""
        inbox, outbox = states(self.folder, "inbox"), states(self.folder, "outbox")
        return set(inbox) == {"done"} and set(outbox) <= {"sent"}

    def row(self, query: str) -> list[tuple[object, ...]]:
        with contextlib.closing(sqlite3.connect(self.folder / "tidings.db")) as database:
            return database.execute(query).fetchall()

    async def told(self) -> list[tuple[str, str | None, str | None]]:
        """What they said of subjects."""
        database = Database(f"sqlite:///{self.folder / 'tidings.db'}")
        said = (await EvidenceStore(database).of(ReaderId("telegram:7"))).values()
        await database.close()
        return [(each.kind, each.text, each.category) for each in said if (each.act or "").startswith("subject:")]

    def wishes(self) -> dict[str, object]:
        ((active, wishes),) = self.row("SELECT active, wishes FROM digest_settings WHERE reader_id = 'telegram:7'")
        return {"active": bool(active), **json.loads(str(wishes))}


async def test_four_taps_settings_and_a_digest_in_english(tmp_path: Path) -> None:
    async with FakeBotApi() as api:
        async with running(tmp_path, api, QUICK) as bot:
            phone = Phone(api=api, bot=bot, folder=tmp_path, locale="en-GB")
            panel = await phone.say("/start")
            assert api.buttons(panel) == [["English ✓", "中文"], ["Skip"]]
            assert (await phone.tap(panel, "English ✓")).startswith("2/4 · What do you care about?")
            await phone.tap(panel, "technology", "science", "sport", "sport ✓")
            assert [each for row in api.buttons(panel) for each in row if "✓" in each] == ["technology ✓", "science ✓"]
            question = await phone.say("Who makes the chips?")
            assert "You asked: Who makes the chips?" in question.shown.text
            assert (await phone.tap(panel, "Done", "07:30")).startswith("3/4 · By which clock?")

        # What was asked is still asked by a process that starts anew.
        async with running(tmp_path, api, QUICK) as bot:
            phone = Phone(api=api, bot=bot, folder=tmp_path, locale="en-GB")
            noted = await phone.say("Berlin")
            await bot.alive_until(api, lambda: phone.quiet)
            assert noted.shown.text == "Noted: Berlin time."
            assert api.text(panel).startswith("4/4 · All set.\nDigests come every day at 07:30, Berlin time.")
            assert api.buttons(panel) == []
            berlin = await phone.say("Berlin")
            assert "You asked: Berlin" in berlin.shown.text

            settings = await phone.say("/settings")
            await phone.tap(settings, "Length and style", "10", "Titles", "↩", "Quiet hours", "22:00–07:00", "↩")
            await phone.tap(
                settings, "Subjects", "technology", "↩", "Breaking news", "3 outlets", "↩", "Hours", "18:30"
            )
            refused = await phone.tap(settings, "06:00")
            assert refused == api.text(settings)
            assert api.answers[-1].startswith("A digest at 06:00 would come within your quiet hours")
            told = await phone.tap(settings, "↩", "Done")
            assert "Digests come every day at 07:30, 18:30, Berlin time." in told
            assert api.buttons(settings) == []

            spoken = await phone.say("/lang")
            assert (await phone.tap(spoken, "中文")).startswith("我的语言")
            chinese = await phone.say("/settings")
            assert chinese.shown.text.startswith("设置\n简报发送时间：每天 07:30、18:30（柏林时间）。")
            assert (await phone.say("/lang english")).shown.text == "I speak English to you."
            assert (await phone.say("/cancel")).shown.text == "There is nothing to cancel. “stop” ends digests."

            group = len(api.sent)
            api.say("/settings@tidings_bot", chat=-5, sender=7)
            await bot.alive_until(api, lambda: len(api.sent) > group)
            assert api.sent[group].shown.text == say("en", "admins_only")
            api.tap_data(settings, "settings.gone=1")
            await bot.alive_until(api, lambda: api.answers[-1] == say("en", "button_stale"))

        wishes = phone.wishes()
        told_of = await phone.told()

    assert (wishes["active"], wishes["zone"], wishes["times"]) == (True, "Europe/Berlin", ["07:30", "18:30"])
    assert (wishes["length"], wishes["style"], wishes["quiet"]) == (10, "headlines", ["22:00", "07:00"])
    assert (wishes["categories"], wishes["alerts"], wishes["language"]) == (["technology"], [3, 2], "en")
    assert told_of == [("told", "technology", "technology"), ("told", "science", "science")]
    assert "technology" not in bot.log


async def test_four_taps_and_a_digest_in_chinese_on_a_phone_that_speaks_english(tmp_path: Path) -> None:
    async with FakeBotApi() as api, running(tmp_path, api, QUICK) as bot:
        phone = Phone(api=api, bot=bot, folder=tmp_path, locale="en")
        panel = await phone.say("/start")
        assert (await phone.tap(panel, "中文")).startswith("2/4 · 你关心什么？")
        assert (await phone.tap(panel, "科技", "完成")).startswith("3/4 · 什么时候给你发简报？")
        assert (await phone.tap(panel, "12:00")).startswith("3/4 · 按哪里的时间？")
        assert (await phone.tap(panel, "UTC+8")).startswith("4/4 · 设置好了。\n简报发送时间：每天 12:00（UTC+8）。")
        assert "“科技方面有什么新闻？”" in api.text(panel)

        again = await phone.say("/start")
        assert api.buttons(again) == [["English", "中文 ✓"], ["跳过"]]
        assert (await phone.tap(again, "跳过", "完成", "跳过")).startswith("4/4 · 设置好了。")

        minute = (datetime.now(UTC) + timedelta(hours=8)).strftime("%H:%M")
        wished = await phone.say(f"/settings {minute}")
        assert minute in wished.shown.text

        hot = await phone.say("/start hot")
        assert hot.shown.text.startswith("过去")
        assert api.text(await phone.say("/lang")).startswith("我的语言")
        assert (await phone.say("/cancel")).shown.text == "没有什么可取消的。要停掉简报，请写“停”。"
        wishes = phone.wishes()

    assert (wishes["zone"], wishes["language"], wishes["active"]) == ("Etc/GMT-8", "zh", True)


async def test_a_phone_of_a_language_of_one_clock_is_not_asked_where_it_is(tmp_path: Path) -> None:
    async with FakeBotApi() as api, running(tmp_path, api, QUICK) as bot:
        phone = Phone(api=api, bot=bot, folder=tmp_path, locale="zh-hans")
        panel = await phone.say("/start")
        told = await phone.tap(panel, "中文 ✓", "跳过", "18:30")

    assert told.startswith("4/4 · 设置好了。\n简报发送时间：每天 18:30（北京时间）。")


async def test_digests_come_in_the_language_that_was_chosen_after_their_hour_was(tmp_path: Path) -> None:
    chosen = {7: "en", 8: "zh"}
    async with FakeBotApi() as api:
        async with running(tmp_path, api, QUICK) as bot:
            for chat, language in chosen.items():
                api.say("/digest 7:30 UTC", chat=chat, language=chosen[15 - chat])
                api.say(f"/lang {language}", chat=chat, language=chosen[15 - chat])
            await bot.alive_until(api, lambda: len(api.sent) == 4 and states(tmp_path, "outbox") == {"sent": 4})
        await their_hour_comes(tmp_path, *chosen)

        async with running(tmp_path, api, QUICK):
            # They are looked at once a minute.
            await api.until(lambda: len(api.sent) == 6, seconds=120)

    told = {call.chat_id: call.shown.text for call in api.sent[4:]}
    assert told[7].startswith("Your digest, ")
    assert told[8].startswith("你的简报，")


async def their_hour_comes(folder: Path, *chats: int) -> None:
    """What these readers want is due since an hour."""
    database = Database(f"sqlite:///{folder / 'tidings.db'}")
    shelf, due = DigestStore(database), datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=1)
    for chat in chats:
        held = await shelf.settings(ReaderId(f"telegram:{chat}"))
        assert held is not None
        settings = replace(held, since=due - timedelta(minutes=1), timetable=Timetable(times=(due.time(),)))
        await shelf.wish(Wished(settings=settings, at=settings.since, wake_at=due))
    await database.close()
