"""Hearing a chat model out: its text as claims, for as long as a reader would wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta

from generation.grounding.claims import Claim, ClaimReader
from generation.messages import Prompt
from generation.ports import ChatModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a reader waits for a model.

    Args:
        first: For its first words.
        whole: For all of it; what is sound by then is the answer.
    """

    first: timedelta = timedelta(seconds=20)
    whole: timedelta = timedelta(seconds=60)


def patience(whole: timedelta) -> Patience:
    """Waiting so long for all of it, and a third of that for the first words."""
    return Patience(first=whole / 3, whole=whole)


async def claims(model: ChatModel, prompt: Prompt, waiting: Patience) -> AsyncGenerator[Claim, None]:
    """What a model writes, sentence by sentence. Closing the iterator ends the writing.

    Raises:
        GenerationError: The model failed, or is busy.
        TimeoutError: It takes longer than a reader waits.
    """
    reader = ClaimReader()
    async with aclosing(model.write(prompt)) as pieces:
        until = time.monotonic() + waiting.whole.total_seconds()
        wait = waiting.first.total_seconds()
        # Each piece is waited for by itself: a time-out around all of them would end whoever reads the claims.
        while (piece := await asyncio.wait_for(anext(pieces, None), wait)) is not None:
            for claim in reader.feed(piece):
                yield claim
            if reader.full:
                return
            wait = until - time.monotonic()
    for claim in reader.finish():
        yield claim
