from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot.messenger.operators.errors import Fault, Faults, Reports, fault_of
from bot.texts import say
from storage.domain.deliveries import OutboxMessage
from storage.domain.people import ReaderId
from storage.errors import StorageError
from tests.bot.flows import NOW
from tests.bot.stores import MemoryInbox, MemoryReaders
from tests.bot_api import telegram_html

WORDS = "what Ada wrote"
ADMINS = (ReaderId("telegram:8"), ReaderId("telegram:7"))


def record(name: str, message: object, *args: object, level: int = logging.ERROR, **extra: object) -> logging.LogRecord:
    made = logging.makeLogRecord({"name": name, "msg": message, "args": args, "levelno": level, "lineno": 12, **extra})
    made.levelname = logging.getLevelName(level)
    return made


class Told:
    """Operators who are told, and by what."""

    def __init__(self) -> None:
        self.messages: list[OutboxMessage] = []
        self.delivered: list[str] = []
        self.broken, self.now = False, NOW
        self.slept: list[float] = []
        self.reports = Reports(
            admins=ADMINS,
            readers=MemoryReaders(MemoryInbox()),
            enqueue=self.enqueue,
            deliver=self.deliver,
            clock=lambda: self.now,
            sleep=self.sleep,
        )

    async def enqueue(self, messages: Sequence[OutboxMessage]) -> int:
        if self.broken:
            raise StorageError("database: held")
        self.messages += messages
        return len(messages)

    async def deliver(self, prefix: str) -> None:
        self.delivered.append(prefix)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)
        if len(self.slept) == 3:
            raise StopAsyncIteration

    def text(self, number: int = 0) -> str:
        return telegram_html.parse(json.loads(self.messages[number].payload)["text"]).text.replace("\u2060", "")


def test_of_a_record_only_names_are_told() -> None:
    try:
        raise RuntimeError(WORDS)
    except RuntimeError:
        raised = sys.exc_info()

    ours = record("bot.messenger.compose", "update failed", error="KeyError", at="/srv/x/bot/flows/hot.py:41")
    assert fault_of(ours) == Fault(event="update failed", kind="KeyError", place="bot/flows/hot.py:41")
    assert fault_of(record("bot.living", "stories_not_level", exc_info=raised)).kind == "RuntimeError"
    library = fault_of(record("dbos", f"step failed: {WORDS}", exc_info=raised, error=WORDS, at=WORDS))
    assert library == Fault(event="", kind="RuntimeError", place="dbos:12")


@pytest.mark.parametrize(
    "leaky",
    [
        record("bot.x", f"answering “{WORDS}”"),
        record("bot.x", "answering %s", WORDS),
        record("bot.x", RuntimeError(WORDS)),
        record("bot.x", "failed", error=WORDS, at=f"{WORDS}:3"),
        record("bot.x", "failed", error=["x", WORDS], at=f"/bot/{WORDS}/x.py:3"),
    ],
)
def test_whatever_else_a_record_holds_is_not_told(leaky: logging.LogRecord) -> None:
    assert "Ada" not in repr(fault_of(leaky))


async def test_each_operator_is_told_how_often_what_went_wrong_where() -> None:
    told = Told()
    for _ in range(3):
        told.reports.faults.handle(record("bot.messenger.compose", "update failed", error="KeyError", at="bot/a.py:1"))
    told.reports.faults.handle(record("dbos", WORDS))

    assert await told.reports.tell()

    assert [message.chat_id for message in told.messages] == [7, 8]
    assert told.delivered == ["report-"]
    assert told.text().splitlines()[0] == say("en", "report_title")
    assert "• 3 × update failed · KeyError · bot/a.py:1" in told.text()
    assert "• 1 × dbos:12" in told.text()
    assert WORDS not in told.text()


async def test_nothing_is_told_where_nothing_went_wrong_or_only_what_is_no_error() -> None:
    told = Told()
    logging.getLogger().addHandler(told.reports.faults)
    logging.getLogger("bot.x").warning("not an error")
    logging.getLogger().removeHandler(told.reports.faults)

    assert not await told.reports.tell()
    assert told.messages == []


async def test_after_one_report_the_next_waits_and_tells_all_that_came_meanwhile() -> None:
    told = Told()
    log = logging.getLogger("bot.messenger.wire.lanes")

    async def failing(seconds: float) -> None:
        for _ in range(5):
            log.error("update not handled", extra={"error": "ValueError"})
        await Told.sleep(told, seconds)

    object.__setattr__(told.reports, "sleep", failing)
    with pytest.raises((RuntimeError, StopAsyncIteration)):
        await told.reports.run()

    assert told.slept == [20.0, 900.0, 900.0]
    assert [message.chat_id for message in told.messages] == [7, 8] * 2
    assert "5 × update not handled · ValueError" in told.text(2)
    assert told.reports.faults not in logging.getLogger().handlers


async def test_what_cannot_be_told_yet_is_told_later() -> None:
    told = Told()
    told.reports.faults.handle(record("bot.x", "failed"))
    told.broken = True
    first = await told.reports.tell()
    told.broken = False

    assert not first
    assert await told.reports.tell()
    assert "1 × failed" in told.text()


async def test_of_very_many_kinds_the_most_frequent_are_told_and_the_others_counted() -> None:
    told, faults = Told(), Faults()
    for number in range(30):
        told.reports.faults.handle(record(f"bot.part{number}", "failed"))

    await told.reports.tell()

    assert told.text().count("×") == 10
    assert say("en", "report_more", more=20) in told.text()
    assert faults.take() == {}


def test_the_clock_is_of_no_account_to_the_names() -> None:
    assert fault_of(record("bot.x", "failed", at=datetime.now())).place == "bot.x:12"  # noqa: DTZ005 - any value at all
