from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors import SafetensorError

from retrieval.training.growing import grow, read_vocabulary
from retrieval.training.vocabulary import Growth
from storage.errors import TrainingFailed
from tests.retrieval.training.toys import toy_model


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return toy_model(tmp_path, words=("bank", "的"))


def vectors(folder: Path, *texts: str) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    from sentence_transformers import SentenceTransformer

    return np.asarray(SentenceTransformer(str(folder), device="cpu").encode(list(texts), show_progress_bar=False))


def test_the_rows_of_a_saved_model_are_read_with_their_tokens(model: Path) -> None:
    vocabulary = read_vocabulary(model)

    assert vocabulary is not None
    assert vocabulary.table.shape == (7, 32)
    assert (vocabulary.known["bank"], vocabulary.known["的"]) == (5, 6)


def test_a_grown_model_reads_new_words_as_their_rows_and_old_ones_as_before(model: Path) -> None:
    before = vectors(model, "bank")
    vocabulary = read_vocabulary(model)
    assert vocabulary is not None
    bank, other = vocabulary.table[5], vocabulary.table[4]

    grow(
        model,
        Growth(characters=("央",), words=("央行",), rows=np.stack([other, bank]), replaced={6: bank}),
    )

    after = vectors(model, "bank", "央行", "的", "央", "行")
    assert after[0] == pytest.approx(before[0], abs=1e-5)
    assert after[1] == pytest.approx(before[0], abs=1e-5)
    assert after[2] == pytest.approx(before[0], abs=1e-5)
    assert not np.allclose(after[3], after[4], atol=1e-3)
    grown = read_vocabulary(model)
    assert grown is not None
    assert (grown.known["央"], grown.known["央行"], len(grown.table)) == (7, 8, 9)
    assert json.loads((model / "config.json").read_text())["vocab_size"] == 9
    assert not (model / "vocab.txt").exists()


def test_a_word_is_read_whole_in_the_midst_of_a_text(model: Path) -> None:
    from transformers import AutoTokenizer

    grow(model, Growth(characters=("央",), words=("央行",), rows=np.zeros((2, 32), dtype=np.float32), replaced={}))

    assert AutoTokenizer.from_pretrained(model).tokenize("bank的央行央") == ["bank", "的", "央行", "央"]


@pytest.mark.parametrize("change", [{"model": {"type": "Unigram"}}, {"added_tokens": [{"id": 99, "content": "more"}]}])
def test_a_model_of_another_make_cannot_grow(model: Path, change: dict[str, object]) -> None:
    tokenizer = json.loads((model / "tokenizer.json").read_text())
    (model / "tokenizer.json").write_text(json.dumps(tokenizer | change))

    assert read_vocabulary(model) is None


def test_a_model_kept_in_other_files_cannot_grow(model: Path) -> None:
    shutil.move(model / "model.safetensors", model / "pytorch_model.bin")

    assert read_vocabulary(model) is None


def test_a_disk_without_room_is_one_clear_line(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise SafetensorError("I/O error: No space left on device (os error 28)")

    monkeypatch.setattr("safetensors.numpy.save_file", full)

    with pytest.raises(TrainingFailed, match="No space left"):
        grow(model, Growth(characters=("央",), words=(), rows=np.zeros((1, 32), dtype=np.float32), replaced={}))
