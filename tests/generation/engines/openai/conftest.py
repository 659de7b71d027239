"""A client whose clock stands still, and servers for it that do what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest

from generation.engines.openai import OpenAIModel
from generation.engines.openai_server import Bounds
from tests.generation.engines.openai.writing import KEY, SAFETY_SECONDS, Build, Start, Time
from tests.generation.engines.servers import (
    MODEL,
    ChatServer,
    Script,
)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def build(time: Time) -> AsyncIterator[Build]:
    models: list[OpenAIModel] = []

    def made(*urls: str, **settings: Any) -> OpenAIModel:
        bounds = settings.pop("bounds", Bounds(first=timedelta(seconds=60), between=timedelta(seconds=60)))
        given: dict[str, Any] = {"model": MODEL, "api_key": KEY, "clock": time, "sleep": time.sleep, **settings}
        models.append(OpenAIModel(urls, bounds=bounds, chance=lambda: 0.5, **given))
        return models[-1]

    yield made
    for model in models:
        await model.close()


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    async with AsyncExitStack() as stack, asyncio.timeout(SAFETY_SECONDS):

        async def started(script: Script, **settings: Any) -> ChatServer:
            return await stack.enter_async_context(ChatServer(script, **settings))

        yield started
