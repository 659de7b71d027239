"""Busy servers and servers that fail: which is asked, when, and how often."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from generation.engines.openai_server import Bounds
from storage.errors import ModelBusy
from tests.generation.engines.openai.writing import (
    Build,
    Start,
    Time,
    failing,
    refused,
    written,
)
from tests.generation.engines.servers import (
    Exchange,
    answers,
    hangs,
    in_turn,
    says,
)


@pytest.mark.parametrize("status", [429, 503])
async def test_servers_that_are_all_busy_are_busy(start: Start, build: Build, status: int) -> None:
    servers = [await start(answers({}, status, Retry_After="60")) for _ in range(2)]

    _, error = await failing(build(*(server.url for server in servers)))

    assert isinstance(error, ModelBusy)
    assert all(server.host in str(error) for server in servers)
    assert [len(server.chats) for server in servers] == [1, 1]


async def test_a_dead_server_beside_a_busy_one_is_busy(start: Start, build: Build) -> None:
    server = await start(answers({}, 503, Retry_After="60"))

    _, error = await failing(build(refused(), server.url))

    assert isinstance(error, ModelBusy)


async def test_a_busy_server_is_asked_again_after_the_short_time_it_asked_for(
    start: Start, build: Build, time: Time
) -> None:
    server = await start(in_turn(answers({}, 429, Retry_After="1.5"), says("Yes.")))

    pieces = await written(build(server.url))

    assert pieces == ["Yes."]
    assert time.slept == [1.75]


@pytest.mark.parametrize("asked", ["120", "Wed, 21 Oct 2065 07:28:00 GMT", "-1", "1e3", "nan", ""])
async def test_retries_are_bounded_whatever_a_server_asks_for(
    start: Start, build: Build, time: Time, asked: str
) -> None:
    server = await start(answers({}, 429, Retry_After=asked))

    _, error = await failing(build(server.url, bounds=Bounds(retries=2)))

    assert isinstance(error, ModelBusy)
    assert time.slept in ([], [0.25, 0.5])
    assert len(server.chats) == 1 + len(time.slept)


async def test_a_server_that_fails_in_passing_is_asked_again(start: Start, build: Build, time: Time) -> None:
    server = await start(in_turn(answers({}, 500), says("Yes.")))

    pieces = await written(build(server.url))

    assert pieces == ["Yes."]
    assert time.slept == [0.25]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
async def test_a_prompt_that_a_server_refuses_is_not_sent_again(start: Start, build: Build, status: int) -> None:
    server = await start(answers({}, status))

    _, error = await failing(build(server.url))

    assert f"{server.host} answers {status}" in str(error)
    assert len(server.chats) == 1


async def test_a_server_that_failed_is_asked_last_until_it_has_cooled(start: Start, build: Build, time: Time) -> None:
    first, second = await start(answers({}, 404)), await start(says("Yes."))
    model = build(first.url, second.url)

    asked: list[tuple[int, int]] = []
    for later in (0, 29, 2, 0):
        time.now += later
        await written(model)
        asked.append((len(first.chats), len(second.chats)))

    assert asked == [(1, 1), (1, 2), (2, 3), (2, 4)]


async def test_a_server_that_writes_again_is_asked_first_again(start: Start, build: Build, time: Time) -> None:
    first, second = await start(in_turn(answers({}, 404), says("Back."))), await start(says("Yes."))
    model = build(first.url, second.url)

    pieces = []
    for later in (0, 31, 0):
        time.now += later
        pieces += await written(model)

    assert pieces == ["Yes.", "Back.", "Back."]


async def test_a_server_that_has_cooled_is_tried_by_one_prompt_and_not_by_all(
    start: Start, build: Build, time: Time
) -> None:
    first, second = await start(in_turn(answers({}, 404), hangs)), await start(says("Yes."))
    model = build(first.url, second.url, bounds=Bounds(first=timedelta(seconds=2)))
    await written(model)
    time.now += 31

    replies = await asyncio.gather(*(written(model) for _ in range(5)))

    assert replies == [["Yes."]] * 5
    assert len(first.chats) == 2


async def test_a_server_that_hangs_is_left_alone_ten_times_as_long_as_it_was_waited_for(
    start: Start, build: Build, time: Time
) -> None:
    async def hangs_for_a_minute(_exchange: Exchange) -> None:
        time.now += 60
        await asyncio.Event().wait()

    first, second = await start(hangs_for_a_minute), await start(says("Yes."))
    model = build(first.url, second.url, bounds=Bounds(first=timedelta(seconds=2)))
    await written(model)
    time.now += 599

    await written(model)

    assert len(first.chats) == 1


async def test_a_prompt_at_fault_is_not_held_against_the_server(start: Start, build: Build) -> None:
    first, second = await start(in_turn(answers({}, 400), says("Yes."))), await start(says("Second."))
    model = build(first.url, second.url)

    pieces = [await written(model), await written(model)]

    assert pieces == [["Second."], ["Yes."]]
