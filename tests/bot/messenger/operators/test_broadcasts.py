"""What operators tell everybody, over real stores: seen, confirmed, sent once to each, after quiet hours, or not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.messenger.answers.decisions import Decision
from bot.messenger.incoming.events import Commanded, Tapped
from bot.messenger.operators.broadcasts import seen
from bot.messenger.operators.gate import Rules
from bot.messenger.operators.spreading import Spreading
from bot.messenger.wire.outbox import Sender
from bot.messenger.wire.pace import Pace, Rates
from bot.texts import languages, say
from storage.broadcasts import BroadcastStore
from storage.database import Database
from storage.digests import DigestStore
from storage.domain.broadcasts import Broadcast, BroadcastId, Declined
from storage.domain.changes import Spoken, Wished
from storage.domain.digests import DigestSettings, QuietHours, Timetable
from storage.domain.people import ReaderId
from storage.outbox import OutboxStore
from storage.reader_settings import ReaderSettingsStore
from tests.bot.messenger.operators.test_gate import ADA, GROUP, NOON, ORIGIN, Bot
from tests.bot.messenger.wire.test_outbox import Script, Time
from tests.bot_api import telegram_html

RULES = Rules(admins=frozenset([ADA]))
TEXT = "On Sunday I am away.\n\n<b>Sorry</b> & see https://example.org"
QUIET = Timetable(quiet=QuietHours(since=time(11), until=time(13)))
"""In UTC; it is noon."""


class Instance(Bot):
    """Of operator 7, and readers 1 to 4: 2 speaks Chinese, 3 has quiet hours now, 4 has them at night."""

    async def peopled(self, database: Database) -> Instance:
        readers = ReaderSettingsStore(database)
        for number in (1, 2, 3, 4):
            await readers.speak(Spoken(reader=ReaderId(f"telegram:{number}"), language="zh" if number == 2 else "en"))
        for number, quiet in ((3, QUIET), (4, Timetable(quiet=QuietHours(since=time(22), until=time(7))))):
            settings = DigestSettings(reader=ReaderId(f"telegram:{number}"), since=NOON, timetable=quiet)
            await DigestStore(database).wish(Wished(settings=settings, at=NOON, wake_at=None))
        self.api, self.outbox = Script(time=Time()), OutboxStore(database)
        self.broadcasts = BroadcastStore(database)
        pace = Pace(Rates(overall=1_000, chat=1_000))
        sender = Sender(outbox=self.outbox, api=self.api, pace=pace, clock=lambda: self.now)
        self.spreading = Spreading(
            broadcasts=self.broadcasts, outbox=self.outbox, deliver=sender.deliver, clock=lambda: self.now
        )
        return self

    async def draft(self, text: str = TEXT) -> Decision:
        return await self.met(Commanded(origin=ORIGIN, command="broadcast", argument=text))

    async def tap(self, decision: Decision, at: int = 0) -> Decision:
        keyboard = decision.keyboard or (decision.shown.keyboard if decision.shown is not None else None)
        assert keyboard is not None
        return await self.met(Tapped(origin=ORIGIN, query="q", pressed=None, data=buttons(keyboard)[at][1]))

    async def spread(self) -> list[int]:
        """Who was told by now, each as often as they were."""
        while await self.spreading.go_on():
            pass
        return sorted(int(str(call["chat_id"])) for call in self.api.calls)


def buttons(keyboard: object) -> list[tuple[str, str]]:
    (row,) = json.loads(json.dumps(keyboard))["inline_keyboard"]
    return [(each["text"], each["callback_data"]) for each in row]


@pytest.fixture
async def bot(database: Database) -> Instance:
    return await Instance(database, RULES).peopled(database)


async def test_it_is_seen_first_and_goes_to_nobody_until_it_is_confirmed(bot: Instance) -> None:
    decision = await bot.draft()

    preview, asked = (telegram_html.parse(part).text for part in decision.parts)
    assert preview.startswith("On Sunday I am away.\n\n<b>Sorry</b> & see https://example.org")
    assert preview.endswith(say("en", "announcement_off_hint"))
    assert asked == say("en", "broadcast_preview", count=4)
    assert [label for label, _ in buttons(decision.keyboard)] == ["Send", "Cancel"]
    assert await bot.spread() == []


async def test_confirmed_it_reaches_each_once_in_their_language_and_after_their_quiet_hours(bot: Instance) -> None:
    begun = await bot.tap(await bot.draft())

    at_noon = await bot.spread()
    bot.now = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
    after = await bot.spread()

    assert begun.shown is not None
    assert begun.shown.text == say("en", "broadcast_begun")
    assert at_noon == [1, 2, 4]
    assert after == [1, 2, 3, 4]
    chinese = say("zh", "announcement_off_hint")
    assert [call["chat_id"] for call in bot.api.calls if chinese in str(call["text"])] == [2]
    assert {call["disable_notification"] for call in bot.api.calls} == {False}


async def test_what_comes_at_night_makes_no_sound(bot: Instance, database: Database) -> None:
    tokyo = DigestSettings(reader=ReaderId("telegram:1"), since=NOON, timetable=Timetable(zone="America/Anchorage"))
    await DigestStore(database).wish(Wished(settings=tokyo, at=NOON, wake_at=None))
    await bot.tap(await bot.draft())

    await bot.spread()

    assert {call["chat_id"]: call["disable_notification"] for call in bot.api.calls} == {1: True, 2: False, 4: False}


async def test_cancelled_it_goes_to_nobody_and_its_buttons_say_that_it_is_over(bot: Instance) -> None:
    draft = await bot.draft()

    cancelled = await bot.tap(draft, 1)
    again = [await bot.tap(draft, at) for at in (0, 1)]

    assert cancelled.shown is not None
    assert (cancelled.shown.text, cancelled.shown.keyboard) == (
        say("en", "broadcast_cancelled"),
        {"inline_keyboard": []},
    )
    assert [each.shown and each.shown.said for each in again] == [say("en", "broadcast_over")] * 2
    assert await bot.spread() == []


async def test_once_begun_it_can_be_stopped_and_what_waits_for_quiet_hours_to_end_with_it(bot: Instance) -> None:
    begun = await bot.tap(await bot.draft())
    told = await bot.spread()

    await bot.tap(begun)
    bot.now += timedelta(days=1)

    assert await bot.spread() == told == [1, 2, 4]


async def test_a_second_tap_sends_nothing_twice_and_a_draft_does_not_wait_for_ever(bot: Instance) -> None:
    draft, late = await bot.draft(), await bot.draft("Late.")
    await bot.tap(draft)
    twice = await bot.tap(draft)
    await bot.spread()
    bot.now += timedelta(days=1, seconds=1)
    too_late = await bot.tap(late)

    assert [each.shown and each.shown.said for each in (twice, too_late)] == [say("en", "broadcast_over")] * 2
    assert await bot.spread() == [1, 2, 3, 4]


async def test_whoever_wants_none_gets_none_until_they_do(bot: Instance) -> None:
    theirs = replace(ORIGIN, chat_id=1, reader=ReaderId("telegram:1"))
    bot.broadcasts = BroadcastStore(bot.outbox._database)
    await bot.broadcasts.change(Declined(reader=theirs.reader, declined=True))

    await bot.tap(await bot.draft())

    assert await bot.spread() == [2, 4]


async def test_nobody_else_can_send_one_nor_confirm_it_nor_an_operator_among_others(bot: Instance) -> None:
    draft = await bot.draft()
    stranger = replace(ORIGIN, chat_id=8, reader=ReaderId("telegram:8"))
    data = buttons(draft.keyboard)[0][1]

    for origin in (stranger, GROUP):
        await bot.met(Commanded(origin=origin, command="broadcast", argument=TEXT))
        await bot.met(Tapped(origin=origin, query="q", pressed=None, data=data))

    assert len(bot.let_through) == 4
    assert await bot.spread() == []


@pytest.mark.parametrize("data", ["broadcast:send:99", "broadcast:cancel:99"])
async def test_a_button_of_nothing_is_stale(bot: Instance, data: str) -> None:
    tapped = await bot.met(Tapped(origin=ORIGIN, query="q", pressed=None, data=data))

    assert tapped.shown is not None
    assert tapped.shown.said == say("en", "broadcast_over")


@pytest.mark.parametrize("data", ["", "broadcast:send:", "broadcast:send:1;x", "broadcast:SEND:1", "settings.when"])
async def test_any_other_tap_of_an_operator_is_everybodys(bot: Instance, data: str) -> None:
    await bot.met(Tapped(origin=ORIGIN, query="q", pressed=None, data=data))

    assert len(bot.let_through) == 1


async def test_nothing_to_say_and_too_much_is_said_so(bot: Instance) -> None:
    assert (await bot.draft("")).parts[0].startswith("Write what I shall tell")
    for text in ("x" * 3_001, "\U0001f600" * 1_501):
        long = await bot.draft(text)
        assert telegram_html.parse(long.parts[0]).text == say("en", "broadcast_long", limit=3_000)
        assert long.changes == ()


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    "text", ["&" * 3_000, "\U0001f600" * 1_500, "\n" * 2_999 + "x", "<a href='x'>" * 250, "@a /b " * 500]
)
def test_whatever_is_said_is_one_message(language: str, text: str) -> None:
    (part,) = seen(Broadcast(id=BroadcastId(1), text=text, made_at=NOON), language)

    assert telegram_html.parse(part).text.endswith(say(language, "announcement_off_hint"))
