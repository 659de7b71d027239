"""The encoder that ships: what the package holds is a whole model, in either precision, that knows both languages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from retrieval.index import encoder as module
from retrieval.index.encoder import SentenceEncoder
from retrieval.index.shipped import SHIPPED, shipped_model
from storage.errors import EncoderUnavailable

TEXTS = [
    "The central bank raised interest rates by half a point.",
    "央行周四将利率上调五十个基点。",
    "Rescuers reached the last of the miners.",
    "救援人员找到了最后一名矿工。",
    "The team won the cup on penalties.",
    "球队在点球大战中夺冠。",
]
MOST_BYTES = 40_000_000
CONTENT = {"tidings-news-1": "3f8cfc810a9b26bd318aec7a5fd543a5b4e584a387767c011716c02f26e236e6"}
"""What each model that ever shipped under a name consists of: other vectors need another name."""


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SentenceEncoder]:
    encoder = SentenceEncoder(SHIPPED, cache=tmp_path_factory.mktemp("cache"))
    yield encoder
    encoder.close()


def test_it_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in shipped_model().rglob("*") if path.is_file()) <= MOST_BYTES


def test_its_name_stands_for_these_very_files() -> None:
    digest = hashlib.sha256()
    for name in ("about.json", "int8.onnx", "tokenizer.json"):
        digest.update((shipped_model() / name).read_bytes())

    assert CONTENT[SHIPPED] == digest.hexdigest()


async def test_nothing_is_made_or_fetched_before_its_first_vector(tmp_path: Path) -> None:
    encoder = SentenceEncoder(SHIPPED, cache=tmp_path / "cache")

    vector = await encoder.encode_query("news")
    encoder.close()

    assert vector.shape == (384,)
    assert not (tmp_path / "cache").exists()


async def test_each_sentence_is_nearest_to_itself_in_the_other_language(shipped: SentenceEncoder) -> None:
    vectors = await shipped.encode_documents(TEXTS)

    likeness = vectors @ vectors.T - 2 * np.eye(len(TEXTS))

    assert np.argmax(likeness, axis=1).tolist() == [1, 0, 3, 2, 5, 4]


async def test_in_full_precision_it_is_the_same_model(shipped: SentenceEncoder, tmp_path: Path) -> None:
    full = SentenceEncoder(SHIPPED, precision="float32", cache=tmp_path)

    exact, small = await full.encode_documents(TEXTS), await shipped.encode_documents(TEXTS)
    full.close()

    assert full.name == SHIPPED
    assert np.sum(exact * small, axis=1).min() >= 0.98


async def test_files_that_are_damaged_are_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "shipped_model", lambda: tmp_path)
    encoder = SentenceEncoder(SHIPPED, cache=tmp_path)

    with pytest.raises(EncoderUnavailable, match="reinstall tidings"):
        await encoder.encode_query("news")
    encoder.close()
