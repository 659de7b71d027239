from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest

from retrieval.index import encoder as module
from retrieval.index import making, pretrained
from retrieval.index.encoder import SentenceEncoder, identified
from retrieval.index.making import check_agreement
from retrieval.index.pretrained import PACKAGED, FullModel, packaged_model
from retrieval.ports import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
from storage.errors import EncoderUnavailable

pytestmark = pytest.mark.early

TEXTS = [
    "The central bank raised interest rates by half a point.",
    "央行加息五十个基点。",
    "rates",
    "A storm closed schools and roads along the coast. " * 30,
    "🙂",
]


@pytest.fixture
def made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models are made in this process, which has the libraries loaded: a process of its own takes seconds each time."""
    monkeypatch.setattr(making, "_in_a_process", making.complete)


async def test_vectors_are_unit_rows_in_the_order_of_the_texts(encoder: SentenceEncoder) -> None:
    together = await encoder.encode_documents(TEXTS)
    alone = np.stack([(await encoder.encode_documents([text]))[0] for text in TEXTS])

    assert together.shape == (5, 384)
    assert together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    assert np.sum(together * alone, axis=1) == pytest.approx(np.ones(5), abs=1e-5)


async def test_a_question_is_nearest_to_the_text_that_answers_it(encoder: SentenceEncoder) -> None:
    documents = await encoder.encode_documents(TEXTS[:1] + TEXTS[3:])

    query = await encoder.encode_query("What did the bank do to interest rates?")

    assert int(np.argmax(documents @ query)) == 0


async def test_eight_bits_keep_close_to_the_model_run_in_full_precision(encoder: SentenceEncoder) -> None:
    exact = reference().encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)

    documents = await encoder.encode_documents(TEXTS)
    queries = np.stack([await encoder.encode_query(text) for text in TEXTS])

    assert np.sum(documents * exact, axis=1).min() >= 0.97
    assert np.sum(queries * exact, axis=1).min() >= 0.97
    assert np.argsort(documents @ documents[0]).tolist() == np.argsort(exact @ exact[0]).tolist()


async def test_full_precision_is_the_library_s_own(cache: Path) -> None:
    exact = reference().encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    encoder = SentenceEncoder(PACKAGED, precision="float32", cache=cache)

    documents = await encoder.encode_documents(TEXTS)
    query = await encoder.encode_query(TEXTS[0])
    encoder.close()

    assert encoder.name == "all-MiniLM-L6-v2"
    assert np.sum(documents * exact, axis=1).min() >= 0.999
    assert query @ exact[0] >= 0.999


def reference() -> SentenceTransformer:
    import torch
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(packaged_model()), device="cpu", model_kwargs={"dtype": torch.float32})


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
@pytest.mark.usefixtures("made_here")
async def test_a_model_that_cannot_be_had_is_one_clear_line(name: str, tmp_path: Path) -> None:
    encoder = SentenceEncoder(name, cache=tmp_path)

    for _ in range(2):
        with pytest.raises(EncoderUnavailable) as raised:
            await encoder.encode_query("hello")
        assert str(raised.value).startswith(f"encoder {name}: ")
        assert "\n" not in str(raised.value)
    encoder.close()


@pytest.mark.usefixtures("made_here")
async def test_a_failure_is_said_anew_and_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = SentenceEncoder(str(tmp_path / "model"), cache=tmp_path / "cache")
    errors = []
    for _ in range(2):
        with pytest.raises(EncoderUnavailable) as raised:
            await encoder.encode_query("hello")
        errors.append(raised.value)
    tiny_model(tmp_path)
    monkeypatch.setattr(module.time, "monotonic", lambda: float("inf"))

    assert errors[0] is not errors[1]
    assert str(errors[0]) == str(errors[1])
    assert np.linalg.norm(await encoder.encode_query("hello")) == pytest.approx(1.0, abs=1e-5)
    encoder.close()


class Failing:
    """A model that fails as it is told to, as libraries do over several lines, and then encodes."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)

    def encode(self, texts: Sequence[str], *, query: bool) -> Vectors:
        if self.errors:
            raise self.errors.pop(0)
        return np.full((len(texts), 4), 0.5, dtype=np.float32)


