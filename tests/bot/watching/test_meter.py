"""What is counted: where, by which labels, and told by the rules that watch it."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

import promql_parser
import pytest
import yaml  # type: ignore[import-untyped]
from prometheus_client.parser import text_string_to_metric_families

from bot.app import shipped
from bot.messenger.ports import Inbox, Outbox
from bot.serve import Rooms
from bot.watching.counting import watched
from bot.watching.meter import COUNTS, TIMINGS, Count, Timing
from bot.watching.prometheus import PrometheusMeter
from storage.domain.deliveries import InboxState, InboxUpdate, OutboxMessage
from storage.domain.figures import Standing
from storage.domain.news import FeedStatus
from storage.errors import StorageBusy
from tests.bot.flows import NOW
from tests.bot.stores import MemoryInbox

NOTHING = Standing(oldest_update=None, oldest_message=None, feeds={})


class Noted:
    """A meter that remembers."""

    def __init__(self) -> None:
        self.counted: list[tuple[str, ...]] = []
        self.timed: list[tuple[str, float]] = []

    def count(self, what: Count, *labels: StrEnum, by: int = 1) -> None:
        self.counted += [(what.name.removeprefix("tidings_"), *labels)] * by

    def took(self, what: Timing, seconds: float, *labels: StrEnum) -> None:
        self.timed.append((what.name.removeprefix("tidings_"), seconds))


async def samples(
    meter: PrometheusMeter, standing: Callable[[], Awaitable[Standing]] | None = None
) -> dict[tuple[str, ...], float]:
    async def nothing() -> Standing:
        return NOTHING

    text = (await meter.scrape(standing or nothing, lambda: NOW)).decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def update(number: int, **fields: object) -> InboxUpdate:
    told = InboxUpdate(update_id=number, payload="{}", received_at=NOW - timedelta(seconds=9), chat_id=7)
    return replace(told, **fields)  # type: ignore[arg-type]


def message(key: str) -> OutboxMessage:
    return OutboxMessage(key=key, chat_id=7, method="sendMessage", payload="{}", created_at=NOW)


@pytest.fixture
def noted() -> Noted:
    return Noted()


@pytest.fixture
def stores(rooms: Rooms, noted: Noted) -> tuple[Inbox, Outbox]:
    counted = watched(rooms, noted)
    return counted.inbox, counted.outbox


async def test_updates_are_counted_once_each_as_they_come_and_as_they_end(
    stores: tuple[Inbox, Outbox], noted: Noted
) -> None:
    inbox, _ = stores
    await inbox.accept([update(1), update(2), update(3, state=InboxState.QUARANTINED)])
    await inbox.accept([update(1)])
    await inbox.done(1)
    await inbox.quarantine(2, "poison")

    assert noted.counted == [
        *[("updates", "accepted")] * 3,
        ("updates", "quarantined"),
        ("updates", "handled"),
        ("updates", "quarantined"),
    ]


async def test_an_update_is_timed_until_its_last_reply_is_sent(
    stores: tuple[Inbox, Outbox], noted: Noted, inbox: MemoryInbox
) -> None:
    counted, outbox = stores
    await counted.accept([update(1), update(2), update(3)])
    for number in (1, 2, 3):
        assert await counted.get(number) == inbox.rows[number]
    await counted.done(1, [message("update-1:1"), message("update-1:2")])
    await counted.done(2, [message("update-2:1")])
    await counted.done(3)
    await outbox.sent("update-1:1", 5)
    before = list(noted.timed)
    await outbox.unknown("update-2:1", "ReadTimeout")
    await outbox.sent("update-1:2", 6)

    assert (before, noted.timed) == ([], [("update_answered_seconds", 9.0)])


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("update-1:1", "reply"),
        ("follow-1", "notice"),
        ("digest-1", "digest"),
        ("breaking-1", "breaking"),
        ("broadcast-1", "broadcast"),
        ("report-1", "report"),
    ],
)
async def test_sends_are_counted_by_what_they_are_and_what_became_of_them(
    stores: tuple[Inbox, Outbox], noted: Noted, inbox: MemoryInbox, key: str, kind: str
) -> None:
    _, outbox = stores
    inbox.outbox.enqueue([message(key)])
    await outbox.release(key, "asked to wait")
    await outbox.failed(key, "403")
    await outbox.claim(key)
    await outbox.unknown(key, "ReadTimeout")
    await outbox.sent(key, 1)

    assert noted.counted == [("sends", kind, each) for each in ("put_back", "failed", "unknown", "sent")]


async def test_all_there_is_to_see_is_there_before_anything_happens() -> None:
    found = await samples(PrometheusMeter())

    for each in COUNTS:
        assert [value for (name, *_), value in found.items() if name == f"{each.name}_total"]
    for timing in TIMINGS:
        assert [value for (name, *_), value in found.items() if name == f"{timing.name}_count"]
    assert {value for (name, *_), value in found.items() if re.fullmatch(r"tidings_.*_(total|count|bucket)", name)} == {
        0.0
    }
    assert found["process_resident_memory_bytes",] > 0
    assert ("python_gc_objects_collected_total", "0") in found


async def test_how_an_instance_stands_is_asked_as_it_is_told() -> None:
    async def standing() -> Standing:
        return Standing(
            oldest_update=NOW - timedelta(seconds=4),
            oldest_message=NOW + timedelta(seconds=4),
            feeds={FeedStatus.OK: 3},
        )

    async def busy() -> Standing:
        raise StorageBusy("database: held")

    meter = PrometheusMeter()
    up = await samples(meter, standing)
    down = await samples(meter, busy)
    again = await samples(meter)

    assert (up["tidings_database_up",], down["tidings_database_up",], again["tidings_database_up",]) == (1, 0, 1)
    assert (up["tidings_oldest_update_seconds",], up["tidings_oldest_message_seconds",]) == (4, 0)
    assert (up["tidings_feeds", "ok"], up["tidings_feeds", "failing"]) == (3, 0)
    assert ("tidings_feeds", "ok") not in down
    assert down["tidings_oldest_update_seconds",] != down["tidings_oldest_update_seconds",]  # not a number
    assert again["tidings_oldest_update_seconds",] == 0


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(shipped("watching/alerts.yaml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def drawn() -> list[str]:
    """What the dashboard asks Prometheus for."""
    panels = json.loads(shipped("watching/dashboard.json").read_text(encoding="utf-8"))["panels"]
    asked = [each["expr"] for panel in panels for each in panel.get("targets", [])]
    return [each.replace("$__rate_interval", "5m") for each in asked]


async def test_the_rules_and_the_dashboard_that_ship_ask_for_what_there_is() -> None:
    found = await samples(PrometheusMeter())
    names = {name for name, *_ in found}
    values = {(name, value) for name, *values in found for value in values}

    for asked in [*(rule["expr"] for rule in rules()), *drawn()]:
        promql_parser.parse(asked)
        assert set(re.findall(r"\b(?:tidings|process|python)_\w+", asked)) <= names, asked
        for name, value in re.findall(r'\b(tidings_\w+)\{\w+!?="(\w+)"\}', asked):
            assert (name, value) in values, asked


async def test_the_dashboard_shows_all_that_is_counted() -> None:
    names = {re.sub("_(total|bucket)$", "", name) for name, *_ in await samples(PrometheusMeter())}
    told = {name for name in names if name.startswith("tidings_") and not re.search("_(sum|count|created)$", name)}

    assert set(re.findall(r"\b(tidings_\w+?)(?:_total|_bucket)?\b", " ".join(drawn()))) == told


async def test_each_rule_says_what_is_wrong_and_what_to_do() -> None:
    names = {name for name, *_ in await samples(PrometheusMeter())}

    assert len({rule["alert"] for rule in rules()}) == len(rules())
    for rule in rules():
        assert {"summary", "remedy"} <= set(rule["annotations"]), rule["alert"]
        assert rule["labels"]["severity"] in {"page", "warn"}
        told = set(re.findall(r"\btidings_\w+", " ".join(rule["annotations"].values())))
        assert all(any(one == name or one.startswith(f"{name}_") for one in names) for name in told), rule["alert"]
