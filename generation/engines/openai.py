"""A chat model behind any OpenAI-compatible server: vLLM, SGLang, Ollama, llama.cpp.

Servers are asked in order until one writes; one that failed is asked last for a while.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import PurePath

from generation.engines.openai_client import NAME
from generation.engines.openai_server import Bounds, Failure, Server
from generation.engines.tokens import estimate
from generation.messages import Prompt, Usage
from storage.errors import GenerationError, ModelBusy


class OpenAIModel:
    """A `ChatModel` that servers run.

    Args:
        base_urls: Roots of the servers' APIs, the preferred one first; `/v1` is added where an address has no path.
            A name and password, or a query, in one are sent along and never shown.
        model: As the servers name it; what each of them lists first where it is `None`.
        api_key: The same for all servers; `None` for servers that ask for none.
        context: Tokens that a prompt and its reply may have together.
        bounds: Of time and number.
        clock: Seconds from any beginning, never going back.
        sleep: Waits that many seconds.
        chance: A number in [0, 1), by chance.

    Raises:
        GenerationError: An address or the key cannot be used.
    """

    def __init__(
        self,
        base_urls: Sequence[str],
        *,
        model: str | None = None,
        api_key: str | None = None,
        context: int = 8192,
        bounds: Bounds | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        if not base_urls:
            raise GenerationError(NAME, "no address of a server is given")
        self._bounds = bounds or Bounds()
        self._servers = [Server(url, model, api_key, self._bounds) for url in base_urls]
        self._context = context
        self._clock, self._sleep, self._chance = clock, sleep, chance
        self._slots = asyncio.Semaphore(self._bounds.at_once)
        self._waiting = 0
        self._wrote: Server | None = None

    @property
    def name(self) -> str:
        """The model of the server that wrote last; before that, of the first whose model is known."""
        order = self._servers if self._wrote is None else (self._wrote, *self._servers)
        known = next((server.model for server in order if server.model), NAME)
        # A server that reads its model from a folder names it by the whole path.
        return PurePath(known).name if known.startswith("/") else known

    @property
    def wrote_at(self) -> str | None:
        """The host of the server that wrote last; `None` before any did."""
        return None if self._wrote is None else self._wrote.host

    @property
    def context(self) -> int:
        return self._context

    def count(self, text: str) -> int:
        """An estimate: the tokenizer is the server's."""
        return estimate(text)

    async def write(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """As `ChatModel.write`; what a model writes down as its thoughts is left out."""
        async with aclosing(self.counted(prompt)) as parts:
            async for part in parts:
                if not isinstance(part, Usage):
                    yield part

    async def counted(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """As `Counting.counted`, where the server says how much it read and wrote."""
        async with self._turn():
            order, failures = self._by_health(), dict[Server, Failure]()
            for retry in range(self._bounds.retries + 1):
                if retry:
                    await self._sleep(self._pause(retry, [failures[server] for server in order]))
                for server in order:
                    asked_at, begun = self._clock(), False
                    try:
                        async with aclosing(server.write(prompt)) as pieces:
                            async for piece in pieces:
                                if not isinstance(piece, Usage):
                                    begun, self._wrote = True, server
                                yield piece
                    except Failure as failure:
                        server.cool(failure, asked_at, self._clock())
                        if begun:
                            raise GenerationError(NAME, f"{failure}, in the midst of its reply") from None
                        failures[server] = failure
                    else:
                        return
                order = [server for server in order if self._may_pass(failures[server])]
                if not order:
                    break
            raise _summary(failures.values())

    async def load(self) -> None:
        """There is nothing to do: servers have loaded their models."""

    async def close(self) -> None:
        """Close the connections."""
        for server in self._servers:
            await server.close()

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._slots.locked() and self._waiting >= self._bounds.waiting:
            raise ModelBusy(NAME, f"{self._waiting} prompts are waiting already")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._bounds.turn.total_seconds()):
                await self._slots.acquire()
        except TimeoutError:
            raise ModelBusy(NAME, f"no turn within {self._bounds.turn.total_seconds():g} s") from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._slots.release()

    def _by_health(self) -> list[Server]:
        """All servers, those that cool last. One that has cooled is tried by one prompt, not by all at once."""
        now = self._clock()
        order = sorted(self._servers, key=lambda server: server.is_cooling(now))
        if order[0].cools_until is not None:
            order[0].cools_until = now + self._bounds.cooling.total_seconds()
        return order

    def _may_pass(self, failure: Failure) -> bool:
        return failure.passing and failure.wait <= self._bounds.longest_pause.total_seconds()

    def _pause(self, retry: int, failures: Sequence[Failure]) -> float:
        """Seconds: what the servers asked for at least, spread so that not everyone comes back at once."""
        spread = self._bounds.pause.total_seconds() * 2.0 ** (retry - 1) * (0.5 + self._chance())
        return min(failure.wait for failure in failures) + spread


def _summary(failures: Collection[Failure]) -> GenerationError:
    reason = "; ".join(map(str, failures))
    return ModelBusy(NAME, reason) if any(failure.busy for failure in failures) else GenerationError(NAME, reason)
