"""The space of any encoder an instance has used, opened where its index lies and its model is kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from retrieval.index.chroma import ChromaIndex
from retrieval.index.encoder import SentenceEncoder
from retrieval.index.spaces import OpenedSpace
from retrieval.ports import Space
from storage.domain.encoders import EncoderModel


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceOpener:
    """Opens spaces; nothing is loaded before their first use.

    Args:
        chroma: A folder for embedded Chroma, or the URL of a server.
        folder: Where is kept here what a server does not hold.
        cache: Folder of models in 8 bits.
        threads: How many processor threads may compute passages.
    """

    chroma: Path | str
    folder: Path
    cache: Path
    threads: int

    def __call__(self, model: EncoderModel) -> OpenedSpace:
        """The space of this encoder."""
        encoder = SentenceEncoder(
            model.model,
            precision="float32" if model.precision == "float32" else "int8",
            cache=self.cache,
            threads=self.threads,
            kept_as=model.name,
        )
        dense = ChromaIndex(self.chroma, model.name, self.folder)

        def close() -> None:
            encoder.close()
            dense.close()

        return OpenedSpace(space=Space(encoder=encoder, dense=dense), close=close)
