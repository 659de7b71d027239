"""The files that keep the lines typed at a terminal, each reader's own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, unquote

from storage.domain.people import ReaderId

_READERS = "terminal:"
_NAME = "history-"
# Before each line stands when it was typed, by this machine's clock; a longer one is several.
_TYPED = re.compile(r"^# (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", re.MULTILINE)


def history(home: Path, reader: ReaderId) -> Path:
    """Where the lines of a reader at the terminal are, or would be."""
    return home / f"{_NAME}{quote(reader.removeprefix(_READERS), safe='')}"


def histories(home: Path) -> Iterator[tuple[ReaderId, Path]]:
    """The files there are."""
    for file in home.glob(f"{_NAME}*"):
        yield ReaderId(f"{_READERS}{unquote(file.name.removeprefix(_NAME))}"), file


def let_go(file: Path, before: datetime) -> None:
    """Drop what was typed before then; a file that cannot be read or written is left as it is.

    Args:
        file: A history.
        before: With a zone.
    """
    with suppress(OSError, UnicodeDecodeError):
        text = file.read_text(encoding="utf-8")
        local = f"{before.astimezone():%Y-%m-%d %H:%M:%S}"
        first = next((found.start() for found in _TYPED.finditer(text) if found[1] >= local), len(text))
        if first:
            renewed = file.with_name(f".{file.name}.new")
            descriptor = os.open(renewed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as written:
                written.write(text[first:])
            renewed.replace(file)
