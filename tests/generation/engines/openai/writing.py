"""What the tests of the client of OpenAI-compatible servers ask it, and how its writing is read."""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from typing import Any

import pytest

from generation.engines.openai import OpenAIModel
from generation.messages import Message, Prompt, Role
from generation.ports import ChatModel
from storage.errors import GenerationError

KEY = "sk-very-secret"
QUESTION = "What did the minister whisper?"
PROMPT = Prompt(
    name="answer/1",
    messages=(Message(role=Role.SYSTEM, text="Cite."), Message(role=Role.USER, text=QUESTION)),
    tokens=40,
)
SOON = timedelta(seconds=0.3)
# Ends a test that hangs; nothing is measured by it.
SAFETY_SECONDS = 120
# How soon a server sees that its client left: some milliseconds, but for a machine that does much else.
LEAVING_SECONDS = 5

Build = Callable[..., OpenAIModel]
Start = Callable[..., Any]


class Time:
    """A clock that tests move, and a sleep that takes no time and is written down."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def refused() -> str:
    """An address on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


async def written(model: ChatModel, prompt: Prompt = PROMPT) -> list[str]:
    return [piece async for piece in model.write(prompt)]


async def next_of(pieces: AsyncGenerator[str, None]) -> str | None:
    return await anext(pieces, None)


async def failing(model: ChatModel, prompt: Prompt = PROMPT) -> tuple[list[str], GenerationError]:
    """What was written before the model failed, and how it failed."""
    pieces: list[str] = []
    try:
        async for piece in model.write(prompt):
            pieces.append(piece)  # noqa: PERF401 - what was written before the failure is kept
    except GenerationError as error:
        return pieces, error
    pytest.fail(f"it wrote {pieces}")
