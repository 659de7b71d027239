"""How long the encoder takes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from bot.watching.meter import ENCODING, Encoded, Meter
from retrieval.index.spaces import OpenedSpace
from retrieval.ports import Encoder, Vector, Vectors


class TimedEncoder:
    """An encoder that tells how long it takes, also where it fails."""

    def __init__(self, encoder: Encoder, meter: Meter) -> None:
        self._encoder, self._meter = encoder, meter

    @property
    def name(self) -> str:
        return self._encoder.name

    async def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """As it is encoded."""
        begun = time.perf_counter()
        try:
            return await self._encoder.encode_documents(texts)
        finally:
            self._meter.took(ENCODING, time.perf_counter() - begun, Encoded.PASSAGES)

    async def encode_query(self, text: str) -> Vector:
        """As it is encoded."""
        begun = time.perf_counter()
        try:
            return await self._encoder.encode_query(text)
        finally:
            self._meter.took(ENCODING, time.perf_counter() - begun, Encoded.QUERY)


def timed(opened: OpenedSpace, meter: Meter) -> OpenedSpace:
    """The same space, its encoder timed."""
    return replace(opened, space=replace(opened.space, encoder=TimedEncoder(opened.space.encoder, meter)))
