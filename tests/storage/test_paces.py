from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

import storage.outbox
import storage.paces
from storage.database import Database
from storage.domain.deliveries import FAREWELL, OutboxMessage
from storage.domain.pacing import Bounds, Line, turn
from storage.leases import LeaseStore
from storage.outbox import OutboxStore
from storage.paces import PaceStore
from storage.schema import paces
from tests.storage.examples import EPOCH

BOUNDS = Bounds(overall=10.0, slowest=1.0, interval=2.0, burst=2)
NOW = EPOCH.timestamp()
LINE = Line(next_at=0.0, rate=10.0)


def test_who_asks_gets_the_next_turn_of_all() -> None:
    first = turn(NOW, LINE, 0.0, BOUNDS)
    second = turn(NOW, first.line, 0.0, BOUNDS)

    assert (first.taken, first.wait) == (True, 0.0)
    assert (second.taken, round(second.wait, 6)) == (True, 0.1)


def test_a_chat_that_had_its_burst_waits_without_a_turn() -> None:
    first = turn(NOW, LINE, 0.0, BOUNDS)
    second = turn(NOW, first.line, first.chat, BOUNDS)
    third = turn(NOW, second.line, second.chat, BOUNDS)

    assert (second.taken, third.taken) == (True, False)
    assert third.line == second.line
    assert turn(NOW + third.wait, third.line, third.chat, BOUNDS).taken


def test_a_wait_that_is_asked_for_halves_the_rate_once_and_it_recovers() -> None:
    halted = turn(NOW, LINE, 0.0, BOUNDS, halted_until=NOW + 5)
    again = turn(NOW + 1, halted.line, 0.0, BOUNDS, halted_until=NOW + 5)
    after = turn(NOW + 5, again.line, 0.0, BOUNDS, halted_until=NOW + 5)

    assert (halted.taken, halted.wait, halted.line.rate) == (False, 5.0, 5.0)
    assert (again.wait, again.line) == (4.0, halted.line)
    assert (after.taken, after.line.rate) == (True, 5.1)


def test_what_went_without_a_turn_is_made_up_for() -> None:
    first = turn(NOW, LINE, 0.0, BOUNDS, others=4)

    assert round(turn(NOW, first.line, 0.0, BOUNDS).wait, 6) == 0.5


@given(st.lists(st.tuples(st.floats(0, 0.5), st.integers(1, 3)), max_size=60))
def test_in_no_second_do_more_leave_than_may(asked: list[tuple[float, int]]) -> None:
    now, line, chats, left = NOW, LINE, dict.fromkeys((1, 2, 3), 0.0), []
    for pause, chat in asked:
        now += pause
        given_ = turn(now, line, chats[chat], BOUNDS)
        line, chats[chat] = given_.line, given_.chat
        if given_.taken:
            left.append((now + given_.wait, chat))

    for at, _ in left:
        assert sum(at <= other < at + 1 - 1e-6 for other, _ in left) <= BOUNDS.overall
        for chat in chats:
            assert sum(at <= other < at + 4 - 1e-6 for other, each in left if each == chat) <= BOUNDS.burst + 2


async def test_processes_that_ask_at_once_get_turns_one_after_another(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def present(_connection: object) -> object:
        return EPOCH

    monkeypatch.setattr(storage.paces, "present", present)
    stores = [PaceStore(database) for _ in range(3)]

    turns = await asyncio.gather(*(stores[n % 3].turn(n, BOUNDS) for n in range(9)))

    assert sorted(round(each.wait, 3) for each in turns) == [round(n / 10, 3) for n in range(9)]


async def test_of_chats_nothing_is_kept_for_longer_than_it_matters(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = EPOCH

    async def present(_connection: object) -> object:
        return now

    monkeypatch.setattr(storage.paces, "present", present)
    monkeypatch.setattr(storage.outbox, "present", present)
    store, outbox = PaceStore(database), OutboxStore(database)
    await store.turn(7, BOUNDS)
    await store.turn(7, BOUNDS)
    refused = await store.turn(7, replace(BOUNDS, interval=2.0))
    now += timedelta(seconds=60)
    await outbox.halt(timedelta(seconds=30))
    halted = await store.turn(8, BOUNDS)

    async with database.reading() as connection:
        kept = (await connection.scalars(select(paces.c.name))).all()
    assert (refused.taken, halted.taken, halted.wait) == (False, False, 30.0)
    assert kept == ["all"]


async def test_a_halt_is_by_the_clock_of_all_and_a_shorter_one_ends_no_longer_one_unless_that_was_set_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = EPOCH

    async def present(_connection: object) -> object:
        return now

    monkeypatch.setattr(storage.outbox, "present", present)
    outbox = OutboxStore(database)
    await outbox.halt(timedelta(seconds=90))
    await outbox.halt(timedelta(seconds=30))
    longer = await outbox.halted_for()
    now -= timedelta(days=3)

    await outbox.halt(timedelta(seconds=30))

    assert longer == timedelta(seconds=90)
    assert await outbox.halted_for() == timedelta(seconds=30)


@pytest.mark.parametrize("how", ["settled", "pruned"])
async def test_of_who_was_forgotten_the_farewell_leaves_no_number(database: Database, how: str) -> None:
    store, outbox = PaceStore(database), OutboxStore(database)
    key = f"update-8:{FAREWELL}1"
    await outbox.enqueue([OutboxMessage(key=key, chat_id=7, method="sendMessage", payload="{}", created_at=EPOCH)])
    await store.turn(7, replace(BOUNDS, interval=2.0 if how == "settled" else 0.0))
    await outbox.claim(key)

    if how == "settled":
        await outbox.sent(key, 3)
    else:
        await LeaseStore(database, "ada").beat()

    async with database.reading() as connection:
        assert (await connection.scalars(select(paces.c.name))).all() == ["all"]
