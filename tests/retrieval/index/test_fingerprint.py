from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from retrieval.index.fingerprint import fingerprint

LARGE = 3_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    model = tmp_path / "model"
    (model / "1_Pooling").mkdir(parents=True)
    (model / "config.json").write_text("{}")
    (model / "1_Pooling" / "config.json").write_text("{}")
    (model / "model.safetensors").write_bytes(os.urandom(LARGE))
    return model


def test_a_copy_has_the_same_whatever_is_written_about_it(folder: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(folder, tmp_path / "copied"))
    (copied / "README.md").write_text("A fine model.")
    (copied / ".cache").mkdir()
    (copied / ".cache" / "download.lock").touch()

    assert fingerprint(copied) == fingerprint(folder)


@pytest.mark.parametrize("changed", ["config.json", "1_Pooling/config.json", "model.safetensors", "new.json"])
def test_another_model_has_another(folder: Path, changed: str) -> None:
    before = fingerprint(folder)

    (folder / changed).write_bytes(os.urandom(LARGE) if changed == "model.safetensors" else b"[]")

    assert fingerprint(folder) != before


@pytest.mark.parametrize("at", [0, LARGE - 1])
def test_the_ends_of_a_large_file_tell(folder: Path, at: int) -> None:
    before = fingerprint(folder)

    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 1]))

    assert fingerprint(folder) != before
