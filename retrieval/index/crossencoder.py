"""A cross-encoder by name: reads question and passage together, which finds more and takes far longer.

Beside `retrieval.index.pretrained` the only module that imports sentence-transformers at run time. Nothing is loaded
before the first question, or `load`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from retrieval.owner import OwnerThread
from retrieval.ports import Candidate
from storage.errors import EncoderUnavailable
from storage.libraries import first_line, quietly, require_on_hub

# A disk or a hub that failed may be back.
_TRY_AGAIN_SECONDS = 60.0
_BATCH = 16


class CrossReranker:
    """A sentence-transformers cross-encoder, implementing `retrieval.ports.Reranker`.

    Args:
        name: The model, by name or path. Models by name come from the hub's cache, and from the hub itself where
            `HF_HUB_OFFLINE` does not forbid it.
        most: How many passages of a question it reads; those after them keep their order, below.
    """

    def __init__(self, name: str, *, most: int = 40) -> None:
        self._name = name
        self._most = most
        self._owner = OwnerThread("crossencoder")
        self._model: Any = None
        self._failure: str | None = None
        self._try_again = 0.0

    async def load(self) -> None:
        """Load the model now rather than with the first question.

        Raises:
            EncoderUnavailable: It cannot be loaded; calls within a minute say so at once.
        """
        await self._owner.run(self._loaded)

    async def scores(self, question: str, candidates: Sequence[Candidate]) -> Sequence[float]:
        """What the model says of each, in its own measure; larger is better.

        Raises:
            EncoderUnavailable: The model cannot be loaded, or fails on them; the next call computes anew.
        """
        return await self._owner.run(self._scores, question, candidates)

    def close(self) -> None:
        """Finish the question under way and let go of the model."""
        self._owner.close()
        self._model = None

    def _scores(self, question: str, candidates: Sequence[Candidate]) -> Sequence[float]:
        read = candidates[: self._most]
        if not read:
            return ()
        pairs = [(question, f"{each.passage.headline.title}\n{each.passage.text}") for each in read]
        model = self._loaded()
        try:
            scores = [float(score) for score in model.predict(pairs, batch_size=_BATCH, show_progress_bar=False)]
        except Exception as error:
            # Of any kind: the libraries, and the device below them, run out of memory each in their own way.
            raise EncoderUnavailable(self._name, f"cannot score: {first_line(error)}") from error
        lowest = min(scores)
        return [*scores, *(lowest - place for place in range(1, len(candidates) - len(read) + 1))]

    def _loaded(self) -> Any:
        if self._failure is not None and time.monotonic() < self._try_again:
            raise EncoderUnavailable(self._name, self._failure)
        if self._model is None:
            try:
                self._model = _load(self._name)
            except EncoderUnavailable as error:
                self._failure = error.reason
                self._try_again = time.monotonic() + _TRY_AGAIN_SECONDS
                raise
        return self._model


def _load(name: str) -> Any:
    with quietly():
        try:
            from sentence_transformers import CrossEncoder

            try:
                model = CrossEncoder(name, local_files_only=True)
            except (OSError, ValueError):
                require_on_hub(name)
                model = CrossEncoder(name)
        except Exception as error:
            # Any model may be named: what its files or code raise means that it cannot be used.
            raise EncoderUnavailable(name, first_line(error)) from error
        if model.num_labels != 1:
            raise EncoderUnavailable(name, f"gives {model.num_labels} scores a pair; a reranker gives one")
        return model
