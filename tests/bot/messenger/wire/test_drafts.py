from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.messenger.incoming.events import Origin
from bot.messenger.paragraphs.markup import MAX_UNITS, units
from bot.messenger.wire import drafts
from bot.messenger.wire.bot_api import Accepted, Json, NotSent, Outcome, Refused, Unknown
from bot.messenger.wire.drafts import Draft
from bot.messenger.wire.outbox import Sender
from bot.messenger.wire.pace import Pace, Rates
from bot.messenger.wire.presence import Presence
from storage.domain.deliveries import OutboxMessage, OutboxState
from storage.domain.people import ReaderId
from storage.errors import StorageBusy
from tests.bot.flows import NOW
from tests.bot.stores import MemoryOutbox

PRIVATE = Origin(chat_id=7, message_id=31, reader=ReaderId("telegram:7"), language="en", private=True)
GROUP = replace(PRIVATE, chat_id=-5, private=False, thread_id=12)
QUICK = Rates(overall=1e6, chat=1e6, group=1e6)
SENT = Accepted(result={"message_id": 90})


class Line:
    """A Bot API that answers from a list, then with success; `held` keeps its answers back."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.calls: list[tuple[str, dict[str, Json]]] = []
        self.held: asyncio.Event | None = None

    async def call(
        self, method: str, fields: Mapping[str, Json] | None = None, *, read_timeout: float = 20.0
    ) -> Outcome:
        self.calls.append((method, dict(fields or {})))
        if self.held is not None:
            await self.held.wait()
        return self.outcomes.pop(0) if self.outcomes else SENT

    async def until(self, number: int) -> None:
        async with asyncio.timeout(5):
            while len(self.calls) < number:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.001)
            await asyncio.sleep(0.005)


def draft_of(
    line: Line, origin: Origin = PRIVATE, pace: Pace | None = None, outbox: MemoryOutbox | None = None
) -> Draft:
    """Over a sender of the same line."""
    pace, outbox = pace or Pace(QUICK), outbox or MemoryOutbox()
    sender = Sender(outbox=outbox, api=line, pace=pace, clock=lambda: NOW)
    return Draft(api=line, pace=pace, origin=origin, outbox=outbox, deliver=sender.deliver, clock=lambda: NOW)


def answered(outbox: MemoryOutbox) -> None:
    """The answer itself is kept."""
    payload = json.dumps({"text": "One. Two."})
    outbox.enqueue([OutboxMessage(key="update-1:1", chat_id=-5, method="sendMessage", payload=payload, created_at=NOW)])


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_AFTER_SECONDS", "PRIVATE_EVERY_SECONDS", "GROUP_EVERY_SECONDS"):
        monkeypatch.setattr(drafts, name, 0.01)


async def test_in_private_an_answer_grows_as_a_draft_of_one_number_and_in_plain_text() -> None:
    line = Line()
    draft = draft_of(line)

    draft.show("One <b>. [1]")
    await line.until(1)
    draft.show("One <b>. [1] Two. [2]")
    await line.until(2)
    await draft.end()

    assert line.calls == [
        ("sendMessageDraft", {"chat_id": 7, "draft_id": 31, "text": "One <b>. [1]"}),
        ("sendMessageDraft", {"chat_id": 7, "draft_id": 31, "text": "One <b>. [1] Two. [2]"}),
    ]


async def test_among_others_it_is_a_silent_message_that_is_edited_in_its_topic_and_taken_away() -> None:
    line, outbox = Line(), MemoryOutbox()
    draft = draft_of(line, GROUP, outbox=outbox)

    draft.show("One.")
    await line.until(1)
    draft.show("One. Two.")
    await line.until(2)
    assert await draft.end() is None
    answered(outbox)
    await Sender(outbox=outbox, api=line, pace=Pace(QUICK), clock=lambda: NOW).deliver("update-1:")

    preview = {"is_disabled": True}
    assert line.calls == [
        (
            "sendMessage",
            {
                "chat_id": -5,
                "message_thread_id": 12,
                "text": "One. …",
                "link_preview_options": preview,
                "disable_notification": True,
                "reply_parameters": {"message_id": 31, "allow_sending_without_reply": True},
            },
        ),
        (
            "editMessageText",
            {"chat_id": -5, "text": "One. Two. …", "link_preview_options": preview, "message_id": 90},
        ),
        ("deleteMessage", {"chat_id": -5, "message_id": 90}),
        ("sendMessage", {"chat_id": -5, "text": "One. Two."}),
    ]
    assert set(outbox.states().values()) == {OutboxState.SENT}


@pytest.mark.parametrize("origin", [PRIVATE, GROUP])
async def test_what_is_whole_at_once_and_what_does_not_change_is_not_shown(
    origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once, same = Line(), Line()
    draft = draft_of(same, origin)
    draft.show("One.")
    await same.until(1)
    draft.show("One.")
    await asyncio.sleep(0.05)

    monkeypatch.setattr(drafts, "FIRST_AFTER_SECONDS", 60.0)
    whole = draft_of(at_once, origin)
    whole.show("One.")
    await asyncio.sleep(0)
    await asyncio.wait_for(whole.end(), 1)

    assert at_once.calls == []
    assert len(same.calls) == 1


async def test_links_do_not_make_themselves_in_it_and_what_is_too_long_is_cut() -> None:
    line = Line()
    draft = draft_of(line, GROUP)

    draft.show("@spam evil.example " + "🦊" * MAX_UNITS)
    await line.until(1)
    await draft.end()

    text = str(line.calls[0][1]["text"])
    assert "@\u2060spam evil.\u2060example" in text
    assert units(text) <= MAX_UNITS


@pytest.mark.parametrize("outcome", [Refused(code=400, description="Bad Request"), Unknown(reason="no answer")])
async def test_one_that_is_refused_or_lost_is_the_last(outcome: Outcome) -> None:
    line = Line(outcome)
    draft = draft_of(line)

    draft.show("One.")
    await line.until(1)
    draft.show("One. Two.")
    await asyncio.sleep(0.05)
    await draft.end()

    assert len(line.calls) == 1


async def test_a_request_to_wait_is_heeded_at_once_and_by_everything() -> None:
    line, pace = Line(SENT, Refused(code=429, description="", retry_after=timedelta(seconds=40))), Pace(QUICK)
    draft = draft_of(line, GROUP, pace)

    draft.show("One.")
    await line.until(1)
    draft.show("One. Two.")
    await line.until(2)
    draft.show("One. Two. Three.")
    await asyncio.sleep(0.05)
    await draft.end()

    assert [method for method, _ in line.calls] == ["sendMessage", "editMessageText"]
    assert pace.left > timedelta(seconds=35)


async def test_nothing_is_shown_inside_a_halt_or_where_there_is_no_room() -> None:
    halted, full = Pace(QUICK), Pace(Rates(burst=2))
    halted.halt(timedelta(seconds=40))
    await full.turn(7)
    for pace in (halted, full):
        line = Line()
        draft = draft_of(line, PRIVATE, pace)
        draft.show("One.")
        await asyncio.sleep(0.05)
        await draft.end()

        assert line.calls == []


@pytest.mark.parametrize("origin", [PRIVATE, GROUP])
async def test_the_answer_waits_for_what_is_under_way_but_not_for_long(
    origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "_LAST_SECONDS", 0.05)
    line = Line()
    line.held = asyncio.Event()
    draft = draft_of(line, origin)

    draft.show("One.")
    await line.until(1)
    late = await asyncio.wait_for(draft.end(), 1)

    assert len(line.calls) == 1
    assert (late is None) == origin.private
    if late is not None:
        late.cancel()


async def test_one_that_arrives_among_others_when_the_answer_is_there_is_taken_away_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drafts, "_LAST_SECONDS", 0.05)
    line, outbox, pace = Line(), MemoryOutbox(), Pace(QUICK)
    line.held = asyncio.Event()
    sender = Sender(outbox=outbox, api=line, pace=pace, clock=lambda: NOW)
    presence = Presence(api=line, pace=pace, outbox=outbox, deliver=sender.deliver, clock=lambda: NOW)

    async with presence.writing(GROUP) as draft:
        draft.show("One.")
        await line.until(2)
    line.held.set()
    await line.until(3)
    await presence.close()

    assert {method for method, _ in line.calls[:2]} == {"sendChatAction", "sendMessage"}
    assert line.calls[2:] == [("deleteMessage", {"chat_id": -5, "message_id": 90})]
    assert outbox.states()["draft--5-31-gone-90"] is OutboxState.SENT


@pytest.mark.parametrize("hitch", [NotSent(reason="ConnectError"), Refused(code=429, description="wait")])
async def test_what_could_not_be_taken_away_at_once_is_later_and_before_the_answer(hitch: Outcome) -> None:
    line, outbox = Line(SENT, hitch), MemoryOutbox()
    draft = draft_of(line, GROUP, outbox=outbox)
    draft.show("One.")
    await line.until(1)
    await draft.end()
    answered(outbox)

    passed = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    pace = Pace(QUICK, clock=lambda: passed, sleep=sleep)
    await Sender(outbox=outbox, api=line, pace=pace, clock=lambda: NOW, sleep=sleep).deliver("update-1:")

    assert [method for method, _ in line.calls] == ["sendMessage", "deleteMessage", "deleteMessage", "sendMessage"]


async def test_one_of_which_nobody_knows_whether_it_is_there_is_recorded_and_none_is_sent_again() -> None:
    line, outbox = Line(Unknown(reason="no answer")), MemoryOutbox()
    for _ in range(2):
        draft = draft_of(line, GROUP, outbox=outbox)
        draft.show("One.")
        await asyncio.sleep(0.05)
        await draft.end()

    assert [method for method, _ in line.calls] == ["sendMessage"]
    assert outbox.states() == {"draft--5-31": OutboxState.UNKNOWN}


async def test_one_that_a_process_left_is_taken_up_by_the_next_and_taken_away() -> None:
    line, outbox = Line(), MemoryOutbox()
    left = draft_of(line, GROUP, outbox=outbox)
    left.show("One.")
    await line.until(1)

    again = draft_of(line, GROUP, outbox=outbox)
    again.show("One. Two.")
    await line.until(2)
    await again.end()
    quick = draft_of(line, GROUP, outbox=outbox)
    await quick.end()

    assert [method for method, _ in line.calls] == ["sendMessage", "editMessageText"]
    assert outbox.states() == {"draft--5-31": OutboxState.SENT, "draft--5-31-gone-90": OutboxState.PENDING}
    await left.end()


async def test_while_an_earlier_try_sends_it_no_other_is_sent_and_that_one_is_taken_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drafts, "_LAST_SECONDS", 0.05)
    line, outbox = Line(), MemoryOutbox()
    line.held = asyncio.Event()
    slow = draft_of(line, GROUP, outbox=outbox)
    slow.show("One.")
    await line.until(1)
    late = await slow.end()

    again = draft_of(line, GROUP, outbox=outbox)
    again.show("One. Two.")
    await asyncio.sleep(0.05)
    await again.end()
    line.held.set()
    assert late is not None
    await late

    assert [method for method, _ in line.calls] == ["sendMessage", "deleteMessage"]
    assert outbox.states() == {"draft--5-31": OutboxState.SENT, "draft--5-31-gone-90": OutboxState.SENT}


async def test_one_that_cannot_be_kept_is_not_shown_and_holds_nothing_up() -> None:
    class Busy(MemoryOutbox):
        async def keep(self, message: OutboxMessage) -> OutboxMessage | None:
            raise StorageBusy("database: busy")

    line = Line()
    draft = draft_of(line, GROUP, outbox=Busy())

    draft.show("One.")
    await asyncio.sleep(0.05)
    await draft.end()

    assert line.calls == []
