"""Texts as unit vectors: the encoder the rest of Tidings uses, whatever it runs on.

By default a model runs in 8-bit integers, made from the original once and kept; in full precision, through
sentence-transformers, where that is chosen. Nothing is imported or read before the first use, or `load`.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import re
import shutil
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from retrieval.index.fingerprint import fingerprint
from retrieval.index.int8 import Int8Model
from retrieval.index.making import Model, make
from retrieval.index.pretrained import PACKAGED, PACKAGED_SHA256, FullModel, canonical
from retrieval.index.shipped import SHIPPED, shipped_model
from retrieval.owner import OwnerThread
from retrieval.ports import Vectors
from storage.domain.encoders import EncoderModel
from storage.errors import EncoderUnavailable
from storage.libraries import first_line

logger = logging.getLogger(__name__)

Precision = Literal["int8", "float32"]

# How many passages a thread takes up at a time; in full precision they are computed together.
_BATCH = {"int8": 4, "float32": 16}
_REMEMBERED_QUERIES = 1024
# A disk or a hub that failed may be back; to find out that a model is still none takes seconds of a processor.
_TRY_AGAIN_SECONDS = 300.0
# Changes when what is kept of a model changes.
_KEPT_AS = 1
# Behind the name of one that could not be opened.
_ASIDE = ".unusable"
# Making one takes a core or two for a while, and the second to ask finds it made.
_making = Lock()


def identified(name: str, precision: Precision) -> EncoderModel:
    """The encoder of a model by name or path, by the name that its vectors are kept under.

    A folder goes by what it holds: another model under the same path is another encoder, the same one elsewhere is not.
    """
    model = canonical(name)
    shown = model
    if model not in {PACKAGED, SHIPPED} and (folder := Path(model)).is_dir():
        model, shown = str(folder.absolute()), _named_by_content(folder)
    return EncoderModel(
        name=shown if precision == "float32" else f"{shown} {precision}", model=model, precision=precision
    )


class SentenceEncoder:
    """A sentence-transformers model, implementing `retrieval.ports.Encoder`.

    Args:
        name: `SHIPPED`, `PACKAGED`, or any sentence-transformers model by name or path.
        precision: `int8` for processors; `float32` for GPUs, and for models that do not survive it.
        cache: Folder where 8-bit models are kept once they are made; for any number of processes.
        threads: How many processor threads may compute passages.
        kept_as: The name that vectors of it are kept under already. What the path holds must be that very model, unless
            its 8-bit form is kept.
    """

    def __init__(
        self,
        name: str,
        *,
        precision: Precision = "int8",
        cache: Path,
        threads: int = 2,
        kept_as: str | None = None,
    ) -> None:
        self._model_name = canonical(name)
        self._precision: Precision = precision
        self._kept_as = kept_as
        self._cache = cache
        self._threads = threads
        # Full precision spreads one computation over the threads itself, and is for one caller at a time.
        workers = threads if precision == "int8" else 1
        self._documents = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="encoder")
        self._questions = OwnerThread("encoder-query")
        self._loading = Lock()
        self._using = Lock()
        self._model: Model | None = None
        self._failure: str | None = None
        self._try_again = 0.0
        self._remembered: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    @cached_property
    def name(self) -> str:
        """Identifies the model and its precision beside stored vectors."""
        return self._kept_as or identified(self._model_name, self._precision).name

    async def load(self) -> None:
        """Load the model now rather than with the first text.

        Raises:
            EncoderUnavailable: It cannot be loaded; calls within some minutes say so at once.
        """
        await self._questions.run(self._loaded)

    async def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Vectors in the order of `texts`, encoded in small batches of similar length.

        Raises:
            EncoderUnavailable: The model cannot be loaded, or fails on a text; the next call computes anew.
        """
        vectors: list[NDArray[np.float32]] = [np.empty(0, dtype=np.float32)] * len(texts)
        longest_first = sorted(range(len(texts)), key=lambda at: -len(texts[at]))
        size = _BATCH[self._precision]
        batches = [longest_first[start : start + size] for start in range(0, len(texts), size)]
        futures = [
            asyncio.wrap_future(self._documents.submit(self._encode, [texts[at] for at in batch], query=False))
            for batch in batches
        ]
        # Cancelled, it takes back what no thread has begun.
        encoded = await asyncio.gather(*futures)
        for batch, rows in zip(batches, encoded, strict=True):
            for at, vector in zip(batch, rows, strict=True):
                vectors[at] = vector
        return np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)

    async def encode_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question; the last ones asked are remembered.

        Raises:
            EncoderUnavailable: The model cannot be loaded, or fails on it; the next call computes anew.
        """
        vector = self._remembered.get(text)
        if vector is None:
            vector = np.array((await self._questions.run(self._encode, [text], query=True))[0])
            vector.flags.writeable = False
            self._remembered[text] = vector
            if len(self._remembered) > _REMEMBERED_QUERIES:
                self._remembered.popitem(last=False)
        else:
            self._remembered.move_to_end(text)
        return vector

    def close(self) -> None:
        """Finish the batches under way and let go of the model."""
        self._questions.close()
        self._documents.shutdown(wait=True, cancel_futures=True)
        self._model = None

    def _encode(self, texts: Sequence[str], *, query: bool) -> Vectors:
        model = self._loaded()
        try:
            if self._precision == "int8":
                return model.encode(texts, query=query)
            with self._using:
                return model.encode(texts, query=query)
        except Exception as error:
            # Of any kind: the libraries, and the device below them, run out of memory each in their own way.
            raise EncoderUnavailable(self._model_name, f"cannot encode: {first_line(error)}") from error

    def _loaded(self) -> Model:
        with self._loading:
            if self._failure is not None and time.monotonic() < self._try_again:
                # A new one each time: an error collects the frames, and with them the questions, it passes through.
                raise EncoderUnavailable(self._model_name, self._failure)
            if self._model is None:
                try:
                    self._model = self._open()
                except EncoderUnavailable as error:
                    self._failure = error.reason
                    self._try_again = time.monotonic() + _TRY_AGAIN_SECONDS
                    raise
            return self._model

    def _open(self) -> Model:
        if self._precision == "float32":
            self._refuse_another()
            return FullModel(self._model_name, threads=self._threads)
        if self._model_name == SHIPPED:
            return _shipped()
        folder = self._cache / _folder_name(self.name)
        for _ in range(2):
            with _making:
                if not folder.exists():
                    self._make(folder)
            try:
                return Int8Model(folder)
            except (MemoryError, ImportError) as error:
                # No fault of the files.
                raise EncoderUnavailable(self._model_name, f"cannot be run ({error!r})") from error
            except Exception as error:  # noqa: BLE001 - whatever is wrong with the files, they can be made again
                logger.warning("encoder_kept_model_unusable", extra={"folder": str(folder), "reason": repr(error)})
                _set_aside(folder)
        raise EncoderUnavailable(self._model_name, f"its 8-bit form in {folder} cannot be read")

    def _make(self, folder: Path) -> None:
        try:
            self._refuse_another()
            logger.info("encoder_made_int8", extra={"encoder": self._model_name})
            make(self._model_name, folder, threads=self._threads)
        except EncoderUnavailable:
            # What was set aside is the only one there is, and may open the next time.
            with contextlib.suppress(OSError):
                _aside(folder).rename(folder)
            raise

    def _refuse_another(self) -> None:
        if self._kept_as not in {None, identified(self._model_name, self._precision).name}:
            reason = f"no longer holds the model that vectors are kept of ({self._kept_as})"
            raise EncoderUnavailable(self._model_name, reason)


def _shipped() -> Model:
    try:
        return Int8Model(shipped_model())
    except (MemoryError, ImportError) as error:
        # No fault of the files.
        raise EncoderUnavailable(SHIPPED, f"cannot be run ({error!r})") from error
    except Exception as error:
        # Of any kind: the libraries meet files that are not what was installed.
        raise EncoderUnavailable(SHIPPED, f"its files cannot be used ({error!r}); reinstall tidings") from error


def _set_aside(folder: Path) -> None:
    """Make room for one that is made anew, and keep this one: what keeps it from opening need not be its fault."""
    shutil.rmtree(_aside(folder), ignore_errors=True)
    with contextlib.suppress(OSError):
        folder.rename(_aside(folder))


def _aside(folder: Path) -> Path:
    return folder.with_name(folder.name + _ASIDE)


def _named_by_content(folder: Path) -> str:
    try:
        return f"{folder.absolute().name}@{fingerprint(folder)}"
    except OSError:
        # Loading it says why.
        return str(folder)


def _folder_name(encoder: str) -> str:
    """Where the 8-bit form of an encoder's model is kept, by the encoder's name."""
    digest = hashlib.sha256(f"{_KEPT_AS} {encoder} {PACKAGED_SHA256}".encode()).hexdigest()
    return f"{re.sub(r'[^A-Za-z0-9.-]+', '-', Path(encoder).name)}-{digest[:16]}"
