"""How much a chat model reads and writes for whoever is being answered, and whether it may.

What is measured is what goes on within `measured`, and in the tasks that are begun there. Elsewhere nobody asks, and a
model is not bounded.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from generation.messages import Prompt
from generation.ports import ChatModel
from storage.errors import ModelSpent


@dataclass(slots=True, kw_only=True)
class Meter:
    """What was read and written so far, in tokens as the model counts them, and whether it may be."""

    allowed: bool = True
    tokens: int = 0


_METER: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def measured(*, allowed: bool) -> Iterator[Meter]:
    """Count within, and let no model write where that is not allowed."""
    meter = Meter(allowed=allowed)
    outer = _METER.set(meter)
    try:
        yield meter
    finally:
        _METER.reset(outer)


class MeteredModel:
    """A `ChatModel` whose reading and writing is measured.

    Args:
        model: Writes.
    """

    def __init__(self, model: ChatModel) -> None:
        self.model = model

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def context(self) -> int:
        return self.model.context

    def count(self, text: str) -> int:
        """As the model does."""
        return self.model.count(text)

    async def write(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """As the model does.

        Raises:
            ModelSpent: It may not.
        """
        meter = _METER.get()
        if meter is not None and not meter.allowed:
            raise ModelSpent(self.name, "what it may write in a day is used up")
        written: list[str] = []
        try:
            async with aclosing(self.model.write(prompt)) as pieces:
                async for piece in pieces:
                    if meter is not None and not written:
                        # Only what was read: a model that is too busy reads nothing.
                        meter.tokens += await asyncio.to_thread(self._read, prompt)
                    written.append(piece)
                    yield piece
        finally:
            if meter is not None and written:
                meter.tokens += self.model.count("".join(written))

    async def load(self) -> None:
        """As the model does."""
        await self.model.load()

    async def close(self) -> None:
        """As the model does."""
        await self.model.close()

    def _read(self, prompt: Prompt) -> int:
        return sum(self.model.count(message.text) for message in prompt.messages)
