"""Files without a name, for what people hand over: nothing of them is left where a process is killed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO


@contextmanager
def nameless() -> Iterator[tuple[IO[bytes], Path]]:
    """A file to write to, and where this process reads it, from its start once it is flushed and wound back."""
    with TemporaryFile() as file:
        yield file, Path(f"/dev/fd/{file.fileno()}")
