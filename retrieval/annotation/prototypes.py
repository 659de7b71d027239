"""Example headlines for each subject and each tone, as an encoder sees them: what articles are compared with.

The examples lie beside this module in `prototypes.json`, in English and Chinese; we invented them, and the first of
each list describes its subject. Any encoder will do: how far its cosines are to be trusted is found out by holding each
example against the others, in each language by itself, for many an encoder reads English only.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.ports import Encoder, Vectors
from storage.domain.annotations import Category

SUBJECTS = tuple(category for category in Category if category is not Category.OTHER)
"""What articles can be about, in the order of the columns of `likeness`."""

# How many of a subject's examples an article must be near: one may be near by chance, all of them no article is.
_NEAREST = 5
# Steps of the search for the temperature; cosines of encoders lie close together in some, far apart in others.
_SHARPNESS = np.geomspace(2.0, 400.0, 80)
_ALIKE = 1e-4
_USUAL = "en"
# Articles are less clear than examples that were made up to be: measured, see `retrieval.annotation.categories`.
_LESS_CLEAR = 0.65


@dataclass(frozen=True, slots=True, kw_only=True)
class Prototypes:
    """The examples in the space of one encoder.

    Args:
        encoder: Its name.
        vectors: (n, d), unit rows, of the examples of all subjects.
        subjects: (n,), the column in `SUBJECTS` of each.
        sharpness: What likeness is multiplied with to become log-odds, by the language of the article.
        tone_axis: (d,), from bad news to good news.
        tone_middle: Where neutral examples lie on it, as a scalar product.
        tone_reach: How far from there good and bad ones lie, on average; greater than 0.
    """

    encoder: str
    vectors: Vectors
    subjects: NDArray[np.int64]
    sharpness: Mapping[str, float]
    tone_axis: NDArray[np.float32]
    tone_middle: float
    tone_reach: float

    def log_odds(self, vectors: Vectors, language: str | None) -> NDArray[np.float32]:
        """How much speaks for each subject: (m, len(SUBJECTS)) for (m, d) unit rows, up to a constant a row.

        Args:
            vectors: Of articles in one language.
            language: Its ISO 639-1 code; another than those of the examples, or none, counts as English.
        """
        sharpness = self.sharpness.get(language or _USUAL, self.sharpness[_USUAL])
        return np.asarray(_likeness(vectors @ self.vectors.T, self.subjects) * sharpness, dtype=np.float32)

    def tone(self, vector: NDArray[np.float32]) -> float:
        """About 1 where an article lies with the good news, -1 with the bad, 0 with what is neither."""
        return (float(vector @ self.tone_axis) - self.tone_middle) / self.tone_reach


class EncodedPrototypes:
    """The examples, encoded once for each encoder that is asked about: some three seconds on a processor.

    Args:
        folder: Where their vectors are kept from one process to the next; `None` keeps them in memory alone.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._held: dict[str, Prototypes] = {}
        self._lock = asyncio.Lock()

    async def of(self, encoder: Encoder) -> Prototypes:
        """The examples in the space of `encoder`.

        Raises:
            EncoderUnavailable: The model cannot be loaded, or fails.
        """
        async with self._lock:
            if encoder.name not in self._held:
                self._held[encoder.name] = _prototypes(encoder.name, await self._vectors(encoder))
            return self._held[encoder.name]

    async def _vectors(self, encoder: Encoder) -> Vectors:
        """Of all examples, in the order of `_texts`; a file that cannot be read or written costs their encoding."""
        file = self._folder / f"{_digest(encoder.name)}.npy" if self._folder else None
        vectors = _kept(file) if file else None
        if vectors is None:
            vectors = await encoder.encode_documents(_texts())
            if file is not None:
                _keep(file, vectors)
        return vectors


def _kept(file: Path) -> Vectors | None:
    with contextlib.suppress(OSError, ValueError, EOFError):
        vectors: Vectors = np.load(file, allow_pickle=False)
        return vectors if len(vectors) == len(_texts()) else None
    return None


