"""How much a chat model reads and writes for whoever is being answered, and how much more it may.

What is measured is what goes on within `measured`, and in the tasks that are begun there. Elsewhere nobody asks, and a
model is not bounded. What a model says it read and wrote counts; where it does not say, what it can be told to be.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from generation.messages import Prompt, Usage
from generation.ports import ChatModel, Counting
from storage.errors import ModelSpent


@dataclass(slots=True, kw_only=True)
class Meter:
    """What was read and written so far, in tokens as the model counts them.

    Args:
        left: How much that may come to, after which nothing more is begun; `None` is any number.
    """

    left: int | None = None
    tokens: int = 0

    @property
    def spent(self) -> bool:
        return self.left is not None and self.tokens >= self.left


_METER: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def measured(*, left: int | None) -> Iterator[Meter]:
    """Count within, and let no model begin to write once that many tokens are used up."""
    meter = Meter(left=left)
    outer = _METER.set(meter)
    try:
        yield meter
    finally:
        _METER.reset(outer)


class MeteredModel:
    """A `ChatModel` whose reading and writing is measured.

    Args:
        model: Writes.
        took: Told how many seconds each piece of writing took, to its end, whatever that was.
    """

    def __init__(self, model: ChatModel, took: Callable[[float], None] | None = None) -> None:
        self.model, self._took = model, took

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
        begun = time.perf_counter()
        try:
            async with aclosing(self._written(prompt)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            if self._took is not None:
                self._took(time.perf_counter() - begun)

    async def _written(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        meter = _METER.get()
        if meter is None:
            async with aclosing(self.model.write(prompt)) as pieces:
                async for piece in pieces:
                    yield piece
            return
        if meter.spent:
            raise ModelSpent(self.name, "what it may write in a day is used up")
        read, written, used = 0, list[str](), list[Usage]()
        try:
            async with aclosing(self._counted(prompt)) as parts:
                async for part in parts:
                    if isinstance(part, Usage):
                        used.append(part)
                        continue
                    if not written:
                        # Only what was read: a model that is too busy reads nothing.
                        read = await asyncio.to_thread(self._read, prompt)
                        meter.tokens += read
                    written.append(part)
                    yield part
        finally:
            if used:
                meter.tokens += sum(each.tokens for each in used) - read
            elif written:
                meter.tokens += self.model.count("".join(written))

    async def load(self) -> None:
        """As the model does."""
        await self.model.load()

    async def close(self) -> None:
        """As the model does."""
        await self.model.close()

    def _counted(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        return self.model.counted(prompt) if isinstance(self.model, Counting) else self.model.write(prompt)

    def _read(self, prompt: Prompt) -> int:
        return sum(self.model.count(message.text) for message in prompt.messages)