@pytest.mark.parametrize("precision", ["int8", "float32"])
async def test_a_model_that_fails_over_a_text_says_so_in_one_line_and_is_used_again(
    tmp_path: Path, precision: Literal["int8", "float32"]
) -> None:
    encoder = SentenceEncoder("some/model", precision=precision, cache=tmp_path)
    encoder._model = Failing(RuntimeError("CUDA out of memory.\nTried to allocate 20 MiB."), MemoryError())

    with pytest.raises(EncoderUnavailable) as query:
        await encoder.encode_query("tides")
    with pytest.raises(EncoderUnavailable) as documents:
        await encoder.encode_documents(["tides"])

    assert str(query.value) == "encoder some/model: cannot encode: CUDA out of memory."
    assert str(documents.value) == "encoder some/model: cannot encode: MemoryError"
    assert isinstance(documents.value.__cause__, MemoryError)
    assert (await encoder.encode_query("tides")).tolist() == [0.5] * 4
    assert (await encoder.encode_documents(["tides"])).tolist() == [[0.5] * 4]
    encoder.close()


@pytest.mark.usefixtures("made_here")
async def test_a_kept_model_that_finds_no_memory_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(tiny_model(tmp_path))
    first = SentenceEncoder(folder, cache=tmp_path / "cache")
    await first.load()
    first.close()

    def out_of_memory(_folder: Path) -> None:
        raise MemoryError

    monkeypatch.setattr(module, "Int8Model", out_of_memory)
    encoder = SentenceEncoder(folder, cache=tmp_path / "cache")

    with pytest.raises(EncoderUnavailable, match="cannot be run"):
        await encoder.load()
    assert list((tmp_path / "cache").rglob("int8.onnx"))
    encoder.close()


@pytest.mark.usefixtures("made_here")
async def test_a_folder_that_holds_no_model_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{]")
    encoder = SentenceEncoder(str(tmp_path), cache=tmp_path / "cache")

    with pytest.raises(EncoderUnavailable, match=str(tmp_path)):
        await encoder.load()
    encoder.close()


def test_packaged_weights_that_are_not_the_published_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pretrained, "PACKAGED_SHA256", "0" * 64)

    with pytest.raises(EncoderUnavailable, match="published model"):
        packaged_model()


@pytest.mark.usefixtures("made_here")
async def test_a_model_in_a_folder_is_used_with_its_prompts(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path, prompts={"query": "query: ", "document": "passage: "})
    small = SentenceEncoder(str(folder), cache=tmp_path / "cache")
    full = SentenceEncoder(str(folder), precision="float32", cache=tmp_path / "cache")

    texts = [await small.encode_query("tides"), *await small.encode_documents(["tides"])]
    expected = [await full.encode_query("tides"), *await full.encode_documents(["tides"])]
    small.close()
    full.close()

    assert small.name == f"{full.name} int8"
    assert full.name.startswith("model@")
    assert expected[0] @ expected[1] < 0.9999
    assert [text @ other for text, other in zip(texts, expected, strict=True)] == pytest.approx([1, 1], abs=0.01)


@pytest.mark.usefixtures("made_here")
async def test_another_model_under_the_same_path_is_not_mistaken_for_the_one_kept(tmp_path: Path) -> None:
    first = SentenceEncoder(str(tiny_model(tmp_path, seed=1)), cache=tmp_path / "cache")
    before = await first.encode_query("tides")
    first.close()

    second = SentenceEncoder(str(tiny_model(tmp_path, seed=2)), cache=tmp_path / "cache")
    after = await second.encode_query("tides")
    second.close()

    assert before @ after < 0.9


