"""The files that keep the lines typed at a terminal, each reader's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

from storage.domain.people import ReaderId

_READERS = "terminal:"
_NAME = "history-"


def history(home: Path, reader: ReaderId) -> Path:
    """Where the lines of a reader at the terminal are, or would be."""
    return home / f"{_NAME}{quote(reader.removeprefix(_READERS), safe='')}"


def histories(home: Path) -> Iterator[tuple[ReaderId, Path]]:
    """The files there are."""
    for file in home.glob(f"{_NAME}*"):
        yield ReaderId(f"{_READERS}{unquote(file.name.removeprefix(_NAME))}"), file
