"""What tells one model in a folder from another: vectors of two that took turns under one path must never be mixed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

# Files up to this size are read whole. Training moves all of a model's weights, so samples of large ones tell.
_WHOLE_BYTES = 1024 * 1024
_SAMPLES, _SAMPLE_BYTES = 64, 4096
_DIGITS = 12
# Says what a model is like, and has no part in what it does.
_PROSE = ".md"


def fingerprint(folder: Path) -> str:
    """Hexadecimal digits that change with the model in `folder`, and do not when it is copied or moved.

    Raises:
        OSError: It cannot be read.
    """
    digest = hashlib.sha256()
    for path in sorted(_files(folder)):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            if size <= _WHOLE_BYTES:
                digest.update(file.read())
                continue
            for sample in range(_SAMPLES):
                file.seek((size - _SAMPLE_BYTES) * sample // (_SAMPLES - 1))
                digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()[:_DIGITS]


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.suffix.lower() != _PROSE:
            yield path