def _keep(file: Path, vectors: Vectors) -> None:
    """Whole, or not at all."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as draft:
            np.save(draft, vectors)
        Path(draft.name).replace(file)


def examples(subject: Category) -> list[str]:
    """The example headlines of a subject, of all languages."""
    return [text for texts in _listed()["subjects"][subject.value].values() for text in texts]


def _named() -> list[tuple[int, str, str]]:
    """(column of its subject, language, text) of each example of a subject."""
    return [
        (column, language, text)
        for column, subject in enumerate(SUBJECTS)
        for language, texts in _listed()["subjects"][subject.value].items()
        for text in texts
    ]


def _tones() -> list[tuple[str, str]]:
    """(tone, text) of each example of a tone."""
    return [
        (tone, text) for tone, languages in _listed()["tones"].items() for texts in languages.values() for text in texts
    ]


def _texts() -> list[str]:
    return [*(text for *_, text in _named()), *(text for _, text in _tones())]


def _digest(encoder: str) -> str:
    """What tells the vectors of these examples by this encoder from all others."""
    return hashlib.blake2b(json.dumps([encoder, _texts()]).encode(), digest_size=16).hexdigest()


def _prototypes(encoder: str, encoded: Vectors) -> Prototypes:
    named, tones = _named(), _tones()
    vectors, toned = encoded[: len(named)], encoded[len(named) :]
    subjects = np.array([column for column, *_ in named], dtype=np.int64)
    written = np.array([language for _, language, _ in named])
    good, bad, neutral = (
        toned[[each == tone for each, _ in tones]].mean(axis=0) for tone in ("positive", "negative", "neutral")
    )
    axis = good - bad
    return Prototypes(
        encoder=encoder,
        vectors=vectors,
        subjects=subjects,
        sharpness={
            str(language): _sharpness(vectors, subjects, written == language) * _LESS_CLEAR
            for language in np.unique(written)
        },
        tone_axis=axis,
        tone_middle=float(neutral @ axis),
        # An encoder to which good and bad are the same gives no tone, rather than a division by nothing.
        tone_reach=max(float(axis @ axis) / 2, 1e-6),
    )


def _likeness(cosines: NDArray[np.float32], subjects: NDArray[np.int64]) -> NDArray[np.float32]:
    """The mean of the greatest few cosines to each subject's examples: (m, n) to (m, len(SUBJECTS))."""
    columns = []
    for column in range(len(SUBJECTS)):
        own = cosines[:, subjects == column]
        few = min(_NEAREST, own.shape[1])
        columns.append(np.partition(own, -few, axis=1)[:, -few:].mean(axis=1))
    return np.stack(columns, axis=1)


def _sharpness(vectors: Vectors, subjects: NDArray[np.int64], asked: NDArray[np.bool_]) -> float:
    """The factor under which the own subjects of the examples `asked` are likeliest, each told by the others alone."""
    cosines = vectors @ vectors.T
    # No example speaks for itself: it counts as being unlike itself.
    np.fill_diagonal(cosines, -1.0)
    likeness = _likeness(cosines, subjects)[asked]
    own = likeness[np.arange(len(likeness)), subjects[asked]]

    def surprise(sharpness: float) -> float:
        return float((np.log(np.exp((likeness - own[:, None]) * sharpness).sum(axis=1))).mean())

    # Of examples that all look alike what is left is the rounding of this machine's arithmetic, which tells nothing.
    if float(np.ptp(likeness)) < _ALIKE:
        return float(_SHARPNESS[0])
    return float(min(_SHARPNESS, key=surprise))


@cache
def _listed() -> dict[str, dict[str, dict[str, list[str]]]]:
    """The examples of each subject and each tone, by language."""
    found: dict[str, dict[str, dict[str, list[str]]]] = json.loads(
        resources.files(__package__).joinpath("prototypes.json").read_text(encoding="utf-8")
    )
    return found
