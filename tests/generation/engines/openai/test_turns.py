"""Prompts that wait for their turn, and readers who leave."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from generation.engines.openai_server import Bounds
from storage.errors import ModelBusy
from tests.generation.engines.openai.writing import (
    LEAVING_SECONDS,
    PROMPT,
    SOON,
    Build,
    Start,
    failing,
    written,
)
from tests.generation.engines.servers import (
    Exchange,
    Script,
    answers,
    event,
    hangs,
    in_turn,
    says,
    streams,
)


async def test_closing_the_iterator_is_seen_by_the_server(start: Start, build: Build) -> None:
    server = await start(streams(event("The vote"), then=hangs))
    pieces = build(server.url).write(PROMPT)
    await anext(pieces)

    await pieces.aclose()

    await asyncio.wait_for(server.client_left.wait(), LEAVING_SECONDS)


@pytest.mark.parametrize("script", [hangs, streams(then=hangs), streams(event("The vote"), then=hangs)])
async def test_cancelling_the_task_is_seen_by_the_server(start: Start, build: Build, script: Script) -> None:
    server = await start(script)
    task = asyncio.create_task(written(build(server.url)))
    await server.asked.wait()

    task.cancel()

    await asyncio.wait_for(server.client_left.wait(), LEAVING_SECONDS)
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_prompts_over_the_bound_wait_for_their_turn(start: Start, build: Build) -> None:
    underway, most = 0, 0

    async def script(exchange: Exchange) -> None:
        nonlocal underway, most
        underway += 1
        most = max(most, underway)
        await asyncio.sleep(0.02)
        underway -= 1
        await says("Yes.")(exchange)

    server = await start(script)
    model = build(server.url, bounds=Bounds(at_once=2, waiting=10))

    replies = await asyncio.gather(*(written(model) for _ in range(8)))

    assert replies == [["Yes."]] * 8
    assert most <= 2


async def test_a_prompt_that_would_wait_behind_too_many_is_turned_away_at_once(start: Start, build: Build) -> None:
    server = await start(streams(event("The vote"), then=hangs))
    model = build(server.url, bounds=Bounds(at_once=1, waiting=2))
    held = [asyncio.create_task(written(model)) for _ in range(3)]
    await server.asked.wait()

    _, error = await failing(model)

    assert isinstance(error, ModelBusy)
    assert len(server.chats) == 1
    for task in held:
        task.cancel()
    await asyncio.gather(*held, return_exceptions=True)


async def test_a_prompt_waits_for_its_turn_only_so_long(start: Start, build: Build) -> None:
    server = await start(streams(event("The vote"), then=hangs))
    model = build(server.url, bounds=Bounds(at_once=1, turn=SOON))
    async with aclosing(model.write(PROMPT)) as pieces:
        await anext(pieces)

        _, error = await failing(model)

    assert isinstance(error, ModelBusy)


async def test_a_turn_is_given_back_however_the_writing_ends(start: Start, build: Build) -> None:
    scripts = (answers({}, 404), streams(event("The"), then=hangs), streams(event("The")), says("Yes."))
    server = await start(in_turn(*scripts))
    model = build(server.url, bounds=Bounds(at_once=1, waiting=0))
    await failing(model)
    async with aclosing(model.write(PROMPT)) as pieces:
        await anext(pieces)
    await failing(model)

    assert await written(model) == ["Yes."]
