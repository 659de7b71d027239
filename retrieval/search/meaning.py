"""How near texts are to a question in meaning, whatever language either is in: by the encoder that searches use."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from retrieval.ports import Spaces


class Meaning:
    """Compares texts that no index holds, implementing `generation.ports.Likeness`.

    Args:
        spaces: Knows the encoder that serves.
    """

    def __init__(self, spaces: Spaces) -> None:
        self._spaces = spaces

    async def __call__(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """The cosine of each text and the question, in the order of `texts`.

        Raises:
            EncoderUnavailable: The model cannot be loaded, or fails.
        """
        encoder = (await self._spaces.current()).encoder
        asked, told = await asyncio.gather(encoder.encode_query(question), encoder.encode_documents(texts))
        return [float(cosine) for cosine in told @ asked]
