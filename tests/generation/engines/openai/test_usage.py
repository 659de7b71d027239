"""How many tokens a server says that it read and wrote."""

from __future__ import annotations

import pytest

from generation.engines.openai import OpenAIModel
from generation.messages import Usage
from storage.errors import GenerationError
from tests.generation.engines.openai.writing import (
    PROMPT,
    Build,
    Start,
    failing,
    written,
)
from tests.generation.engines.servers import (
    DONE,
    MODEL,
    answers,
    data,
    event,
    in_turn,
    says,
    streams,
)


async def test_a_model_that_thinks_until_its_tokens_are_spent_says_so(start: Start, build: Build) -> None:
    server = await start(says("<think>Hmm", " and so on", finish="length"))

    pieces, error = await failing(build(server.url))

    assert pieces == []
    assert "spent all 40 tokens before its reply began" in str(error)
    assert len(server.chats) == 1


def figures(read: object, written_: object, *, in_the_last_piece: bool = False) -> bytes:
    """What servers say a reply came to: after its last piece, or with it."""
    usage = {"prompt_tokens": read, "completion_tokens": written_, "total_tokens": 0}
    choices = [{"index": 0, "delta": {}, "finish_reason": "stop"}] if in_the_last_piece else []
    return data({"id": "1", "object": "chat.completion.chunk", "model": MODEL, "choices": choices, "usage": usage})


async def counted(model: OpenAIModel) -> list[str | Usage]:
    return [part async for part in model.counted(PROMPT)]


@pytest.mark.parametrize(
    "blocks",
    [(event(finish="stop"), figures(30, 12)), (figures(30, 2), figures(30, 12, in_the_last_piece=True))],
    ids=["after the last piece", "with each piece"],
)
async def test_what_a_server_says_it_read_and_wrote_is_told(
    start: Start, build: Build, blocks: tuple[bytes, ...]
) -> None:
    server = await start(streams(event("Yes."), *blocks, DONE))

    assert await counted(build(server.url)) == ["Yes.", Usage(tokens=42)]
    assert await written(build(server.url)) == ["Yes."]


@pytest.mark.parametrize("wrong", [-1, 10**12, 1.5, "many", None, [30]])
async def test_figures_that_are_none_are_not_told(start: Start, build: Build, wrong: object) -> None:
    server = await start(streams(event("Yes."), event(finish="stop"), figures(wrong, 12), figures(12, wrong), DONE))

    assert await counted(build(server.url)) == ["Yes."]


async def test_what_is_thought_for_nothing_is_told_too(start: Start, build: Build) -> None:
    server = await start(streams(event("<think>Hmm"), event(finish="length"), figures(30, 40), DONE))
    parts = build(server.url).counted(PROMPT)

    told = await anext(parts)
    with pytest.raises(GenerationError, match="spent all 40 tokens"):
        await anext(parts)

    assert told == Usage(tokens=70)


@pytest.mark.parametrize("status", [400, 422])
async def test_a_server_that_refuses_to_be_asked_for_figures_is_not_asked_for_them_again(
    start: Start, build: Build, status: int
) -> None:
    refusal = answers({"error": {"message": "stream_options: extra inputs are not permitted"}}, status)
    server = await start(in_turn(refusal, says("Yes."), says("No.")))
    model = build(server.url)

    replies = [await counted(model), await counted(model)]

    assert replies == [["Yes."], ["No."]]
    assert ["stream_options" in request.sent for request in server.chats] == [True, False, False]