@pytest.mark.usefixtures("made_here")
async def test_a_model_goes_by_what_it_is_wherever_it_lies(tmp_path: Path) -> None:
    first = identified(str(tiny_model(tmp_path / "a", seed=1)), "float32")
    moved = identified(str(shutil.copytree(tmp_path / "a" / "model", tmp_path / "elsewhere" / "model")), "float32")
    (tmp_path / "elsewhere" / "model" / "README.md").write_text("What it is like.")
    described = identified(moved.model, "float32")
    second = identified(str(tiny_model(tmp_path / "a", seed=2)), "float32")

    assert first.name == moved.name == described.name
    assert first.model != moved.model
    assert first.model == second.model
    assert first.name != second.name


@pytest.mark.parametrize("precision", ["int8", "float32"])
@pytest.mark.usefixtures("made_here")
async def test_an_encoder_on_record_is_not_mistaken_for_another_that_took_its_place(
    tmp_path: Path, precision: Literal["int8", "float32"]
) -> None:
    known = identified(str(tiny_model(tmp_path, seed=1)), precision)
    tiny_model(tmp_path, seed=2)
    encoder = SentenceEncoder(known.model, precision=precision, cache=tmp_path / "cache", kept_as=known.name)

    with pytest.raises(EncoderUnavailable, match="no longer holds the model that vectors are kept of"):
        await encoder.load()
    encoder.close()


@pytest.mark.usefixtures("made_here")
async def test_an_encoder_on_record_whose_8_bit_form_is_kept_outlives_its_folder(tmp_path: Path) -> None:
    known = identified(str(tiny_model(tmp_path, seed=1)), "int8")
    encoder = SentenceEncoder(known.model, cache=tmp_path / "cache")
    expected = await encoder.encode_query("tides")
    encoder.close()
    shutil.rmtree(known.model)

    again = SentenceEncoder(known.model, cache=tmp_path / "cache", kept_as=known.name)

    assert await again.encode_query("tides") == pytest.approx(expected)
    again.close()


@pytest.mark.parametrize("damaged", ["int8.onnx", "about.json", "tokenizer.json"])
@pytest.mark.usefixtures("made_here")
async def test_a_kept_model_that_is_garbage_is_made_again(tmp_path: Path, damaged: str) -> None:
    folder = tiny_model(tmp_path)
    first = SentenceEncoder(str(folder), cache=tmp_path / "cache")
    expected = await first.encode_query("tides")
    first.close()
    (kept,) = (tmp_path / "cache").rglob(damaged)
    kept.write_bytes(b"garbage")

    again = SentenceEncoder(str(folder), cache=tmp_path / "cache")

    assert await again.encode_query("tides") == pytest.approx(expected)
    again.close()


@pytest.mark.usefixtures("made_here")
async def test_a_kept_model_that_did_not_open_is_set_aside_until_the_next_one_is(tmp_path: Path) -> None:
    folder, cache = str(tiny_model(tmp_path)), tmp_path / "cache"
    for text in ("garbage", "worse", None):
        encoder = SentenceEncoder(folder, cache=cache)
        await encoder.load()
        encoder.close()
        if text is not None:
            (kept,) = (each for each in cache.iterdir() if not each.name.endswith(".unusable"))
            (kept / "about.json").write_text(text)

    assert sorted(each.name for each in cache.iterdir()) == [kept.name, f"{kept.name}.unusable"]
    assert (cache / f"{kept.name}.unusable" / "about.json").read_text() == "worse"


@pytest.mark.usefixtures("made_here")
async def test_a_kept_model_that_did_not_open_and_cannot_be_made_again_stays_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_many(_folder: Path) -> None:
        raise OSError(24, "Too many open files")

    known = identified(str(tiny_model(tmp_path)), "int8")
    encoder = SentenceEncoder(known.model, cache=tmp_path / "cache")
    expected = await encoder.encode_query("tides")
    encoder.close()
    shutil.rmtree(known.model)

    again = SentenceEncoder(known.model, cache=tmp_path / "cache", kept_as=known.name)
    with monkeypatch.context() as patched:
        patched.setattr(module, "Int8Model", too_many)
        with pytest.raises(EncoderUnavailable):
            await again.load()
    monkeypatch.setattr(module.time, "monotonic", lambda: float("inf"))

    assert await again.encode_query("tides") == pytest.approx(expected)
    again.close()


