"""The whole Telegram side in this process, over a fake Bot API and a real journal."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from bot.jobs import Jobs
from bot.messenger.operators.gate import Rules
from bot.messenger.paragraphs.notices import notices
from bot.messenger.wire.pace import Rates
from bot.roles import Role
from bot.serve import Rooms, Serving, Together, serve
from generation.messages import Prompt
from generation.metering import MeteredModel
from storage.domain.access import Used, day_of
from storage.domain.deliveries import DIGEST, REPORT, InboxState, InboxUpdate, OutboxMessage, OutboxState
from storage.domain.pacing import Bounds, Line, Turn
from storage.domain.people import ReaderId
from storage.errors import SettingsError, StorageBusy
from tests.bot.flows import NOW
from tests.bot.messenger.wire.test_leases import Shelf as OwnShelf
from tests.bot.stores import MemoryInbox
from tests.bot_api.server import Failure, FakeBotApi
from tests.chroma import free_port
from tests.fakes import ScriptedModel
from tests.hot import OnePage, followed, long_page, update_of
from tests.operating import Open


@contextlib.asynccontextmanager
async def serving_now(serving: Serving, rooms: Rooms) -> AsyncIterator[asyncio.Task[None]]:
    stop = asyncio.Event()
    task = asyncio.create_task(serve(serving, rooms, stop))
    try:
        yield task
    finally:
        stop.set()
        await task


async def test_a_question_gets_a_cited_answer_by_polling(
    serving: Serving, rooms: Rooms, api: FakeBotApi, inbox: MemoryInbox
) -> None:
    async with serving_now(serving, rooms):
        api.say("How high is the tide?")
        (reply,) = await api.replies(1)
        await api.until(lambda: api.waiting == 0)

    assert "You asked: How high is the tide?" in reply.shown.text
    assert "As of 2026-11-21" in reply.shown.text
    assert set(reply.shown.links) == {"https://news.example/tides?a=1&b=2"}
    assert reply.fields["link_preview_options"] == '{"is_disabled": true}'
    assert [row.state for row in inbox.rows.values()] == [InboxState.DONE]


async def test_a_story_comes_with_its_picture_in_the_same_topic(
    serving: Serving, rooms: Rooms, api: FakeBotApi, inbox: MemoryInbox
) -> None:
    asked = replace(rooms, briefs=OnePage(told=long_page()))

    async with serving_now(serving, asked):
        api.say("/brief 128", chat=-5, message_thread_id=3, is_topic_message=True)
        await api.until(lambda: len(api.photos) == 1)
        await api.until(lambda: set(inbox.outbox.states().values()) == {OutboxState.SENT})

    order = [call.method for call in api.calls if call.method in {"sendMessage", "sendPhoto"}]
    assert order == ["sendMessage", "sendPhoto"]
    assert (api.photos[0].chat_id, api.photos[0].fields["message_thread_id"]) == (-5, "3")


async def test_it_ends_though_telegram_answers_no_call_that_introduces_it(
    serving: Serving, rooms: Rooms, api: FakeBotApi
) -> None:
    api.fault = lambda method, _fields: Failure(seconds=60) if method.startswith("setMy") else None
    stop = asyncio.Event()
    served = asyncio.create_task(serve(serving, rooms, stop))

    await asyncio.sleep(0.5)
    running = not served.done()
    stop.set()
    async with asyncio.timeout(10):
        await served

    assert running


async def test_a_question_gets_a_cited_answer_by_webhook(serving: Serving, rooms: Rooms, api: FakeBotApi) -> None:
    port = free_port()
    hook = replace(serving, http_port=port, webhook_url=f"http://127.0.0.1:{port}", webhook_secret="s3cret")  # noqa: S106 - of no bot

    async with serving_now(hook, rooms):
        api.say("潮水有多高？", language="zh-hans")
        (reply,) = await api.replies(1)

    assert "截至 2026年11月21日" in reply.shown.text
    assert api.webhook["url"] == f"http://127.0.0.1:{port}/telegram/webhook"
    assert not any(call.method == "getUpdates" for call in api.calls)


async def test_an_absurd_date_in_front_does_not_hold_up_the_others(
    serving: Serving, rooms: Rooms, api: FakeBotApi, inbox: MemoryInbox
) -> None:
    bad = api.say("poison", date=10**20)
    for number in range(3):
        api.say(f"question {number}", chat=100 + number)

    async with serving_now(serving, rooms):
        replies = await api.replies(3)

    assert {call.chat_id for call in replies} == {100, 101, 102}
    assert inbox.rows[bad].state is InboxState.QUARANTINED
    assert inbox.rows[bad].error == "OverflowError while reading it"


async def test_an_update_that_is_no_json_is_set_aside_and_the_others_answered(
    serving: Serving, rooms: Rooms, api: FakeBotApi, inbox: MemoryInbox
) -> None:
    api.say("before")
    deep = api.add_raw(lambda n: f'{{"update_id": {n}, "message": ' + "[" * 100_000 + "]" * 100_000 + "}")
    long = api.add_raw(lambda n: f'{{"update_id": {n}, "message": {{"date": 1' + "0" * 5_000 + "}}")
    api.add({"message": api.message(text="after")})

    async with serving_now(serving, rooms):
        await api.replies(2)
        await api.until(lambda: api.waiting == 0)

    assert inbox.rows[deep].state is InboxState.QUARANTINED
    assert inbox.rows[long].state is InboxState.QUARANTINED


async def test_a_chat_is_answered_in_its_order(serving: Serving, rooms: Rooms, api: FakeBotApi) -> None:
    for number in range(3):
        for chat in range(1, 9):
            api.say(f"question {number}", chat=chat)

    async with serving_now(serving, rooms):
        replies = await api.replies(24)

    for chat in range(1, 9):
        texts = [call.shown.text for call in replies if call.chat_id == chat]
        assert [f"question {number}" in text for number, text in enumerate(texts)] == [True] * 3


async def test_an_unforeseen_error_is_apologised_for_and_set_aside(
    serving: Serving, rooms: Rooms, api: FakeBotApi, inbox: MemoryInbox, caplog: pytest.LogCaptureFixture
) -> None:
    number = api.say("boom")

    async with serving_now(serving, rooms):
        (reply,) = await api.replies(1)

    assert "Something went wrong" in reply.shown.text
    assert inbox.rows[number].state is InboxState.QUARANTINED
    assert "a secret message text" not in caplog.text


async def test_left_over_work_is_taken_up_at_the_next_start(
    serving: Serving, rooms: Rooms, api: FakeBotApi, inbox: MemoryInbox
) -> None:
    number = api.say("Are you there?")
    async with serving_now(serving, rooms):
        await api.replies(1)
        await api.until(lambda: api.waiting == 0)
    inbox.rows[number] = replace(inbox.rows[number], state=InboxState.PENDING)
    fatal = 999
    inbox.rows[fatal] = replace(inbox.rows[number], update_id=fatal, chat_id=8)
    inbox.starts[fatal] = 20
    sent = inbox.outbox.rows[f"update-{number}:1"]
    inbox.outbox.enqueue(
        [
            replace(sent, key="left:1", state=OutboxState.PENDING),
            replace(sent, key="left:2", state=OutboxState.SENDING),
        ]
    )

    async with serving_now(serving, rooms):
        await api.replies(3)
        await api.until(lambda: inbox.rows[number].state is InboxState.DONE)
        await api.until(lambda: inbox.rows[fatal].state is InboxState.QUARANTINED)

    assert inbox.outbox.states() == {
        f"update-{number}:1": OutboxState.SENT,
        f"update-{fatal}:1": OutboxState.SENT,
        "left:1": OutboxState.SENT,
        "left:2": OutboxState.UNKNOWN,
    }
    assert inbox.rows[fatal].error == "handling it failed again and again"


class Free:
    """No other process sends."""

    async def turn(self, chat_id: int, bounds: Bounds, *, others: int = 0) -> Turn:
        return Turn(taken=True, wait=0.0, line=Line(next_at=0.0, rate=bounds.overall), chat=0.0)


async def test_what_another_process_brought_in_or_left_waits_for_no_backlog(
    serving: Serving, rooms: Rooms, api: FakeBotApi, inbox: MemoryInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweeps: list[int] = []

    async def sweep() -> int:
        sweeps.append(len(api.sent))
        return 0

    monkeypatch.setattr(inbox.outbox, "sweep", sweep)
    inbox.outbox.enqueue(
        [
            OutboxMessage(key=f"{DIGEST}{n}", chat_id=n, method="sendMessage", payload='{"text": "x"}', created_at=NOW)
            for n in range(100, 112)
        ]
    )
    together = Together(name="a", shelf=OwnShelf(), turns=Free())

    async with serving_now(replace(serving, rates=Rates(overall=8.0)), replace(rooms, together=together)):
        await api.replies(1)
        text = api.message(text="Are you there?")
        await inbox.accept(
            [
                InboxUpdate(
                    update_id=1, payload=json.dumps({"update_id": 1, "message": text}), received_at=NOW, chat_id=7
                )
            ]
        )
        replies = await api.replies(13)

    assert 7 in [reply.chat_id for reply in replies[:8]]
    assert len({sent for sent in sweeps if 0 < sent < 12}) >= 3


async def test_of_a_process_that_does_not_send_the_errors_are_told_by_one_that_does(
    serving: Serving, rooms: Rooms, api: FakeBotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.messenger.operators.errors._LOOK_SECONDS", 0.02)
    told: list[OutboxMessage] = []

    async def enqueue(messages: Sequence[OutboxMessage]) -> int:
        told.extend(messages)
        return len(messages)

    beside = replace(
        rooms,
        operating=replace(rooms.operating, enqueue=enqueue),
        together=Together(name="a", shelf=OwnShelf(), turns=Free()),
    )
    rules = Rules(admins=frozenset({ReaderId("telegram:77")}))

    async with serving_now(replace(serving, role=Role.RECEIVER, rules=rules), beside):
        await api.until(lambda: api.polling)
        logging.getLogger("bot.somewhere").error("something broke")
        await api.until(lambda: bool(told))

    assert [each.chat_id for each in told] == [77]
    assert told[0].key.startswith(REPORT)
    assert "something broke" in told[0].payload
    assert not api.sent


async def test_that_it_serves_is_told_with_the_port_once_telegram_knows_the_bot(
    serving: Serving, rooms: Rooms, api: FakeBotApi
) -> None:
    told: list[str] = []

    async with serving_now(serving, replace(rooms, tell=told.append)):
        await api.until(lambda: api.polling)

    (line,) = told
    assert re.match(r"serving @\w+; health is on http://127\.0\.0\.1:[1-9]\d*/healthz, ", line)


async def test_that_telegram_does_not_answer_is_told(serving: Serving, rooms: Rooms) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    nobody = replace(serving, api_base_url=f"http://127.0.0.1:{free_port()}")

    async with serving_now(nobody, replace(rooms, tell=told.put_nowait)):
        line = await told.get()

    assert line.startswith("waiting for Telegram, which does not answer; health is on http://127.0.0.1:")
    assert told.empty()


async def test_a_wrong_token_ends_with_one_clear_line(serving: Serving, rooms: Rooms) -> None:
    told: list[str] = []
    rooms = replace(rooms, tell=told.append)

    with pytest.raises(SettingsError, match=r"^TELEGRAM_BOT_TOKEN: Telegram does not know this token$"):
        await serve(replace(serving, token="1:wrong"), rooms, asyncio.Event())  # noqa: S106 - of no bot

    assert told == []


async def test_a_second_poller_ends_the_first_with_one_clear_line(
    serving: Serving, rooms: Rooms, api: FakeBotApi, inbox: MemoryInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_update_id: int) -> InboxUpdate | None:
        return await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(inbox, "get", never)
    await inbox.accept([InboxUpdate(update_id=1, payload="{}", received_at=NOW, chat_id=7)])
    first = asyncio.create_task(serve(serving, rooms, asyncio.Event()))
    await api.until(lambda: api.polling)
    status, _ = await api.call("getUpdates", {"timeout": "0"})
    begun = inbox.starts[1]

    with pytest.raises(SettingsError, match="another process receives this bot's updates"):
        await first

    assert status == 200
    # What was under way did not end it.
    assert (begun, inbox.starts[1]) == (1, 0)


async def test_a_start_that_fails_counts_against_nothing_that_waits(
    serving: Serving, rooms: Rooms, inbox: MemoryInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def damaged(_jobs: Jobs) -> None:
        raise SettingsError("TIDINGS_DATA_DIR", "the journal is damaged")

    monkeypatch.setattr(Jobs, "start", damaged)
    await inbox.accept([InboxUpdate(update_id=1, payload="{}", received_at=NOW, chat_id=7)])

    with pytest.raises(SettingsError, match="damaged"):
        await serve(serving, rooms, asyncio.Event())

    assert inbox.starts[1] == 0


async def test_a_port_that_is_taken_is_named(serving: Serving, rooms: Rooms) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"TIDINGS_HTTP_PORT: cannot listen on 127.0.0.1:{port}"):
            await serve(replace(serving, http_port=port), rooms, asyncio.Event())


async def test_a_webhook_without_a_proper_secret_is_refused(serving: Serving, rooms: Rooms) -> None:
    with pytest.raises(SettingsError, match="TELEGRAM_WEBHOOK_SECRET"):
        await serve(replace(serving, webhook_url="https://bot.example"), rooms, asyncio.Event())


class Spending(Open):
    """Takes down what is used."""

    def __init__(self) -> None:
        self.used: list[Used] = []

    async def use(self, used: Used) -> None:
        self.used.append(used)


async def test_what_a_round_of_reading_brought_to_followers_is_sent_after_it_and_what_it_cost_is_counted(
    serving: Serving, rooms: Rooms, api: FakeBotApi, inbox: MemoryInbox
) -> None:
    told = notices(update_of(followed(3, reader=ReaderId("telegram:7")), at=NOW))
    model, counts = MeteredModel(ScriptedModel("one two")), Spending()
    prompt = Prompt(name="t/1", messages=(), tokens=9)

    async def notify() -> int:
        assert [piece async for piece in model.write(prompt)] == ["one two"]
        inbox.outbox.enqueue(told)
        return 1

    operating = replace(rooms.operating, counts=counts)
    async with serving_now(serving, replace(rooms, notify=notify, operating=operating)):
        (reply,) = await api.replies(1)
        await api.until(lambda: inbox.outbox.states() == {told[0].key: OutboxState.SENT})

    assert counts.used == [Used(reader=None, day=day_of(rooms.clock()), tokens=2)]
    assert reply.chat_id == 7
    assert "A court halted the order." in reply.shown.text


async def test_followers_who_cannot_be_notified_stop_neither_rounds_nor_answers(
    serving: Serving, rooms: Rooms, api: FakeBotApi
) -> None:
    tried = asyncio.Event()

    async def notify() -> int:
        tried.set()
        raise StorageBusy("database: held")

    async with serving_now(serving, replace(rooms, notify=notify)):
        await tried.wait()
        api.say("Are you there?")
        (reply,) = await api.replies(1)

    assert "You asked: Are you there?" in reply.shown.text