@pytest.mark.usefixtures("made_here")
async def test_two_that_make_the_same_model_at_once_both_have_it(tmp_path: Path) -> None:
    folder = str(tiny_model(tmp_path))
    encoders = [SentenceEncoder(folder, cache=tmp_path / "cache") for _ in range(2)]

    first, second = await asyncio.gather(*(encoder.encode_query("tides") for encoder in encoders))

    assert first @ second == pytest.approx(1.0)
    assert len(list((tmp_path / "cache").iterdir())) == 1
    for encoder in encoders:
        encoder.close()


@pytest.mark.usefixtures("made_here")
async def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    encoder = SentenceEncoder(str(tiny_model(tmp_path)), cache=tmp_path / "cache")

    with pytest.raises(EncoderUnavailable, match=r"cannot be kept in .*cache"):
        await encoder.load()
    encoder.close()


def test_a_model_that_loses_too_much_in_eight_bits_is_refused_with_the_way_out(tmp_path: Path) -> None:
    exact = FullModel(str(tiny_model(tmp_path, seed=1)), threads=1)
    other = FullModel(str(tiny_model(tmp_path, seed=2)), threads=1)

    check_agreement("same", exact, exact)
    with pytest.raises(EncoderUnavailable, match=r"cosine .*TIDINGS_ENCODER_PRECISION=float32"):
        check_agreement("other", exact, other)


async def test_a_making_that_dies_is_one_clear_line_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_COMMAND", (sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"))
    encoder = SentenceEncoder(str(tiny_model(tmp_path)), cache=tmp_path / "cache")

    with pytest.raises(EncoderUnavailable, match=r"status -9, perhaps for want of memory"):
        await encoder.load()
    assert list((tmp_path / "cache").iterdir()) == []
    encoder.close()


async def test_making_a_model_loads_nothing_heavy_into_the_process_that_uses_it(tmp_path: Path) -> None:
    folder = str(tiny_model(tmp_path))
    code = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from retrieval.index.encoder import SentenceEncoder\n"
        f"encoder = SentenceEncoder({folder!r}, cache=Path({str(tmp_path / 'cache')!r}))\n"
        "asyncio.run(encoder.encode_query('hello'))\n"
        "sys.exit(bool({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )

    assert await asyncio.to_thread(lambda: subprocess.run([sys.executable, "-c", code], check=False).returncode) == 0


def tiny_model(parent: Path, *, seed: int = 0, prompts: dict[str, str] | None = None) -> Path:
    """A BERT of one narrow layer with random weights and the packaged vocabulary."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import AutoTokenizer, BertConfig, BertModel

    torch.manual_seed(seed)
    config = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    tokenizer = AutoTokenizer.from_pretrained(packaged_model())
    BertModel(config).save_pretrained(parent / "bert")
    tokenizer.save_pretrained(parent / "bert")
    transformer = Transformer(str(parent / "bert"), max_seq_length=64)
    pooling = Pooling(32)
    SentenceTransformer(modules=[transformer, pooling], prompts=prompts, device="cpu").save(str(parent / "model"))
    return parent / "model"


@pytest.mark.parametrize("name", ["all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2"])
def test_the_packaged_model_has_one_name(name: str, tmp_path: Path) -> None:
    encoder = SentenceEncoder(name, cache=tmp_path)

    assert encoder.name == "all-MiniLM-L6-v2 int8"
    encoder.close()


def test_asking_imports_no_heavy_library(encoder: SentenceEncoder, cache: Path) -> None:
    asyncio.run(encoder.load())
    code = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from retrieval.index.encoder import SentenceEncoder\n"
        f"encoder = SentenceEncoder({PACKAGED!r}, cache=Path({str(cache / 'encoders')!r}))\n"
        "asyncio.run(encoder.encode_query('hello'))\n"
        "sys.exit(bool({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
